/**
 * Simple Mail Transfer Protocol, RFC 5321, section 4; STARTTLS RFC 3207, AUTH RFC 4954, BDAT RFC 3030.
 *
 *   EHLO name CRLF        250-name CRLF … 250 text CRLF
 *
 * Told: commands with outcome, the client's name of HELO, the greeting, logins in clear. Addresses and mails are not read.
 * Limits: lines of 4 KiB.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { goOnAsTls } from "./codecs/sides.ts";
import { begins, beginsFold, decimal, find, lineLength, textOf, word } from "./codecs/text.ts";
import { replyAt, verb, verbAt, verbTable } from "./codecs/verbs.ts";

const MAX_LINE = 4_096;
const functions = verbTable({
  HELO: "session", EHLO: "session", MAIL: "other", RCPT: "other", DATA: "other", RSET: "session", VRFY: "identify",
  EXPN: "identify", HELP: "identify", NOOP: "session", QUIT: "session", AUTH: "login", STARTTLS: "session", BDAT: "other",
  ETRN: "other", LHLO: "session", SEND: "other", TURN: "other",
}); // prettier-ignore
const HELO = verb("HELO");
const EHLO = verb("EHLO");
const DATA = verb("DATA");
const AUTH = verb("AUTH");
const BDAT = verb("BDAT");
const STARTTLS = verb("STARTTLS");
const SMTP = word("SMTP");
const END = word(".\r\n");
const AUTH_PLAIN = word("auth plain");
const AUTH_LOGIN = word("auth login");

interface State {
  asked: number;
  /** Inside a mail, until a line with one dot. */
  mail: boolean;
  greeted: boolean;
  /** What follows is TLS. */
  tls: boolean;
}

function secure(c: Context, state: State): void {
  c.become("tls");
  state.tls = true;
}

function recognise(r: Reader): 0 | 1 | 2 {
  const reply = replyAt(r);
  if (reply === 220) return find(r.bytes, SMTP, r.at, r.end) > 0 ? recognised.sure : recognised.port;
  if (reply === 554 || reply === 421) return recognised.port;
  const code = verbAt(r);
  return code === HELO || code === EHLO ? recognised.port : recognised.no;
}

function command(r: Reader, c: Context, state: State, code: number, length: number): void {
  c.client(true);
  state.asked = code;
  if (!functions.has(code)) c.weird("unknown-function");
  c.commandFast("request", code, 0, -1, -1, -1);
  if (code === HELO || code === EHLO) c.source("name", textOf(r.bytes, r.at + 5, r.at + length));
  else if (code === AUTH && (beginsFold(r, AUTH_PLAIN) || beginsFold(r, AUTH_LOGIN))) c.weakness("cleartext-login");
}

function reply(r: Reader, c: Context, state: State, code: number, length: number): void {
  c.client(false);
  if (!state.greeted && code === 220) c.source("server-software", textOf(r.bytes, r.at + 4, r.at + length));
  state.greeted = true;
  // 334 asks for the next part of a login.
  if (r.peek(3) === 0x2d || state.asked === 0 || code === 334) return;
  const { asked } = state;
  state.asked = 0;
  c.commandFast(code >= 400 ? "error" : "response", asked, 0, -1, -1, -1);
  if (asked === DATA && code === 354) state.mail = true;
  else if (asked === STARTTLS && code === 220) secure(c, state);
}

/** The mail passes line by line; only its end is looked for. */
function mail(r: Reader, state: State): number {
  const length = lineLength(r, r.left);
  if (length === 0) return r.left > MAX_LINE ? r.left : NEED_MORE;
  if (length === 3 && begins(r, END)) state.mail = false;
  return length;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= {
    asked: 0,
    mail: false,
    greeted: false,
    tls: false,
  } satisfies State) as State;
  if (state.tls) return goOnAsTls(r, c);
  if (state.mail && c.fromClient) return mail(r, state);
  const length = lineLength(r, MAX_LINE);
  if (length === 0) {
    if (r.left < MAX_LINE) return NEED_MORE;
    c.weird("too-long");
    return NOT_MINE;
  }
  const code = replyAt(r);
  if (code > 0) {
    reply(r, c, state, code, length);
    return length;
  }
  const asked = verbAt(r);
  if (functions.has(asked)) {
    command(r, c, state, asked, length);
    if (asked === BDAT) return length + Math.max(0, decimal(r.bytes, r.at + 5, r.at + length));
  } else if (!state.greeted) return NOT_MINE;
  else if (asked > 0 && state.asked !== AUTH) c.weird("unknown-function");
  return length;
}

export const smtp: Dissector = {
  protocol: "smtp",
  specification: "RFC 5321, 4; RFC 3207; RFC 4954",
  on: { tcp: [25, 587] },
  stream: true,
  recognise,
  dissect,
  functions,
};
