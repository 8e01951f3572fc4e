/**
 * EtherNet/IP encapsulation over TCP and UDP 44818, and implicit I/O on UDP 2222. The CIP Networks Library, volume 2,
 * sections 2-3 to 2-6. Little endian.
 *
 *  2 bytes   2 bytes  4 bytes   4 bytes  8 bytes           4 bytes
 * | command | length | session | status | sender context  | options 0 |  data …
 *
 * I/O: 2 items: | 0x8002 | 8 | connection | sequence | 0x00b1 | size | data: never looked at |
 *
 * SendRRData and SendUnitData that carry CIP are told by CIP alone. ListIdentity says who the device is.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { tellIdentity } from "./cip-identity.ts";
import { functionTable } from "./codecs/functions.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEADER = 24;
const LIST_IDENTITY = 0x63;
const REGISTER = 0x65;
const RR_DATA = 0x6f;
const UNIT_DATA = 0x70;
/** First two fields of an I/O packet: two items, sequenced address. */
const IO = 0x02_00_02_80;
export const IO_DATA = 0x8002;

const functions = functionTable([
  [0x00, "NOP", "session"],
  [0x01, "List Targets", "identify"],
  [0x04, "List Services", "identify"],
  [LIST_IDENTITY, "List Identity", "identify"],
  [0x64, "List Interfaces", "identify"],
  [REGISTER, "Register Session", "session"],
  [0x66, "Unregister Session", "session"],
  [RR_DATA, "Send RR Data", "session"],
  [UNIT_DATA, "Send Unit Data", "session"],
  [0x72, "Indicate Status", "session"],
  [0x73, "Cancel", "session"],
  [IO_DATA, "I/O data (class 0/1)", "report"],
]);
const statuses = new Set([0, 1, 2, 3, 0x64, 0x65, 0x69, 0x6a]);

function recognise(r: Reader): Recognised {
  if (isIo(r)) return recognised.sure;
  if (r.left < HEADER) return recognised.no;
  const command = r.peek16le();
  const length = r.peek16le(2);
  const status = r.peek16le(8) + r.peek16le(10) * 65_536;
  if (!functions.has(command) || command === IO_DATA || !statuses.has(status)) return recognised.no;
  if (r.peek32(20) !== 0) return recognised.no;
  const size = r.left;
  const fits = size < 64 ? length + HEADER <= size : true;
  if (command <= 1) return fits ? recognised.port : recognised.no;
  return fits && plausible(command, length, r) ? recognised.sure : recognised.port;
}

/** Lengths that a command can have; the data of SendRRData and SendUnitData begins with interface 0. */
function plausible(command: number, length: number, r: Reader): boolean {
  if (command === REGISTER) return length === 4 && r.peek16le(HEADER) === 1;
  if (command === RR_DATA || command === UNIT_DATA)
    return length >= 16 && r.peek32(HEADER) === 0 && r.peek(HEADER + 6) <= 4;
  if (command === 0x66) return length === 0 && r.peek32(4) !== 0;
  // Questions are all zero behind the command, so is much else.
  return length > 0 && length < 1_024;
}

const isIo = (r: Reader): boolean =>
  r.left >= 18 &&
  r.peek32() === IO &&
  r.peek16le(4) === 8 &&
  r.peek16le(14) === 0xb1 &&
  r.peek16le(16) + 18 <= Math.max(r.left, 64);

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  const udp = c.transport === "udp";
  if (udp && isIo(r)) {
    c.commandFast("event", IO_DATA, 0, -1, -1, -1);
    return whole;
  }
  if (whole < HEADER) return udp ? NOT_MINE : NEED_MORE;
  const command = r.peek16le();
  const length = r.peek16le(2);
  const status = r.peek16le(8) + r.peek16le(10) * 65_536;
  if (!functions.has(command) || !statuses.has(status)) {
    if (r.peek32(20) !== 0 || status > 0xff_ff || command > 0xff) return NOT_MINE;
    c.weird(functions.has(command) ? "bad-value" : "unknown-function");
  }
  if (whole < HEADER + length) {
    if (!udp) return NEED_MORE;
    c.weird("truncated");
    return NOT_MINE;
  }
  const start = r.at;
  r.end = start + HEADER + length;
  if ((command === RR_DATA || command === UNIT_DATA) && length >= 12) {
    if (c.inside("cip", r, start, r.end) <= 0)
      c.commandFast(c.fromClient ? "request" : "response", command, 0, -1, -1, -1);
  } else encapsulation(r, c, command, length, status);
  return HEADER + length;
}

function encapsulation(r: Reader, c: Context, command: number, length: number, status: number): void {
  const session = r.peek16le(4) + r.peek16le(6) * 65_536;
  // Questions of the List commands are empty; the answer to Register Session bears the new session.
  const answer =
    command === REGISTER
      ? session !== 0 || status !== 0
      : command === 0x04 || command === LIST_IDENTITY || command === 0x64
        ? length > 0
        : !c.fromClient;
  if (command !== 0 && command !== 0x66) c.client(!answer);
  c.commandFast(answer ? (status === 0 ? "response" : "error") : "request", command, 0, -1, -1, -1);
  if (command !== LIST_IDENTITY || length < 6 + 33) return;
  r.skip(HEADER);
  const items = r.u16le();
  const type = r.u16le();
  r.skip(2);
  if (items === 0 || type !== 0x0c) {
    c.weird("bad-value");
    return;
  }
  r.skip(2 + 16); // version, socket address
  tellIdentity(r, c);
}

export const enip: Dissector = {
  protocol: "enip",
  specification: "The CIP Networks Library, volume 2 (ODVA)",
  on: { tcp: [44_818], udp: [44_818, 2_222] },
  stream: true,
  recognise,
  dissect,
  functions,
};
