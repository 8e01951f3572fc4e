/**
 * ROC Plus of Emerson's flow computers and RTUs (ROC800, FloBoss), over TCP and UDP: "ROC Plus Protocol Specifications Manual"
 * (D301180X012), chapters 1 to 3.
 *
 *  1 byte       1     1       1     1 byte   1 byte  n      2 bytes
 * | unit, group of the receiver | unit, group of the sender | opcode | length | data | CRC, low byte first |
 *
 * The unit is the address of the device (unit * 256 + group). A refusal is opcode 255: its data are pairs of error and opcode.
 * Numbers and names of operators are passed over. Limits: MAX_POINTS parameters of a request.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { crc16 } from "./codecs/crc16.ts";
import { functionTable } from "./codecs/functions.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEADER = 6;
const CRC = 2;
const PORT = 4_000;
const ERROR = 255;
const LOGIN = 17;
const SET_POINTS = 166;
const READ_POINTS = 167;
const READ_PARAMETERS = 180;
const WRITE_PARAMETERS = 181;
const FILES = 203;
const SYSTEM = 6;

const functions = functionTable([
  [SYSTEM, "System configuration", "identify"],
  [7, "Read real-time clock", "read"],
  [8, "Set real-time clock", "time-set"],
  [10, "Read configurable opcode points", "read"],
  [11, "Write configurable opcode points", "write"],
  [LOGIN, "Login request", "login"],
  [24, "Store and forward", "other"],
  [50, "Request I/O point position", "identify"],
  [100, "Access user-defined information", "identify"],
  [105, "Request history minimum and maximum", "read"],
  [107, "Request history tags", "identify"],
  [108, "Request history tags and periodic index", "identify"],
  [118, "Request alarms", "read"],
  [119, "Request events", "read"],
  [135, "Request single history point", "read"],
  [136, "Request multiple history points", "read"],
  [137, "Request history index of a day", "read"],
  [138, "Request daily and periodic history", "read"],
  [139, "History information", "read"],
  [SET_POINTS, "Set contiguous parameters", "write"],
  [READ_POINTS, "Request contiguous parameters", "read"],
  [READ_PARAMETERS, "Request parameters", "read"],
  [WRITE_PARAMETERS, "Write parameters", "write"],
  [FILES, "General file transfer", "file"],
  [205, "Peer-to-peer network messages", "other"],
  [206, "Read transaction history", "read"],
  [224, "Spontaneous report by exception", "report"],
  [225, "Acknowledge report by exception", "session"],
  [ERROR, "Error indicator", "other"],
]);

function recognise(r: Reader): Recognised {
  const size = HEADER + r.peek(5) + CRC;
  if (r.left < HEADER + CRC || !functions.has(r.peek(4))) return recognised.no;
  if (size > r.left) return r.left >= 60 ? recognised.port : recognised.no;
  if (crc16(r.bytes, r.at, size - CRC) !== r.peek16le(size - CRC)) return recognised.no;
  return size === r.left ? recognised.sure : recognised.port;
}

function dissect(r: Reader, c: Context): number {
  const udp = c.transport === "udp";
  const size = HEADER + r.peek(5) + CRC;
  if (r.left < HEADER + CRC || r.left < size) return udp ? NOT_MINE : NEED_MORE;
  if (crc16(r.bytes, r.at, size - CRC) !== r.peek16le(size - CRC)) {
    c.weird("bad-checksum");
    return NOT_MINE;
  }
  r.end = r.at + size - CRC;
  const receiver = r.u16();
  const sender = r.u16();
  const opcode = r.u8();
  r.skip(1);
  if (!functions.has(opcode)) c.weird("unknown-function");
  if (opcode === ERROR) {
    c.client(false);
    refusals(r, c, sender);
  } else if (isRequest(c)) {
    const place = points(r, opcode);
    c.commandFast("request", opcode, place.object, place.low, place.high, receiver);
  } else {
    c.commandFast(opcode === 224 ? "event" : "response", opcode, 0, -1, -1, sender);
    if (opcode === SYSTEM) system(r, c);
  }
  return size;
}

/** The device's port decides; elsewhere the side that opened the conversation asks. */
function isRequest(c: Context): boolean {
  if (c.destinationPort === PORT && c.sourcePort !== PORT) return true;
  if (c.sourcePort === PORT && c.destinationPort !== PORT) return false;
  return c.fromClient;
}

/** Object is the type of point, low and high are its logical numbers; read at once. */
const place = { object: 0, low: -1, high: -1 };
function points(r: Reader, opcode: number): { readonly object: number; readonly low: number; readonly high: number } {
  place.object = 0;
  place.low = -1;
  place.high = -1;
  if (opcode === SET_POINTS || opcode === READ_POINTS) {
    place.object = r.u8();
    place.low = r.u8();
    place.high = place.low;
  } else if (opcode === READ_PARAMETERS || opcode === WRITE_PARAMETERS) {
    // Of several parameters the first: the values between written ones have no length of their own.
    if (r.u8() > 0) {
      place.object = r.u8();
      place.low = r.u8();
      place.high = place.low;
    }
  }
  return place;
}

function refusals(r: Reader, c: Context, unit: number): void {
  if (r.left < 2) {
    c.weird("bad-length");
    c.commandFast("error", ERROR, 0, -1, -1, unit);
    return;
  }
  r.skip(1);
  c.commandFast("error", r.u8(), 0, -1, -1, unit);
}

/** Kinds of device: byte 18 of the answer to opcode 6 (chapter 3). */
const models: ReadonlyMap<number, string> = new Map([
  [1, "ROCPAC ROC300"],
  [2, "FloBoss 407"],
  [3, "FlashPAC ROC300"],
  [4, "FloBoss 503"],
  [5, "FloBoss 504"],
  [6, "ROC800 (827)"],
  [11, "DL8000"],
  [12, "FB100-Series"],
]);
function system(r: Reader, c: Context): void {
  r.skip(18);
  const model = models.get(r.u8());
  if (r.short || model === undefined) return;
  c.source("vendor", "Emerson");
  c.source("model", model);
}

export const rocPlus: Dissector = {
  protocol: "roc-plus",
  specification: "Emerson, ROC Plus Protocol Specifications Manual (D301180X012)",
  on: { tcp: [PORT], udp: [PORT] },
  stream: true,
  recognise,
  dissect,
  functions,
};
