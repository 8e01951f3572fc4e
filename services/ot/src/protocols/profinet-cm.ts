/**
 * PROFINET IO context manager (IEC 61158-6-10, section 5.2): connectionless DCE/RPC over UDP 34964 and ports agreed in Connect.
 *
 *   RPC header (codecs/dcerpc.ts) | maximum 4, length 4, maximum 4, offset 4, actual 4 | blocks …        (requests)
 *   RPC header | status 4 | length 4, maximum 4, offset 4, actual 4 | blocks …                           (responses)
 *   block | type 2 | length 2 | version 2 | …
 *   record header (8, 9, 0x8008, 0x8009) | sequence 2 | AR 16 | API 4 | slot 2 | subslot 2 | 0 2 | index 2 | length 4 | …
 *
 * Codes: operations Connect 0, Release 1, Read 2, Write 3, Control 4, Read Implicit 5; Control as 0x400 + the low byte of its block
 * (0x10 end of parameters, 0x12 application ready …); the end point mapper as EPM + operation. Objects are record indexes, low and
 * high the slot, unit the subslot. Identity: I&M0 and I&M1 of slot 0, the mapper's annotation, station names of Connect, vendor and
 * device of the object's UUID, and what is plugged into its ports. Only the first fragment of a call is read.
 * Limits: MAX_BLOCKS. Weirds: "truncated", "bad-length", "unknown-function", "rpc-fault", "rpc-reject".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import {
  DATAGRAM_HEAD,
  datagram,
  interfaceNumber,
  isInterface,
  mayBeDatagram,
  packetTypes,
  readDatagram,
  rpc32,
} from "./codecs/dcerpc.ts";
import { functionTable } from "./codecs/functions.ts";
import { Pending } from "./codecs/pending.ts";
import { INTERFACE_DATA, PORT_DATA, tellInterface, tellPort } from "./codecs/profinet-ports.ts";
import { profinetVendors } from "./codecs/profinet-vendors.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const EPM = 0x1000;
const CONTROL = 4;
const MAX_BLOCKS = 64;
const PNIO = 0xdea0_0000;
const PNIO_TAIL = [0x6c, 0x97, 0x11, 0xd1, 0x82, 0x71, 0x00, 0xa0, 0x24, 0x42, 0xdf, 0x7d] as const;
const MAPPER = 0xe1af_8308;
const MAPPER_TAIL = [0x5d, 0x1f, 0x11, 0xc9, 0x91, 0xa4, 0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa] as const;
const IM0 = 0xaff0;
const IM1 = 0xaff1;
/** Holds the blocks of an interface or a port: API, slot and subslot, then these. */
const MULTIPLE = 0x0400;
const MULTIPLE_HEAD = 12;

const functions = functionTable([
  [0, "Connect", "session"],
  [1, "Release", "session"],
  [2, "Read", "read"],
  [3, "Write", "configure"],
  [CONTROL, "Control", "session"],
  [5, "Read Implicit", "read"],
  [0x410, "Control: end of parameters", "session"],
  [0x411, "Control: end of parameters (plug)", "session"],
  [0x412, "Control: application ready", "session"],
  [0x413, "Control: application ready (plug)", "session"],
  [0x414, "Control: release", "session"],
  [0x416, "Control: ready for companion", "session"],
  [0x417, "Control: ready for RT_CLASS_3", "session"],
  [0x418, "Control: parameters begin", "session"],
  [EPM + 0, "Mapper: insert", "other"],
  [EPM + 1, "Mapper: delete", "other"],
  [EPM + 2, "Mapper: lookup", "identify"],
  [EPM + 3, "Mapper: map", "identify"],
  [EPM + 4, "Mapper: free handle", "session"],
]);

/** Record indexes that engineers know (section 5.2.3); others are told by number. */
const indexes: ReadonlyMap<number, string> = new Map([
  [0x8000, "expected identification"],
  [0x8001, "real identification"],
  [0x8028, "input data"],
  [0x8029, "output data"],
  [0x802a, "port data (real)"],
  [0x802b, "port data (check)"],
  [0x802f, "port data (adjust)"],
  [0x8070, "interface data (real)"],
  [0x8071, "interface data (check)"],
  [IM0, "I&M0"],
  [IM1, "I&M1"],
  [0xaff2, "I&M2"],
  [0xaff3, "I&M3"],
  [0xaff4, "I&M4"],
  [0xaff5, "I&M5"],
  [0xc000, "expected identification of a slot"],
  [0xc001, "real identification of a slot"],
  [0xe000, "expected identification of an AR"],
  [0xe001, "real identification of an AR"],
  [0xe002, "module difference"],
  [0xe040, "multiple write"],
  [0xf000, "real identification of an API"],
  [0xf80c, "diagnosis of the device"],
  [0xf820, "API data"],
  [0xf821, "log book"],
  [0xf830, "log book"],
  [0xf831, "PDev data"],
  [0xf840, "I&M0 filter data"],
  [0xf841, "real PDev data"],
  [0xf842, "expected PDev data"],
  [0xfbff, "trigger"],
]);

