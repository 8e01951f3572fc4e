/**
 * DNP3 over TCP and UDP. IEEE 1815-2012: clause 9 (data link), 8 (transport function), 4 and 11 (application), 13 (IP networking).
 *
 *  link:        | 05 64 | length | control | destination | source | CRC |  then blocks of 16 bytes + CRC
 *  transport:   | FIN 0x80, FIR 0x40, sequence |
 *  application: | FIR FIN CON UNS sequence | function | IIN, 2 bytes, in responses |
 *               objects: | group | variation | qualifier | range |
 *
 * The object of a command is group * 256 + variation of its first object, low and high are its points, the unit is the
 * outstation's address. A response is counted where its request was. Writes of time and of the IIN are functions of their own
 * (2 * 256 + group), data link functions are LINK + function. Limits: fragments of MAX_FRAGMENT bytes, MAX_HEADERS objects of a
 * request.
 */
import { Reader } from "@yagura/packets/reader.ts";
import { Asked } from "./codecs/asked.ts";
import { dnp3Crc } from "./codecs/dnp3-crc.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";
import { answers, dnp3Functions, dnp3Objects, LINK, ownWrites } from "./dnp3-functions.ts";
import { pointsOf, skipHeader, tellAttributes } from "./dnp3-objects.ts";

const START = 0x05_64;
const LEAST = 5;
const HEADER = 10;
const BLOCK = 16;
const MAX_FRAGMENT = 65_536;
const MAX_HEADERS = 16;
const FROM_MASTER = 0x80;
const PRIMARY = 0x40;
const FIN = 0x80;
const FIR = 0x40;

interface Half {
  bytes: Uint8Array;
  size: number;
  /** Sequence that the next segment must have, −1 between two fragments. */
  next: number;
}
interface State {
  readonly halves: readonly [Half, Half];
  readonly asked: Asked;
  /** Function and object → told, for the further objects of requests. */
  readonly told: Set<number>;
  readonly reader: Reader;
}
const half = (): Half => ({ bytes: new Uint8Array(256), size: 0, next: -1 });

function recognise(r: Reader): Recognised {
  if (r.left < HEADER || r.peek16() !== START || r.peek(2) < LEAST) return recognised.no;
  return dnp3Crc(r.bytes, r.at, 8) === r.peek16le(8) ? recognised.sure : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  const start = r.at;
  const { end } = r;
  const udp = c.transport === "udp";
  let taken = frame(r, c);
  if (!udp) return taken;
  // A datagram holds several frames.
  for (let i = 0; taken > 0 && start + taken < end && i < MAX_HEADERS; i++) {
    r.open(r.bytes, start + taken, end);
    const next = frame(r, c);
    if (next <= 0) break;
    taken += next;
  }
  return taken > 0 ? end - start : NOT_MINE;
}

function frame(r: Reader, c: Context): number {
  if (r.left === 0) return NEED_MORE;
  if (r.peek() !== 0x05 || (r.left > 1 && r.peek(1) !== 0x64)) return resynchronise(r, c);
  if (r.left < 3) return NEED_MORE;
  const length = r.peek(2);
  const user = length - LEAST;
  const whole = HEADER + user + 2 * Math.ceil(user / BLOCK);
  if (length < LEAST) {
    c.weird("bad-length");
    return c.state === null ? NOT_MINE : Math.min(3, r.left);
  }
  if (r.left < whole) return NEED_MORE;
  if (dnp3Crc(r.bytes, r.at, 8) !== r.peek16le(8)) {
    c.weird("bad-checksum");
    return c.state === null ? NOT_MINE : 2;
  }
  const state: State = (c.state as State | null) ?? {
    halves: [half(), half()],
    asked: new Asked(),
    told: new Set(),
    reader: new Reader(),
  };
  c.state = state;
  link(r, c, state, user);
  return whole;
}

/** After lost bytes: on to the next start. A conversation that began with other bytes is another protocol. */
function resynchronise(r: Reader, c: Context): number {
  if (c.state === null) return NOT_MINE;
  c.weird("out-of-sync");
  let at = 1;
  while (at < r.left && r.peek(at) !== 0x05) at++;
  return at;
}

function link(r: Reader, c: Context, state: State, user: number): void {
  r.skip(3);
  const control = r.u8();
  const destination = r.u16le();
  const source = r.u16le();
  r.skip(2);
  const fromMaster = (control & FROM_MASTER) !== 0;
  const unit = fromMaster ? destination : source;
  c.client(fromMaster);
  if (user === 0) {
    // Answers of the link: 0 ACK, 1 NACK, 11 status, 14 and 15 refusals.
    const code = control & 15;
    if ((control & PRIMARY) !== 0) c.commandFast("request", LINK + code, 0, -1, -1, unit);
    else c.commandFast(code === 0 || code === 11 ? "response" : "error", LINK + 0x80 + code, 0, -1, -1, unit);
    return;
  }
  const into = state.halves[fromMaster ? 0 : 1];
  const transport = r.peek();
  const first = (transport & FIR) !== 0;
  const sequence = transport & 63;
  if (first) into.size = 0;
  else if (into.next !== sequence) {
    // A piece of a fragment whose beginning was not seen, or a lost piece.
    if (into.next !== -1) c.weird("out-of-sync");
    into.next = -1;
    return;
  }
  if (!copyBlocks(r, c, into, user)) {
    into.next = -1;
    return;
  }
  into.next = (transport & FIN) !== 0 ? -1 : (sequence + 1) & 63;
  if ((transport & FIN) === 0) return;
  state.reader.open(into.bytes, 0, into.size);
  application(state.reader, c, state, fromMaster, unit);
}

