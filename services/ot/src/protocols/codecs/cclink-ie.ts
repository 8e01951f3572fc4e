/**
 * What the frames of CC-Link IE have in common (EtherType 0x890f; BAP-C1605ENG Field, BAP-C1601ENG Control, BAP-C2008ENG TSN):
 *
 *   | type 1 | data type 1 | node id 2 | connection 1 | node type 1 | node number 2 | version 1 | 0 | check 4 | …
 *
 * The version's byte tells the network: 0 Control, 1 Field, 2 TSN, 3 TSN beside Field. Types 0xc0 to 0xc5 are TSN's own and have
 * another header.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Context } from "../dissector.ts";
import { functionTable, type FunctionRow } from "./functions.ts";

export type Family = "cclink-ie-control" | "cclink-ie-field" | "cclink-ie-tsn";

export const HEAD = 14;

/** Transmission control, shared by Field and Control. */
const controlling: readonly FunctionRow[] = [
  [0x10, "Persuasion", "session"],
  [0x11, "TestData", "diagnose"],
  [0x12, "TestDataAck", "diagnose"],
  [0x13, "Setup", "session"],
  [0x14, "SetupAck", "session"],
  [0x15, "Token", "report"],
  [0x1c, "Timer", "session"],
  [0x20, "MyStatus", "report"],
  [0x22, "Transient1", "other"],
  [0x23, "TransientAck", "other"],
  [0x25, "Transient2", "other"],
  [0x28, "ParamCheck", "session"],
  [0x29, "Parameter", "configure"],
];

const fieldRows: readonly FunctionRow[] = [
  ...controlling,
  [0x26, "IpTransient", "other"],
  [0x40, "Measure", "session"],
  [0x41, "MeasureAck", "session"],
  [0x42, "Offset", "session"],
  [0x43, "Update", "session"],
  [0x82, "CyclicData RWw", "report"],
  [0x83, "CyclicData RY", "report"],
  [0x84, "CyclicData RWr", "report"],
  [0x85, "CyclicData RX", "report"],
];

const controlRows: readonly FunctionRow[] = [
  ...controlling,
  [0x00, "Connect", "session"],
  [0x01, "ConnectAck", "session"],
  [0x02, "Scan", "session"],
  [0x03, "Collect", "session"],
  [0x04, "Select", "session"],
  [0x05, "Launch", "session"],
  [0x06, "Token", "session"],
  [0x24, "Dummy", "session"],
  [0x2f, "NTNTest", "diagnose"],
  [0x80, "CyclicData W", "report"],
  [0x81, "CyclicData B", "report"],
  [0x8c, "CyclicData Out1", "report"],
  [0x8d, "CyclicData Out2", "report"],
  [0x8e, "CyclicData In1", "report"],
  [0x8f, "CyclicData In2", "report"],
];

/** Transient1 and 2 carry commands: told as type << 16 | data type << 8 | command (the data type is 0 for Transient2). */
const transientRows: readonly FunctionRow[] = [
  [0x22_05_30, "Transient1 SLMP", "other"],
  [0x22_07_01, "Transient1 deliver node information", "identify"],
  [0x22_07_03, "Transient1 get statistical information", "diagnose"],
  [0x22_07_04, "Transient1 acquire detailed node information", "identify"],
  [0x22_07_0a, "Transient1 acquire optional information", "identify"],
  [0x22_08_01, "Transient1 communication cycle setting", "configure"],
  [0x22_08_02, "Transient1 object read", "read"],
  [0x22_08_03, "Transient1 object write", "write"],
  ...[0x22_05, 0x25_00].flatMap((prefix): FunctionRow[] => {
    const title = prefix === 0x25_00 ? "Transient2" : "Transient1";
    return [
      [prefix * 256 + 0x04, `${title} get memory access information`, "identify"],
      [prefix * 256 + 0x08, `${title} run`, "mode"],
      [prefix * 256 + 0x09, `${title} stop`, "stop"],
      [prefix * 256 + 0x10, `${title} read memory`, "read"],
      [prefix * 256 + 0x12, `${title} write memory`, "write"],
      [prefix * 256 + 0x20, `${title} message transfer`, "other"],
    ];
  }),
];

