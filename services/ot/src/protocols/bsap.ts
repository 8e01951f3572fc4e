/**
 * BSAP of Bristol Babcock (Emerson ControlWave), over UDP: "ACCOL Babcock Asynchronous/Synchronous Protocol" D4052, with the
 * message forms of Open BSI. Little endian.
 *
 *  IP form:      | 0x0e 0x00 | messages, 2 | kind, 2: 0 poll, 5 answer, 6 request | sequence, 4 | acknowledged, 4 |
 *                messages: | length, 2 | 0, 0 | 0x0c | number, 4 | request: function, node status, code …; answer: error, count … |
 *  serial form:  | 0x10 0x02 | address, 0x80 global | serial | [addresses, control: 5 bytes] | function of the receiver | number, 2 |
 *                | function of the sender | node status | code … | 0x10 0x03 | CRC |
 *
 * Codes are those of the remote data base (function 0xa0); of its extension 0xa1 they are EXTENSION + code, other functions are
 * APPLICATION + function. Signal names are passed over. Limit: MAX_MESSAGES of a datagram.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { Asked } from "./codecs/asked.ts";
import { functionTable } from "./codecs/functions.ts";
import { NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const IP_HEADER = 14;
const MESSAGE_HEADER = 9;
const SERIAL_LEAST = 11;
const MAX_MESSAGES = 32;
const RDB = 0xa0;
const RDB_EXTENSION = 0xa1;
const EXTENSION = 0x1_00_00;
const APPLICATION = 0x2_00_00;
const POLL = 0x3_00_00;
const kinds = { poll: 0, answer: 5, request: 6 } as const;

const functions = functionTable([
  [0x00, "Read signal by address", "read"],
  [0x02, "Read logical by address", "read"],
  [0x04, "Read signal by name", "read"],
  [0x06, "Read logical by name", "read"],
  [0x0c, "Read signals by list, start", "read"],
  [0x0d, "Read signals by list, continue", "read"],
  [0x0e, "Read logicals by list, start", "read"],
  [0x0f, "Read logicals by list, continue", "read"],
  [0x80, "Write signal by address", "write"],
  [0x84, "Write signal by name", "write"],
  [0x8c, "Write signals by list, start", "write"],
  [0x8d, "Write signals by list, continue", "write"],
  [EXTENSION + 0x0101, "Reset system", "restart"],
  [EXTENSION + 0x0102, "Reset diagnostics", "diagnose"],
  [EXTENSION + 0x0201, "Read date and time", "read"],
  [EXTENSION + 0x0202, "Read date", "read"],
  [EXTENSION + 0x0203, "Read time", "read"],
  [EXTENSION + 0x0281, "Write date and time", "time-set"],
  [EXTENSION + 0x0400, "Change local node address", "configure"],
  [POLL, "Poll", "session"],
  ...Array.from(
    { length: 256 },
    (_, i) => [APPLICATION + i, `Application function 0x${i.toString(16)}`, "other"] as const,
  ),
]);

const isSerial = (r: Reader): boolean => r.peek16() === 0x10_02;

function recognise(r: Reader): Recognised {
  if (isSerial(r)) {
    if (r.left < SERIAL_LEAST) return recognised.no;
    return r.left < 64 && r.peek16(r.left - 4) === 0x10_03 ? recognised.sure : recognised.port;
  }
  if (r.left < IP_HEADER || r.peek16() !== 0x0e_00) return recognised.no;
  const messages = r.peek16le(2);
  const kind = r.peek16le(4);
  if (messages > MAX_MESSAGES || kind > 8) return recognised.no;
  if (messages === 0) return r.left === IP_HEADER && kind === kinds.poll ? recognised.sure : recognised.port;
  const fits =
    r.peek16le(IP_HEADER) >= MESSAGE_HEADER && r.peek16(IP_HEADER + 2) === 0 && r.peek(IP_HEADER + 4) === 0x0c;
  return fits ? recognised.sure : recognised.port;
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  if (isSerial(r) && whole >= SERIAL_LEAST) {
    serial(r, c);
    return whole;
  }
  if (whole < IP_HEADER || r.peek16() !== 0x0e_00) return NOT_MINE;
  r.skip(2);
  const messages = r.u16le();
  const kind = r.u16le();
  r.skip(8);
  if (messages > MAX_MESSAGES) {
    c.weird("bad-value");
    return whole;
  }
  if (messages === 0) c.commandFast("event", POLL, 0, -1, -1, -1);
  for (let i = 0; i < messages; i++) {
    const at = r.at;
    const length = r.u16le();
    if (length < MESSAGE_HEADER + 2 || at + length > r.end) {
      c.weird(at === r.end ? "truncated" : "bad-length");
      break;
    }
    r.skip(3);
    const id = r.u32le();
    if (kind === kinds.request) request(r, c, id, r.u8());
    else if (kind === kinds.answer) answer(c, id, (r.u8() & 0x80) !== 0);
    else c.weird("unknown-function");
    r.at = at + length;
  }
  return whole;
}

const asked = (c: Context): Asked => {
  const table = c.state instanceof Asked ? c.state : new Asked();
  c.state = table;
  return table;
};

/** Node status, then the code: one byte, of the extension two. */
function request(r: Reader, c: Context, id: number, application: number): void {
  c.client(true);
  r.skip(1);
  const code =
    application === RDB ? r.u8() : application === RDB_EXTENSION ? EXTENSION + r.u16le() : APPLICATION + application;
  if (!functions.has(code)) c.weird("unknown-function");
  asked(c).put(id, code);
  c.commandFast("request", code, 0, -1, -1, -1);
}

function answer(c: Context, id: number, refused: boolean): void {
  c.client(false);
  const code = asked(c).take(id);
  if (code === -1) c.weird("response-without-request");
  else c.commandFast(refused ? "error" : "response", code, 0, -1, -1, -1);
}

/** A byte of the serial form: DLE is doubled inside. */
function field(r: Reader): number {
  const byte = r.u8();
  if (byte === 0x10 && r.peek() === 0x10) r.skip(1);
  return byte;
}

function serial(r: Reader, c: Context): void {
  if (r.peek16(r.left - 4) !== 0x10_03) c.weird("truncated");
  r.skip(2);
  const address = field(r);
  field(r);
  if ((address & 0x80) !== 0) for (let i = 0; i < 5; i++) field(r);
  const receiver = field(r);
  const id = field(r) + field(r) * 256;
  const sender = field(r);
  if (r.short) {
    c.weird("truncated");
    return;
  }
  // Who answers names the function that was asked as his own.
  if (sender === RDB || sender === RDB_EXTENSION) {
    r.skip(1);
    answer(c, id, (r.peek() & 0x80) !== 0);
  } else request(r, c, id, receiver);
}

export const bsap: Dissector = {
  protocol: "bsap",
  specification: "Bristol Babcock D4052; Open BSI",
  on: { udp: [1_234, 1_235] },
  recognise,
  dissect,
  functions,
};
