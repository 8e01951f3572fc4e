/**
 * PROFINET real time (IEC 61158-6-10, section 4.2; EtherType 0x8892): cyclic data, alarms and time. Nothing is read of the data.
 *
 *   cyclic | frame id 2 | data … | cycle counter 2 | data status 1 | transfer status 1 |
 *   alarm  | frame id 2 | destination endpoint 2 | source endpoint 2 | type 1 | flags 1 | send 2 | ack 2 | length 2 | block …
 *   block  | type 2 | length 2 | version 2 | alarm type 2 | API 4 | slot 2 | subslot 2 | …
 *
 * Codes: the first frame id of each range; the object is the frame id, so that each connection has a rhythm of its own. Bit 0 of
 * the code is set for cyclic data whose provider says STOP (data status, bit 4). Alarms: code is the frame id, object the alarm
 * type, low and high the slot, unit the subslot. Frames of DCP on the same pair go to "profinet-dcp".
 * Weirds: "unknown-function" (reserved frame ids), "truncated".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable, type FunctionRow } from "./codecs/functions.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const STOPPED = 1;
const ALARM_HIGH = 0xfc01;
const ALARM_LOW = 0xfe01;
const RSI = 0xfe02;

/** Ranges of frame ids that carry cyclic data, first and last. */
const cyclic: readonly (readonly [first: number, last: number, name: string])[] = [
  [0x0100, 0x0fff, "cyclic data RT_CLASS_3"],
  [0x1000, 0x7fff, "cyclic data RT (time-aware)"],
  [0x8000, 0xbbff, "cyclic data RT_CLASS_1"],
  [0xbc00, 0xbfff, "cyclic multicast RT_CLASS_1"],
  [0xc000, 0xf7ff, "cyclic data RT_CLASS_1 (legacy)"],
  [0xf800, 0xfbff, "cyclic multicast RT_CLASS_1 (legacy)"],
];

const ptcpRows: readonly FunctionRow[] = [
  [0x0020, "PTCP sync with follow-up (clock)", "report"],
  [0x0021, "PTCP sync with follow-up (time)", "report"],
  [0x0080, "PTCP sync (clock)", "report"],
  [0x0081, "PTCP sync (time)", "report"],
  [0xff00, "PTCP announce (clock)", "report"],
  [0xff01, "PTCP announce (time)", "report"],
  [0xff20, "PTCP follow-up (clock)", "report"],
  [0xff21, "PTCP follow-up (time)", "report"],
  [0xff22, "PTCP follow-up (time)", "report"],
  [0xff40, "PTCP delay request", "report"],
  [0xff41, "PTCP delay response with follow-up", "report"],
  [0xff42, "PTCP delay follow-up", "report"],
  [0xff43, "PTCP delay response", "report"],
  [0xff80, "fragment", "report"],
];

const functions = functionTable([
  ...cyclic.flatMap(([first, , name]): FunctionRow[] => [
    [first, name, "report"],
    [first + STOPPED, `${name}, provider stopped`, "report"],
  ]),
  ...ptcpRows,
  [ALARM_HIGH, "alarm high", "report"],
  [ALARM_LOW, "alarm low", "report"],
  [RSI, "remote service interface", "other"],
]);

/** Alarm types (section 5.2.19); 0 for acknowledgements and other transport frames. */
const alarmTypes: ReadonlyMap<number, string> = new Map([
  [0x0001, "diagnosis"],
  [0x0002, "process"],
  [0x0003, "pull"],
  [0x0004, "plug"],
  [0x0005, "status"],
  [0x0006, "update"],
  [0x0007, "redundancy"],
  [0x0008, "controlled by supervisor"],
  [0x0009, "released"],
  [0x000a, "plug wrong submodule"],
  [0x000b, "return of submodule"],
  [0x000c, "diagnosis disappears"],
  [0x000d, "multicast communication mismatch"],
  [0x000e, "port data change"],
  [0x000f, "synchronisation data change"],
  [0x0010, "isochronous mode problem"],
  [0x0011, "network component problem"],
  [0x0012, "time data change"],
  [0x0013, "dynamic frame packing problem"],
  [0x0014, "media redundancy with planned duplication problem"],
  [0x0015, "system redundancy"],
  [0x0016, "multiple interface mismatch"],
  [0x001e, "upload and retrieval"],
  [0x001f, "pull module"],
]);

/** First id of the range that a frame id is in, 0 for none. */
function rangeOf(frameId: number): number {
  if (frameId >= 0x8000) {
    if (frameId < 0xbc00) return 0x8000;
    if (frameId < 0xc000) return 0xbc00;
    if (frameId < 0xf800) return 0xc000;
    return frameId < 0xfc00 ? 0xf800 : 0;
  }
  return frameId >= 0x1000 ? 0x1000 : frameId >= 0x0100 ? 0x0100 : 0;
}

const isAlarm = (frameId: number): boolean => frameId === ALARM_HIGH || frameId === ALARM_LOW;

function recognise(r: Reader): Recognised {
  if (r.left < 6) return recognised.no;
  const frameId = r.peek16(0);
  return rangeOf(frameId) !== 0 || functions.has(frameId) ? recognised.port : recognised.no;
}

function alarm(r: Reader, c: Context, frameId: number, size: number): number {
  r.skip(6);
  const type = r.u8() & 0x0f;
  r.skip(5);
  const length = r.u16();
  const kind = r.peek16(0);
  // DATA with a notification block; acknowledgements (0x8001, 0x8002) answer it.
  if (type !== 1 || length < 16 || r.left < 16) {
    c.commandFast(type === 4 ? "error" : "event", frameId, 0, -1, -1, -1);
    if (r.short || length > r.left) c.weird("truncated");
    return size;
  }
  r.skip(6);
  const alarmType = r.u16();
  r.skip(4);
  const slot = r.u16();
  const subslot = r.u16();
  c.commandFast(kind >= 0x8000 ? "response" : "event", frameId, alarmType, slot, slot, subslot);
  return size;
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size < 6) {
    if (size < 2) return -1;
    c.weird("truncated");
    return size;
  }
  const frameId = r.peek16(0);
  const range = rangeOf(frameId);
  if (range !== 0) {
    const running = ((r.bytes[r.end - 2] as number) & 0x10) !== 0;
    c.commandFast("event", running ? range : range + STOPPED, frameId, -1, -1, -1);
    return size;
  }
  if (frameId >= 0xfefc && frameId <= 0xfeff) return c.inside("profinet-dcp", r, r.at, r.end);
  if (isAlarm(frameId)) return alarm(r, c, frameId, size);
  if (functions.has(frameId)) c.commandFast("event", frameId, 0, -1, -1, -1);
  else c.weird("unknown-function");
  return size;
}

export const profinetRt: Dissector = {
  protocol: "profinet-rt",
  specification: "IEC 61158-6-10, section 4.2 (RTC, RTA, PTCP)",
  on: { ethertype: [0x8892] },
  recognise,
  dissect,
  functions,
  objects: alarmTypes,
};
