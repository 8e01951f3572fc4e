/**
 * Internet Message Access Protocol, RFC 9051 (and 3501), sections 6 and 7.
 *
 *   a1 LOGIN name password CRLF      * OK text CRLF     a1 OK text CRLF
 *
 * The code of a function is the first four letters of its verb. Told: commands with outcome, the greeting, logins in clear.
 * Names, passwords and mails are not read. Limits: lines of 8 KiB; one command is under way.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { goOnAsTls } from "./codecs/sides.ts";
import { begins, beginsFold, find, hashOf, indexOf, lineLength, textOf, word } from "./codecs/text.ts";
import { verb, verbAt, verbTable } from "./codecs/verbs.ts";

const MAX_LINE = 8_192;
const MAX_TAG = 32;
const functions = verbTable({
  LOGIN: "login", AUTHENTICATE: "login", LOGOUT: "session", STARTTLS: "session", CAPABILITY: "identify", NOOP: "session",
  SELECT: "read", EXAMINE: "read", CREATE: "file", DELETE: "file", RENAME: "file", SUBSCRIBE: "session",
  UNSUBSCRIBE: "session", LIST: "read", LSUB: "read", STATUS: "read", APPEND: "file", CHECK: "session", CLOSE: "session",
  EXPUNGE: "file", SEARCH: "read", FETCH: "read", STORE: "file", COPY: "file", MOVE: "file", UID: "read", ID: "identify",
  IDLE: "read", NAMESPACE: "read", ENABLE: "session", GETQUOTA: "read", XLIST: "read",
}); // prettier-ignore
const LOGIN = verb("LOGIN");
const AUTHENTICATE = verb("AUTHENTICATE");
const STARTTLS = verb("STARTTLS");
const UNTAGGED_OK = word("* OK");
const PREAUTH = word("* PREAUTH");
const IMAP = word("IMAP");
const OK = word("ok");
const NO = word("no");
const BAD = word("bad");
const MECHANISMS = [word("authenticate plain"), word("authenticate login")];

interface State {
  asked: number;
  tag: number;
  greeted: boolean;
  /** What follows is TLS. */
  tls: boolean;
}

function secure(c: Context, state: State): void {
  c.become("tls");
  state.tls = true;
}

function recognise(r: Reader): 0 | 1 | 2 {
  if (begins(r, UNTAGGED_OK)) return find(r.bytes, IMAP, r.at, r.end) > 0 ? recognised.sure : recognised.port;
  const blank = indexOf(r.bytes, 0x20, r.at, Math.min(r.end, r.at + MAX_TAG));
  if (blank <= r.at) return recognised.no;
  r.at = blank + 1;
  return functions.has(verbAt(r)) ? recognised.port : recognised.no;
}

/** A line with a tag: the reader stands behind the blank. */
function tagged(r: Reader, c: Context, state: State, tag: number): boolean {
  const good = beginsFold(r, OK);
  if (state.asked !== 0 && tag === state.tag && (good || beginsFold(r, NO) || beginsFold(r, BAD))) {
    c.client(false);
    c.commandFast(good ? "response" : "error", state.asked, 0, -1, -1, -1);
    if (good && state.asked === STARTTLS) secure(c, state);
    state.asked = 0;
    return true;
  }
  const code = verbAt(r);
  if (!functions.has(code)) return false;
  c.client(true);
  c.commandFast("request", code, 0, -1, -1, -1);
  state.asked = code;
  state.tag = tag;
  if (code === LOGIN || (code === AUTHENTICATE && MECHANISMS.some((one) => beginsFold(r, one))))
    c.weakness("cleartext-login");
  return true;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { asked: 0, tag: 0, greeted: false, tls: false } satisfies State) as State;
  if (state.tls) return goOnAsTls(r, c);
  const length = lineLength(r, MAX_LINE);
  if (length === 0) return r.left < MAX_LINE ? NEED_MORE : state.greeted ? r.left : NOT_MINE;
  if (begins(r, UNTAGGED_OK) || begins(r, PREAUTH)) {
    c.client(false);
    if (!state.greeted) c.source("server-software", textOf(r.bytes, r.at + 5, r.at + length));
    state.greeted = true;
    return length;
  }
  const { at } = r;
  const blank = indexOf(r.bytes, 0x20, at, Math.min(at + length, at + MAX_TAG));
  if (blank > at && r.peek() !== 0x2a && r.peek() !== 0x2b) {
    const tag = hashOf(r.bytes, at, blank);
    r.at = blank + 1;
    if (tagged(r, c, state, tag)) state.greeted = true;
  }
  return state.greeted ? length : NOT_MINE;
}

export const imap: Dissector = {
  protocol: "imap",
  specification: "RFC 9051, 6 and 7; RFC 3501",
  on: { tcp: [143] },
  stream: true,
  recognise,
  dissect,
  functions,
};
