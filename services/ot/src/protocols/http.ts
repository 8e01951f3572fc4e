/**
 * Hypertext Transfer Protocol 1.x, RFC 9112, and 0.9, RFC 1945, 4.1; version 2 in clear behind its preface (RFC 9113, 3.4).
 *
 *   GET /path HTTP/1.1 CRLF  name: value CRLF …  CRLF  body
 *   HTTP/1.1 200 OK CRLF     name: value CRLF …  CRLF  body
 *
 * Told: methods with outcome, Host, User-Agent, Server, logins in clear. Paths, queries and bodies are not told; of a form's body
 * only is looked whether it has a field for a password. Limits: heads of 32 KiB, sixteen requests under way.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { isAddress } from "./codecs/addresses.ts";
import { body, follow, type Side } from "./codecs/http-body.ts";
import { frame, type Http2Head } from "./codecs/http2.ts";
import {
  CONNECT,
  GET,
  HEAD,
  methodAt,
  methodFunctions,
  methodLength,
  OTHER,
  POST,
  tokenLength,
} from "./codecs/http-methods.ts";
import { headLength, headerValue, nextLine } from "./codecs/headers.ts";
import { sideOf } from "./codecs/sides.ts";
import { begins, decimal, find, indexOf, Once, textOf, word } from "./codecs/text.ts";

const MAX_HEAD = 32_768;
const MAX_HEADERS = 128;
const UNDER_WAY = 16;
const FORM_LOOK = 2_048;
const RECOGNISE = 64;
const MAX_HOST = 255;

const VERSION = word("HTTP/1.");
const PREFACE = word("PRI * HTTP/2.0\r\n");
const PREFACE_BEGIN = word("PRI * HTTP/");
/** Behind it: CRLF "SM" CRLF CRLF. */
const PREFACE_END = 8;
const AT_VERSION = word(" HTTP/1.");
const HOST = word("host:");
const AGENT = word("user-agent:");
const SERVER = word("server:");
const LENGTH = word("content-length:");
const ENCODING = word("transfer-encoding:");
const AUTHORIZATION = word("authorization:");
const TYPE = word("content-type:");
const BASIC = word("basic ");
const CHUNKED = word("chunked");
const FORM = word("application/x-www-form-urlencoded");
const PASSWORDS = ["password=", "passwd=", "pwd=", "pass="].map(word);

interface State {
  readonly sides: readonly [Side, Side];
  readonly asked: Uint8Array;
  first: number;
  count: number;
  /** A head has been read: what does not fit later is a gap, not another protocol. */
  known: boolean;
  readonly once: Once;
}
const stateOf = (c: Context): State =>
  (c.state ??= {
    sides: [{ next: follow.head }, { next: follow.head }],
    asked: new Uint8Array(UNDER_WAY),
    first: 0,
    count: 0,
    known: false,
    once: new Once(),
  } satisfies State) as State;

function recognise(r: Reader): 0 | 1 | 2 {
  if (begins(r, VERSION)) return r.left > 8 && r.peek(8) === 0x20 ? recognised.sure : recognised.port;
  if (begins(r, PREFACE)) return recognised.sure;
  const method = methodAt(r);
  if (method === OTHER) return unknownMethod(r);
  const at = methodLength(method);
  const target = r.peek(at);
  // Origin form "/", asterisk, absolute "http…", or an authority for CONNECT (3.2).
  if (target === 0x2f) return recognised.sure;
  if (method === CONNECT) return isAuthority(r, at) ? recognised.sure : recognised.port;
  return target === 0x68 && r.peek(at + 1) === 0x74 && r.peek(at + 2) === 0x74 && r.peek(at + 3) === 0x70
    ? recognised.sure
    : recognised.port;
}

/** A method of somebody's own is believed with a path and the version behind it. */
function unknownMethod(r: Reader): 0 | 1 | 2 {
  const at = tokenLength(r);
  if (at === 0 || r.peek(at) !== 0x2f) return recognised.no;
  return find(r.bytes, AT_VERSION, r.at + at, Math.min(r.end, r.at + RECOGNISE)) < 0
    ? recognised.port
    : recognised.sure;
}

/** `host:port `: the port's digits end with a blank. */
function isAuthority(r: Reader, offset: number): boolean {
  const from = r.at + offset;
  const colon = indexOf(r.bytes, 0x3a, from, Math.min(r.end, from + MAX_HOST));
  if (colon <= from) return false;
  const blank = indexOf(r.bytes, 0x20, colon, Math.min(r.end, colon + 7));
  return blank > colon + 1 && decimal(r.bytes, colon + 1, blank) > 0;
}

