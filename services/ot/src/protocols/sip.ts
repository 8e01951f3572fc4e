/**
 * Session Initiation Protocol, RFC 3261, section 7.
 *
 *   INVITE sip:… SIP/2.0 CRLF  name: value CRLF … CRLF  body
 *   SIP/2.0 200 OK CRLF        …  CSeq: 1 INVITE CRLF …
 *
 * Told: methods with outcome (by CSeq), agents and servers. Addresses of users and bodies are not read. Limits: heads of 16 KiB.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { headLength, headerValue, nextLine } from "./codecs/headers.ts";
import { begins, decimal, find, Once, textOf, word } from "./codecs/text.ts";

const MAX_HEAD = 16_384;
const MAX_HEADERS = 128;
/** Codes are places in this table, from 1. */
const METHODS = ["INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS", "PRACK", "SUBSCRIBE", "NOTIFY", "PUBLISH", "INFO", "REFER", "MESSAGE", "UPDATE"]; // prettier-ignore
const methodWords = METHODS.map((name) => word(`${name} `));
const functions = functionTable([
  [0, "other method", "other"],
  ...METHODS.map((name, index) => [index + 1, name, name === "REGISTER" ? "login" : "session"] as const),
]);

const VERSION = word("SIP/2.0 ");
const AT_VERSION = word(" SIP/2.0\r\n");
const LENGTH = word("content-length:");
const SHORT_LENGTH = word("l:");
const CSEQ = word("cseq:");
const AGENT = word("user-agent:");
const SERVER = word("server:");

interface State {
  readonly once: Once;
}

function methodAt(r: Reader): number {
  for (let i = 0; i < methodWords.length; i++) if (begins(r, methodWords[i] as Uint8Array)) return i + 1;
  return 0;
}

function recognise(r: Reader): 0 | 1 | 2 {
  if (begins(r, VERSION)) return recognised.sure;
  const method = methodAt(r);
  if (method === 0) return recognised.no;
  const at = (methodWords[method - 1] as Uint8Array).length;
  // sip: sips: tel:
  const scheme = r.peek32(at);
  const likely = scheme === 0x73_69_70_3a || scheme === 0x73_69_70_73 || scheme === 0x74_65_6c_3a;
  return likely ? recognised.sure : recognised.no;
}

/** The method of a CSeq value, `1 INVITE`. */
function sequenceMethod(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++;
  while (at < to && bytes[at] === 0x20) at++;
  const index = METHODS.findIndex((name) => find(bytes, word(name), at, Math.min(to, at + name.length)) === at);
  return index + 1;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { once: new Once() } satisfies State) as State;
  const stream = c.transport === "tcp";
  if (r.left === 0) return NEED_MORE;
  // Keep-alives between messages (RFC 5626, 3.5.1).
  if (r.peek() === 0x0d || r.peek() === 0x0a || r.peek() === 0) return stream ? 1 : r.left;
  const answer = begins(r, VERSION);
  const head = headLength(r, MAX_HEAD);
  if (head === 0) {
    if (stream && r.left < MAX_HEAD && (answer || methodAt(r) > 0 || r.left < 12)) return NEED_MORE;
    return NOT_MINE;
  }
  const { bytes, at } = r;
  const line = nextLine(bytes, at, at + head);
  if (!answer && find(bytes, AT_VERSION, at, line) < 0) return NOT_MINE;
  let code = answer ? 0 : methodAt(r);
  let length = 0;
  for (let from = line, i = 0; from < at + head && i < MAX_HEADERS; i++) {
    const next = nextLine(bytes, from, at + head);
    let value = headerValue(bytes, from, next, CSEQ);
    if (value >= 0) code = answer ? sequenceMethod(bytes, value, next) : code;
    else if (
      (value = headerValue(bytes, from, next, LENGTH)) >= 0 ||
      (value = headerValue(bytes, from, next, SHORT_LENGTH)) >= 0
    )
      length = Math.max(0, decimal(bytes, value, next)); // prettier-ignore
    else if ((value = headerValue(bytes, from, next, AGENT)) >= 0) {
      if (state.once.first(bytes, value, next)) c.source("user-agent", textOf(bytes, value, next));
    } else if ((value = headerValue(bytes, from, next, SERVER)) >= 0 && state.once.first(bytes, value, next))
      c.source("server-software", textOf(bytes, value, next));
    from = next;
  }
  const status = answer ? decimal(bytes, at + VERSION.length, line) : 0;
  // Both ends ask in a dialogue: who asks this time is said of this message only.
  c.client(!answer);
  if (!answer || status >= 200) c.commandFast(!answer ? "request" : status >= 400 ? "error" : "response", code, 0, -1, -1, -1); // prettier-ignore
  return stream ? head + length : r.end - r.start;
}

export const sip: Dissector = {
  protocol: "sip",
  specification: "RFC 3261, 7",
  on: { udp: [5060], tcp: [5060] },
  stream: true,
  recognise,
  dissect,
  functions,
};