class State {
  readonly pending = new Pending();
  toldObject = false;
  mapped = false;
}
const stateOf = (c: Context): State => (c.state ??= new State()) as State;

function recognise(r: Reader): Recognised {
  if (!mayBeDatagram(r) || r.left < 48) return recognised.no;
  if (isInterface(r, PNIO, PNIO_TAIL, true)) return recognised.sure;
  return isInterface(r, MAPPER, MAPPER_TAIL) ? recognised.port : recognised.no;
}

/** Where a record is: left by `recordHeader`. */
const record = { index: 0, slot: -1, subslot: -1 };

function recordHeader(r: Reader): void {
  r.skip(22);
  record.slot = r.u16();
  record.subslot = r.u16();
  r.skip(2);
  record.index = r.u16();
}

function connect(r: Reader, c: Context): void {
  const type = r.u16();
  r.skip(48);
  const size = r.u16();
  const name = r.ascii(size);
  if (r.short) return;
  c.source("name", name);
  if (type === 0x0001 || type === 0x0010) c.source("role", "plc");
  else if (type === 0x0006) c.source("role", "engineering-station");
}

/** I&M0: vendor, order number, serial number, hardware, software. */
function identification(r: Reader, c: Context): void {
  const vendor = r.u16();
  const order = r.ascii(20);
  const serial = r.ascii(16);
  const hardware = r.u16();
  const prefix = r.ascii(1);
  const software = `${prefix}${r.u8()}.${r.u8()}.${r.u8()}`;
  if (r.short) return;
  c.source("vendor", profinetVendors.get(vendor) ?? "");
  c.source("order-number", order);
  c.source("serial", serial);
  c.source("hardware", String(hardware));
  c.source("firmware", software);
}

/** What a block of a response says of the device that answers. */
function tellBlock(r: Reader, c: Context, type: number): void {
  if (type === 0x8106) {
    c.source("name", r.ascii(r.u16()));
    return;
  }
  if (type === INTERFACE_DATA) return tellInterface(r, c);
  if (type === PORT_DATA) return tellPort(r, c, r.at - 6);
  if (record.slot !== 0) return;
  if (type === 0x0020) identification(r, c);
  else if (type === 0x0021) {
    c.source("description", r.ascii(32));
    c.source("location", r.ascii(22));
  }
}

/** Goes through the blocks; the first record header or control block says what the call is about. */
function blocks(r: Reader, c: Context, answers: boolean): number {
  let control = 0;
  record.index = 0;
  record.slot = -1;
  record.subslot = -1;
  for (let k = 0; k < MAX_BLOCKS && r.left >= 6; k++) {
    const type = r.u16();
    const length = r.u16();
    const { at, end } = r;
    if (length < 2) break;
    if (length > r.left) {
      // A call in several fragments goes on in the next.
      if (r.left < 2) break;
      r.end = end;
    } else r.end = at + length;
    r.skip(2);
    const kind = type & 0x7fff;
    if ((kind === 8 || kind === 9) && record.slot < 0) recordHeader(r);
    else if (kind >= 0x0110 && kind <= 0x0118) control = 0x400 + (kind & 0xff);
    else if (kind === 0x0101 && !answers) connect(r, c);
    else if (answers) tellBlock(r, c, type);
    r.end = end;
    r.at = Math.min(at + (type === MULTIPLE ? MULTIPLE_HEAD : length), end);
    r.short = false;
  }
  return control;
}

/** Instance, device and vendor are the object UUID's last six bytes. */
function tellObject(r: Reader, c: Context, ofSource: boolean): void {
  const state = stateOf(c);
  if (state.toldObject) return;
  const at = datagram.objectAt;
  const byte = (k: number): number => r.bytes[at + k] as number;
  if (byte(8) !== 0x82 || byte(9) !== 0x71) return;
  state.toldObject = true;
  const device = byte(12) * 256 + byte(13);
  const vendor = byte(14) * 256 + byte(15);
  if (vendor === 0 && device === 0) return;
  const text = `profinet:${vendor.toString(16).padStart(4, "0")}:${device.toString(16).padStart(4, "0")}`;
  if (ofSource) {
    c.source("device-type", text);
    c.source("vendor", profinetVendors.get(vendor) ?? "");
  } else {
    c.destination("device-type", text);
    c.destination("vendor", profinetVendors.get(vendor) ?? "");
  }
}

