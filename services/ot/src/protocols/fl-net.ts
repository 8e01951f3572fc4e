/**
 * FL-net (JIS B 3521, JEM 1479), UDP 55000 cyclic, 55001 messages, 55002 participation, 55003 sending. One header of 64 bytes, big
 * endian, in front of everything:
 *
 *   0  | "FACN" 4 | total length 4 | source node 4 | destination node 4 | version of sequence 4 | sequence 4 | message control 4
 *   28 | upper layer status 2 | virtual size 2 | virtual address 4 | frame interval 1 | result 1 | 0 2 | transaction code 2 | version 2
 *   44 | area 1 address 2, size 2 | area 2 address 2, size 2 | mode 2 | protocol version 1 | priority 1 | block 1 | blocks 1
 *   58 | block length 2 | link status 1 | token time 1 | refresh time 2
 *
 * Codes: transaction codes from 65000; responses carry 200 more and are told under their request's code. Transparent messages (0 to
 * 59999) are one function, TRANSPARENT, their code the object. STOPPED is added to cyclic frames of a node that does not run. Objects
 * of cyclic frames are the areas of common memory with the node's addresses; of block access the virtual memory. Unit is the sender's
 * node for events, else the node that is asked. Identity: the device profile (VENDOR, DVMODEL, DVCATEGORY).
 * Limits: MAX_STRINGS. Weirds: "bad-length", "truncated", "unknown-function", "bad-version".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable } from "./codecs/functions.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEAD = 64;
const MAGIC = 0x46_41_43_4e;
/** Upper half of node addresses. */
const NODE = 0x0001;
const ALL_NODES = 255;

export const TRANSPARENT = 59_999;
export const STOPPED = 0x1_0000;
const CYCLIC_TOKEN = 65_000;
const CYCLIC = 65_001;
const PARTICIPATION = 65_002;
const PROFILE_READ = 65_011;
const TRIGGER = 65_012;
/** Responses: request + 200. */
const RESPONSE = 200;
const FIRST_RESPONSE = 65_203;
const LAST = 65_216;

const AREA_1 = 1;
const AREA_2 = 2;
const BYTES = 3;
const WORDS = 4;

const functions = functionTable([
  [TRANSPARENT, "transparent message", "other"],
  [CYCLIC_TOKEN, "cyclic frame with token", "report"],
  [CYCLIC, "cyclic frame", "report"],
  [CYCLIC_TOKEN + STOPPED, "cyclic frame with token of a stopped node", "report"],
  [CYCLIC + STOPPED, "cyclic frame of a stopped node", "report"],
  [PARTICIPATION, "participation request", "session"],
  [65_003, "byte block read", "read"],
  [65_004, "byte block write", "write"],
  [65_005, "word block read", "read"],
  [65_006, "word block write", "write"],
  [65_007, "network parameter read", "read"],
  [65_008, "network parameter write", "configure"],
  [65_009, "stop command", "stop"],
  [65_010, "operation command", "mode"],
  [PROFILE_READ, "device profile read", "identify"],
  [TRIGGER, "trigger", "session"],
  [65_013, "log data read", "diagnose"],
  [65_014, "log data clear", "diagnose"],
  [65_015, "echo back", "diagnose"],
  [65_016, "vendor message", "other"],
]);

/** What was told of the pair already. */
interface Known {
  first: number;
  second: number;
}

function recognise(r: Reader): Recognised {
  if (r.left < HEAD || r.peek32(0) !== MAGIC) return recognised.no;
  const total = r.peek32(4);
  const block = r.peek16(58);
  return total >= HEAD && block >= HEAD && r.peek(56) <= r.peek(57) ? recognised.sure : recognised.port;
}

function tellNode(c: Context, node: number): void {
  const known = (c.state ??= { first: 0, second: 0 } satisfies Known) as Known;
  if (node === known.first || node === known.second || node === 0) return;
  known.second = known.first;
  known.first = node;
  c.source("station-address", String(node));
}

function cyclic(r: Reader, c: Context, code: number, node: number, running: boolean): void {
  r.skip(2);
  const first = r.u16();
  const bits = r.u16();
  const second = r.u16();
  const words = r.u16();
  // A node that owns both areas is told by the words of area 2, where registers are.
  const object = words > 0 ? AREA_2 : bits > 0 ? AREA_1 : 0;
  const low = object === AREA_2 ? second : object === AREA_1 ? first : -1;
  const high = object === AREA_2 ? second + words - 1 : object === AREA_1 ? first + bits - 1 : -1;
  c.commandFast("event", running ? code : code + STOPPED, object, low, high, node);
}

