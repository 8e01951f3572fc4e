/**
 * Dynamic Host Configuration Protocol, RFC 2131, section 2; options RFC 2132, FQDN RFC 4702.
 *
 *   0    1       2      3      4     8      10      12       16       20       24       28            236      240
 *   | op | htype | hlen | hops | xid | secs | flags | ciaddr | yiaddr | siaddr | giaddr | chaddr (16) … | cookie | options
 *
 * What is told of a client is told of its hardware address, because relays pass messages on. A switch that watches over DHCP adds
 * the port that the message came in by (option 82, RFC 3046). Limits: 128 options.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { ipv4Text, macText } from "./codecs/addresses.ts";
import { functionTable } from "./codecs/functions.ts";
import { nameAt } from "./codecs/dns-message.ts";
import type { Attribute } from "../wire/vocabulary.ts";

const FIXED = 240;
const COOKIE = 0x63_82_53_63;
const MAX_OPTIONS = 128;
const ETHERNET = 1;

const functions = functionTable([
  [0, "BOOTP", "session"],
  [1, "DISCOVER", "session"],
  [2, "OFFER", "session"],
  [3, "REQUEST", "session"],
  [4, "DECLINE", "session"],
  [5, "ACK", "session"],
  [6, "NAK", "session"],
  [7, "RELEASE", "session"],
  [8, "INFORM", "session"],
  [9, "FORCERENEW", "configure"],
  [10, "LEASEQUERY", "identify"],
  [11, "LEASEUNASSIGNED", "identify"],
  [12, "LEASEUNKNOWN", "identify"],
  [13, "LEASEACTIVE", "identify"],
]);
const ACK = 5;
const NAK = 6;

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  const operation = r.peek();
  if (operation !== 1 && operation !== 2) return recognised.no;
  if (r.peek(1) > 37 || r.peek(2) > 16 || r.peek(3) > 16 || r.left < 44) return recognised.no;
  if (r.left >= FIXED) return r.peek32(236) === COOKIE ? recognised.sure : recognised.no;
  const ports = c.destinationPort === 67 || c.destinationPort === 68 || c.sourcePort === 67;
  return ports ? recognised.port : recognised.no;
}

/** Tells of the client: by the frame's source when it is the client itself, else by its hardware address. */
function told(c: Context, mac: number, attribute: Attribute, value: string): void {
  if (mac === 0 || mac === c.sourceMac) c.source(attribute, value);
  else c.device(macText(mac), attribute, value);
}

function fingerprint(r: Reader, length: number): string {
  let text = "";
  for (let i = 0; i < length && text.length < 124; i++) text += `${i === 0 ? "" : ","}${r.u8()}`;
  return text;
}

function fullName(r: Reader, length: number): string {
  const flags = r.u8();
  r.skip(2);
  // E: the name is in DNS form.
  return flags & 4 ? nameAt(r.bytes, r.at, r.at, r.at + length - 3) : r.ascii(length - 3);
}

function fromClient(r: Reader, c: Context, mac: number, option: number, length: number): void {
  if (option === 12) told(c, mac, "name", r.ascii(length));
  else if (option === 55) told(c, mac, "dhcp-fingerprint", fingerprint(r, length));
  else if (option === 81 && length > 3) told(c, mac, "name", fullName(r, length));
  else if (option === 60) {
    const vendor = r.ascii(length);
    told(c, mac, "application", vendor);
    if (vendor.startsWith("MSFT ")) told(c, mac, "os", "Windows");
    else if (vendor.startsWith("android-dhcp-")) told(c, mac, "os", `Android ${vendor.slice(13)}`);
  }
}

/** Relay agent information (RFC 3046, 2): 1 the port of the switch, 2 the switch, each in its maker's form. */
function agent(r: Reader, c: Context, mac: number, relay: number, to: number): void {
  let port = "";
  let device = relay === 0 ? "" : ipv4Text(relay);
  while (r.at + 2 <= to) {
    const kind = r.u8();
    const length = r.u8();
    if (r.at + length > to) return;
    const next = r.at + length;
    // Many write type and length before: 0, 4: VLAN, module, port; 0, 6: MAC address.
    const typed = r.peek() === 0 && r.peek(1) === length - 2;
    if (kind === 1) port = typed && length === 6 ? `${r.peek(4)}/${r.peek(5)}` : readable(r, length);
    else if (kind === 2) {
      if (typed && length === 8) r.skip(2);
      device = next - r.at === 6 ? macText(r.u48()) : readable(r, next - r.at) || device;
    }
    r.at = next;
  }
  if (port !== "" && device !== "") told(c, mac, "attached-to", `${device}|${port}`);
}
/** Text; "" for bytes that are none. */
function readable(r: Reader, length: number): string {
  const text = r.ascii(length);
  return text.includes("·") ? "" : text;
}

function fromServer(r: Reader, c: Context, mac: number, option: number, length: number): void {
  if (mac === 0) return;
  if (option === 3 || option === 6) {
    for (let i = 0; i + 4 <= length && i < 16; i += 4)
      c.device(macText(mac), option === 3 ? "gateway" : "dns-server", ipv4Text(r.u32()));
  } else if (option === 15) c.device(macText(mac), "domain", r.ascii(length));
  else if (option === 54 && length === 4) c.device(ipv4Text(r.u32()), "capability", "dhcp-server");
}

function dissect(r: Reader, c: Context): number {
  if (r.left < FIXED || r.peek32(236) !== COOKIE || r.peek() - 1 > 1) return NOT_MINE;
  const request = r.peek() === 1;
  const mac = r.peek(1) === ETHERNET && r.peek(2) === 6 ? r.peek16(28) * 4_294_967_296 + r.peek32(30) : 0;
  const client = r.peek32(12);
  const yours = r.peek32(16);
  const relay = r.peek32(24);
  c.client(request);
  r.skip(FIXED);
  let kind = 0;
  for (let i = 0; i < MAX_OPTIONS && r.left > 0; i++) {
    const option = r.u8();
    if (option === 0) continue;
    if (option === 255) break;
    const length = r.u8();
    if (r.short || length > r.left) {
      c.weird("truncated");
      break;
    }
    const next = r.at + length;
    if (option === 53 && length === 1) kind = r.u8();
    else if (option === 82) agent(r, c, mac, relay, next);
    else if (request) fromClient(r, c, mac, option, length);
    else fromServer(r, c, mac, option, length);
    r.at = next;
  }
  if (!functions.has(kind)) c.weird("unknown-function");
  c.commandFast(request ? "request" : kind === NAK ? "error" : "response", kind, 0, -1, -1, -1);
  if (mac !== 0 && !request && kind === ACK && (yours || client)) c.binding("dhcp", mac, ipv4Text(yours || client));
  return r.end - r.start;
}

export const dhcp: Dissector = {
  protocol: "dhcp",
  specification: "RFC 2131, 2; RFC 2132",
  on: { udp: [67, 68, 4011] },
  recognise,
  dissect,
  functions,
};