const isHead = (r: Reader): boolean => recognise(r) === recognised.sure;

/** What a head says that decides how the message goes on. */
const seen = { length: -1, chunked: false, form: false };

function headers(r: Reader, c: Context, state: State, from: number, to: number, request: boolean): void {
  const { bytes } = r;
  seen.length = -1;
  seen.chunked = false;
  seen.form = false;
  for (let at = from, i = 0; at < to && i < MAX_HEADERS; i++) {
    const next = nextLine(bytes, at, to);
    header(c, state, bytes, at, next, request);
    at = next;
  }
}

function header(c: Context, state: State, bytes: Uint8Array, at: number, next: number, request: boolean): void {
  let value = -1;
  switch ((bytes[at] as number) | 0x20) {
    case 0x61: // authorization
      value = headerValue(bytes, at, next, AUTHORIZATION);
      if (value >= 0 && request && headerValue(bytes, value, next, BASIC) >= 0) {
        c.weakness("http-basic");
        c.weakness("cleartext-login");
      }
      break;
    case 0x63: // content-length, content-type
      value = headerValue(bytes, at, next, LENGTH);
      if (value >= 0) seen.length = decimal(bytes, value, next);
      else if ((value = headerValue(bytes, at, next, TYPE)) >= 0)
        seen.form = headerValue(bytes, value, next, FORM) >= 0;
      break;
    case 0x68: // host
      if (request && (value = headerValue(bytes, at, next, HOST)) >= 0 && state.once.first(bytes, value, next, 1))
        c.destination("name", hostOf(textOf(bytes, value, next)));
      break;
    case 0x73: // server
      if (!request && (value = headerValue(bytes, at, next, SERVER)) >= 0 && state.once.first(bytes, value, next, 2))
        c.source("server-software", textOf(bytes, value, next));
      break;
    case 0x74: // transfer-encoding
      if ((value = headerValue(bytes, at, next, ENCODING)) >= 0)
        seen.chunked = headerValue(bytes, value, next, CHUNKED) >= 0;
      break;
    case 0x75: // user-agent
      if (request && (value = headerValue(bytes, at, next, AGENT)) >= 0 && state.once.first(bytes, value, next, 3))
        c.source("user-agent", textOf(bytes, value, next));
      break;
    default: // nothing else is told
  }
}

/** A host's name without its port; "" for an address, which is known already. */
function hostOf(text: string): string {
  const colon = text.lastIndexOf(":");
  const name = colon > 0 ? text.slice(0, colon) : text;
  return isAddress(name) || name.startsWith("[") ? "" : name;
}

function hasPassword(r: Reader, from: number): boolean {
  const to = Math.min(r.end, from + FORM_LOOK);
  for (const name of PASSWORDS) {
    const at = find(r.bytes, name, from, to);
    if (at >= from) return true;
  }
  return false;
}

/** Gives the length of the head and of a body whose length it tells. */
function request(r: Reader, c: Context, state: State, side: Side, method: number, length: number): number {
  const head = r.at + length;
  c.client(true);
  c.commandFast("request", method, 0, -1, -1, -1);
  if (state.count === UNDER_WAY) {
    state.first++;
    state.count--;
  }
  state.asked[(state.first + state.count++) % UNDER_WAY] = method;
  const line = nextLine(r.bytes, r.at, head);
  // The Host of a request to a proxy is not the receiver's name.
  const proxied = method === CONNECT || (method !== OTHER && r.peek(methodLength(method)) === 0x68);
  headers(r, c, state, line, head, !proxied);
  if (seen.form && hasPassword(r, head)) c.weakness("cleartext-login");
  if (seen.chunked) side.next = follow.chunkSize;
  return seen.chunked ? length : length + Math.max(0, seen.length);
}

