/**
 * NetBIOS datagram service, RFC 1002, section 4.4, and the browser announcements in it (MS-BRWS, section 2.2).
 *
 *   0      1       2    4           8             10       12       14
 *   | type | flags | id | source IP | source port | length | offset | source name (34) | destination name (34) | SMB
 *
 *   \MAILSLOT\BROWSE: | opcode | count | period (4) | server name (16) | OS version (2) | server type (4 LE) | … | comment
 *
 * The sender's IP stands in the header: relays and broadcasts name the true sender.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { decodeName, isEncodedName, suffixOf } from "./codecs/netbios-name.ts";
import { find, word } from "./codecs/text.ts";
import { windowsName } from "./codecs/windows.ts";

const HEADER = 14;
const SMB = word("\u00ffSMB");
const BROWSE = word("\\MAILSLOT\\BROWSE\0");
const ERROR = 0x13;

const functions = functionTable([
  [0x01, "host announcement", "identify"],
  [0x02, "announcement request", "identify"],
  [0x08, "browser election", "session"],
  [0x09, "get backup list request", "identify"],
  [0x0a, "get backup list response", "identify"],
  [0x0b, "become backup browser", "session"],
  [0x0c, "domain announcement", "identify"],
  [0x0d, "master announcement", "identify"],
  [0x0e, "reset browser state", "session"],
  [0x0f, "local master announcement", "identify"],
  [0x100, "datagram", "other"],
]);

const TYPE = {
  controller: 0x18,
  sql: 0x04,
  timeSource: 0x20,
  unix: 0x800,
  workstation: 0x1000,
  server: 0x8000,
} as const;

const fits = (r: Reader): boolean =>
  r.left >= HEADER + 34 && r.peek() >= 0x10 && r.peek() <= 0x16 && r.peek() !== ERROR && (r.peek(1) & 0xf0) === 0 && isEncodedName(r, HEADER); // prettier-ignore

function announcement(r: Reader, c: Context, code: number): void {
  r.skip(5);
  const name = r.ascii(16);
  const major = r.u8();
  const minor = r.u8();
  const type = r.u32le();
  r.skip(4);
  if (r.short) {
    c.weird("truncated");
    return;
  }
  if (code === 0x0c) {
    c.source("domain", name);
    return;
  }
  c.source("name", name);
  c.source("description", r.ascii(r.left));
  // Samba tells numbers of its own choice and the Unix bit.
  if (type & TYPE.unix) c.source("os", "Unix (Samba)");
  else c.source("os", windowsName(major, minor));
  if (type & TYPE.controller) c.source("role", "domain-controller");
  else if (type & TYPE.server) c.source("role", "server");
  else if (type & TYPE.workstation && !(type & TYPE.unix)) c.source("role", "pc");
  if (type & TYPE.sql) c.source("capability", "sql-server");
}

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  c.client(true);
  const source = r.at + HEADER;
  if (suffixOf(r.bytes, source) === 0x00 || suffixOf(r.bytes, source) === 0x20)
    c.source("name", decodeName(r.bytes, source));
  const smb = find(r.bytes, SMB, source + 34, Math.min(r.end, source + 200));
  const slot = smb < 0 ? -1 : find(r.bytes, BROWSE, smb + 32, Math.min(r.end, smb + 200));
  if (slot < 0) {
    c.commandFast("event", 0x100, 0, -1, -1, -1);
    return r.end - r.start;
  }
  // The byte block behind the slot's name: where the data lie is told by the transaction (MS-CIFS 2.2.4.33.1, DataOffset).
  const offset = (r.bytes[smb + 57] as number) | ((r.bytes[smb + 58] as number) << 8);
  r.at = offset >= 60 && smb + offset < r.end ? smb + offset : slot + BROWSE.length;
  const code = r.u8();
  c.commandFast("event", functions.has(code) ? code : 0x100, 0, -1, -1, -1);
  if (code === 0x01 || code === 0x0c || code === 0x0f) announcement(r, c, code);
  return r.end - r.start;
}

export const nbDatagram: Dissector = {
  protocol: "nb-datagram",
  specification: "RFC 1002, 4.4; MS-BRWS, 2.2",
  on: { udp: [138] },
  recognise: (r) => (fits(r) ? recognised.sure : recognised.no),
  dissect,
  functions,
};
