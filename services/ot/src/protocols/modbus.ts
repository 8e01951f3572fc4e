/**
 * Modbus over TCP and UDP. MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section 3.1.3; MODBUS Application Protocol
 * Specification V1.1b3, sections 4.1, 6 and 7.
 *
 *  2 bytes       2 bytes    2 bytes   1 byte  1 byte     n bytes
 * | Transaction | Protocol | Length  | Unit  | Function | Data    |
 *   any           0          2–254     of the   0x80 set: refused, the data is an exception code
 *                            behind it device
 *
 * A response repeats the function, not the address. Sub-functions (Diagnostics, MEI, UMAS) are refused without their number,
 * so the last requests of such functions are remembered (codecs/asked.ts). Limits: at most MAX_OBJECTS identification objects are
 * read from one response.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Attribute } from "../wire/vocabulary.ts";
import { Asked } from "./codecs/asked.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";
import { modbusFunctions, modbusObjects, tableOf } from "./modbus-functions.ts";

const HEADER = 7;
const MAX_LENGTH = 254;
/** UMAS negotiates longer messages. */
const MAX_UMAS_LENGTH = 1_500;
const MAX_OBJECTS = 16;
const EXCEPTION = 0x80;
const DIAGNOSTICS = 0x08;
const SERVER_ID = 0x11;
const MEI = 0x2b;
const READ_IDENTIFICATION = 0x0e;
const UMAS = 0x5a;
const UMAS_READ_ID = 0x5a02;
const UMAS_REFUSED = 0xfd;

/** Does the PDU at `at` look like a request or a response of its function? `size` is its length without the function. */
function fits(r: Reader, at: number, size: number): boolean {
  const code = r.peek(at);
  const byteCount = r.peek(at + 1);
  if (code >= EXCEPTION) return size === 1 && byteCount > 0 && byteCount <= 11;
  const asks = size === 4 && quantityFits(code, r.peek16(at + 3));
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4:
      return asks || (size === 1 + byteCount && (code < 3 || byteCount % 2 === 0));
    case 5:
    case 6:
      return asks;
    case 7:
    case 11:
    case 12:
    case SERVER_ID:
      return size === 0 || size === 1 + byteCount || (code === 7 && size === 1) || (code === 11 && size === 4);
    case 8:
      return size >= 4 && byteCount === 0;
    case 15:
    case 16:
      return asks || (size === 5 + r.peek(at + 5) && quantityFits(code, r.peek16(at + 3)));
    case 20:
    case 21:
      return size === 1 + byteCount;
    case 22:
      return size === 6;
    case 23:
      return size === 9 + r.peek(at + 9) || size === 1 + byteCount;
    case 24:
      return size === 2 || size === 2 + r.peek16(at + 1);
    case MEI:
      return size >= 3 && (byteCount === READ_IDENTIFICATION || byteCount === 13);
    case UMAS:
      return size >= 2;
    default:
      return false;
  }
}

/** Limits of the specification: coils 2,000 read and 1,968 written, registers 125 and 123; a coil is 0 or 0xff00. */
function quantityFits(code: number, count: number): boolean {
  if (code === 6) return true;
  if (code === 5) return count === 0 || count === 0xff_00;
  return count > 0 && count <= (code <= 2 ? 2_000 : code <= 4 ? 125 : code === 15 ? 1_968 : 123);
}

function recognise(r: Reader): Recognised {
  if (r.left < HEADER + 1 || r.peek16(2) !== 0) return recognised.no;
  const length = r.peek16(4);
  const code = r.peek(7);
  if (length < 2 || length > longest(code)) return recognised.no;
  if (!fits(r, 7, length - 2)) return knownCode(code) ? recognised.port : recognised.no;
  // The segment ends where this message does, or the next one begins there, as far as it is in view.
  const next = 6 + length;
  const whole = r.left === next || (r.left >= next + 8 && r.peek16(next + 2) === 0 && knownCode(r.peek(next + 7)));
  return whole && code !== UMAS ? recognised.sure : recognised.port;
}

const longest = (code: number): number => ((code & 0x7f) === UMAS ? MAX_UMAS_LENGTH : MAX_LENGTH);
const knownCode = (code: number): boolean => tableOf[code & 0x7f] !== undefined && tableOf[code & 0x7f] !== -1;

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  const udp = c.transport === "udp";
  if (whole < HEADER + 1) return udp || (whole >= 4 && r.peek16(2) !== 0) ? NOT_MINE : NEED_MORE;
  const transaction = r.u16();
  const protocol = r.u16();
  const length = r.u16();
  if (protocol !== 0) return NOT_MINE;
  if (length < 2 || length > longest(r.peek(1))) {
    c.weird("bad-length");
    return NOT_MINE;
  }
  if (whole < 6 + length) {
    if (!udp) return NEED_MORE;
    c.weird("truncated");
    return NOT_MINE;
  }
  r.end = r.at + length;
  const unit = r.u8();
  const code = r.u8();
  if (code >= EXCEPTION) refused(r, c, code - EXCEPTION, transaction, unit);
  else if (isRequest(c)) request(r, c, code, transaction, unit);
  else response(r, c, code, transaction, unit);
  return 6 + length;
}

/** The server's port decides; elsewhere the side that opened the conversation asks. */
function isRequest(c: Context): boolean {
  if (c.destinationPort === 502 && c.sourcePort !== 502) return true;
  if (c.sourcePort === 502 && c.destinationPort !== 502) return false;
  return c.fromClient;
}

