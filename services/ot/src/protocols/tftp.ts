/**
 * Trivial File Transfer Protocol, RFC 1350, section 5; options RFC 2347.
 *
 *   | 1 RRQ, 2 WRQ | file name | 0 | mode | 0 |      | 3 DATA | block | … |   | 4 ACK | block |   | 5 ERROR | code | text | 0 |
 *
 * A server answers from another port: that conversation is known by its first block, which is full. File names are told: they name
 * firmware and configurations of devices.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { beginsFold, indexOf, word } from "./codecs/text.ts";

const READ = 1;
const WRITE = 2;
const ERROR = 5;
const MAX_NAME = 256;
/** DATA with block 1, and a whole block's length. */
const FIRST_BLOCK = 0x00_03_00_01;
const FULL = 516;
const functions = functionTable([
  [READ, "read request", "file"],
  [WRITE, "write request", "file"],
  [3, "data", "file"],
  [4, "acknowledgement", "file"],
  [ERROR, "error", "file"],
  [6, "option acknowledgement", "file"],
]);
const MODES = ["octet\0", "netascii\0", "mail\0"].map(word);

/** Length of the file name of a request, −1 when it is none. */
function nameLength(r: Reader): number {
  const zero = indexOf(r.bytes, 0, r.at + 2, Math.min(r.end, r.at + 2 + MAX_NAME));
  if (zero <= r.at + 2) return -1;
  for (let i = r.at + 2; i < zero; i++) if ((r.bytes[i] as number) < 0x20) return -1;
  return zero - r.at - 2;
}

function recognise(r: Reader): 0 | 1 | 2 {
  const operation = r.peek16();
  if (operation < READ || operation > 6 || r.left < 4) return recognised.no;
  if (operation > WRITE) return r.peek32() === FIRST_BLOCK && r.left === FULL ? recognised.sure : recognised.port;
  const length = nameLength(r);
  if (length < 0) return r.left >= 60 ? recognised.port : recognised.no;
  return MODES.some((mode) => beginsFold(r, mode, 3 + length)) ? recognised.sure : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  const operation = r.peek16();
  if (!functions.has(operation) || r.left < 2) return NOT_MINE;
  const all = r.end - r.start;
  if (operation === READ || operation === WRITE) {
    const length = nameLength(r);
    if (length < 0) return NOT_MINE;
    c.client(true);
    r.skip(2);
    c.command("request", operation, { label: r.ascii(length) });
  } else c.commandFast(operation === ERROR ? "error" : "event", operation, 0, -1, -1, -1);
  return all;
}

export const tftp: Dissector = {
  protocol: "tftp",
  specification: "RFC 1350, 5; RFC 2347",
  on: { udp: [69] },
  recognise,
  dissect,
  functions,
};