/**
 * The mapper's first entry: its annotation is 25 characters of type, 20 of order number, 5 of hardware, a letter and 9 of software
 * version, with blanks between.
 */
function annotation(r: Reader, c: Context): void {
  r.skip(60);
  const length = rpc32(r);
  if (r.short || length < 60 || length > 64 || length > r.left) return;
  const model = r.ascii(26);
  const order = r.ascii(21);
  const hardware = r.ascii(6);
  const software = r.ascii(length - 53).replaceAll(/\s+/gu, " ");
  c.source("model", model);
  c.source("order-number", order);
  c.source("hardware", hardware);
  const parts = /^([A-Z]) ?(\d+) (\d+) (\d+)$/u.exec(software);
  if (parts !== null) c.source("firmware", `${parts[1]}${parts[2]}.${parts[3]}.${parts[4]}`);
}

function call(r: Reader, c: Context, mapper: boolean): void {
  c.client(true);
  if (datagram.fragment !== 0) return;
  let code = datagram.operation + (mapper ? EPM : 0);
  record.slot = -1;
  record.subslot = -1;
  record.index = 0;
  if (!mapper) {
    if (!functions.has(code)) c.weird("unknown-function");
    r.skip(20);
    const control = blocks(r, c, false);
    if (code === CONTROL && control !== 0) code = control;
    if (interfaceOfDevice) tellObject(r, c, false);
  }
  const { index, slot, subslot } = record;
  c.commandFast("request", code, index, slot, slot, subslot);
  stateOf(c).pending.put(datagram.sequence, code, index, slot, slot, subslot);
}

/** The interface in hand is that of IO devices: its object UUID names the device. */
let interfaceOfDevice = false;

function answer(r: Reader, c: Context, mapper: boolean): void {
  c.client(false);
  if (datagram.fragment !== 0) return;
  const { pending } = stateOf(c);
  const found = pending.take(datagram.sequence);
  const failed = !mapper && rpc32(r) !== 0;
  const outcome = failed ? "error" : "response";
  if (found) c.commandFast(outcome, pending.code, pending.object, pending.low, pending.high, pending.unit);
  if (mapper || failed) {
    if (!found) c.commandFast(outcome, datagram.operation + (mapper ? EPM : 0), 0, -1, -1, -1);
    if (mapper) mapped(r, c);
    return;
  }
  if (interfaceOfDevice) tellObject(r, c, true);
  r.skip(16);
  const control = blocks(r, c, true);
  // Devices answer from a port of their own, so that the request lies in another conversation: the answer repeats its header.
  const code = datagram.operation === CONTROL && control !== 0 ? control : datagram.operation;
  if (!found) c.commandFast(outcome, code, record.index, record.slot, record.slot, record.subslot);
}

function mapped(r: Reader, c: Context): void {
  const state = stateOf(c);
  if (datagram.operation !== 2 || state.mapped) return;
  state.mapped = true;
  annotation(r, c);
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (!mayBeDatagram(r)) return -1;
  if (size < DATAGRAM_HEAD) {
    c.weird("truncated");
    return size;
  }
  const mapper = isInterface(r, MAPPER, MAPPER_TAIL);
  if (!mapper && !isInterface(r, PNIO, PNIO_TAIL, true)) return c.inside("dcerpc", r, r.at, r.end);
  interfaceOfDevice = !mapper && interfaceNumber(r) === 1;
  readDatagram(r);
  if (datagram.length > r.left) c.weird("bad-length");
  else r.end = r.at + datagram.length;
  const { type } = datagram;
  if (type === packetTypes.request) call(r, c, mapper);
  else if (type === packetTypes.response) answer(r, c, mapper);
  else if (type === packetTypes.fault || type === packetTypes.reject) {
    c.client(false);
    const { pending } = stateOf(c);
    if (pending.take(datagram.sequence))
      c.commandFast("error", pending.code, pending.object, pending.low, pending.high, pending.unit);
    c.weird(type === packetTypes.fault ? "rpc-fault" : "rpc-reject");
  }
  return size;
}

export const profinetCm: Dissector = {
  protocol: "profinet-cm",
  specification: "IEC 61158-6-10, section 5.2; DCE 1.1 RPC (C706)",
  on: { udp: [34_964] },
  recognise,
  dissect,
  functions,
  objects: indexes,
  weirds: ["rpc-fault", "rpc-reject"],
};
