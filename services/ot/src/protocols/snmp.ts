/**
 * Simple Network Management Protocol: v1 RFC 1157, v2c RFC 3416, v3 RFC 3412 (section 6). BER.
 *
 *   SEQUENCE { version, community, PDU }                                    v1, v2c
 *   SEQUENCE { 3, header { id, size, flags, model }, security, scoped PDU } v3; an encrypted scoped PDU is an OCTET STRING
 *
 * A response is told as the answer to the request of its request-id. Of variables only the names of the system group and of the
 * first entity (RFC 6933) are read: they say who the device is; and who is at which port of a switch (codecs/lldp-mib.ts).
 * Communities are compared and forgotten.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { asn1, expectTlv, oidText, openTlv, readInteger, skipTlv, tlvLength } from "./codecs/tlv.ts";
import { macText } from "./codecs/addresses.ts";
import { functionTable } from "./codecs/functions.ts";
import { isLocalName, neighbourPort } from "./codecs/lldp-mib.ts";
import { begins, word } from "./codecs/text.ts";
import type { Attribute } from "../wire/vocabulary.ts";

const MAX_VARIABLES = 128;
const PENDING = 16;
const TRAP_V1 = 4;
const RESPONSE = 2;
const REPORT = 8;
const ENCRYPTED = 9;

const functions = functionTable([
  [0, "get", "read"],
  [1, "get-next", "read"],
  [RESPONSE, "response", "other"],
  [3, "set", "configure"],
  [TRAP_V1, "trap", "report"],
  [5, "get-bulk", "read"],
  [6, "inform", "report"],
  [7, "trap v2", "report"],
  [REPORT, "report", "diagnose"],
  [ENCRYPTED, "encrypted", "other"],
]);

const PUBLIC = word("public");
const PRIVATE = word("private");
/** 1.3.6.1.2.1.1: the system group. */
const SYSTEM = word("\x2b\x06\x01\x02\x01\x01");
/** 1.3.6.1.2.1.47.1.1.1.1: entPhysicalEntry. */
const ENTITY = word("\x2b\x06\x01\x02\x01\x2f\x01\x01\x01\x01");
const SYSTEM_COLUMNS: Readonly<Record<number, Attribute>> = { 1: "description", 2: "device-type", 5: "name", 6: "location" }; // prettier-ignore
const ENTITY_COLUMNS: Readonly<Record<number, Attribute>> = {
  8: "hardware",
  9: "firmware",
  10: "firmware",
  11: "serial",
  12: "vendor",
  13: "model",
};

interface State {
  /** Request-ids that wait, and what they asked. */
  readonly ids: Float64Array;
  readonly asked: Uint8Array;
  next: number;
  weak: boolean;
  default: boolean;
  /** What the device is called, as it said before. */
  name: string;
}
const stateOf = (c: Context): State =>
  (c.state ??= {
    ids: new Float64Array(PENDING).fill(Number.NaN),
    asked: new Uint8Array(PENDING),
    next: 0,
    weak: false,
    default: false,
    name: "",
  } satisfies State) as State;

function recognise(r: Reader): 0 | 1 | 2 {
  const total = expectTotal(r);
  if (total < 0) return recognised.no;
  const version = readInteger(r);
  if (version === 3) {
    if (openTlv(r) !== asn1.sequence) return recognised.no;
    return Number.isNaN(readInteger(r)) || !(readInteger(r) >= 484) ? recognised.no : recognised.sure;
  }
  if (version !== 0 && version !== 1) return recognised.no;
  if (openTlv(r) !== asn1.octetString || tlvLength() > 255) return recognised.no;
  if (tlvLength() + 2 > r.left) return recognised.port;
  r.skip(tlvLength());
  const tag = r.peek();
  return tag >= 0xa0 && tag <= 0xa8 ? recognised.sure : recognised.no;
}

/** Length of the outer sequence, when a version of one octet follows; the reader stands on the version. */
function expectTotal(r: Reader): number {
  if (openTlv(r) !== asn1.sequence) return -1;
  const total = tlvLength();
  return total >= 12 && r.peek16() === 0x02_01 ? total : -1;
}

function attributeAt(r: Reader, length: number): Attribute | undefined {
  if (length === 8 && begins(r, SYSTEM) && r.peek(7) === 0) return SYSTEM_COLUMNS[r.peek(6)];
  if (length === 12 && begins(r, ENTITY) && r.peek(11) === 1) return ENTITY_COLUMNS[r.peek(10)];
  return undefined;
}

