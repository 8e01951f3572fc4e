/**
 * CC-Link IE TSN (BAP-C2008ENG): frames of EtherType 0x890f, and the SLMP (LMT frames, UDP 45238) by which the master sets the
 * network up. Its time synchronisation is PTP and told by that dissector.
 *
 *   | c0 priority | …    | c1 detection | 0 × 2 | version 1 | … | MAC 6 at 6 | IPv4 4 at 22
 *   | c2 detectionAck | 0 | node type 1 | version 1 | … | MAC 6 at 6 | IPv4 4 at 58 | … | device type 2 at 128
 *   | c3 data | c4 cyclic of the master | c5 cyclic of a station | 11, 12 test data with version 2 or 3 (codecs/cclink-ie.ts)
 *
 * Codes: frame types; SLMP as command << 16 | subcommand. Weirds: "truncated", "unknown-function".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { ipv4Text } from "./codecs/addresses.ts";
import { familyOf } from "./codecs/cclink-ie.ts";
import { functionTable } from "./codecs/functions.ts";
import { tsnRows } from "./codecs/slmp-commands.ts";
import { frame, frames, readFrame } from "./codecs/slmp-frame.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const functions = functionTable([
  [0xc0, "acyclic Priority", "session"],
  [0xc1, "acyclic Detection", "identify"],
  [0xc2, "acyclic DetectionAck", "identify"],
  [0xc3, "acyclic Data", "other"],
  [0xc4, "cyclic M/Ms", "report"],
  [0xc5, "cyclic S/Ss", "report"],
  [0x11, "acyclic TestData", "diagnose"],
  [0x12, "acyclic TestDataAck", "diagnose"],
  ...tsnRows,
]);

/** Device types of the detection's answer (CSP+ of the CC-Link Partner Association) and the role they mean. */
const deviceTypes: ReadonlyMap<number, readonly [name: string, role: string]> = new Map([
  [0x01, ["PLC", "plc"]],
  [0x02, ["personal computer", "pc"]],
  [0x03, ["digital I/O", "io"]],
  [0x04, ["analog I/O", "io"]],
  [0x05, ["positioning controller", "drive"]],
  [0x06, ["temperature controller", "io"]],
  [0x07, ["HMI", "hmi"]],
  [0x08, ["ID system", "sensor"]],
  [0x09, ["serial conversion module", "gateway"]],
  [0x1d, ["CC-Link to CC-Link/LT bridge", "gateway"]],
  [0x20, ["inverter", "drive"]],
  [0x21, ["servo", "drive"]],
  [0x22, ["CNC", "cnc"]],
  [0x23, ["robot", "robot"]],
  [0x24, ["power distribution control device", "meter"]],
  [0x30, ["sensor", "sensor"]],
  [0x31, ["actuator", "io"]],
  [0x32, ["barcode reader", "sensor"]],
  [0x33, ["weight indicator", "sensor"]],
  [0x34, ["high-speed counter", "io"]],
  [0x35, ["switch", "switch"]],
  [0x3c, ["solenoid valve", "io"]],
  [0x3d, ["robot (general-purpose)", "robot"]],
  [0x3f, ["motor control module", "drive"]],
  [0x41, ["multi-axis controller", "drive"]],
  [0x4b, ["wireless module", "access-point"]],
  [0x4c, ["digital/analog I/O", "io"]],
]);

function recognise(r: Reader, c: Context): Recognised {
  if (c.transport !== "udp") return familyOf(r) === "cclink-ie-tsn" ? recognised.port : recognised.no;
  const size = r.left;
  const total = readFrame(r);
  if (total <= 0 || frame.kind !== frames.lmt || frame.module !== 0x03ff) return recognised.no;
  r.skip(2);
  const known = functions.has(r.u16le() * 65_536 + r.u16le());
  return known && (total === size || size >= 64) ? recognised.sure : recognised.no;
}

function slmp(r: Reader, c: Context): number {
  const size = r.left;
  const total = readFrame(r);
  if (total <= 0 || frame.kind !== frames.lmt) return c.inside("slmp", r, r.start, r.end);
  if (total !== size) c.weird(total > size ? "truncated" : "bad-length");
  const end = r.u16le();
  const command = r.u16le();
  const code = command * 65_536 + r.u16le();
  if (r.short) return size;
  if (!functions.has(code)) c.weird("unknown-function");
  c.client(!frame.response);
  // The first two bytes are a timer in requests.
  c.commandFast(frame.response ? (end === 0 ? "response" : "error") : "request", code, 0, -1, -1, frame.unit);
  return size;
}

/** The sender's MAC stands in the frame as well; where it does not agree a bridge is between and the address is not the sender's. */
function tellStation(r: Reader, c: Context, addressAt: number): void {
  const { at } = r;
  r.skip(6);
  const mac = r.u48();
  r.at = at;
  r.skip(addressAt);
  const address = r.u32();
  if (!r.short && mac === c.sourceMac && address !== 0) c.binding("traffic", mac, ipv4Text(address));
  r.at = at;
}

function detectionAck(r: Reader, c: Context): void {
  tellStation(r, c, 58);
  const nodeType = r.peek(2) & 0x7f;
  const { at } = r;
  r.skip(128);
  const type = r.u16();
  r.at = at;
  if (nodeType === 0x02) c.source("role", "switch");
  if (type === 0) return;
  c.source("device-type", `cclink-ie-tsn:${type}`);
  const known = deviceTypes.get(type);
  if (known === undefined) return;
  c.source("description", known[0]);
  c.source("role", known[1]);
}

/** Whether this is the first of so many frames that identities are told of: they come at every start of a line. */
const EVERY = 64;
interface Seen {
  detections: number;
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size === 0) return -1;
  if (c.transport === "udp") return slmp(r, c);
  const family = familyOf(r);
  if (family === null) {
    c.weird(size < 4 ? "truncated" : "unknown-function");
    return size;
  }
  if (family !== "cclink-ie-tsn") return c.inside(family, r, r.at, r.end);
  const type = r.peek(0);
  c.commandFast(type === 0xc1 ? "request" : type === 0xc2 ? "response" : "event", type, 0, -1, -1, -1);
  if (type !== 0xc1 && type !== 0xc2) return size;
  c.client(type === 0xc1);
  const seen = (c.state ??= { detections: 0 } satisfies Seen) as Seen;
  if (seen.detections++ % EVERY > 1) return size;
  if (type === 0xc1) tellStation(r, c, 22);
  else detectionAck(r, c);
  return size;
}

export const cclinkIeTsn: Dissector = {
  protocol: "cclink-ie-tsn",
  specification: "CC-Link IE TSN BAP-C2008ENG",
  on: { ethertype: [0x890f], udp: [45_238] },
  recognise,
  dissect,
  functions,
};
