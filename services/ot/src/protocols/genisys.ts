/**
 * GENISYS (Union Switch & Signal), railway signalling over TCP: "GENISYS Serial Communications Protocol", as the interface
 * description SM-6700B gives it.
 *
 *  1 byte           1 byte    n bytes              2 bytes               1 byte
 * | header 0xf1–0xfe | station | address, value … | CRC, low byte first | 0xf6 |   inside, 0xf0 0x0n stands for 0xfn
 *
 * The unit is the station, low and high are the addresses of the pairs. The acknowledgement 0xf1 and an insecure poll have no CRC.
 * An answer is counted with its own header: which one comes depends on what the station has to say. Limit: MAX_SIZE bytes.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { crc16Next } from "./codecs/crc16.ts";
import { functionTable } from "./codecs/functions.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const MAX_SIZE = 1_024;
const END = 0xf6;
const ESCAPE = 0xf0;
const ACKNOWLEDGE = 0xf1;
const POLL = 0xfb;
const FIRST_OF_MASTER = 0xf9;

const functions = functionTable([
  [ACKNOWLEDGE, "Acknowledge client", "session"],
  [0xf2, "Indication data", "report"],
  [0xf3, "Control data checkback", "report"],
  [0xf9, "Common control data", "control"],
  [0xfa, "Acknowledge server and poll", "read"],
  [POLL, "Poll", "read"],
  [0xfc, "Control data", "control"],
  [0xfd, "Recall", "read"],
  [0xfe, "Execute controls", "control"],
]);

/** What a message holds when its escapes are taken out: read at once, one object for all. */
const found = { size: 0, bytes: 0, crc: 0xff_ff, sent: 0, low: -1, high: -1 };

/** Some stations escape the checksum and some do not: what is no escape is taken as it is, and the checksum decides. */
const escaped = (r: Reader, at: number): boolean => r.peek(at) === ESCAPE && r.peek(at + 1) <= 0x0f;

/** Length up to the end byte; 0 when it is not there yet, −1 when there is none within MAX_SIZE. */
function measure(r: Reader): number {
  const limit = Math.min(r.left, MAX_SIZE);
  for (let i = 1; i < limit; i++) {
    const byte = r.peek(i);
    if (byte === END) return i + 1;
    if (escaped(r, i) && i + 1 < limit) i++;
  }
  return limit === MAX_SIZE ? -1 : 0;
}

/** Goes through a whole message: checksum over all but its last two bytes, and the addresses of the pairs. */
function unpack(r: Reader, size: number): void {
  found.bytes = 0;
  found.crc = 0xff_ff;
  found.low = -1;
  found.high = -1;
  let last = 0;
  let before = 0;
  for (let i = 0; i < size - 1; i++) {
    let byte = r.peek(i);
    if (i > 0 && escaped(r, i)) byte = 0xf0 + r.peek(++i);
    if (found.bytes >= 2) found.crc = crc16Next(found.crc, before);
    // Behind header and station: address, value, address, value …, two bytes late, because the last two are the CRC.
    if (found.bytes >= 4 && found.bytes % 2 === 0) {
      if (found.low === -1 || before < found.low) found.low = before;
      if (before > found.high) found.high = before;
    }
    found.bytes++;
    before = last;
    last = byte;
  }
  found.sent = before + last * 256;
  found.size = size;
}

function recognise(r: Reader): Recognised {
  if (!functions.has(r.peek())) return recognised.no;
  const size = measure(r);
  if (size <= 0) return size === 0 && r.left >= 60 ? recognised.port : recognised.no;
  unpack(r, size);
  if (found.bytes >= 4) return found.crc === found.sent ? recognised.sure : recognised.no;
  return found.bytes === 2 && (r.peek() === ACKNOWLEDGE || r.peek() === POLL) ? recognised.port : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  if (r.left === 0) return NEED_MORE;
  const header = r.peek();
  if (!functions.has(header)) {
    if (c.state !== true) return NOT_MINE;
    c.weird("out-of-sync");
    let at = 1;
    while (at < r.left && !functions.has(r.peek(at))) at++;
    return at;
  }
  const size = measure(r);
  if (size === 0) return NEED_MORE;
  if (size === -1) {
    c.weird("too-long");
    return c.state === true ? 1 : NOT_MINE;
  }
  unpack(r, size);
  const plain = found.bytes === 2 && (header === ACKNOWLEDGE || header === POLL);
  if (!plain && (found.bytes < 4 || found.crc !== found.sent)) {
    c.weird(found.bytes < 4 ? "bad-length" : "bad-checksum");
    return c.state === true ? size : NOT_MINE;
  }
  c.state = true;
  const asks = header >= FIRST_OF_MASTER;
  c.client(asks);
  c.commandFast(asks ? "request" : "response", header, 0, found.low, found.high, r.peek(1));
  return size;
}

export const genisys: Dissector = {
  protocol: "genisys",
  specification: "Union Switch & Signal, GENISYS serial protocol (SM-6700B)",
  on: { tcp: [10_001] },
  stream: true,
  recognise,
  dissect,
  functions,
};
