/** Devices of MELSEC controllers: codes in binary frames, letters in ASCII frames, and how their numbers are written. */
import type { Reader } from "@yagura/packets/reader.ts";

interface Device {
  readonly code: number;
  readonly name: string;
  /** ASCII frames write the device's number in hexadecimal. */
  readonly hex?: true;
}

const devices: readonly Device[] = [
  { code: 0x91, name: "SM" },
  { code: 0xa9, name: "SD" },
  { code: 0x9c, name: "X", hex: true },
  { code: 0x9d, name: "Y", hex: true },
  { code: 0x90, name: "M" },
  { code: 0x92, name: "L" },
  { code: 0x93, name: "F" },
  { code: 0x94, name: "V" },
  { code: 0xa0, name: "B", hex: true },
  { code: 0xa8, name: "D" },
  { code: 0xb4, name: "W", hex: true },
  { code: 0x98, name: "S" },
  { code: 0xc1, name: "TS" },
  { code: 0xc0, name: "TC" },
  { code: 0xc2, name: "TN" },
  { code: 0xc7, name: "SS" },
  { code: 0xc6, name: "SC" },
  { code: 0xc8, name: "SN" },
  { code: 0xc4, name: "CS" },
  { code: 0xc3, name: "CC" },
  { code: 0xc5, name: "CN" },
  { code: 0x51, name: "LTS" },
  { code: 0x50, name: "LTC" },
  { code: 0x52, name: "LTN" },
  { code: 0x59, name: "LSTS" },
  { code: 0x58, name: "LSTC" },
  { code: 0x5a, name: "LSTN" },
  { code: 0x55, name: "LCS" },
  { code: 0x54, name: "LCC" },
  { code: 0x56, name: "LCN" },
  { code: 0xa1, name: "SB", hex: true },
  { code: 0xb5, name: "SW", hex: true },
  { code: 0xa2, name: "DX", hex: true },
  { code: 0xa3, name: "DY", hex: true },
  { code: 0xcc, name: "Z" },
  { code: 0x62, name: "LZ" },
  { code: 0xaf, name: "R" },
  { code: 0xb0, name: "ZR", hex: true },
  { code: 0x2c, name: "RD" },
  { code: 0xab, name: "G" },
];

/** Objects that are no devices: buffer memories, which have addresses of their own. */
export const OWN_BUFFER = 0x100;
export const MODULE_BUFFER = 0x101;

export const melsecObjects: ReadonlyMap<number, string> = new Map([
  ...devices.map(({ code, name }): [number, string] => [code, name]),
  [OWN_BUFFER, "buffer memory of the own station"],
  [MODULE_BUFFER, "buffer memory of a module"],
]);

const known = new Uint8Array(256);
const inHex = new Uint8Array(256);
for (const { code, hex } of devices) {
  known[code] = 1;
  if (hex === true) inHex[code] = 1;
}
export const isDevice = (code: number): boolean => code < 256 && known[code] === 1;

/** `D*`, `ZR`, `LSTN` as one number → code. Letters beyond the name are `*` or blanks. */
const letters = new Map<number, number>();
const pack = (name: string): number => {
  let packed = 0;
  for (const letter of name) packed = packed * 256 + letter.charCodeAt(0);
  return packed;
};
for (const { code, name } of devices) letters.set(pack(name), code);

/** Reads `width` letters of an ASCII frame (2, or 4 of iQ-R); 0 when no device is called so. */
export function asciiDevice(r: Reader, width: number): number {
  let packed = 0;
  for (let k = 0; k < width; k++) {
    const letter = r.u8();
    if (letter !== 0x2a && letter !== 0x20) packed = packed * 256 + letter;
  }
  return letters.get(packed) ?? 0;
}

/** 1E frames name devices by two letters as a little-endian word: `D ` is 0x4420. */
export function oneEDevice(word: number): number {
  const second = word & 0xff;
  const packed = second === 0x20 ? word >> 8 : word;
  return letters.get(packed) ?? 0;
}

export const isHexDigit = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);

/** A number of `digits` ASCII digits; −1 when one of them is none. `ten`: decimal. */
export function asciiNumber(r: Reader, digits: number, ten = false): number {
  let value = 0;
  let good = true;
  for (let k = 0; k < digits; k++) {
    const byte = r.u8();
    if (!isHexDigit(byte) || (ten && byte > 0x39)) good = false;
    value = value * (ten ? 10 : 16) + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return good ? value : -1;
}

/** An unsigned number of an MC frame: `size` bytes little endian, or twice as many hexadecimal digits. */
export function mcNumber(r: Reader, size: number, ascii: boolean): number {
  if (ascii) return asciiNumber(r, size * 2);
  if (size === 1) return r.u8();
  if (size === 2) return r.u16le();
  if (size === 3) return r.u16le() + r.u8() * 65_536;
  return r.u32le();
}

/** Where `readDevice` leaves what it read. */
export const device = { code: 0, number: 0 };

/**
 * One device of a 3E or 4E frame. `wide`: the form of iQ-R (subcommands 2 and 3), four bytes of number and two of code;
 * `extended`: with the extension of subcommands 0x80 to 0x83 around it.
 */
export function readDevice(r: Reader, ascii: boolean, wide: boolean, extended: boolean): void {
  if (ascii) {
    if (extended) r.skip(wide ? 8 : 6);
    device.code = asciiDevice(r, wide ? 4 : 2);
    device.number = asciiNumber(r, wide ? 8 : 6, inHex[device.code] !== 1);
    if (extended) r.skip(wide ? 8 : 6);
    return;
  }
  if (extended) r.skip(2);
  device.number = wide ? r.u32le() : mcNumber(r, 3, false);
  device.code = wide ? r.u16le() : r.u8();
  if (extended) r.skip(5);
}