function request(r: Reader, c: Context, code: number, transaction: number, unit: number): void {
  const object = tableOf[code] ?? -1;
  if (object === -1) {
    c.weird("unknown-function");
    c.commandFast("request", code, 0, -1, -1, unit);
    return;
  }
  if (object === 0) return other(r, c, code, transaction, unit);
  const low = r.u16();
  const count = code === 5 || code === 6 || code === 22 ? 1 : code === 24 ? 0 : r.u16();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  if (count === 0 && code !== 24) c.weird("bad-value");
  if (low + count > 65_536) c.weird("address-overflow");
  const high = Math.min(65_535, count > 0 ? low + count - 1 : low);
  c.commandFast("request", code, object, low, high, unit);
  // Read/Write Multiple Registers reads first and then writes elsewhere: its second range is told as well.
  if (code === 23 && r.left >= 4) {
    const written = r.u16();
    const registers = r.u16();
    c.commandFast(
      "request",
      WRITE_OF_23,
      object,
      written,
      Math.min(65_535, written + Math.max(0, registers - 1)),
      unit,
    );
  }
}
/** Code of the writing half of function 23. */
const WRITE_OF_23 = (23 << 8) | 1;

/** Functions without an address: those with a sub-function are told as function * 256 + sub-function. */
function other(r: Reader, c: Context, code: number, transaction: number, unit: number): void {
  const full = withSub(r, code);
  if (full !== code) remember(c, transaction, full);
  if (!modbusFunctions.has(full)) c.weird("unknown-function");
  c.commandFast("request", full, 0, -1, -1, unit);
}

function withSub(r: Reader, code: number): number {
  if (code === DIAGNOSTICS) {
    const sub = r.u16();
    return sub < 256 ? code * 256 + sub : code;
  }
  if (code === MEI) return code * 256 + r.u8();
  if (code !== UMAS) return code;
  r.skip(1); // session key
  return code * 256 + r.u8();
}

function response(r: Reader, c: Context, code: number, transaction: number, unit: number): void {
  const object = tableOf[code] ?? -1;
  if (object !== 0) {
    c.commandFast("response", code, Math.max(0, object), -1, -1, unit);
    return;
  }
  if (code === UMAS) {
    r.skip(1);
    const outcome = r.u8();
    const asked = recall(c, transaction, code);
    c.commandFast(outcome === UMAS_REFUSED ? "error" : "response", asked, 0, -1, -1, unit);
    if (asked === UMAS_READ_ID && outcome !== UMAS_REFUSED) umasIdentity(r, c);
    return;
  }
  const full = withSub(r, code);
  c.commandFast("response", full, 0, -1, -1, unit);
  if (full === MEI * 256 + READ_IDENTIFICATION) identification(r, c);
  else if (code === SERVER_ID) serverId(r, c);
}

function refused(r: Reader, c: Context, code: number, transaction: number, unit: number): void {
  c.client(false);
  const exception = r.u8();
  if (exception === 0 || exception > 11) c.weird("bad-value");
  const object = tableOf[code] ?? -1;
  const full = object === 0 ? recall(c, transaction, code) : code;
  c.commandFast("error", full, Math.max(0, object), -1, -1, unit);
}

function remember(c: Context, transaction: number, full: number): void {
  const table = c.state instanceof Asked ? c.state : new Asked();
  c.state = table;
  table.put(transaction, full);
}
function recall(c: Context, transaction: number, code: number): number {
  const full = c.state instanceof Asked ? c.state.get(transaction) : -1;
  return full >> 8 === code ? full : code;
}

/** Objects of Read Device Identification (V1.1b3, section 6.21). */
const identificationObjects: readonly Attribute[] = [
  "vendor",
  "model",
  "firmware",
  "description",
  "description",
  "model",
  "application",
];

function identification(r: Reader, c: Context): void {
  r.skip(4); // read code, conformity level, more follows, next object
  const count = r.u8();
  for (let i = 0; i < Math.min(count, MAX_OBJECTS) && !r.short; i++) {
    const id = r.u8();
    const size = r.u8();
    const value = r.ascii(size);
    const attribute = identificationObjects[id];
    if (attribute !== undefined && id !== 3 && !r.short) c.source(attribute, value);
  }
  if (r.short) c.weird("truncated");
}

/** Report Server ID: what follows the id is the maker's own; only plain text is a name. */
function serverId(r: Reader, c: Context): void {
  const count = r.u8();
  if (count > r.left) {
    c.weird("bad-length");
    return;
  }
  const text = r.ascii(count);
  if (text.length > 3 && text.length >= count - 4 && !text.slice(2).includes("·"))
    c.source("description", text.replaceAll("·", " ").trim());
}

/** Answer of UMAS Read ID: version of the communication part in BCD, and the name of the CPU behind 22 bytes. */
function umasIdentity(r: Reader, c: Context): void {
  r.skip(8); // range, identity, model
  const minor = r.u8();
  const major = r.u8();
  r.skip(12);
  const model = r.ascii(r.u8());
  if (r.short || model === "" || model.includes("·")) return;
  c.source("vendor", "Schneider Electric");
  c.source("model", model);
  c.source("firmware", `${major.toString(16)}.${minor.toString(16).padStart(2, "0")}`);
}

export const modbus: Dissector = {
  protocol: "modbus",
  specification: "MODBUS Application Protocol V1.1b3; MODBUS Messaging on TCP/IP V1.0b",
  on: { tcp: [502], udp: [502] },
  stream: true,
  recognise,
  dissect,
  functions: modbusFunctions,
  objects: modbusObjects,
  weirds: ["address-overflow"],
};
