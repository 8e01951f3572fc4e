/**
 * PostgreSQL, frontend/backend protocol 3.0 ("Message Formats" of its manual, chapter 55): databases of historians and MES.
 *
 *   0        4                                         0      1
 *   | length | 0x00030000 or SSL request | …           | type | length (with itself) | …
 *
 * Told: message types with outcome, the server's version, logins in clear. Users, databases, statements and rows are not read.
 * Limit: start-up messages of 10,000 bytes.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { goOnAsTls, sideOf } from "./codecs/sides.ts";
import { begins, indexOf, textOf, word } from "./codecs/text.ts";

const STARTUP = 0x00_03_00_00;
const CANCEL = 80_877_102;
const SSL = 80_877_103;
const GSS = 80_877_104;
const MAX_STARTUP = 10_000;
const MAX_PARAMETER = 256;
/** Reserved codes of start-up messages, which have no type. */
const [ASKS_START, ASKS_SSL, ASKS_CANCEL] = [1, 2, 3] as const;
const code = (letter: string): number => letter.charCodeAt(0);
const functions = functionTable([
  [ASKS_START, "StartupMessage", "login"],
  [ASKS_SSL, "SSLRequest", "session"],
  [ASKS_CANCEL, "CancelRequest", "control"],
  [code("Q"), "Query", "other"],
  [code("P"), "Parse", "other"],
  [code("B"), "Bind", "other"],
  [code("E"), "Execute", "other"],
  [code("D"), "Describe", "other"],
  [code("C"), "Close", "other"],
  [code("F"), "FunctionCall", "other"],
  [code("S"), "Sync", "session"],
  [code("H"), "Flush", "session"],
  [code("X"), "Terminate", "session"],
  [code("p"), "PasswordMessage", "login"],
  [code("d"), "CopyData", "file"],
  [code("c"), "CopyDone", "file"],
  [code("f"), "CopyFail", "file"],
]);
/** Messages of the server. */
const answers: ReadonlySet<number> = new Set("RSKZTDCEN123nstAGHWdcIV".split("").map(code));
const AUTHENTICATION = code("R");
const PARAMETER = code("S");
const ERROR = code("E");
const READY = code("Z");
const PASSWORD = code("p");
const CLEARTEXT = 3;
const VERSION = word("server_version\0");

interface State {
  started: boolean;
  /** The client asked for TLS; the answer is one letter. */
  asksTls: boolean;
  tls: boolean;
  failed: boolean;
  cleartext: boolean;
  asked: number;
  /** Side of the client, −1 while unknown. */
  client: number;
}

const startCode = (r: Reader): number => {
  const length = r.peek32();
  if (length < 8 || length > MAX_STARTUP) return 0;
  const asks = r.peek32(4);
  if (asks === STARTUP) return length > 8 ? ASKS_START : 0;
  if (length === 8 && (asks === SSL || asks === GSS)) return ASKS_SSL;
  return length === 16 && asks === CANCEL ? ASKS_CANCEL : 0;
};

const isMessage = (r: Reader): boolean =>
  r.left >= 5 && (functions.has(r.peek()) || answers.has(r.peek())) && r.peek() > ASKS_CANCEL && r.peek32(1) >= 4;

function recognise(r: Reader): 0 | 1 | 2 {
  if (r.left >= 8 && startCode(r) !== 0) return recognised.sure;
  return isMessage(r) && r.peek(1) === 0 ? recognised.port : recognised.no;
}

function fromServer(r: Reader, c: Context, state: State, type: number, length: number): void {
  if (type === AUTHENTICATION) {
    if (r.peek32(5) === CLEARTEXT) state.cleartext = true;
    c.commandFast("response", state.asked, 0, -1, -1, -1);
  } else if (type === PARAMETER && begins(r, VERSION, 5)) {
    const from = r.at + 5 + VERSION.length;
    const to = indexOf(r.bytes, 0, from, Math.min(r.end, r.at + 1 + length));
    if (to > from) c.source("server-software", `PostgreSQL ${textOf(r.bytes, from, to)}`);
  } else if (type === ERROR) {
    state.failed = true;
    c.commandFast("error", state.asked, 0, -1, -1, -1);
  } else if (type === READY) {
    if (!state.failed) c.commandFast("response", state.asked, 0, -1, -1, -1);
    state.failed = false;
  }
}

function fromClient(c: Context, state: State, type: number): void {
  if (!functions.has(type)) c.weird("unknown-function");
  state.asked = type;
  c.commandFast("request", type, 0, -1, -1, -1);
  if (type === PASSWORD && state.cleartext) c.weakness("cleartext-login");
}

function start(r: Reader, c: Context, state: State): number {
  const asks = startCode(r);
  if (asks === 0) return NOT_MINE;
  c.client(true);
  state.client = sideOf(c);
  state.asksTls = asks === ASKS_SSL;
  state.started = asks !== ASKS_SSL;
  state.asked = asks;
  c.commandFast("request", asks, 0, -1, -1, -1);
  return r.peek32();
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= {
    started: false,
    asksTls: false,
    tls: false,
    failed: false,
    cleartext: false,
    asked: 0,
    client: -1,
  } satisfies State) as State;
  if (state.tls) return goOnAsTls(r, c);
  const side = sideOf(c);
  if (state.asksTls && side !== state.client) {
    state.asksTls = false;
    state.tls = r.peek() === code("S");
    if (state.tls) c.become("tls");
    c.commandFast(state.tls ? "response" : "error", ASKS_SSL, 0, -1, -1, -1);
    return 1;
  }
  if (!state.started && (state.client < 0 || side === state.client)) {
    if (r.left < 8) return NEED_MORE;
    if (startCode(r) !== 0) return start(r, c, state);
    if (state.client >= 0 || !isMessage(r)) return NOT_MINE;
    // Taken up in the middle.
    state.started = true;
  }
  if (r.left < 5) return NEED_MORE;
  if (!isMessage(r)) return NOT_MINE;
  const length = r.peek32(1);
  if (r.left < Math.min(1 + length, MAX_PARAMETER)) return NEED_MORE;
  if (state.client < 0 ? c.fromClient : side === state.client) fromClient(c, state, r.peek());
  else fromServer(r, c, state, r.peek(), length);
  return 1 + length;
}

export const postgresql: Dissector = {
  protocol: "postgresql",
  specification: "PostgreSQL manual, 55.7",
  on: { tcp: [5_432] },
  stream: true,
  recognise,
  dissect,
  functions,
};
