/**
 * Ethernet POWERLINK (EPSG DS 301, section 4.6; EtherType 0x88ab), little endian:
 *
 *   | type 1 | destination node 1 | source node 1 | …
 *   SoC 1 | 0 | flags …              PReq 3 | 0 | flags 2 | version 1 | 0 | size 2 | data      PRes 4 | state 1 | flags 2 | …
 *   SoA 5 | state 1 | flags 2 | requested service 1 | target 1 | version 1      ASnd 6 | service 1 | …
 *   IdentResponse | flags 2 | state 1 | 0 | version 1 | 0 | features 4 | … | device type 4 at 26 | vendor 4 | product 4 | revision 4
 *                 | serial 4 | … | address 4 at 70 | mask 4 | gateway 4 | host name 32
 *   NMT command   | 0 | command 1 at 4 | …           SDO | sequence 4 at 4 | 0 | id 1 | flags 1 | command 1 | size 2 | 0 2 | index 2 | sub 1
 *
 * Codes: message types; ASnd as ASND | service << 8 | command. Unit is the node: the source, of requests the destination. Low and high of
 * SDO are index << 8 | subindex. PRes of a node that does not operate is told as STOPPED + 4. Nothing is read of process data.
 * Weirds: "truncated", "unknown-function".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { ipv4Text } from "./codecs/addresses.ts";
import { functionTable } from "./codecs/functions.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const SOC = 1;
const PREQ = 3;
const PRES = 4;
const SOA = 5;
const ASND_TYPE = 6;
export const ASND = 0x1_0000;
export const STOPPED = 0x100;
const MANAGING_NODE = 240;
/** NMT state of a node that exchanges process data. */
const OPERATIONAL = 0xfd;

const IDENT = 1;
const STATUS = 2;
const NMT_REQUEST = 3;
const NMT_COMMAND = 4;
const SDO = 5;

const asnd = (service: number, command: number): number => ASND + service * 256 + command;

const functions = functionTable([
  [SOC, "SoC", "report"],
  [PREQ, "PReq", "report"],
  [PRES, "PRes", "report"],
  [PRES + STOPPED, "PRes of a node that does not operate", "report"],
  [SOA, "SoA", "report"],
  [7, "AMNI", "session"],
  [13, "AInv", "report"],
  [asnd(IDENT, 0), "IdentResponse", "identify"],
  [asnd(STATUS, 0), "StatusResponse", "diagnose"],
  [asnd(NMT_REQUEST, 0), "NMTRequest", "session"],
  [asnd(NMT_COMMAND, 0x21), "NMTStartNode", "session"],
  [asnd(NMT_COMMAND, 0x22), "NMTStopNode", "stop"],
  [asnd(NMT_COMMAND, 0x23), "NMTEnterPreOperational2", "session"],
  [asnd(NMT_COMMAND, 0x24), "NMTEnableReadyToOperate", "session"],
  [asnd(NMT_COMMAND, 0x28), "NMTResetNode", "restart"],
  [asnd(NMT_COMMAND, 0x29), "NMTResetCommunication", "restart"],
  [asnd(NMT_COMMAND, 0x2a), "NMTResetConfiguration", "restart"],
  [asnd(NMT_COMMAND, 0x2b), "NMTSwReset", "restart"],
  [asnd(NMT_COMMAND, 0x41), "NMTStartNodeEx", "session"],
  [asnd(NMT_COMMAND, 0x42), "NMTStopNodeEx", "stop"],
  [asnd(NMT_COMMAND, 0x48), "NMTResetNodeEx", "restart"],
  [asnd(NMT_COMMAND, 0x62), "NMTNetHostNameSet", "configure"],
  [asnd(NMT_COMMAND, 0x63), "NMTFlushArpEntry", "configure"],
  [asnd(NMT_COMMAND, 0x80), "NMTPublishConfiguredNodes", "report"],
  [asnd(NMT_COMMAND, 0x90), "NMTPublishActiveNodes", "report"],
  [asnd(NMT_COMMAND, 0xb0), "NMTPublishTime", "time-set"],
  [asnd(SDO, 0), "SDO", "other"],
  [asnd(SDO, 0x01), "SDO Write by Index", "write"],
  [asnd(SDO, 0x02), "SDO Read by Index", "read"],
  [asnd(SDO, 0x03), "SDO Write All by Index", "write"],
  [asnd(SDO, 0x04), "SDO Read All by Index", "read"],
  [asnd(SDO, 0x05), "SDO Write by Name", "write"],
  [asnd(SDO, 0x06), "SDO Read by Name", "read"],
  [asnd(SDO, 0x20), "SDO File Write", "download"],
  [asnd(SDO, 0x21), "SDO File Read", "file"],
  [asnd(SDO, 0x31), "SDO Write Multiple", "write"],
  [asnd(SDO, 0x32), "SDO Read Multiple", "read"],
  [asnd(6, 0), "SyncResponse", "report"],
]);

