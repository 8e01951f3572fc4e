/**
 * CC-Link IE Field Basic (BAP-C2005ENG): a master sends the outputs of a group of slaves as a broadcast, each slave answers with
 * its inputs, all as SLMP 3E frames with the command Cyclic Data.
 *
 *   request  | 50 00 00 ff ff 03 00 | length | 00 00    | 70 0e 00 00 | version 2 | 0 | offset 2 | 0 × 14
 *            | unit info 2 | 0 | time 8 | master id 4 | group 1 | 0 | frame 2 | timeout 2 | count 2 | parameter 2 | stations 2
 *            | state 4 | slave id 4 × stations | RY 8 × stations | RWw 64 × stations
 *   response | d0 00 00 ff ff 03 00 | length | end code | version 2 | 0 | offset 2 | 0 × 14
 *            | vendor 2 | 0 | model 4 | version 2 | 0 | unit info 2 | error 2 | data 4 | slave id 4 | group 1 | 0 | frame 2 | …
 *
 * Ids are IPv4 addresses, little endian. Unit is the group. Slave ids of ff ff ff ff stand for further stations that the slave
 * before occupies. Node search and parameters (UDP 61451) are plain SLMP.
 * Limits: MAX_STATIONS. Weirds: "bad-length", "bad-version", "too-many-stations", "second-master" (end code 0xcfe0).
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { ipv4Text } from "./codecs/addresses.ts";
import { functionTable } from "./codecs/functions.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const CYCLIC_DATA = 0x0e70;
/** Stations of a group, section 2.1. */
const MAX_STATIONS = 16;
const STATION_BYTES = 4 + 8 + 64;
const OCCUPIED = 0xffff_ffff;
const REQUEST_HEAD = 67;
const RESPONSE_HEAD = 59;
const SECOND_MASTER = 0xcfe0;

/** What was already told of this conversation. */
interface Known {
  /** Number of the parameters whose slaves were told. */
  parameter: number;
  slave: boolean;
}
const known = (c: Context): Known => (c.state ??= { parameter: -1, slave: false } satisfies Known) as Known;

function recognise(r: Reader): Recognised {
  const size = r.left;
  const request = r.peek16(0) === 0x5000;
  if ((!request && r.peek16(0) !== 0xd000) || r.peek16(3) !== 0xffff) return recognised.no;
  if (r.peek16(5) !== 0x0300 && r.peek16(5) !== 0x03ff) return recognised.no;
  const total = 9 + r.peek16le(7);
  if (size < 64 ? total !== size : total < 64) return recognised.no;
  if (request) {
    const cyclic = r.peek16le(11) === CYCLIC_DATA && r.peek16le(13) === 0;
    return cyclic && r.peek16le(15) === 1 && r.peek16le(19) === 36 ? recognised.sure : recognised.no;
  }
  const answers = r.peek16le(11) === 1 && r.peek16le(13) === 0 && r.peek16le(15) === 40;
  return answers ? recognised.sure : recognised.no;
}

function tellSlaves(r: Reader, c: Context, stations: number, group: number): void {
  for (let k = 0; k < stations; k++) {
    const id = r.u32le();
    if (id === OCCUPIED || id === 0) continue;
    c.device(ipv4Text(id), "station-address", `${group}.${k + 1}`);
  }
}

function request(r: Reader, c: Context): void {
  const { at } = r;
  if (r.peek16le(15) !== 1) c.weird("bad-version");
  r.skip(47);
  const master = r.u32le();
  const group = r.u8();
  r.skip(7);
  const parameter = r.u16le();
  const stations = r.u16le();
  r.skip(4);
  if (stations > MAX_STATIONS) c.weird("too-many-stations");
  else if (at + REQUEST_HEAD + stations * STATION_BYTES !== r.end) c.weird("bad-length");
  c.client(true);
  c.commandFast("request", CYCLIC_DATA, 0, -1, -1, group);
  const state = known(c);
  if (state.parameter === parameter || stations > MAX_STATIONS) return;
  state.parameter = parameter;
  c.device(ipv4Text(master), "role", "plc");
  tellSlaves(r, c, stations, group);
}

function response(r: Reader, c: Context): void {
  r.skip(9);
  const end = r.u16le();
  if (r.peek16le(0) !== 1) c.weird("bad-version");
  r.skip(20);
  const vendor = r.u16le();
  r.skip(2);
  const model = r.u32le();
  const version = r.u16le();
  r.skip(14);
  const group = r.u8();
  c.client(false);
  c.commandFast(end === 0 ? "response" : "error", CYCLIC_DATA, 0, -1, -1, group);
  if (end === SECOND_MASTER) c.weird("second-master");
  const state = known(c);
  if (state.slave) return;
  state.slave = true;
  // A slave of the reference implementation that nobody gave a profile answers with zeros.
  if (model === 0) return;
  c.source("device-type", `cclink:${vendor.toString(16).padStart(4, "0")}:${model.toString(16).padStart(8, "0")}`);
  c.source("hardware", String(version));
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  const isRequest = r.peek16(0) === 0x5000;
  const total = 9 + r.peek16le(7);
  if (size < 11 || (!isRequest && r.peek16(0) !== 0xd000)) return size >= 11 ? c.inside("slmp", r, r.at, r.end) : -1;
  if (isRequest && r.peek16le(11) !== CYCLIC_DATA) return c.inside("slmp", r, r.at, r.end);
  if (total !== size) c.weird(total > size ? "truncated" : "bad-length");
  if (size < (isRequest ? REQUEST_HEAD : RESPONSE_HEAD)) {
    // A refusal is an end code without the rest.
    if (!isRequest && r.peek16le(9) !== 0) {
      c.client(false);
      c.commandFast("error", CYCLIC_DATA, 0, -1, -1, -1);
      if (r.peek16le(9) === SECOND_MASTER) c.weird("second-master");
    }
    return size;
  }
  if (isRequest) request(r, c);
  else response(r, c);
  return size;
}

export const cclinkIefBasic: Dissector = {
  protocol: "cclink-ief-basic",
  specification: "CC-Link IE Field Basic BAP-C2005ENG, section 4",
  on: { udp: [61_450] },
  recognise,
  dissect,
  functions: functionTable([[CYCLIC_DATA, "Cyclic Data", "report"]]),
  weirds: ["too-many-stations", "second-master"],
};
