/**
 * Lightweight Directory Access Protocol, RFC 4511, section 4; over UDP as Active Directory's locator does (MS-ADTS, 6.3.3).
 *
 *   SEQUENCE { message id INTEGER, operation [APPLICATION n], controls [0] }
 *
 * Told: operations with outcome, simple logins in clear, names and systems of NTLM. Names of entries and values are not read.
 * Signed or sealed messages (behind a length of four bytes) pass.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { MAX_MESSAGE, NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { goOnAsTls } from "./codecs/sides.ts";
import { asn1, expectTlv, openTlv, readInteger, tlvLength, wholeLength } from "./codecs/tlv.ts";
import { functionTable } from "./codecs/functions.ts";
import { tellNtlm } from "./codecs/ntlmssp.ts";
import { begins, word } from "./codecs/text.ts";

const BIND = 0x60;
const BIND_RESPONSE = 0x61;
const UNBIND = 0x42;
const ABANDON = 0x50;
const SEARCH = 0x63;
const ENTRY = 0x64;
const REFERENCE = 0x73;
const EXTENDED = 0x77;
const EXTENDED_RESPONSE = 0x78;
const INTERMEDIATE = 0x79;
const SASL_IN_PROGRESS = 14;
const REFERRAL = 10;

/** Codes are the operations' tags. */
const functions = functionTable([
  [BIND, "bind", "login"],
  [UNBIND, "unbind", "session"],
  [SEARCH, "search", "read"],
  [ENTRY, "search entry", "read"],
  [REFERENCE, "search reference", "read"],
  [0x66, "modify", "configure"],
  [0x68, "add", "configure"],
  [0x4a, "delete", "configure"],
  [0x6c, "modify DN", "configure"],
  [0x6e, "compare", "read"],
  [ABANDON, "abandon", "session"],
  [EXTENDED, "extended", "other"],
  [INTERMEDIATE, "intermediate", "other"],
]);
/** Tag of a response → tag of its request. */
const RESPONSES = new Map([
  [BIND_RESPONSE, BIND],
  [0x65, SEARCH],
  [0x67, 0x66],
  [0x69, 0x68],
  [0x6b, 0x4a],
  [0x6d, 0x6c],
  [0x6f, 0x6e],
  [EXTENDED_RESPONSE, EXTENDED],
]);
const STARTTLS = word("1.3.6.1.4.1.1466.20037");

interface State {
  starting: boolean;
  /** A SASL login succeeded: what follows may be sealed. */
  bound: boolean;
  /** What follows is TLS. */
  tls: boolean;
}

const isOperation = (tag: number): boolean => functions.has(tag) || RESPONSES.has(tag);

function secure(c: Context, state: State): void {
  c.become("tls");
  state.tls = true;
}

function recognise(r: Reader): 0 | 1 | 2 {
  if (openTlv(r) !== asn1.sequence) return recognised.no;
  const total = tlvLength();
  const inside = r.at;
  const id = readInteger(r);
  if (!(id >= 0) || r.short) return recognised.no;
  const tag = openTlv(r);
  if (!isOperation(tag)) return recognised.no;
  const used = r.at - inside + tlvLength();
  // The operation fills the message, or controls follow.
  return used === total || (used < total && total - used > 4) ? recognised.sure : recognised.no;
}

function bind(r: Reader, c: Context): void {
  readInteger(r);
  const name = expectTlv(r, asn1.octetString);
  if (name < 0) return;
  r.skip(name);
  const tag = openTlv(r);
  const length = Math.min(tlvLength(), r.left);
  if (tag === 0x80 && length > 0) {
    // Active Directory's own way to carry NTLM in a simple bind ("Sicily") is found by its signature.
    if (!tellNtlm(r, c, r.at, r.at + length)) c.weakness("cleartext-login");
  } else if (tag > 0x80) tellNtlm(r, c, r.at, r.at + length);
}

function operation(r: Reader, c: Context, state: State): void {
  const tag = openTlv(r);
  const asked = RESPONSES.get(tag);
  if (asked !== undefined) {
    c.client(false);
    const result = readInteger(r, asn1.enumerated);
    const good = result === 0 || result === SASL_IN_PROGRESS || result === REFERRAL || (asked === 0x6e && (result === 5 || result === 6)); // prettier-ignore
    c.commandFast(good ? "response" : "error", asked, 0, -1, -1, -1);
    if (tag === BIND_RESPONSE) {
      tellNtlm(r, c, r.at, r.end);
      state.bound ||= result === 0;
    }
    if (tag === EXTENDED_RESPONSE && state.starting && result === 0) secure(c, state);
    if (tag === EXTENDED_RESPONSE) state.starting = false;
    return;
  }
  const entry = tag === ENTRY || tag === REFERENCE || tag === INTERMEDIATE;
  c.client(!entry);
  c.commandFast(entry ? "event" : "request", tag, 0, -1, -1, -1);
  if (tag === BIND) bind(r, c);
  else if (tag === EXTENDED && openTlv(r) === 0x80) state.starting = begins(r, STARTTLS);
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { starting: false, bound: false, tls: false } satisfies State) as State;
  if (state.tls) return goOnAsTls(r, c);
  if (r.peek() !== asn1.sequence) {
    if (!state.bound) return NOT_MINE;
    if (r.left < 4) return NEED_MORE;
    return r.peek() === 0 ? 4 + r.peek32() : NOT_MINE;
  }
  const length = wholeLength(r);
  if (length <= 0) return length === 0 ? NEED_MORE : NOT_MINE;
  if (length > MAX_MESSAGE) {
    c.weird("too-long");
    return length;
  }
  if (r.left < length) return c.transport === "tcp" ? NEED_MORE : NOT_MINE;
  const all = r.end;
  r.end = r.start + length;
  openTlv(r);
  const good = readInteger(r) >= 0 && isOperation(r.peek());
  if (good) operation(r, c, state);
  r.end = all;
  return good ? length : NOT_MINE;
}

export const ldap: Dissector = {
  protocol: "ldap",
  specification: "RFC 4511, 4",
  on: { tcp: [389, 3268], udp: [389] },
  stream: true,
  recognise,
  dissect,
  functions,
};