function recognise(r: Reader): Recognised {
  if (r.left < 6) return recognised.no;
  const type = r.peek(0);
  if (!functions.has(type) && type !== ASND_TYPE) return recognised.no;
  const fromManager = r.peek(2) === MANAGING_NODE;
  if ((type === SOC || type === SOA) && (!fromManager || r.peek(1) !== 0xff)) return recognised.no;
  return recognised.port;
}

interface Known {
  /** Nodes of this pair that were named: at most one from each side. */
  first: number;
  second: number;
}

function named(c: Context, node: number): boolean {
  const known = (c.state ??= { first: -1, second: -1 } satisfies Known) as Known;
  if (known.first === node || known.second === node) return false;
  known.second = known.first;
  known.first = node;
  return true;
}

function identity(r: Reader, c: Context): void {
  r.skip(26);
  const type = r.u32le();
  const vendor = r.u32le();
  const product = r.u32le();
  const revision = r.u32le();
  const serial = r.u32le();
  r.skip(24);
  const address = r.u32le();
  r.skip(8);
  const name = r.ascii(32);
  if (r.short) {
    c.weird("truncated");
    return;
  }
  const hex = (value: number): string => value.toString(16).padStart(8, "0");
  c.source("device-type", `powerlink:${hex(vendor)}:${hex(product)}`);
  c.source("capability", `device profile ${type & 0xffff}`);
  c.source("firmware", hex(revision));
  if (serial !== 0) c.source("serial", String(serial));
  c.source("name", name);
  if (address !== 0 && c.sourceMac !== 0) c.binding("traffic", c.sourceMac, ipv4Text(address));
}

function asynchronous(r: Reader, c: Context, destination: number, source: number): void {
  const service = r.peek(3);
  if (service === NMT_COMMAND) {
    const code = asnd(service, r.peek(4));
    c.client(true);
    if (!functions.has(code)) c.weird("unknown-function");
    c.commandFast("request", code, 0, -1, -1, destination);
    return;
  }
  if (service === SDO) {
    const flags = r.peek(10);
    const command = r.peek(11);
    const code = functions.has(asnd(SDO, command)) ? asnd(SDO, command) : asnd(SDO, 0);
    const responds = (flags & 0x80) !== 0;
    const place = command >= 1 && command <= 4 && !responds ? r.peek16le(16) * 256 + r.peek(18) : -1;
    if (command !== 0) c.client(!responds);
    const outcome = (flags & 0x40) !== 0 ? "error" : responds ? "response" : "request";
    c.commandFast(outcome, code, 0, place, place, responds ? source : destination);
    return;
  }
  const code = asnd(service, 0);
  if (functions.has(code)) c.commandFast(service === NMT_REQUEST ? "request" : "response", code, 0, -1, -1, source);
  else c.weird("unknown-function");
  if (service === IDENT && r.left >= 6) {
    c.client(false);
    identity(r, c);
  }
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size < 6) {
    if (size === 0) return -1;
    c.weird("truncated");
    return size;
  }
  const type = r.peek(0);
  const destination = r.peek(1);
  const source = r.peek(2);
  if (type === PREQ) c.commandFast("request", PREQ, 0, -1, -1, destination);
  else if (type === PRES) {
    const code = r.peek(3) === OPERATIONAL ? PRES : PRES + STOPPED;
    c.commandFast("event", code, 0, -1, -1, source);
  } else if (type === ASND_TYPE) asynchronous(r, c, destination, source);
  else if (functions.has(type)) c.commandFast("event", type, 0, -1, -1, source);
  else {
    c.weird("unknown-function");
    return size;
  }
  if (source !== 0 && named(c, source)) {
    c.source("station-address", String(source));
    if (source === MANAGING_NODE) c.source("role", "plc");
  }
  return size;
}

export const powerlink: Dissector = {
  protocol: "powerlink",
  specification: "EPSG DS 301, sections 4.6 and 7.3",
  on: { ethertype: [0x88ab] },
  recognise,
  dissect,
  functions,
};
