/**
 * GE SRTP (TCP 18245), little endian: mailboxes of SNP (GFK-0529C, chapters 3 and 5) in a header of 56 bytes, as read by Denton et
 * al., "Leveraging the SRTP protocol for over-the-network memory acquisition of a GE Fanuc Series 90-30" (2017):
 *
 *   0  | type 1 | 0 | sequence 1 | 0 | text length 2 | …        type 0 opens, 1 accepts, 2 asks, 3 answers
 *   26 | second, minute, hour | 0 | sequence 1 | mailbox type 1 | source 4 | destination 4 | packet 1 | packets 1
 *   42 | service 1 | segment 1 | offset 2 | length 2 | …       asked with mailbox type c0; from 50 on with 80 (text follows)
 *   42 | status 1 | minor 1 | …                                answered with d4 or 94; d1 refuses
 *
 * Codes: service request codes; OPEN for the first exchange. Objects are segment selectors, low and high the units of the segment
 * (bits, bytes or words), from 0. Logins and passwords are not read.
 * Weirds: "bad-length", "unknown-function", "response-without-request".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable } from "./codecs/functions.ts";
import { Pending } from "./codecs/pending.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEAD = 56;
/** Text of one message: a block of a program is at most 32 KB. */
const MAX_TEXT = 32_768;
export const OPEN = 0x100;

const ASK = 0xc0;
const ASK_TEXT = 0x80;
const ANSWER = 0xd4;
const ANSWER_TEXT = 0x94;
const REFUSE = 0xd1;

const functions = functionTable([
  [OPEN, "Open", "session"],
  [0x00, "PLC Short Status", "diagnose"],
  [0x03, "Return Control Program Names", "identify"],
  [0x04, "Read System Memory", "read"],
  [0x05, "Read Task Memory", "read"],
  [0x06, "Read Program Memory", "read"],
  [0x07, "Write System Memory", "write"],
  [0x08, "Write Task Memory", "write"],
  [0x09, "Write Program Block Memory", "download"],
  [0x20, "Programmer Logon", "login"],
  [0x21, "Change PLC CPU Privilege Level", "login"],
  [0x22, "Set Control ID", "configure"],
  [0x23, "Set PLC (Run, Stop)", "mode"],
  [0x24, "Set PLC Time/Date", "time-set"],
  [0x25, "Return PLC Time/Date", "read"],
  [0x38, "Return Fault Table", "diagnose"],
  [0x39, "Clear Fault Table", "diagnose"],
  [0x3f, "Program Store (upload from PLC)", "upload"],
  [0x40, "Program Load (download to PLC)", "download"],
  [0x43, "Return Controller Type And ID Information", "identify"],
  [0x44, "Toggle Force System Memory", "force"],
]);

const segments: ReadonlyMap<number, string> = new Map([
  [0x08, "registers %R"],
  [0x0a, "analog inputs %AI"],
  [0x0c, "analog outputs %AQ"],
  [0x10, "discrete inputs %I, bytes"],
  [0x12, "discrete outputs %Q, bytes"],
  [0x14, "discrete temporaries %T, bytes"],
  [0x16, "discrete internals %M, bytes"],
  [0x18, "%SA, bytes"],
  [0x1a, "%SB, bytes"],
  [0x1c, "%SC, bytes"],
  [0x1e, "%S, bytes"],
  [0x38, "Genius global data %G, bytes"],
  [0x46, "discrete inputs %I"],
  [0x48, "discrete outputs %Q"],
  [0x4a, "discrete temporaries %T"],
  [0x4c, "discrete internals %M"],
  [0x4e, "%SA"],
  [0x50, "%SB"],
  [0x52, "%SC"],
  [0x54, "%S"],
  [0x56, "Genius global data %G"],
]);

class State {
  readonly pending = new Pending();
  named = false;
}
const stateOf = (c: Context): State => (c.state ??= new State()) as State;

const zeros = (r: Reader, from: number, to: number): boolean => {
  for (let k = from; k < to; k++) if (r.peek(k) !== 0) return false;
  return true;
};

const isMailbox = (type: number): boolean =>
  type === ASK || type === ASK_TEXT || type === ANSWER || type === ANSWER_TEXT || type === REFUSE;

function recognise(r: Reader): Recognised {
  if (r.left < HEAD) return recognised.no;
  const type = r.peek(0);
  if (type === 0 || type === 1)
    return zeros(r, 1, 8) && zeros(r, 10, 17) && zeros(r, 18, 30) ? recognised.port : recognised.no;
  if ((type !== 2 && type !== 3) || r.peek(1) !== 0 || r.peek(3) !== 0 || !isMailbox(r.peek(31))) return recognised.no;
  return zeros(r, 18, 26) && r.peek(26) < 60 && r.peek(27) < 60 && r.peek(28) < 24 ? recognised.sure : recognised.no;
}

function request(r: Reader, c: Context): void {
  // With text behind it a mailbox keeps its parameters eight bytes further on.
  const at = r.peek(31) === ASK_TEXT ? 50 : 42;
  const service = r.peek(at);
  if (!functions.has(service)) c.weird("unknown-function");
  const memory = service >= 0x04 && service <= 0x09;
  const object = memory ? r.peek(at + 1) : 0;
  const low = memory ? r.peek16le(at + 2) : -1;
  const high = memory ? low + Math.max(r.peek16le(at + 4), 1) - 1 : -1;
  c.client(true);
  c.commandFast("request", service, object, low, high, -1);
  stateOf(c).pending.put(r.peek(2), service, object, low, high, -1);
}

function response(r: Reader, c: Context): void {
  c.client(false);
  const state = stateOf(c);
  const { pending } = state;
  if (!pending.take(r.peek(2))) {
    c.weird("response-without-request");
    return;
  }
  const failed = r.peek(31) === REFUSE || r.peek(42) !== 0;
  c.commandFast(failed ? "error" : "response", pending.code, pending.object, pending.low, pending.high, -1);
  if (failed || state.named) return;
  state.named = true;
  c.source("vendor", "GE");
  c.source("role", "plc");
}

function dissect(r: Reader, c: Context): number {
  const { left } = r;
  if (left < HEAD) return left === 0 || r.peek(0) <= 3 ? NEED_MORE : NOT_MINE;
  const type = r.peek(0);
  const length = r.peek16le(4);
  if (type > 3 || r.peek(1) !== 0) return NOT_MINE;
  if (type <= 1) {
    c.client(type === 0);
    c.commandFast(type === 0 ? "request" : "response", OPEN, 0, -1, -1, -1);
    return HEAD;
  }
  if (length > MAX_TEXT) {
    c.weird("bad-length");
    return NOT_MINE;
  }
  if (left < HEAD + length) return NEED_MORE;
  if (!isMailbox(r.peek(31))) c.weird("unknown-function");
  else if (type === 2) request(r, c);
  else response(r, c);
  return HEAD + length;
}

export const geSrtp: Dissector = {
  protocol: "ge-srtp",
  specification: "GFK-0529C (SNP), chapters 3 and 5; Denton et al. 2017",
  on: { tcp: [18_245, 18_246] },
  stream: true,
  recognise,
  dissect,
  functions,
  objects: segments,
};
