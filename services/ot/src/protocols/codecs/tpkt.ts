/** TPKT (RFC 1006, section 6): version 3, reserved 0, length of the whole packet in two bytes; between 7 and 65,535. */
import type { Reader } from "@yagura/packets/reader.ts";

export const TPKT_HEADER = 4;
const LEAST = 7;

/** Length of the packet that begins at the reader's place: 0 while the header is not whole, −1 when it is none. Does not move. */
export function tpktLength(r: Reader): number {
  if (r.left >= 1 && r.peek() !== 3) return -1;
  if (r.left >= 2 && r.peek(1) !== 0) return -1;
  if (r.left < TPKT_HEADER) return 0;
  const length = r.peek16(2);
  return length < LEAST ? -1 : length;
}
