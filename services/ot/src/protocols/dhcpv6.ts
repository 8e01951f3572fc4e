/**
 * DHCP for IPv6, RFC 8415, sections 8, 9 and 21.
 *
 *   0      1                4
 *   | type | transaction id | option (2) | length (2) | value …
 *   relay: | 12 / 13 | hops | link address (16) | peer address (16) | options, one of which holds the message (9)
 *
 * What is told of a client is told of the source; behind a relay, of the hardware address in its DUID. Limits: 64 options,
 * 4 relays.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { ipv6Text, macText } from "./codecs/addresses.ts";
import { nameAt } from "./codecs/dns-message.ts";
import { functionTable } from "./codecs/functions.ts";
import type { Attribute } from "../wire/vocabulary.ts";

const MAX_OPTIONS = 64;
const MAX_RELAYS = 4;
const REPLY = 7;
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;
const LEASEQUERY_REPLY = 15;
const functions = functionTable([
  [1, "SOLICIT", "session"],
  [2, "ADVERTISE", "session"],
  [3, "REQUEST", "session"],
  [4, "CONFIRM", "session"],
  [5, "RENEW", "session"],
  [6, "REBIND", "session"],
  [REPLY, "REPLY", "session"],
  [8, "RELEASE", "session"],
  [9, "DECLINE", "session"],
  [10, "RECONFIGURE", "configure"],
  [11, "INFORMATION-REQUEST", "session"],
  [RELAY_FORWARD, "RELAY-FORW", "session"],
  [RELAY_REPLY, "RELAY-REPL", "session"],
  // RFC 5007
  [14, "LEASEQUERY", "identify"],
  [LEASEQUERY_REPLY, "LEASEQUERY-REPLY", "identify"],
]);

interface Seen {
  client: number;
  address: string;
  server: boolean;
  depth: number;
}

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  const type = r.peek();
  if (!functions.has(type) || r.left < 8) return recognised.no;
  const port = (one: number): boolean => one === 546 || one === 547;
  if (!port(c.sourcePort) && !port(c.destinationPort)) return recognised.no;
  // The first two options must lie in a row.
  let at = type === RELAY_FORWARD || type === RELAY_REPLY ? 34 : 4;
  for (let i = 0; i < 2 && at + 4 <= r.left; i++) {
    if (r.peek16(at) === 0 || r.peek16(at) > 150) return recognised.no;
    at += 4 + r.peek16(at + 2);
  }
  return recognised.port;
}

/** The hardware address in a DUID of type 1 (with time) or 3, 0 for others (11). */
function macOf(r: Reader, length: number): number {
  const type = r.u16();
  const hardware = r.u16();
  if (hardware !== 1) return 0;
  if (type === 1 && length === 14) {
    r.skip(4);
    return r.u48();
  }
  return type === 3 && length === 10 ? r.u48() : 0;
}

/** A DUID may be of another card or copied with a disk: only behind a relay is it all there is. */
function told(c: Context, seen: Seen, attribute: Attribute, value: string): void {
  const { client: mac } = seen;
  if (mac === 0 || seen.depth === 0) c.source(attribute, value);
  else c.device(macText(mac), attribute, value);
}

function vendorClass(r: Reader, c: Context, seen: Seen, length: number): void {
  const enterprise = r.u32();
  const text = length > 6 ? r.utf8(Math.min(r.u16(), r.left)) : "";
  told(c, seen, "application", text === "" ? `enterprise ${enterprise}` : text);
  // 311 is Microsoft (IANA, private enterprise numbers).
  if (enterprise === 311) told(c, seen, "os", "Windows");
}

function option(r: Reader, c: Context, seen: Seen, code: number, length: number): void {
  const { server } = seen;
  // An answer is seen on its way to the client itself, unless a relay takes it on.
  const mac = seen.depth === 0 ? c.destinationMac : seen.client;
  const to = r.at + length;
  if (code === 1 && length >= 4) seen.client = macOf(r, length);
  else if (code === 3 && length >= 12 + 4 + 24) {
    r.skip(12);
    // IA address (5): the first one.
    if (r.u16() === 5 && r.u16() >= 24) seen.address = ipv6Text(r.bytes, r.at);
  } else if (code === 9 && seen.depth < MAX_RELAYS) {
    const end = r.end;
    r.end = to;
    options(r, c, { ...seen, depth: seen.depth + 1 });
    r.end = end;
  } else if (code === 6 && !server) {
    let text = "v6:";
    for (let i = 0; i + 2 <= length && text.length < 120; i += 2) text += `${i === 0 ? "" : ","}${r.u16()}`;
    told(c, seen, "dhcp-fingerprint", text);
  } else if (code === 16 && !server && length >= 4) vendorClass(r, c, seen, length);
  else if (code === 39 && !server && length > 1) told(c, seen, "name", nameAt(r.bytes, r.at + 1, r.at + 1, to));
  else if (code === 23 && server && mac !== 0)
    for (let i = 0; i + 16 <= length && i < 128; i += 16) c.device(macText(mac), "dns-server", ipv6Text(r.bytes, r.at + i)); // prettier-ignore
  else if (code === 24 && server && mac !== 0) c.device(macText(mac), "domain", nameAt(r.bytes, r.at, r.at, to));
}

function options(r: Reader, c: Context, seen: Seen): void {
  const type = r.u8();
  const relay = type === RELAY_FORWARD || type === RELAY_REPLY;
  r.skip(relay ? 33 : 3);
  if (!functions.has(type)) c.weird("unknown-function");
  seen.server = type === 2 || type === REPLY || type === 10 || type === RELAY_REPLY || type === LEASEQUERY_REPLY;
  c.client(!seen.server);
  c.commandFast(seen.server ? "response" : "request", type, 0, -1, -1, -1);
  for (let i = 0; i < MAX_OPTIONS && r.left >= 4; i++) {
    const code = r.u16();
    const length = r.u16();
    if (length > r.left) {
      c.weird("truncated");
      return;
    }
    const next = r.at + length;
    option(r, c, seen, code, length);
    r.at = next;
  }
  if (relay) return;
  if (seen.server && seen.depth === 0) c.source("capability", "dhcpv6-server");
  const mac = seen.depth === 0 ? c.destinationMac : seen.client;
  if (type === REPLY && mac !== 0 && seen.address !== "") c.binding("dhcp", mac, seen.address);
}

function dissect(r: Reader, c: Context): number {
  if (recognise(r, c) === recognised.no) return NOT_MINE;
  options(r, c, { client: 0, address: "", server: false, depth: 0 });
  return r.end - r.start;
}

export const dhcpv6: Dissector = {
  protocol: "dhcpv6",
  specification: "RFC 8415, 8, 9 and 21; RFC 4704",
  on: { udp: [547, 546] },
  recognise,
  dissect,
  functions,
};
