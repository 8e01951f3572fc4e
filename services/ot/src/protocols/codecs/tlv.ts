/** Tag and length of BER (X.690, 8.1): read in place, without objects. Shared by SNMP, Kerberos, LDAP and X.509. */
import type { Reader } from "@yagura/packets/reader.ts";

/** Tags that dissectors ask for. */
export const asn1 = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * The tag's byte when a value of definite length (at most four octets of length, low tag number) begins at the next read, and the
 * reader stands on the value's first byte; −1 otherwise. `short` tells that bytes are missing.
 */
export function openTlv(r: Reader): number {
  const tag = r.u8();
  let length = r.u8();
  if (r.short || (tag & 31) === 31 || length === 0x80) return -1;
  if (length > 0x80) {
    const octets = length & 127;
    if (octets > 4) return -1;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + r.u8();
  }
  if (r.short) return -1;
  lengthRead = length;
  return tag;
}
/** Length of the value that `openTlv` opened last. */
export const tlvLength = (): number => lengthRead;
let lengthRead = 0;

/** Opens a value of the tag; its length, or −1 when it is another or does not fit into what is there. */
export function expectTlv(r: Reader, tag: number): number {
  if (openTlv(r) !== tag || lengthRead > r.left) return -1;
  return lengthRead;
}

/** An INTEGER of at most six octets, signed; the reader stands on its tag. NaN for another tag. */
export function readInteger(r: Reader, tag: number = asn1.integer): number {
  const length = expectTlv(r, tag);
  if (length < 1 || length > 6) return Number.NaN;
  let value = r.peek() & 0x80 ? -1 : 0;
  for (let i = 0; i < length; i++) value = value * 256 + r.u8();
  return value;
}

/** Moves over one value; false when it does not fit. */
export function skipTlv(r: Reader): boolean {
  if (openTlv(r) < 0 || lengthRead > r.left) return false;
  r.skip(lengthRead);
  return true;
}

/**
 * How long the value at the next read is with its head: 0 when the head is not whole, −1 when it is none. For streams of BER
 * messages, which may not be here as a whole yet.
 */
export function wholeLength(r: Reader): number {
  const at = r.at;
  const short = r.short;
  const tag = openTlv(r);
  const head = r.at - at;
  const ended = r.short;
  r.at = at;
  r.short = short;
  if (tag >= 0) return head + lengthRead;
  return ended && r.left < 6 ? 0 : -1;
}

/** `1.3.6.1.4.1` from the bytes of an OBJECT IDENTIFIER, at most 32 arcs. */
export function oidText(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let arc = 0;
  for (let i = from, arcs = 0; i < to && arcs < 32; i++) {
    const byte = bytes[i] as number;
    arc = (arc % 2 ** 45) * 128 + (byte & 127);
    if (byte & 128) continue;
    if (text === "") {
      const first = Math.min(2, Math.floor(arc / 40));
      text = `${first}.${arc - 40 * first}`;
    } else text += `.${arc}`;
    arc = 0;
    arcs++;
  }
  return text;
}
