/**
 * File Transfer Protocol, RFC 959, section 4; security extensions RFC 4217. The control connection: lines ending in CR LF.
 *
 *   USER name CRLF        220-text CRLF … 220 text CRLF
 *
 * Told: commands with outcome, the greeting as server software, logins in clear. Names, passwords and paths are not told.
 * Limits: lines of 4 KiB.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { goOnAsTls } from "./codecs/sides.ts";
import { replyAt, verb, verbAt, verbTable } from "./codecs/verbs.ts";
import { begins, beginsFold, find, lineLength, textOf, word } from "./codecs/text.ts";

const MAX_LINE = 4_096;
const functions = verbTable({
  USER: "login", PASS: "login", ACCT: "login", CWD: "file", CDUP: "file", SMNT: "file", QUIT: "session", REIN: "session",
  PORT: "session", PASV: "session", TYPE: "session", STRU: "session", MODE: "session", RETR: "file", STOR: "file",
  STOU: "file", APPE: "file", ALLO: "file", REST: "file", RNFR: "file", RNTO: "file", ABOR: "session", DELE: "file",
  RMD: "file", MKD: "file", PWD: "file", LIST: "file", NLST: "file", SITE: "other", SYST: "identify", STAT: "diagnose",
  HELP: "identify", NOOP: "session", AUTH: "session", PBSZ: "session", PROT: "session", CCC: "session", ADAT: "login",
  FEAT: "identify", OPTS: "session", EPRT: "session", EPSV: "session", LANG: "session", MDTM: "file", SIZE: "file",
  MLST: "file", MLSD: "file", CLNT: "identify", XPWD: "file", XMKD: "file", XRMD: "file", XCUP: "file", XCWD: "file",
  HOST: "session", MFMT: "file", AVBL: "file",
}); // prettier-ignore
const USER = verb("USER");
const PASS = verb("PASS");
const AUTH = verb("AUTH");

const FTP = word("FTP");
const ANONYMOUS = word("anonymous");
const ALSO_ANONYMOUS = word("ftp\r");
const USER_WORD = word("USER ");

interface State {
  asked: number;
  /** A code whose further lines follow ("220-"). */
  multi: number;
  greeted: boolean;
  weak: boolean;
  /** What follows is TLS. */
  tls: boolean;
}

function secure(c: Context, state: State): void {
  c.become("tls");
  state.tls = true;
}

function recognise(r: Reader): 0 | 1 | 2 {
  const reply = replyAt(r);
  if (reply === 220) return find(r.bytes, FTP, r.at, r.end) > 0 ? recognised.sure : recognised.port;
  if (reply === 120 || reply === 421) return recognised.port;
  return begins(r, USER_WORD) || (functions.has(verbAt(r)) && verbAt(r) > 0xff_ff_ff) ? recognised.port : recognised.no;
}

function command(r: Reader, c: Context, state: State, code: number): void {
  c.client(true);
  state.asked = code;
  if (!functions.has(code)) c.weird("unknown-function");
  c.commandFast("request", code, 0, -1, -1, -1);
  if (code === PASS) c.weakness("cleartext-login");
  else if (code === USER) {
    r.skip(5);
    if (beginsFold(r, ANONYMOUS) || beginsFold(r, ALSO_ANONYMOUS)) c.weakness("anonymous-login");
  }
}

function reply(r: Reader, c: Context, state: State, code: number, length: number): void {
  c.client(false);
  if (r.peek(3) === 0x2d) state.multi = code;
  if (!state.greeted && code === 220) {
    state.greeted = true;
    c.source("server-software", textOf(r.bytes, r.at + 4, r.at + length));
  }
  if (r.peek(3) === 0x2d) return;
  if (state.asked === 0 || code < 200) return;
  c.commandFast(code >= 400 ? "error" : "response", state.asked, 0, -1, -1, -1);
  if (state.asked === AUTH && code === 234) secure(c, state);
  if (state.asked !== 0) state.asked = 0;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { asked: 0, multi: 0, greeted: false, weak: false, tls: false } satisfies State) as State;
  if (state.tls) return goOnAsTls(r, c);
  const length = lineLength(r, MAX_LINE);
  if (length === 0) {
    if (r.left < MAX_LINE) return NEED_MORE;
    c.weird("too-long");
    return NOT_MINE;
  }
  if (!state.weak) c.weakness("ftp");
  state.weak = true;
  const code = replyAt(r);
  if (code > 0) {
    if (state.multi === 0 || (state.multi === code && r.peek(3) === 0x20)) {
      state.multi = 0;
      reply(r, c, state, code, length);
    }
    return length;
  }
  if (state.multi > 0 && !c.fromClient) return length;
  const asked = verbAt(r);
  if (asked > 0) command(r, c, state, asked);
  else if (!state.greeted && state.asked === 0) return NOT_MINE;
  else if (length > 2) c.weird("bad-value");
  return length;
}

export const ftp: Dissector = {
  protocol: "ftp",
  specification: "RFC 959, 4; RFC 4217",
  on: { tcp: [21] },
  stream: true,
  recognise,
  dissect,
  functions,
};
