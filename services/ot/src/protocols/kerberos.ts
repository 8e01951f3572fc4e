/**
 * Kerberos V5, RFC 4120, section 5: BER with an application tag; over TCP behind four bytes of length (7.2.2).
 *
 *   | 0x6a AS-REQ, 0x6b AS-REP, 0x6c TGS-REQ, 0x6d TGS-REP, 0x6e AP-REQ, 0x6f AP-REP, 0x7e KRB-ERROR | length | SEQUENCE …
 *
 * Told: messages and the realm. Names of users and services are not read. Limit: 12 fields.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { asn1, expectTlv, openTlv, readInteger, tlvLength } from "./codecs/tlv.ts";
import { functionTable } from "./codecs/functions.ts";

const APPLICATION = 0x60;
const AS_REQ = 10;
const TGS_REQ = 12;
const AP_REQ = 14;
const ERROR = 30;
const MAX_FIELDS = 12;
const MAX_LENGTH = 65_000;
/** Says only that a secret must come along (7.5.9): every login begins so. */
const PREAUTH_REQUIRED = 25;
const GENERAL_STRING = 0x1b;
const functions = functionTable([
  [AS_REQ, "AS-REQ", "login"],
  [11, "AS-REP", "login"],
  [TGS_REQ, "TGS-REQ", "login"],
  [13, "TGS-REP", "login"],
  [AP_REQ, "AP-REQ", "login"],
  [15, "AP-REP", "login"],
  [20, "KRB-SAFE", "other"],
  [21, "KRB-PRIV", "other"],
  [22, "KRB-CRED", "other"],
  [ERROR, "KRB-ERROR", "login"],
]);

interface State {
  asked: number;
  realmTold: boolean;
}

/** True when a message begins at an offset: application tag, sequence inside, version 5 or a field 0. */
function fits(r: Reader, offset: number): boolean {
  const type = r.peek(offset) - APPLICATION;
  if (!functions.has(type)) return false;
  const first = r.peek(offset + 1);
  const head = first === 0x82 ? 4 : first === 0x81 ? 3 : first < 0x80 ? 2 : 0;
  if (head === 0 || r.peek(offset + head) !== asn1.sequence) return false;
  const second = r.peek(offset + head + 1);
  const inner = offset + head + (second === 0x82 ? 4 : second === 0x81 ? 3 : 2);
  // pvno INTEGER 5, in field 0 or (requests) 1.
  return (r.peek(inner) === 0xa0 || r.peek(inner) === 0xa1) && r.peek(inner + 1) === 3 && r.peek(inner + 2) === 2 && r.peek16(inner + 3) === 0x01_05; // prettier-ignore
}

/** A GeneralString or, of some, UTF8String at the reader's place. */
function realmAt(r: Reader): string {
  const tag = openTlv(r);
  return tag === GENERAL_STRING || tag === 0x0c ? r.ascii(Math.min(tlvLength(), r.left)) : "";
}

/** Goes through the context-tagged fields of the sequence at the reader's place until one is found; −1 when it is not there. */
function field(r: Reader, wanted: number): number {
  const length = expectTlv(r, asn1.sequence);
  if (length < 0) return -1;
  for (let i = 0; i < MAX_FIELDS && r.left > 2; i++) {
    const tag = openTlv(r);
    if (tag < 0xa0 || tlvLength() > r.left) return -1;
    if (tag === 0xa0 + wanted) return tlvLength();
    r.skip(tlvLength());
  }
  return -1;
}

function tellRealm(r: Reader, c: Context, type: number, state: State): void {
  const at = r.at;
  let realm = "";
  if (type === AS_REQ || type === TGS_REQ) {
    // The request's body is field 4, the realm field 2 of it.
    if (field(r, 4) >= 0 && field(r, 2) >= 0) realm = realmAt(r);
    c.destination("domain", realm);
  } else if (type === 11 || type === 13) {
    if (field(r, 3) >= 0) realm = realmAt(r);
    c.source("domain", realm);
    c.source("capability", "kerberos-kdc");
  } else if (type === ERROR && field(r, 9) >= 0) c.source("domain", (realm = realmAt(r)));
  if (realm !== "") state.realmTold = true;
  r.at = at;
}

function message(r: Reader, c: Context): void {
  const type = r.peek() - APPLICATION;
  const state = (c.state ??= { asked: 0, realmTold: false } satisfies State) as State;
  openTlv(r);
  const at = r.at;
  if (type === AS_REQ || type === TGS_REQ || type === AP_REQ) {
    c.client(true);
    state.asked = type;
    c.commandFast("request", type, 0, -1, -1, -1);
  } else if (type === ERROR) {
    c.client(false);
    const code = field(r, 6) >= 0 ? readInteger(r) : 0;
    r.at = at;
    c.commandFast(code === PREAUTH_REQUIRED ? "response" : "error", state.asked === 0 ? ERROR : state.asked, 0, -1, -1, -1); // prettier-ignore
  } else if (type < 16) {
    c.client(false);
    c.commandFast("response", type - 1, 0, -1, -1, -1);
  } else c.commandFast("event", type, 0, -1, -1, -1);
  if (!state.realmTold) tellRealm(r, c, type, state);
}

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  if (c.transport !== "tcp") return fits(r, 0) ? recognised.sure : recognised.no;
  const length = r.peek32();
  return length > 16 && length < MAX_LENGTH && fits(r, 4) ? recognised.sure : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  if (c.transport !== "tcp") {
    if (!fits(r, 0)) return NOT_MINE;
    message(r, c);
    return r.end - r.start;
  }
  if (r.left < 4) return NEED_MORE;
  const length = r.peek32();
  if (length < 16 || length > MAX_LENGTH) return NOT_MINE;
  if (r.left < 4 + length) return NEED_MORE;
  if (!fits(r, 4)) return NOT_MINE;
  r.open(r.bytes, r.at + 4, r.at + 4 + length);
  message(r, c);
  return 4 + length;
}

export const kerberos: Dissector = {
  protocol: "kerberos",
  specification: "RFC 4120, 5 and 7.2",
  on: { udp: [88], tcp: [88] },
  stream: true,
  recognise,
  dissect,
  functions,
};
