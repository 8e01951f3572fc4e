/**
 * ANSI C12.22 of electricity meters, over TCP and UDP: ANSI C12.22-2012, clauses 5.3.2 (EPSEM services) and 5.3.4 (ACSE); tables: ANSI C12.19.
 *
 *  ACSE, BER:  60 { a2 called title, a4 called invocation, a6 calling title, a8 calling invocation, ac authentication,
 *                   be { 28 { 81 { EPSEM } } } }
 *  EPSEM:      | control: 0x10 class follows, 0x0c security | [class, 4 bytes] | length, service, … | length, service, … |
 *
 * Requests begin at 0x20, answers are below and belong to the request of the same invocation. Object 1 is tables, low and high are
 * their numbers. Encrypted services are OPAQUE. Limits: MAX_SERVICES of a message, MAX_PARTS of ACSE.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { Asked } from "./codecs/asked.ts";
import { berNumber, berSize, openBer } from "./codecs/ber.ts";
import { functionTable } from "./codecs/functions.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const ACSE = 0x60;
const FIRST_REQUEST = 0x20;
const MAX_SERVICES = 32;
const MAX_PARTS = 16;
const TABLES = 1;
const OPAQUE = 0x1_00;
const SECURITY = 0x51;
const FULL_READ = 0x30;
const MANUFACTURER_TABLE = 1;

const functions = functionTable([
  [0x20, "Identification", "identify"],
  [0x21, "Terminate", "session"],
  [0x22, "Disconnect", "session"],
  [0x24, "Deregistration", "configure"],
  [0x25, "Resolve", "identify"],
  [0x26, "Trace", "diagnose"],
  [0x27, "Registration", "configure"],
  [FULL_READ, "Full read", "read"],
  ...Array.from({ length: 9 }, (_, i) => [0x31 + i, `Partial read, ${i + 1} indexes`, "read"] as const),
  [0x3e, "Default read", "read"],
  [0x3f, "Partial read, offset", "read"],
  [0x40, "Full write", "write"],
  ...Array.from({ length: 9 }, (_, i) => [0x41 + i, `Partial write, ${i + 1} indexes`, "write"] as const),
  [0x4f, "Partial write, offset", "write"],
  [0x50, "Logon", "login"],
  [SECURITY, "Security", "login"],
  [0x52, "Logoff", "session"],
  [0x53, "Authenticate", "login"],
  ...Array.from({ length: 12 }, (_, i) => [0x60 + i, `Negotiate, ${i} baud rates`, "session"] as const),
  [0x70, "Wait", "session"],
  [0x71, "Timing setup", "session"],
  [OPAQUE, "encrypted service", "other"],
]);

interface State {
  readonly asked: Asked;
  /** Titles were told. */
  told: boolean;
}

function recognise(r: Reader): Recognised {
  if (r.left < 12 || r.peek() !== ACSE) return recognised.no;
  const long = r.peek(1) - 0x80;
  if (long > 2) return recognised.no;
  const length = long <= 0 ? r.peek(1) : long === 1 ? r.peek(2) : r.peek16(2);
  const at = 2 + Math.max(0, long);
  if (r.left < 60 && at + length !== r.left) return recognised.no;
  const first = r.peek(at);
  // Called (or calling) title, an absolute or a relative object identifier that fills it.
  const title =
    (first === 0xa2 || first === 0xa6) &&
    (r.peek(at + 2) === 0x06 || r.peek(at + 2) === 0x80 || r.peek(at + 2) === 0x0d);
  return title && r.peek(at + 1) === r.peek(at + 3) + 2 ? recognised.sure : recognised.port;
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  const udp = c.transport === "udp";
  if (whole > 0 && r.peek() !== ACSE) return NOT_MINE;
  const header = whole < 2 ? 9 : r.peek(1) < 0x80 ? 2 : r.peek(1) - 0x80 + 2;
  if (whole >= 2 && header > 4) return NOT_MINE;
  const length = header === 2 ? r.peek(1) : header === 3 ? r.peek(2) : r.peek16(2);
  if (whole < header || whole < header + length) return udp ? NOT_MINE : NEED_MORE;
  r.skip(header);
  r.end = r.at + length;
  const state: State = (c.state as State | null) ?? { asked: new Asked(), told: false };
  c.state = state;
  acse(r, c, state);
  return header + length;
}