/** Takes user data out of its blocks, without the transport byte; false where a checksum is wrong. */
function copyBlocks(r: Reader, c: Context, into: Half, user: number): boolean {
  if (into.size + user > MAX_FRAGMENT) {
    c.weird("too-long");
    return false;
  }
  if (into.size + user > into.bytes.length) {
    const larger = new Uint8Array(Math.min(MAX_FRAGMENT, 2 * (into.size + user)));
    larger.set(into.bytes.subarray(0, into.size));
    into.bytes = larger;
  }
  for (let left = user; left > 0; left -= BLOCK) {
    const size = Math.min(BLOCK, left);
    if (dnp3Crc(r.bytes, r.at, size) !== r.peek16le(size)) {
      c.weird("bad-checksum");
      return false;
    }
    for (let i = left === user ? 1 : 0; i < size; i++) into.bytes[into.size++] = r.bytes[r.at + i] as number;
    r.skip(size + 2);
  }
  return true;
}

function application(r: Reader, c: Context, state: State, fromMaster: boolean, unit: number): void {
  const control = r.u8();
  const code = r.u8();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  if (!dnp3Functions.has(code)) c.weird("unknown-function");
  const id = unit * 32 + (control & 15) + (control & 0x10);
  if (answers(code)) response(r, c, state, code, id, unit);
  else request(r, c, state, code, id, unit, fromMaster);
}

function request(
  r: Reader,
  c: Context,
  state: State,
  code: number,
  id: number,
  unit: number,
  fromMaster: boolean,
): void {
  const object = r.left >= 3 ? r.peek16() : 0;
  const full = code === 2 && ownWrites(object >> 8) ? 2 * 256 + (object >> 8) : code;
  // A confirmation answers a response, so it comes from either side and is never answered.
  if (code === 0) {
    c.commandFast("event", code, 0, -1, -1, unit);
    return;
  }
  if (!fromMaster) c.weird("request-of-outstation");
  const points = pointsOf(r);
  c.commandFast("request", full, object, points.low, points.high, unit);
  state.asked.put(id, full * 65_536 + object);
  // Reads carry no data, so their further objects follow at once; a set of objects is told once.
  if (code !== 1) return;
  for (let i = 1; i < MAX_HEADERS && r.left >= 3; i++) {
    if (!skipHeader(r)) return;
    if (r.left < 3) return;
    const further = r.peek16();
    const key = (full * 65_536 + further) * 65_536 + unit;
    if (further === object || state.told.has(key) || state.told.size >= 64) continue;
    state.told.add(key);
    const range = pointsOf(r);
    c.commandFast("request", full, further, range.low, range.high, unit);
  }
}

function response(r: Reader, c: Context, state: State, code: number, id: number, unit: number): void {
  const first = r.u8();
  const second = r.u8();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  indications(c, first, second);
  const object = r.left >= 3 ? r.peek16() : 0;
  if (code === 130) {
    const points = pointsOf(r);
    c.commandFast("event", code, object, points.low, points.high, unit);
    return;
  }
  const kept = state.asked.get(id);
  // Function not supported, object unknown, parameter error.
  const refused = (second & 0x07) !== 0;
  if (kept === -1) c.commandFast(refused ? "error" : "response", code, object, -1, -1, unit);
  else c.commandFast(refused ? "error" : "response", Math.floor(kept / 65_536), kept % 65_536, -1, -1, unit);
  if (object >> 8 === 0 && object !== 0) tellAttributes(r, c);
}

/** Internal indications that someone should look at (clause 4.2.2.17). */
function indications(c: Context, first: number, second: number): void {
  if ((first & 0x80) !== 0) c.weird("device-restarted");
  if ((first & 0x40) !== 0) c.weird("device-trouble");
  if ((first & 0x20) !== 0) c.weird("local-control");
  if ((second & 0x20) !== 0) c.weird("configuration-corrupt");
  if ((second & 0x08) !== 0) c.weird("event-buffer-overflow");
}

export const dnp3: Dissector = {
  protocol: "dnp3",
  specification: "IEEE 1815-2012, clauses 4, 8, 9, 11, 13",
  on: { tcp: [20_000, 19_999], udp: [20_000] },
  stream: true,
  recognise,
  dissect,
  functions: dnp3Functions,
  objects: dnp3Objects,
  weirds: [
    "request-of-outstation",
    "device-restarted",
    "device-trouble",
    "local-control",
    "configuration-corrupt",
    "event-buffer-overflow",
  ],
};