/** Strings of a profile that are looked at. */
const MAX_STRINGS = 64;
const PRINTABLE = 0x13;
const SEQUENCE = 0x30;
/** DVCATEGORY of JEM-TR 214; "PC" is a programmable controller there. */
const categories: Readonly<Record<string, string>> = {
  PC: "plc",
  PLC: "plc",
  NC: "cnc",
  CNC: "cnc",
  RC: "robot",
  ROBOT: "robot",
  COMPUTER: "pc",
};

/** Profiles are pairs of PrintableStrings (parameter name, value) in nested SEQUENCEs of BER. */
function profile(r: Reader, c: Context): void {
  let name = "";
  for (let k = 0; k < MAX_STRINGS && r.left >= 2; k++) {
    const tag = r.u8();
    let length = r.u8();
    if (length === 0x81) length = r.u8();
    else if (length === 0x82) length = r.u16();
    if (tag === SEQUENCE) continue;
    if (length > r.left || length > 0x7fff) return;
    if (tag !== PRINTABLE) {
      r.skip(length);
      name = "";
      continue;
    }
    const text = r.ascii(length);
    if (name === "VENDOR") c.source("vendor", text);
    else if (name === "DVMODEL") c.source("model", text);
    else if (name === "DVCATEGORY") c.source("role", categories[text] ?? "");
    else {
      name = text;
      continue;
    }
    name = "";
  }
}

/** Messages: who asks, what is touched, and how it went. */
function message(r: Reader, c: Context, code: number, source: number, destination: number): void {
  const responds = code >= FIRST_RESPONSE;
  const request = responds ? code - RESPONSE : code;
  const block = request >= 65_003 && request <= 65_006;
  const object = block ? (request < 65_005 ? BYTES : WORDS) : 0;
  const size = r.peek16(30);
  const address = r.peek32(32);
  const low = block ? address : -1;
  const high = block ? address + Math.max(size, 1) - 1 : -1;
  c.client(!responds);
  const failed = r.peek(37) !== 0;
  const outcome = responds ? (failed ? "error" : "response") : "request";
  c.commandFast(outcome, request, object, low, high, responds ? source : destination);
  if (responds && request === PROFILE_READ && !failed) {
    r.skip(HEAD);
    profile(r, c);
  }
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size < HEAD) {
    if (size < 4 || r.peek32(0) !== MAGIC) return -1;
    c.weird("truncated");
    return size;
  }
  if (r.peek32(0) !== MAGIC) return -1;
  if (r.peek16(58) !== size) c.weird("bad-length");
  if (r.peek16(8) !== NODE) c.weird("bad-version");
  const source = r.peek16(10);
  const destination = r.peek16(14);
  const running = (r.peek16(28) & 0x8000) !== 0;
  const code = r.peek16(40);
  tellNode(c, source);
  if (code === CYCLIC_TOKEN || code === CYCLIC) {
    r.skip(42);
    cyclic(r, c, code, source, running);
  } else if (code === PARTICIPATION || code === TRIGGER) c.commandFast("event", code, 0, -1, -1, source);
  else if (code <= TRANSPARENT) {
    c.commandFast(destination === ALL_NODES ? "event" : "request", TRANSPARENT, code, -1, -1, destination);
  } else if (functions.has(code) || (code >= FIRST_RESPONSE && code <= LAST)) message(r, c, code, source, destination);
  else {
    // Later editions of the standard add codes: told by number.
    c.commandFast("event", code, 0, -1, -1, source);
    c.weird("unknown-function");
  }
  return size;
}

export const flNet: Dissector = {
  protocol: "fl-net",
  specification: "FL-net, JIS B 3521 (JEM 1479), section 5",
  on: { udp: [55_000, 55_001, 55_002, 55_003] },
  recognise,
  dissect,
  functions,
  objects: new Map([
    [AREA_1, "common memory, area 1"],
    [AREA_2, "common memory, area 2"],
    [BYTES, "virtual memory, bytes"],
    [WORDS, "virtual memory, words"],
  ]),
};
