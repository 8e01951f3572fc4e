/**
 * S7comm-plus of SIMATIC S7-1200/1500, inside COTP. Siemens publishes no specification; fields as TIA Portal sends them. Newer
 * firmware wraps it in TLS, which is not read.
 *
 *  1 byte  1 byte    2 bytes   V3: 1 + 32 bytes   1 byte   2    2 bytes    2    2 bytes
 * | 0x72  | version | length  | size, digest      | opcode | 0  | function | 0  | sequence | … | 0x72, version, 0: last piece |
 *           1, 2, 3; 0xfe keep-alive                0x31 request, 0x32 response, 0x33 notification
 *
 * A message without the closing four bytes goes on in the next one, which is passed over. Creating a session or a block of the
 * program, and asking for an operating state, are functions of their own (function * 256 + a number given here).
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { Asked } from "./codecs/asked.ts";
import { functionTable } from "./codecs/functions.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";

const START = 0x72;
const KEEP_ALIVE = 0xfe;
const REQUEST = 0x31;
const RESPONSE = 0x32;
const NOTIFICATION = 0x33;
const CREATE_OBJECT = 0x04ca;
const SET_VARIABLE = 0x04f2;
const CREATE_SESSION = CREATE_OBJECT * 256 + 1;
const CREATE_PROGRAM = CREATE_OBJECT * 256 + 2;
const SET_STATE = SET_VARIABLE * 256 + 1;
/** Objects in which sessions and program blocks are created, the CPU's execution unit, and its attribute of the wanted state (as variable-length number). */
const SESSION_CONTAINER = 0x01_1d;
const PROGRAM = 3;
const EXECUTION_UNIT = 0x34;
const WANTED_STATE = 0x90_77;
/** Bytes of a response that are searched for the order number. */
const MAX_SEARCH = 2_048;

const functions = functionTable([
  [0x04b1, "Error", "other"],
  [0x04bb, "Explore", "identify"],
  [CREATE_OBJECT, "CreateObject", "configure"],
  [CREATE_SESSION, "CreateObject (session)", "session"],
  [CREATE_PROGRAM, "CreateObject (program)", "download"],
  [0x04d4, "DeleteObject", "configure"],
  [SET_VARIABLE, "SetVariable", "write"],
  [SET_STATE, "SetVariable (operating state)", "mode"],
  [0x04fc, "GetVariable", "read"],
  [0x0506, "AddLink", "configure"],
  [0x051a, "RemoveLink", "configure"],
  [0x0524, "GetLink", "identify"],
  [0x0542, "SetMultiVariables", "write"],
  [0x054c, "GetMultiVariables", "read"],
  [0x0556, "BeginSequence", "session"],
  [0x0560, "EndSequence", "session"],
  [0x056b, "Invoke", "control"],
  [0x057c, "SetVarSubStreamed", "write"],
  [0x0586, "GetVarSubStreamed", "read"],
  [0x0590, "GetVariablesAddress", "identify"],
  [0x059a, "Abort", "session"],
  [0x05a9, "Error (2)", "other"],
  [0x05b3, "InitSsl", "session"],
  [NOTIFICATION, "Notification", "report"],
  [KEEP_ALIVE, "Keep-alive", "session"],
]);

interface State {
  readonly asked: Asked;
  /** A message goes on in the next one, by direction (lower source port first). */
  readonly goesOn: [boolean, boolean];
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  if (whole < 4 || r.u8() !== START) return NOT_MINE;
  const version = r.u8();
  const length = r.u16();
  if (version === KEEP_ALIVE) {
    c.commandFast("event", KEEP_ALIVE, 0, -1, -1, -1);
    return whole;
  }
  if (version === 0 || (version > 3 && version < KEEP_ALIVE)) {
    c.weird("bad-version");
    return whole;
  }
  if (length > r.left) {
    c.weird("bad-length");
    return whole;
  }
  const state: State = (c.state as State | null) ?? { asked: new Asked(), goesOn: [false, false] };
  c.state = state;
  const way = c.sourcePort < c.destinationPort ? 0 : 1;
  const continued = state.goesOn[way];
  const closed = r.left >= length + 4 && r.peek(length) === START;
  state.goesOn[way] = !closed && version !== 0xff;
  if (continued || version === 0xff || length === 0) return whole;
  r.end = r.at + length;
  if (version === 3 && r.peek() === 32) r.skip(33);
  message(r, c, state);
  return whole;
}

function message(r: Reader, c: Context, state: State): void {
  const opcode = r.u8();
  if (opcode === NOTIFICATION) {
    c.commandFast("event", NOTIFICATION, 0, -1, -1, -1);
    return;
  }
  if (opcode !== REQUEST && opcode !== RESPONSE) {
    c.weird("unknown-opcode");
    return;
  }
  r.skip(2);
  const code = r.u16();
  r.skip(2);
  const sequence = r.u16();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  if (!functions.has(code)) c.weird("unknown-function");
  c.client(opcode === REQUEST);
  if (opcode === REQUEST) {
    const full = fullCode(r, code);
    state.asked.put(sequence, full);
    c.commandFast("request", full, 0, -1, -1, -1);
    return;
  }
  const kept = state.asked.take(sequence);
  const failed = code === 0x04b1 || code === 0x05a9;
  const asked = kept === -1 || (!failed && kept !== code && kept >> 8 !== code) ? code : kept;
  c.commandFast(failed ? "error" : "response", asked, 0, -1, -1, -1);
  if (code === CREATE_OBJECT) identity(r, c);
}

/** Session, a byte of flags, then the object; for variables their number and the path of the first. */
function fullCode(r: Reader, code: number): number {
  const object = r.peek32(5);
  if (code === CREATE_OBJECT)
    return object === SESSION_CONTAINER ? CREATE_SESSION : object === PROGRAM ? CREATE_PROGRAM : code;
  if (code === SET_VARIABLE && object === EXECUTION_UNIT && r.peek16(10) === WANTED_STATE) return SET_STATE;
  return code;
}

/** The session's object says order number and firmware as text: "1;6ES7 214-1AG40-0XB0;V4.2". */
function identity(r: Reader, c: Context): void {
  const until = Math.min(r.left - 8, MAX_SEARCH);
  for (let i = 0; i < until; i++) {
    if (r.peek(i) !== 0x3b || r.peek(i + 1) !== 0x36) continue; // ";6"
    r.skip(i + 1);
    const [order = "", version = ""] = r.ascii(Math.min(40, r.left)).split(";");
    if (!/^6[A-Z]{2}\d [\w -]+$/.test(order)) return;
    c.source("order-number", order.trim());
    c.source("vendor", "Siemens");
    c.source("firmware", /^V\d+(\.\d+)*/.exec(version)?.[0] ?? "");
    return;
  }
}

export const s7commPlus: Dissector = {
  protocol: "s7comm-plus",
  specification: "none published; TIA Portal with S7-1200/1500",
  // Found inside COTP only.
  on: {},
  recognise: () => recognised.no,
  dissect,
  functions,
  weirds: ["unknown-opcode"],
};