function response(r: Reader, c: Context, state: State, side: Side, length: number): number {
  const head = r.at + length;
  const status = decimal(r.bytes, r.at + 9, Math.min(head, r.at + 13));
  c.client(false);
  const asked = state.count > 0 ? (state.asked[state.first % UNDER_WAY] as number) : OTHER;
  if (status < 100 || status > 599) c.weird("bad-value");
  headers(r, c, state, nextLine(r.bytes, r.at, head), head, false);
  if (status === 101 || (asked === CONNECT && status >= 200 && status < 300)) {
    for (const one of state.sides) one.next = asked === CONNECT ? follow.opened : follow.tunnel;
  } else if (status < 200) return length;
  if (state.count > 0) {
    state.first++;
    state.count--;
  } else c.weird("response-without-request");
  c.commandFast(status >= 400 ? "error" : "response", asked, 0, -1, -1, -1);
  if (side.next !== follow.head || asked === HEAD || status === 204 || status === 304) return length;
  if (seen.chunked) side.next = follow.chunkSize;
  else if (seen.length < 0) side.next = follow.close;
  return seen.chunked ? length : length + Math.max(0, seen.length);
}

function dissect(r: Reader, c: Context): number {
  const state = stateOf(c);
  const side = state.sides[sideOf(c)];
  if (side.next === follow.frames) return frame(r, (head) => headers2(c, state, head));
  const passed = body(r, c, side, isHead);
  if (passed !== -2) return passed;
  if (begins(r, PREFACE)) {
    c.client(true);
    c.source("capability", "HTTP/2");
    for (const one of state.sides) one.next = follow.frames;
    return PREFACE.length + PREFACE_END;
  }
  // Line ends between messages are allowed (2.2).
  if (r.peek() === 0x0d || r.peek() === 0x0a) return 1;
  const answer = begins(r, VERSION);
  const length = headLength(r, MAX_HEAD);
  const line = nextLine(r.bytes, r.at, length === 0 ? Math.min(r.end, r.at + MAX_HEAD) : r.at + length);
  if (!answer && find(r.bytes, AT_VERSION, r.at, line) < 0) {
    if (isSimple(r, line)) return simple(r, c, state, side, length === 0 ? line - r.at : length);
    if (length > 0) return state.known ? lose(r, c, side) : NOT_MINE;
  }
  if (length === 0) {
    const waits = unfinished(r, c, answer);
    return waits === NOT_MINE && state.known ? lose(r, c, side) : waits;
  }
  state.known = true;
  side.next = follow.head;
  return answer ? response(r, c, state, side, length) : request(r, c, state, side, methodAt(r), length);
}

/** A line with method and path only, as of HTTP/0.9: what answers it has no head (RFC 1945, 4.1 and 6). */
const isSimple = (r: Reader, line: number): boolean => {
  const method = methodAt(r);
  return method !== OTHER && r.bytes[line - 1] === 0x0a && r.peek(methodLength(method)) === 0x2f;
};

function simple(r: Reader, c: Context, state: State, side: Side, length: number): number {
  state.known = true;
  request(r, c, state, side, methodAt(r), length);
  // Header lines may follow all the same; the answer is bare, unless it has a head after all.
  side.next = follow.lost;
  const other = state.sides[side === state.sides[0] ? 1 : 0];
  if (other.next === follow.head) other.next = follow.close;
  return length;
}

/** A HEADERS frame; several requests may be under way, each in its stream. */
function headers2(c: Context, state: State, { stream, method, authority, status }: Http2Head): void {
  const slot = (stream >> 1) % UNDER_WAY;
  if (method !== "") {
    const code = method === "GET" ? GET : method === "POST" ? POST : OTHER;
    state.asked[slot] = code;
    c.commandFast("request", code, 0, -1, -1, -1);
    const host = hostOf(authority);
    if (host !== "") c.destination("name", host);
    // Interim answers come before the one that counts; trailers have neither.
  } else if (status > 1) c.commandFast(status >= 4 ? "error" : "response", state.asked[slot] as number, 0, -1, -1, -1);
}

/** Bytes are missing: passes all until a head begins a segment. */
function lose(r: Reader, c: Context, side: Side): number {
  c.weird("out-of-sync");
  side.next = follow.lost;
  return r.left;
}

/** A head that is not whole: waits while it looks like one. */
function unfinished(r: Reader, c: Context, answer: boolean): number {
  if (r.left >= MAX_HEAD) {
    c.weird("too-long");
    return NOT_MINE;
  }
  const likely = answer || methodAt(r) !== OTHER || r.left < 12 || begins(r, PREFACE_BEGIN);
  return likely ? NEED_MORE : NOT_MINE;
}

export const http: Dissector = {
  protocol: "http",
  specification: "RFC 9112; RFC 9110",
  on: { tcp: [80, 81, 591, 3128, 8000, 8008, 8080, 8081, 8088, 8888] },
  stream: true,
  recognise,
  dissect,
  functions: methodFunctions,
};
