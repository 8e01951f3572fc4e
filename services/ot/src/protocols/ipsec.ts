/**
 * IPsec: Encapsulating Security Payload, RFC 4303, section 2, and Authentication Header, RFC 4302, section 2.
 *
 *   ESP:  0     4          8                          AH:  0      1        2   4     8          12
 *         | SPI | sequence | encrypted …                   | next | length | 0 | SPI | sequence | check value …
 *
 * Told: that there is a tunnel. Nothing behind the headers is read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const ESP = 50;
const AH = 51;
/** Zero is for local use (RFC 4303, 2.1); numbers up to 255 are reserved, but found where keys are set by hand. */
const FIRST_SPI = 1;
const functions = functionTable([
  [ESP, "ESP", "other"],
  [AH, "AH", "other"],
]);

/** Zeros and a length that fits where an SPI of ESP would begin. */
const isAh = (r: Reader): boolean =>
  r.peek16(2) === 0 && r.peek(1) >= 1 && 4 * (r.peek(1) + 2) <= r.left && r.peek32(4) >= FIRST_SPI;
const fits = (r: Reader): boolean => r.left >= 12 && (isAh(r) || r.peek32() >= FIRST_SPI);

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  c.commandFast("event", isAh(r) ? AH : ESP, 0, -1, -1, -1);
  return r.left;
}

export const ipsec: Dissector = {
  protocol: "ipsec",
  specification: "RFC 4303, 2; RFC 4302, 2",
  on: { ip: [ESP, AH] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
};
