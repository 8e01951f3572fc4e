/**
 * OMRON FINS (W227 section 4; FINS/TCP: W421 section 7-4), UDP and TCP 9600:
 *
 *   FINS/TCP | "FINS" 4 | length 4 (behind it) | command 4 | error 4 | FINS frame, where the command is 2
 *   FINS     | ICF | RSV 0 | GCT | DNA DA1 DA2 | SNA SA1 SA2 | SID | MRC SRC | data …
 *   response | … MRC SRC | end code 2 | data …
 *
 * ICF: bit 6 response, bit 0 no response wanted. Objects are memory areas, low and high word numbers. Unit is DA2 (0 the CPU), with
 * network and node before it (network << 16 | node << 8 | unit) where a gateway is passed. Multiple reads and forced sets tell each
 * area, at most MAX_AREAS, their response once.
 * Weirds: "unknown-function", "bad-length", "bad-value", "truncated", "tcp-error" (FINS/TCP refuses), "relay-error" (a gateway refuses).
 */
import type { Reader } from "@yagura/packets/reader.ts";
import {
  AREA_ZERO,
  CONTROLLER_DATA_READ,
  TCP_COMMAND,
  finsAreas,
  finsFunctions,
  isBits,
} from "./codecs/fins-commands.ts";
import { Pending } from "./codecs/pending.ts";
import {
  MAX_MESSAGE,
  NEED_MORE,
  NOT_MINE,
  recognised,
  type Context,
  type Dissector,
  type Recognised,
} from "./dissector.ts";

const MAGIC = 0x46_49_4e_53;
const TCP_HEAD = 16;
const HEAD = 12;
const FRAME_SEND = 2;
/** Areas told of one request; further ones of a multiple read are left out. */
const MAX_AREAS = 8;

class State {
  readonly pending = new Pending();
  toldNode = false;
}
const stateOf = (c: Context): State => (c.state ??= new State()) as State;

/** Areas of the request in hand. */
const areas = {
  count: 0,
  objects: new Int32Array(MAX_AREAS),
  lows: new Int32Array(MAX_AREAS),
  highs: new Int32Array(MAX_AREAS),
};

function add(code: number, word: number, bit: number, items: number): void {
  const area = code === 0 ? AREA_ZERO : code;
  const last = word + (isBits(area) ? (bit + Math.max(items, 1) - 1) >> 4 : Math.max(items, 1) - 1);
  for (let k = 0; k < areas.count; k++) {
    if (areas.objects[k] !== area) continue;
    areas.lows[k] = Math.min(areas.lows[k] as number, word);
    areas.highs[k] = Math.max(areas.highs[k] as number, last);
    return;
  }
  if (areas.count === MAX_AREAS) return;
  areas.objects[areas.count] = area;
  areas.lows[areas.count] = word;
  areas.highs[areas.count] = last;
  areas.count++;
}

function readAreas(r: Reader, code: number): void {
  areas.count = 0;
  if (code >= 0x0101 && code <= 0x0103) {
    const area = r.u8();
    const word = r.u16();
    const bit = r.u8();
    add(area, word, bit, r.u16());
  } else if (code === 0x0104 || code === 0x230a) {
    for (let k = 0; k < 256 && r.left >= 4; k++) add(r.u8(), r.u16(), r.u8(), 1);
  } else if (code === 0x0105) {
    r.skip(4);
    const area = r.u8();
    const word = r.u16();
    const bit = r.u8();
    add(area, word, bit, r.u16());
  } else if (code === 0x2301) {
    const count = r.u16();
    for (let k = 0; k < count && r.left >= 6; k++) {
      r.skip(2);
      add(r.u8(), r.u16(), r.u8(), 1);
    }
  }
}

const unitOf = (network: number, node: number, unit: number): number =>
  network === 0 ? unit : network * 65_536 + node * 256 + unit;

function request(r: Reader, c: Context, code: number, sid: number, unit: number): void {
  // The parameter of Controller Data Read tells whether the answer begins with the model.
  const parameter = code === CONTROLLER_DATA_READ && r.left > 0 ? r.peek(0) : 0;
  readAreas(r, code);
  if (r.short) {
    c.weird("truncated");
    areas.count = 0;
  }
  for (let k = 0; k < areas.count; k++) if (!finsAreas.has(areas.objects[k] as number)) c.weird("bad-value");
  const some = areas.count > 0;
  const object = some ? (areas.objects[0] as number) : 0;
  const low = some ? (areas.lows[0] as number) : -1;
  const high = some ? (areas.highs[0] as number) : -1;
  c.commandFast("request", code, object, low, high, unit);
  for (let k = 1; k < areas.count; k++)
    c.commandFast("request", code, areas.objects[k] as number, areas.lows[k] as number, areas.highs[k] as number, unit);
  stateOf(c).pending.put(sid * 65_536 + code, parameter, object, low, high, unit);
}

