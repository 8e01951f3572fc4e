/**
 * LonTalk over IP: ANSI/CTA-852 (CN/IP header), ANSI/CTA-709.1 (clauses 8 network, 9 transport and session, 10 application).
 *
 *  CN/IP:  | size, 2 | version 1 | type | extension, words | flags | vendor, 2 | session, 4 | sequence, 4 | time, 4 | extension |
 *  LonTalk: | link | version, PDU, address, domain: 2 bits each | address | domain | transport … | application | CRC, 2 |
 *  application: 0x00–0x3e user, 0x40 foreign, 0x50 diagnostics, 0x60 management, 0x80 network variable (0x3fff its selector)
 *
 * The unit is the receiver's subnet * 256 + node, where it has one; low and high are selectors of network variables. Messages between
 * the IP devices themselves are CHANNEL + type. An answer is counted with the question of the same transaction.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { Asked } from "./codecs/asked.ts";
import { functionTable } from "./codecs/functions.ts";
import { NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEADER = 20;
const DATA = 1;
const CHANNEL = 0x1_00;
const VARIABLE = 0x80;
const POLL = 0x81;
const APPLICATION = 0x3f;
const FOREIGN = 0x40;
const types = new Set([1, 3, 4, 6, 7, 8, 0x60, 0x63, 0x64, 0x66, 0x68, 0x70, 0x71, 0x7f]);
/** Bytes of a domain by its two bits. */
const domains = [0, 1, 3, 6] as const;
const pdu = { transport: 0, session: 1, authentication: 2, application: 3 } as const;

const functions = functionTable([
  [APPLICATION, "Application message", "other"],
  [FOREIGN, "Foreign frame", "other"],
  [0x51, "Query status", "diagnose"],
  [0x52, "Proxy command", "diagnose"],
  [0x53, "Clear status", "diagnose"],
  [0x54, "Query transceiver status", "diagnose"],
  [0x61, "Query id", "identify"],
  [0x62, "Respond to query", "configure"],
  [0x63, "Update domain", "configure"],
  [0x64, "Leave domain", "configure"],
  [0x65, "Update key", "configure"],
  [0x66, "Update address", "configure"],
  [0x67, "Query address", "identify"],
  [0x68, "Query network variable configuration", "identify"],
  [0x69, "Update group address", "configure"],
  [0x6a, "Query domain", "identify"],
  [0x6b, "Update network variable configuration", "configure"],
  [0x6c, "Set node mode", "mode"],
  [0x6d, "Read memory", "read"],
  // Applications are loaded by writing memory.
  [0x6e, "Write memory", "download"],
  [0x6f, "Recalculate checksum", "configure"],
  [0x70, "Wink or install", "diagnose"],
  [0x71, "Refresh memory", "configure"],
  [0x72, "Query standard network variable types", "identify"],
  [0x73, "Fetch network variable", "read"],
  [0x7f, "Service pin", "identify"],
  [VARIABLE, "Network variable", "report"],
  [POLL, "Poll network variable", "read"],
  [CHANNEL + 0x03, "Channel: device registration", "session"],
  [CHANNEL + 0x04, "Channel: membership", "session"],
  [CHANNEL + 0x06, "Channel: send list", "session"],
  [CHANNEL + 0x07, "Channel: acknowledge", "session"],
  [CHANNEL + 0x08, "Channel: routing", "session"],
  [CHANNEL + 0x60, "Channel: status request", "diagnose"],
  [CHANNEL + 0x63, "Channel: device configuration request", "identify"],
  [CHANNEL + 0x64, "Channel: membership request", "identify"],
  [CHANNEL + 0x66, "Channel: send list request", "identify"],
  [CHANNEL + 0x68, "Channel: routing request", "identify"],
  [CHANNEL + 0x70, "Channel: status response", "diagnose"],
  [CHANNEL + 0x71, "Channel: device configuration", "configure"],
  [CHANNEL + 0x7f, "Channel: segment", "session"],
]);

