/** CRC-16/DNP (IEEE 1815-2012, clause 9.2.5): polynomial 0x3d65 reflected, start 0, complemented. */
const table: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa6_bc : crc >>> 1;
  return crc;
});

export function dnp3Crc(bytes: Uint8Array, from: number, size: number): number {
  let crc = 0;
  for (let i = from; i < from + size; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 255] as number);
  return ~crc & 0xff_ff;
}
