/** CRC-16 as Modbus RTU, GENISYS and ROC Plus have it: polynomial 0x8005 reflected, start 0xffff, low byte first on the line. */
const table: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa0_01 : crc >>> 1;
  return crc;
});

/** One more byte; begin with 0xffff. */
export const crc16Next = (crc: number, byte: number): number => (crc >>> 8) ^ (table[(crc ^ byte) & 255] as number);

export function crc16(bytes: Uint8Array, from: number, size: number): number {
  let crc = 0xff_ff;
  for (let i = from; i < from + size; i++) crc = crc16Next(crc, bytes[i] as number);
  return crc;
}