function acse(r: Reader, c: Context, state: State): void {
  let calling = -1;
  let called = -1;
  for (let i = 0; i < MAX_PARTS && r.left > 0; i++) {
    const tag = openBer(r);
    if (tag === -1) {
      c.weird("truncated");
      return;
    }
    const end = r.at + berSize();
    if (tag === 0xa2 || tag === 0xa6) title(r, c, state, tag === 0xa6);
    else if (tag === 0xa4 || tag === 0xa8) {
      if (openBer(r) === 0x02) {
        const id = berNumber(r, berSize());
        if (tag === 0xa4) called = id;
        else calling = id;
      }
    } else if (tag === 0xbe) {
      state.told = true;
      // External, then the octets of EPSEM.
      if (openBer(r) !== 0x28 || openBer(r) !== 0x81) {
        c.weird("bad-value");
        return;
      }
      r.end = r.at + berSize();
      epsem(r, c, state, calling, called);
      return;
    }
    r.at = end;
  }
}

/** Titles are addresses of the network: told as object identifiers, a relative one with a dot before it. */
function title(r: Reader, c: Context, state: State, calling: boolean): void {
  if (state.told) return;
  const tag = openBer(r);
  if (tag === -1) return;
  const end = r.at + berSize();
  let text = "";
  let value = 0;
  for (let arcs = 0; r.at < end && text.length < 100;) {
    const byte = r.u8();
    value = value * 128 + (byte & 127);
    if (byte >= 0x80) continue;
    text += arcs++ === 0 && tag === 0x06 ? `${Math.min(2, Math.floor(value / 40))}.${value - 40 * Math.min(2, Math.floor(value / 40))}` : `.${value}`; // prettier-ignore
    value = 0;
  }
  if (calling) c.source("station-address", text);
  else c.destination("station-address", text);
}

function epsem(r: Reader, c: Context, state: State, calling: number, called: number): void {
  const control = r.u8();
  if ((control & 0x10) !== 0) r.skip(4);
  const security = (control >> 2) & 3;
  if (security === 2) {
    // An answer names the invocation that it belongs to.
    c.commandFast(called === -1 ? "request" : "response", OPAQUE, 0, -1, -1, -1);
    return;
  }
  // Authenticated text ends with a code of four bytes.
  if (security === 1) r.end = Math.max(r.at, r.end - 4);
  for (let i = 0; i < MAX_SERVICES && r.left >= 2; i++) {
    const size = r.peek() < 0x80 ? r.u8() : (r.skip(1), r.u8());
    const end = r.at + size;
    if (size === 0 || end > r.end) {
      c.weird("bad-length");
      return;
    }
    const service = r.u8();
    if (service >= FIRST_REQUEST) request(r, c, state, service, calling * MAX_SERVICES + i, security);
    else answer(r, c, state, service, (called === -1 ? calling : called) * MAX_SERVICES + i);
    r.at = end;
  }
}

function request(r: Reader, c: Context, state: State, service: number, id: number, security: number): void {
  c.client(true);
  if (!functions.has(service)) c.weird("unknown-function");
  const table = (service >= FULL_READ && service <= 0x39) || (service >= 0x3f && service <= 0x4f) ? r.u16() : -1;
  if (service === SECURITY && security === 0) c.weakness("cleartext-login");
  c.commandFast("request", service, table === -1 ? 0 : TABLES, table, table, -1);
  if (id >= 0) state.asked.put(id, service * 65_536 + Math.max(0, table));
}

function answer(r: Reader, c: Context, state: State, result: number, id: number): void {
  c.client(false);
  const kept = id < 0 ? -1 : state.asked.take(id);
  if (kept === -1) {
    c.weird("response-without-request");
    return;
  }
  const service = Math.floor(kept / 65_536);
  const tables = service >= FULL_READ && service <= 0x4f && service !== 0x3e;
  c.commandFast(result === 0 ? "response" : "error", service, tables ? TABLES : 0, -1, -1, -1);
  if (result === 0 && service === FULL_READ && kept % 65_536 === MANUFACTURER_TABLE) manufacturer(r, c);
}

/** Table 1 (C12.19, section 9.1.2): manufacturer, model, versions of hardware and firmware, serial number. */
function manufacturer(r: Reader, c: Context): void {
  if (r.u16() < 16) return;
  const vendor = r.ascii(4);
  const model = r.ascii(8);
  const versions = [r.u8(), r.u8(), r.u8(), r.u8()];
  const serial = r.ascii(16);
  if (r.short) return;
  c.source("vendor", vendor);
  c.source("model", model);
  c.source("hardware", `${versions[0]}.${versions[1]}`);
  c.source("firmware", `${versions[2]}.${versions[3]}`);
  if (!serial.includes("·")) c.source("serial", serial);
}

export const c1222: Dissector = {
  protocol: "c1222",
  specification: "ANSI C12.22-2012, clause 5.3; ANSI C12.19, section 9.1",
  on: { tcp: [1_153], udp: [1_153] },
  stream: true,
  recognise,
  dissect,
  functions,
  objects: new Map([[TABLES, "tables"]]),
};
