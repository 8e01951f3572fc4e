/**
 * Remote Desktop Protocol, MS-RDPBCGR, section 2.2.1: the negotiation before a session, in TPKT and X.224.
 *
 *   0   1   2          4    5       6        8        10      11
 *   | 3 | 0 | length | LI | 0xe0 / 0xd0 | dst ref | src ref | class | [cookie CR LF] | type | flags | 8 (LE) | protocols (LE)
 *
 * A server that goes on without network level authentication (CredSSP) is a weakness. The cookie holds a user's name and is not
 * read. Without TLS the client's own name is told (2.2.1.3.2, clientName).
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { goOnAsTls } from "./codecs/sides.ts";
import { functionTable } from "./codecs/functions.ts";
import { begins, find, word } from "./codecs/text.ts";

const CONNECT_REQUEST = 0xe0;
const CONNECT_CONFIRM = 0xd0;
const MAX_LENGTH = 1_024;
const NEGOTIATION = 8;
const TLS = 1;
/** CredSSP, RDSTLS, CredSSP with early authorisation, Entra. */
const WITH_LOGIN = 0x02 | 0x04 | 0x08 | 0x10;
const CONNECT_INITIAL = 1;

const functions = functionTable([
  [CONNECT_REQUEST, "connection request", "session"],
  [CONNECT_CONFIRM, "connection confirm", "session"],
  [CONNECT_INITIAL, "MCS connect initial", "session"],
]);

const COOKIE = word("Cookie: ");
/** Key of the client's data in the conference (T.124, 8.7): H.221 non-standard "Duca". */
const DUCA = word("Duca");
const CORE = 0xc0_01;

interface State {
  /** Behind the negotiation; the rest passes. */
  done: boolean;
  /** Without encryption the client's core data come once. */
  plain: boolean;
  /** What follows is TLS. */
  tls: boolean;
}

function secure(c: Context, state: State): void {
  c.become("tls");
  state.tls = true;
}

/** Place of the negotiation structure of a type behind the X.224 head, or −1. */
function negotiation(r: Reader, length: number, type: number): number {
  const at = length - NEGOTIATION;
  if (at < 11) return -1;
  return r.peek(at) === type && r.peek16le(at + 2) === NEGOTIATION ? at : -1;
}

function head(r: Reader): number {
  if (r.peek16() !== 0x03_00 || r.left < 11) return 0;
  const length = r.peek16(2);
  const indicator = r.peek(4);
  if (length < 11 || length > MAX_LENGTH || indicator + 5 !== length) return 0;
  const type = r.peek(5);
  return (type === CONNECT_REQUEST || type === CONNECT_CONFIRM) && r.peek(10) === 0 ? type : 0;
}

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  const type = head(r);
  if (type === 0) return recognised.no;
  r.skip(11);
  if (type === CONNECT_REQUEST && begins(r, COOKIE)) return recognised.sure;
  r.at = r.start;
  const length = r.peek16(2);
  if (length <= r.left && negotiation(r, length, type === CONNECT_REQUEST ? 1 : 2) === 11) return recognised.sure;
  return c.sourcePort === 102 || c.destinationPort === 102 ? recognised.no : recognised.port;
}

function coreData(r: Reader, c: Context): void {
  const duca = find(r.bytes, DUCA, r.at, Math.min(r.end, r.at + 512));
  if (duca < 0) return;
  r.at = duca + DUCA.length;
  // Length in PER: two octets with the top bit, or one.
  r.skip(r.peek() & 0x80 ? 2 : 1);
  for (let i = 0; i < 8 && r.left >= 4; i++) {
    const type = r.u16le();
    const length = r.u16le() - 4;
    if (length < 0) return;
    if (type === CORE) {
      r.skip(16);
      const build = r.u32le();
      c.source("name", r.utf16le(32));
      if (build > 0 && build < 100_000) c.source("user-agent", `RDP client build ${build}`);
      return;
    }
    r.skip(length);
  }
}

function request(r: Reader, c: Context, state: State): number {
  c.client(true);
  c.commandFast("request", CONNECT_REQUEST, 0, -1, -1, -1);
  state.done = false;
  return r.peek16(2);
}

function confirm(r: Reader, c: Context, state: State): number {
  const length = r.peek16(2);
  c.client(false);
  state.done = true;
  const at = negotiation(r, length, 2);
  const refused = at < 0 && negotiation(r, length, 3) >= 0;
  c.commandFast(refused ? "error" : "response", CONNECT_REQUEST, 0, -1, -1, -1);
  if (refused) return length;
  const selected = at < 0 ? 0 : r.peek16le(at + 4);
  if ((selected & WITH_LOGIN) === 0) c.weakness("rdp-no-nla");
  state.plain = selected === 0;
  if (selected & (TLS | WITH_LOGIN)) secure(c, state);
  return length;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { done: false, plain: false, tls: false } satisfies State) as State;
  if (state.tls) return goOnAsTls(r, c);
  if (state.done && !state.plain) return r.left;
  if (r.left < 11) return r.peek() !== 3 && r.left > 0 && !state.done ? NOT_MINE : NEED_MORE;
  const type = head(r);
  if (type === 0) {
    if (!state.done) return NOT_MINE;
    // Fast-path and encrypted data of a session without TLS.
    if (r.peek16() !== 0x03_00 || r.peek(5) !== 0xf0) {
      state.plain = false;
      return r.left;
    }
    const length = Math.max(7, r.peek16(2));
    if (r.left < length) return NEED_MORE;
    const all = r.end;
    r.end = r.start + length;
    // BER application tag 101: Connect-Initial (T.125, 7).
    if (r.peek16(7) === 0x7f_65) {
      c.commandFast("request", CONNECT_INITIAL, 0, -1, -1, -1);
      coreData(r, c);
      state.plain = false;
    }
    r.end = all;
    return length;
  }
  if (r.left < r.peek16(2)) return NEED_MORE;
  return type === CONNECT_REQUEST ? request(r, c, state) : confirm(r, c, state);
}

export const rdp: Dissector = {
  protocol: "rdp",
  specification: "MS-RDPBCGR, 2.2.1",
  on: { tcp: [3389] },
  stream: true,
  recognise,
  dissect,
  functions,
};