function variables(r: Reader, c: Context): void {
  if (expectTlv(r, asn1.sequence) < 0) {
    c.weird("truncated");
    return;
  }
  for (let i = 0; i < MAX_VARIABLES && r.left > 0; i++) {
    const length = expectTlv(r, asn1.sequence);
    if (length < 0) break;
    const next = r.at + length;
    const nameLength = expectTlv(r, asn1.oid);
    if (nameLength < 0) break;
    const attribute = attributeAt(r, nameLength);
    const own = isLocalName(r.bytes, r.at, r.at + nameLength);
    const port = neighbourPort(r.bytes, r.at, r.at + nameLength);
    r.skip(nameLength);
    if (port > 0 || own) neighbour(r, c, port);
    else if (attribute !== undefined) {
      const tag = openTlv(r);
      const size = Math.min(tlvLength(), r.left);
      if (tag === asn1.octetString) {
        const text = r.utf8(size);
        if (attribute === "name") stateOf(c).name = text;
        c.source(attribute, text);
      } else if (tag === asn1.oid && attribute === "device-type") c.source(attribute, `snmp:${oidText(r.bytes, r.at, r.at + size)}`); // prettier-ignore
    }
    r.at = next;
  }
}

/** A switch of which the name is not known yet says nothing that would help. */
function neighbour(r: Reader, c: Context, port: number): void {
  const state = stateOf(c);
  if (openTlv(r) !== asn1.octetString || tlvLength() > r.left) return;
  if (port === 0) state.name = r.utf8(tlvLength());
  else if (tlvLength() === 6 && state.name !== "") {
    const mac = r.u48();
    c.device(macText(mac), "attached-to", `${state.name}|${port}`);
  }
}

function pdu(r: Reader, c: Context): void {
  const tag = openTlv(r);
  const kind = tag - 0xa0;
  if (kind < 0 || kind > REPORT) {
    c.weird("unknown-function");
    return;
  }
  if (kind === TRAP_V1) {
    c.commandFast("event", kind, 0, -1, -1, -1);
    return;
  }
  const id = readInteger(r);
  const status = readInteger(r);
  readInteger(r);
  if (r.short) c.weird("truncated");
  if (kind === 7 || kind === REPORT) {
    if (kind === REPORT) c.client(false);
    c.commandFast("event", kind, 0, -1, -1, -1);
    return;
  }
  const state = stateOf(c);
  if (kind !== RESPONSE) {
    c.client(true);
    state.ids[state.next & (PENDING - 1)] = id;
    state.asked[state.next++ & (PENDING - 1)] = kind;
    c.commandFast("request", kind, 0, -1, -1, -1);
    return;
  }
  c.client(false);
  const place = state.ids.indexOf(id);
  c.commandFast(status === 0 ? "response" : "error", place < 0 ? RESPONSE : (state.asked[place] as number), 0, -1, -1, -1); // prettier-ignore
  // An inform's answer repeats the asker's variables.
  if (place < 0 || state.asked[place] !== 6) variables(r, c);
}

function community(r: Reader, c: Context): boolean {
  const length = expectTlv(r, asn1.octetString);
  if (length < 0) return false;
  const state = stateOf(c);
  if (!state.weak) c.weakness("snmp-cleartext");
  state.weak = true;
  if (!state.default && ((length === 6 && begins(r, PUBLIC)) || (length === 7 && begins(r, PRIVATE)))) {
    state.default = true;
    c.weakness("default-community");
  }
  r.skip(length);
  return true;
}

function dissect(r: Reader, c: Context): number {
  const total = expectTotal(r);
  if (total < 0) return NOT_MINE;
  const length = r.end - r.start;
  if (total > r.left) c.weird("truncated");
  const version = readInteger(r);
  if (version === 3) {
    // Header and security parameters; then the scoped PDU.
    if (!skipTlv(r) || !skipTlv(r)) return length;
    if (r.peek() === asn1.octetString) {
      c.commandFast("request", ENCRYPTED, 0, -1, -1, -1);
      return length;
    }
    if (expectTlv(r, asn1.sequence) < 0 || !skipTlv(r) || !skipTlv(r)) return length;
  } else if (version !== 0 && version !== 1) {
    return NOT_MINE;
  } else if (!community(r, c)) return NOT_MINE;
  pdu(r, c);
  return length;
}

export const snmp: Dissector = {
  protocol: "snmp",
  specification: "RFC 1157, 4; RFC 3416, 3; RFC 3412, 6",
  on: { udp: [161, 162] },
  recognise,
  dissect,
  functions,
};