function recognise(r: Reader): Recognised {
  const size = r.peek16();
  if (r.left < HEADER || size < HEADER || r.peek(2) !== 1 || !types.has(r.peek(3)) || r.peek(4) > 8)
    return recognised.no;
  if (r.left < 64 && size !== r.left) return recognised.no;
  // Header of nothing but zeros between type and session: plain LonTalk of a vendor without number.
  return size === r.left && r.peek(4) === 0 && (r.peek(5) & 0x7f) === 0 ? recognised.sure : recognised.port;
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  const size = r.u16();
  const version = r.u8();
  const type = r.u8();
  const extension = r.u8() * 4;
  if (whole < HEADER || size < HEADER + extension || version !== 1) return NOT_MINE;
  if (size > whole) {
    c.weird("truncated");
    return whole;
  }
  r.end = r.start + size;
  r.skip(15 + extension);
  if (type === DATA) network(r, c);
  else {
    if (!types.has(type)) c.weird("unknown-function");
    c.commandFast("event", CHANNEL + type, 0, -1, -1, -1);
  }
  return whole;
}

function network(r: Reader, c: Context): void {
  r.skip(1);
  const control = r.u8();
  const form = (control >> 2) & 3;
  r.skip(1);
  const node = r.u8();
  const subnet = form === 1 ? 0 : r.u8();
  if (form === 1) r.skip(1); // group
  let unit = -1;
  if (form === 2) {
    unit = subnet * 256 + (r.u8() & 0x7f);
    // An answer within a group: group and member follow.
    if ((node & 0x80) === 0) r.skip(2);
  } else if (form === 3) r.skip(6);
  r.skip(domains[control & 3] ?? 0);
  if (r.short || r.left < 3) {
    c.weird("truncated");
    return;
  }
  r.end -= 2; // CRC
  if (control >> 6 !== 0) c.weird("bad-version");
  const kind = (control >> 4) & 3;
  if (kind === pdu.application) application(r, c, "event", unit, -1);
  else if (kind !== pdu.authentication) transport(r, c, kind, unit);
}

function transport(r: Reader, c: Context, kind: number, unit: number): void {
  const header = r.u8();
  const type = (header >> 4) & 7;
  const transaction = header & 15;
  // Acknowledgements and plain reminders bear nothing; a reminder with a message has a list of members before it.
  if (type === 4 || (kind === pdu.transport && type === 2)) return;
  if (type === 5) r.skip(r.u8());
  if (kind === pdu.session && type === 2) answer(r, c, transaction);
  else application(r, c, kind === pdu.session ? "request" : "event", unit, kind === pdu.session ? transaction : -1);
}

function application(r: Reader, c: Context, outcome: "request" | "event", unit: number, transaction: number): void {
  const first = r.u8();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  const variable = first >= 0x80;
  const selector = variable ? (first & 0x3f) * 256 + r.u8() : -1;
  const code = variable ? (outcome === "request" ? POLL : VARIABLE) : first < 0x40 ? APPLICATION : first < 0x50 ? FOREIGN : first; // prettier-ignore
  if (!functions.has(code)) c.weird("unknown-function");
  c.commandFast(outcome, code, 0, selector, selector, unit);
  if (transaction === -1) return;
  const asked = c.state instanceof Asked ? c.state : new Asked();
  c.state = asked;
  asked.put(transaction, code * 65_536 + unit + 1);
}

/** Management and diagnostics answer with the low five bits of the code, and 0x20 where it went well. */
function answer(r: Reader, c: Context, transaction: number): void {
  const first = r.u8();
  const kept = c.state instanceof Asked ? c.state.take(transaction) : -1;
  if (kept === -1) {
    c.weird("response-without-request");
    return;
  }
  const code = Math.floor(kept / 65_536);
  const refused = code > FOREIGN && code < VARIABLE && (first & 0x60) === 0;
  c.commandFast(refused ? "error" : "response", code, 0, -1, -1, (kept % 65_536) - 1);
}

export const lontalk: Dissector = {
  protocol: "lontalk",
  specification: "ANSI/CTA-852; ANSI/CTA-709.1, clauses 8 to 10",
  on: { udp: [1_628, 1_629] },
  recognise,
  dissect,
  functions,
};
