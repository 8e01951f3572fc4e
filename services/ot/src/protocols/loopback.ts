/**
 * Configuration Testing Protocol (Ethernet 2.0, DEC/Intel/Xerox, section 8), by which switches test their own ports: frames that come
 * back to their sender.
 *
 *   0            2          4
 *   | skip count | function | …        both little endian
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 4;
const MAX_SKIP = 1_496;
const functions = functionTable([
  [1, "reply", "diagnose"],
  [2, "forward data", "diagnose"],
]);

/** Where the function in hand stands. */
const functionAt = (r: Reader): number => 2 + r.peek16le();
const fits = (r: Reader): boolean =>
  r.left >= HEADER && r.peek16le() <= MAX_SKIP && functions.has(r.peek16le(functionAt(r)));

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  c.client(true);
  c.commandFast("event", r.peek16le(functionAt(r)), 0, -1, -1, -1);
  return r.left;
}

export const loopback: Dissector = {
  protocol: "loopback",
  specification: "Ethernet 2.0, 8",
  on: { ethertype: [0x9000] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
};
