/**
 * Synchrophasors, IEEE C37.118.2-2011 (and C37.118-2005), section 6.
 *
 *  1 byte  1 byte            2 bytes  2 bytes  4 bytes  4 bytes           …   2 bytes
 * | 0xaa  | type << 4, version | size  | ID code | second | fraction, quality | … | CRC |
 *
 * Data is an event; header and configurations are answers to the commands that ask for them (COMMAND + number). The unit is the ID
 * code. Configurations say the stations' names. Limits: MAX_STATIONS of a concentrator.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable } from "./codecs/functions.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const SYNC = 0xaa;
const LEAST = 16;
const MAX_STATIONS = 32;
const COMMAND = 0x4_00;
const DATA = 0;
const COMMAND_FRAME = 4;
/** Frame type → command that asks for it: header, configurations 1, 2 and 3. */
const askedBy: Readonly<Record<number, number>> = { 1: COMMAND + 3, 2: COMMAND + 4, 3: COMMAND + 5, 5: COMMAND + 6 };
const YEARS = 3 * 366 * 86_400;

const functions = functionTable([
  [DATA, "Data", "report"],
  [COMMAND + 1, "Turn off transmission", "control"],
  [COMMAND + 2, "Turn on transmission", "session"],
  [COMMAND + 3, "Send header", "identify"],
  [COMMAND + 4, "Send configuration 1", "identify"],
  [COMMAND + 5, "Send configuration 2", "identify"],
  [COMMAND + 6, "Send configuration 3", "identify"],
  [COMMAND + 8, "Extended frame", "other"],
]);

function recognise(r: Reader, c: Context): Recognised {
  const second = r.peek(1);
  const size = r.peek16(2);
  if (
    r.left < LEAST ||
    r.peek() !== SYNC ||
    size < LEAST ||
    second >> 4 > 5 ||
    (second & 15) === 0 ||
    (second & 15) > 3
  )
    return recognised.no;
  if (size <= r.left) return checksum(r.bytes, r.at, size - 2) === r.peek16(size - 2) ? recognised.sure : recognised.no;
  if (size <= 64) return recognised.port;
  // The end is not in view: the time must be near ours, and the size that of a frame.
  const near = Math.abs(r.peek32(6) - c.time / 1e6) < YEARS;
  return near && size < 8_192 ? recognised.sure : recognised.port;
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  const udp = c.transport === "udp";
  if (whole === 0) return udp ? NOT_MINE : NEED_MORE;
  if (r.peek() !== SYNC) return resynchronise(r, c);
  if (whole < 4) return udp ? NOT_MINE : NEED_MORE;
  const type = r.peek(1) >> 4;
  const size = r.peek16(2);
  if (size < LEAST || type > 7) {
    c.weird("bad-length");
    return c.state === true ? 1 : NOT_MINE;
  }
  if (whole < size) {
    if (!udp) return NEED_MORE;
    c.weird("truncated");
    return NOT_MINE;
  }
  if (checksum(r.bytes, r.at, size - 2) !== r.peek16(size - 2)) {
    c.weird("bad-checksum");
    return c.state === true ? 1 : NOT_MINE;
  }
  c.state = true;
  r.end = r.at + size - 2;
  r.skip(4);
  const unit = r.u16();
  r.skip(8);
  frame(r, c, type, unit);
  return size;
}

/** After lost bytes: on to the next beginning. A conversation that began with other bytes is another protocol. */
function resynchronise(r: Reader, c: Context): number {
  if (c.state !== true) return NOT_MINE;
  c.weird("out-of-sync");
  let at = 1;
  while (at < r.left && r.peek(at) !== SYNC) at++;
  return at;
}

function frame(r: Reader, c: Context, type: number, unit: number): void {
  c.client(type === COMMAND_FRAME);
  if (type === DATA) {
    c.commandFast("event", DATA, 0, -1, -1, unit);
    return;
  }
  if (type === COMMAND_FRAME) {
    const code = COMMAND + r.u16();
    if (!functions.has(code)) c.weird("unknown-function");
    c.commandFast("request", code, 0, -1, -1, unit);
    return;
  }
  const code = askedBy[type];
  if (code === undefined) {
    c.weird("unknown-function");
    return;
  }
  c.commandFast("response", code, 0, -1, -1, unit);
  if (type === 2 || type === 3) stations(r, c);
  else if (type === 5) extendedStation(r, c);
}

/** Configurations 1 and 2: time base, number of stations, then each with its channels' names. */
function stations(r: Reader, c: Context): void {
  r.skip(4);
  const count = r.u16();
  for (let i = 0; i < Math.min(count, MAX_STATIONS); i++) {
    const name = r.ascii(16);
    const id = r.u16();
    r.skip(2);
    const phasors = r.u16();
    const analogs = r.u16();
    const digitals = r.u16();
    if (r.short) {
      c.weird("truncated");
      return;
    }
    tell(c, count, id, name);
    r.skip(16 * (phasors + analogs + 16 * digitals) + 4 * (phasors + analogs + digitals) + 4);
  }
}

/** Configuration 3: continuation index, time base, number, then a name with its length; only the first station is read. */
function extendedStation(r: Reader, c: Context): void {
  r.skip(2 + 4);
  const count = r.u16();
  const name = r.utf8(r.u8());
  const id = r.u16();
  if (r.short) c.weird("truncated");
  else tell(c, count, id, name);
}

/** One station is the device; a concentrator sends those of others. */
function tell(c: Context, count: number, id: number, name: string): void {
  if (count === 1) {
    c.source("name", name);
    c.source("station-address", String(id));
  } else c.source("capability", `PMU ${id} ${name}`);
}

/** CRC-CCITT: polynomial 0x1021, start 0xffff (annex B). */
function checksum(bytes: Uint8Array, from: number, size: number): number {
  let crc = 0xff_ff;
  for (let i = from; i < from + size; i++)
    crc = ((crc << 8) ^ (table[(crc >> 8) ^ (bytes[i] as number)] as number)) & 0xff_ff;
  return crc;
}
const table: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80_00) === 0 ? crc << 1 : (crc << 1) ^ 0x10_21;
  return crc & 0xff_ff;
});

export const synchrophasor: Dissector = {
  protocol: "synchrophasor",
  specification: "IEEE C37.118.2-2011, section 6",
  on: { tcp: [4_712], udp: [4_713, 4_712] },
  stream: true,
  recognise,
  dissect,
  functions,
};
