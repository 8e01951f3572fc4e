/**
 * NetBIOS name service, RFC 1002, section 4.2: a DNS-like message whose names are NetBIOS names in first-level encoding.
 *
 *   0    2       4        6        8        10       12
 *   | id | flags | QDCNT  | ANCNT  | NSCNT  | ARCNT  | question … records
 *
 * Registrations and positive answers bind names to addresses; node status answers list all names of the source.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { ipv4Text } from "./codecs/addresses.ts";
import { HEADER, skipName } from "./codecs/dns-message.ts";
import { functionTable } from "./codecs/functions.ts";
import { decodeName, isEncodedName, nameSays, suffixOf } from "./codecs/netbios-name.ts";

const NB = 0x20;
const NBSTAT = 0x21;
const OPCODES = new Set([0, 5, 6, 7, 8, 9, 15]);
const MAX_NAMES = 64;
const GROUP = 0x8000;

const functions = functionTable([
  [0, "query", "identify"],
  [5, "registration", "configure"],
  [6, "release", "configure"],
  [7, "WACK", "session"],
  [8, "refresh", "session"],
  [9, "refresh (alternative)", "session"],
  [15, "multi-homed registration", "configure"],
]);

function fits(r: Reader): boolean {
  const opcode = (r.peek16(2) >> 11) & 15;
  const questions = r.peek16(4);
  const records = r.peek16(6) + r.peek16(8) + r.peek16(10);
  return r.left >= HEADER + 38 && OPCODES.has(opcode) && questions + records > 0 && questions < 2 && records < 8 && isEncodedName(r, HEADER); // prettier-ignore
}

function tell(c: Context, address: string, name: string, suffix: number, group: boolean): void {
  const says = nameSays(suffix, group);
  if (says === "name" || says === "domain") {
    if (address === "") c.source(says, name);
    else c.device(address, says, name);
  } else if (says === "domain-controller" && address !== "") c.device(address, "role", "domain-controller");
}

function status(r: Reader, c: Context): void {
  const count = r.u8();
  for (let i = 0; i < Math.min(count, MAX_NAMES) && r.left >= 18; i++) {
    const name = r.ascii(15);
    const suffix = r.u8();
    const group = (r.u16() & GROUP) !== 0;
    tell(c, "", name, suffix, group);
    if (suffix === 0x1c && group) c.source("role", "domain-controller");
  }
}

function addresses(r: Reader, c: Context, name: string, suffix: number, to: number): void {
  for (let i = 0; i < MAX_NAMES && r.at + 6 <= to; i++) {
    const group = (r.u16() & GROUP) !== 0;
    tell(c, ipv4Text(r.u32()), name, suffix, group);
  }
}

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  const flags = r.peek16(2);
  const opcode = (flags >> 11) & 15;
  const response = flags >= 0x8000;
  const questions = r.peek16(4);
  const records = r.peek16(6) + r.peek16(8) + r.peek16(10);
  const rcode = flags & 15;
  c.client(!response);
  c.commandFast(response ? (rcode === 0 ? "response" : "error") : "request", opcode, 0, -1, -1, -1);
  const nameAt = r.at + HEADER;
  const name = decodeName(r.bytes, nameAt);
  const suffix = suffixOf(r.bytes, nameAt);
  r.skip(HEADER);
  if (questions === 1) {
    skipName(r);
    const type = r.u16();
    r.skip(2);
    if (opcode === 0) c.lookup(name, type, response ? rcode : -1);
  }
  for (let i = 0; i < records; i++) {
    if (!skipName(r)) break;
    const type = r.u16();
    r.skip(6);
    const length = r.u16();
    if (r.short || length > r.left) break;
    const next = r.at + length;
    if (response && questions === 0 && opcode === 0) c.lookup(name, type, rcode);
    if (type === NBSTAT && response) status(r, c);
    else if (type === NB && length >= 6 && (response || opcode !== 6)) addresses(r, c, name, suffix, next);
    r.at = next;
  }
  if (r.short) c.weird("truncated");
  return r.end - r.start;
}

export const nbns: Dissector = {
  protocol: "nbns",
  specification: "RFC 1002, 4.2",
  on: { udp: [137] },
  recognise: (r) => (fits(r) ? recognised.sure : recognised.no),
  dissect,
  functions,
};