export const fieldFunctions = functionTable([...fieldRows, ...transientRows]);
export const controlFunctions = functionTable([...controlRows, ...transientRows]);

/** 1 Field, 2 Control, by frame type. */
const types = new Uint8Array(256);
for (const [type] of fieldRows) types[type] = 1;
for (const [type] of controlRows) types[type] = (types[type] as number) | 2;

/** Whose frame this is; null when it is of none, or too short to tell. */
export function familyOf(r: Reader): Family | null {
  const type = r.peek(0);
  if (type >= 0xc0 && type <= 0xc5) return r.left < 4 ? null : "cclink-ie-tsn";
  if (r.left < HEAD) return null;
  const version = r.peek(8) & 0x0f;
  const where = types[type] as number;
  if (version <= 1) {
    if (version === 1) return (where & 1) === 0 ? null : "cclink-ie-field";
    return (where & 2) === 0 ? null : "cclink-ie-control";
  }
  return version <= 3 && (type === 0x11 || type === 0x12) ? "cclink-ie-tsn" : null;
}

/** Field: node types by their letters. Control writes 0 for the managing and 2 for a normal node. */
const FIELD_MASTER = 0x30;
const FIELD_REMOTE_IO = 0x35;

/** MACs of this conversation that told their station already: at most two, it is a pair. */
class Told {
  first = -1;
  second = -1;
  /** True at the first time. */
  add(mac: number): boolean {
    if (mac === this.first || mac === this.second) return false;
    this.second = this.first;
    this.first = mac;
    return true;
  }
}

/** Command, or content type, of a transient frame as a code; 0 when there is none that is known. */
function transientCode(r: Reader, type: number): number {
  const kind = r.peek(1);
  if (type === 0x25) return (0x25_00 << 8) | (r.peek(36) & 0x7f);
  if (kind === 0x07 || kind === 0x08) return (0x22 << 16) | (kind << 8) | r.peek(30);
  return kind === 0x05 ? (0x22_05 << 8) | (r.peek(52) & 0x7f) : 0;
}

const isResponse = (r: Reader, type: number): boolean => {
  if (type === 0x25) return r.peek(36) >= 0x80;
  return (r.peek(1) === 0x05 ? r.peek(52) : r.peek(31)) >= 0x80;
};

/** Reads one frame of Field or Control. */
export function ieFrame(r: Reader, c: Context, mine: Family): number {
  const family = familyOf(r);
  const size = r.left;
  if (family === null) {
    c.weird(size < HEAD ? "truncated" : "unknown-function");
    return size === 0 ? -1 : size;
  }
  if (family !== mine) return c.inside(family, r, r.at, r.end);
  const type = r.peek(0);
  const node = r.peek16(6);
  const functions = mine === "cclink-ie-field" ? fieldFunctions : controlFunctions;
  const code = type === 0x22 || type === 0x25 ? transientCode(r, type) : 0;
  if (functions.has(code) && code > 0xff)
    c.commandFast(isResponse(r, type) ? "response" : "request", code, 0, -1, -1, node);
  else c.commandFast("event", type, 0, -1, -1, node);
  if (type === 0x10 || type === 0x20) tellNode(c, mine, r.peek(5), node);
  return size;
}

function tellNode(c: Context, family: Family, nodeType: number, node: number): void {
  const told = (c.state ??= new Told()) as Told;
  if (!told.add(c.sourceMac)) return;
  c.source("station-address", String(node));
  if (family !== "cclink-ie-field") return;
  if (nodeType === FIELD_MASTER) c.source("role", "plc");
  else if (nodeType === FIELD_REMOTE_IO) c.source("role", "io");
}