function response(r: Reader, c: Context, code: number, sid: number, unit: number): void {
  const end = r.u16();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  const { pending } = stateOf(c);
  const found = pending.take(sid * 65_536 + code);
  const parameter = found ? pending.code : 0;
  // Bits 6 and 7 tell faults of the answering CPU, not of the command; bit 15 that a gateway answers.
  const failed = (end & 0x7f3f) !== 0 || (end & 0x8000) !== 0;
  const outcome = failed ? "error" : "response";
  if (found) c.commandFast(outcome, code, pending.object, pending.low, pending.high, pending.unit);
  else c.commandFast(outcome, code, 0, -1, -1, unit);
  if ((end & 0x8000) !== 0) c.weird("relay-error");
  if (code === CONTROLLER_DATA_READ && !failed && parameter === 0) controllerData(r, c, unit);
}

/** Model and version, 20 characters each. */
function controllerData(r: Reader, c: Context, unit: number): void {
  if (r.left < 40) {
    c.weird("truncated");
    return;
  }
  const model = r.ascii(20);
  const version = r.ascii(20);
  // Another unit or network behind the answering device is not the device itself.
  if (unit >= 65_536) return;
  c.source("vendor", "OMRON");
  c.source("model", model);
  c.source("firmware", version);
  if (unit === 0) c.source("role", "plc");
}

function plausibleUnit(unit: number): boolean {
  return (
    unit === 0 || (unit >= 0x10 && unit <= 0x2f) || unit === 0xe1 || unit === 0xfe || (unit >= 0xef && unit <= 0xfd)
  );
}

function recogniseFrame(r: Reader): Recognised {
  if (r.left < HEAD) return recognised.no;
  const icf = r.u8();
  if ((icf & 0x3e) !== 0 || r.u8() !== 0 || r.u8() > 7) return recognised.no;
  const units = plausibleUnit(r.peek(2)) && plausibleUnit(r.peek(5));
  r.skip(7);
  if (!finsFunctions.has(r.u16()) || ((icf & 0x40) !== 0 && r.left < 2)) return recognised.no;
  return units && (icf & 0x80) !== 0 ? recognised.sure : recognised.port;
}

function recognise(r: Reader, c: Context): Recognised {
  if (c.transport !== "tcp") return recogniseFrame(r);
  if (r.left < 12) return r.left >= 4 && r.peek32() === MAGIC ? recognised.port : recognised.no;
  if (r.u32() !== MAGIC) return recognised.no;
  const length = r.u32();
  return length >= 8 && length < MAX_MESSAGE && r.u32() <= 6 ? recognised.sure : recognised.no;
}

function frame(r: Reader, c: Context): boolean {
  if (r.left < HEAD) return false;
  const icf = r.u8();
  r.skip(2);
  const dna = r.u8();
  const da1 = r.u8();
  const da2 = r.u8();
  const sna = r.u8();
  const sa1 = r.u8();
  const sa2 = r.u8();
  const sid = r.u8();
  const code = r.u16();
  if ((icf & 0x3e) !== 0 || !finsFunctions.has(code)) c.weird("unknown-function");
  const isResponse = (icf & 0x40) !== 0;
  c.client(!isResponse);
  if (!isResponse) {
    request(r, c, code, sid, unitOf(dna, da1, da2));
    return true;
  }
  const state = stateOf(c);
  if (!state.toldNode) {
    state.toldNode = true;
    if (sa1 !== 0) c.source("station-address", `${sna}.${sa1}`);
  }
  response(r, c, code, sid, unitOf(sna, sa1, sa2));
  return true;
}

function dissectTcp(r: Reader, c: Context): number {
  if (r.left < 8) return r.left >= 4 && r.peek32() !== MAGIC ? NOT_MINE : NEED_MORE;
  const { at, end } = r;
  if (r.u32() !== MAGIC) return NOT_MINE;
  const length = r.u32();
  if (length < 8 || length + 8 > MAX_MESSAGE) {
    c.weird("bad-length");
    return NOT_MINE;
  }
  if (end - at < 8 + length) return NEED_MORE;
  r.end = at + 8 + length;
  const command = r.u32();
  const error = r.u32();
  if (error !== 0) c.weird("tcp-error");
  if (command === FRAME_SEND) {
    if (!frame(r, c)) c.weird("truncated");
  } else {
    if (command <= 1) c.client(command === 0);
    const outcome = error !== 0 ? "error" : command === 1 ? "response" : command === 0 ? "request" : "event";
    c.commandFast(outcome, TCP_COMMAND + command, 0, -1, -1, -1);
    if (command > 6) c.weird("unknown-function");
  }
  r.end = end;
  return 8 + length;
}

function dissect(r: Reader, c: Context): number {
  if (c.transport === "tcp") return dissectTcp(r, c);
  const size = r.left;
  // FINS/TCP headers are sent over UDP by no product, but by scanners.
  if (size >= TCP_HEAD && r.peek32() === MAGIC) r.skip(TCP_HEAD);
  if (!frame(r, c)) {
    c.weird("truncated");
    return size === 0 ? NOT_MINE : size;
  }
  return size;
}

export const fins: Dissector = {
  protocol: "fins",
  specification: "OMRON W227 (FINS commands), W421 (FINS/TCP)",
  on: { tcp: [9600], udp: [9600] },
  stream: true,
  recognise,
  dissect,
  functions: finsFunctions,
  objects: finsAreas,
  weirds: ["tcp-error", "relay-error"],
};
