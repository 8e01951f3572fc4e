/**
 * Post Office Protocol 3, RFC 1939, sections 3 to 7; STLS RFC 2595.
 *
 *   USER name CRLF        +OK text CRLF      -ERR text CRLF
 *
 * Told: commands with outcome, the greeting, logins in clear. Names, passwords and mails are not read. Limits: lines of 4 KiB.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { goOnAsTls } from "./codecs/sides.ts";
import { begins, find, lineLength, textOf, word } from "./codecs/text.ts";
import { verb, verbAt, verbTable } from "./codecs/verbs.ts";

const MAX_LINE = 4_096;
const functions = verbTable({
  USER: "login", PASS: "login", APOP: "login", AUTH: "login", STLS: "session", CAPA: "identify", STAT: "read", LIST: "read",
  RETR: "read", DELE: "file", NOOP: "session", RSET: "session", TOP: "read", UIDL: "read", QUIT: "session", LAST: "read",
}); // prettier-ignore
const PASS = verb("PASS");
const AUTH = verb("AUTH");
const STLS = verb("STLS");
const OK = word("+OK");
const ERR = word("-ERR");
const POP3 = word("POP3");
const ASK = word("+ ");

interface State {
  asked: number;
  greeted: boolean;
  /** What follows is TLS. */
  tls: boolean;
}

function secure(c: Context, state: State): void {
  c.become("tls");
  state.tls = true;
}

function recognise(r: Reader): 0 | 1 | 2 {
  if (begins(r, OK)) return find(r.bytes, POP3, r.at, r.end) > 0 ? recognised.sure : recognised.port;
  const code = verbAt(r);
  return code !== 0 && functions.has(code) ? recognised.port : recognised.no;
}

function answer(r: Reader, c: Context, state: State, good: boolean, length: number): void {
  c.client(false);
  if (!state.greeted && good) c.source("server-software", textOf(r.bytes, r.at + 3, r.at + length));
  state.greeted = true;
  if (state.asked === 0) return;
  c.commandFast(good ? "response" : "error", state.asked, 0, -1, -1, -1);
  if (good && state.asked === STLS) secure(c, state);
  state.asked = 0;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { asked: 0, greeted: false, tls: false } satisfies State) as State;
  if (state.tls) return goOnAsTls(r, c);
  const length = lineLength(r, MAX_LINE);
  if (length === 0) return r.left < MAX_LINE ? NEED_MORE : state.greeted ? r.left : NOT_MINE;
  const good = begins(r, OK);
  if (good || begins(r, ERR)) {
    answer(r, c, state, good, length);
    return length;
  }
  // Lines of a mail or a list, and the exchange of AUTH.
  if (begins(r, ASK) || (state.greeted && !c.fromClient)) return length;
  const code = verbAt(r);
  if (functions.has(code)) {
    c.client(true);
    state.asked = code;
    c.commandFast("request", code, 0, -1, -1, -1);
    if (code === PASS || (code === AUTH && length > 6)) c.weakness("cleartext-login");
  } else if (!state.greeted) return NOT_MINE;
  return length;
}

export const pop3: Dissector = {
  protocol: "pop3",
  specification: "RFC 1939, 3 to 7; RFC 2595",
  on: { tcp: [110] },
  stream: true,
  recognise,
  dissect,
  functions,
};
