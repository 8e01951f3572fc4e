/**
 * Multicast DNS, RFC 6762, with DNS-based service discovery, RFC 6763. Messages as in DNS; the top bit of a class means "cache
 * flush" or "unicast answer wanted".
 *
 * Told: questions; host names of A and AAAA records with their address; services that the sender announces as capabilities;
 * model, maker, firmware of the TXT keys that field practice knows (`_device-info._tcp`, printers, HomeKit).
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { ipv4Text, ipv6Text } from "./codecs/addresses.ts";
import { dnsTypes, looksLikeDns, nameAt, walk, type DnsVisitor } from "./codecs/dns-message.ts";
import { functionTable } from "./codecs/functions.ts";
import type { Attribute } from "../wire/vocabulary.ts";

const PORT = 5353;
const functions = functionTable([
  [0, "query", "identify"],
  [1, "announcement", "identify"],
]);

/** TXT keys (lower case, with "=") that name the device. */
const KEYS: readonly (readonly [key: string, attribute: Attribute])[] = [
  ["model=", "model"],
  ["md=", "model"],
  ["usb_mdl=", "model"],
  ["ty=", "model"],
  ["product=", "model"],
  ["manufacturer=", "vendor"],
  ["usb_mfg=", "vendor"],
  ["vendor=", "vendor"],
  ["fv=", "firmware"],
  ["srcvers=", "application"],
  ["osxvers=", "os"],
  ["note=", "location"],
  ["sn=", "serial"],
  ["serialnumber=", "serial"],
];
const MAX_STRINGS = 64;

interface State {
  c: Context;
  r: Reader;
  base: number;
  response: boolean;
}

/** `_ipp._tcp` of `_ipp._tcp.local`; "" for others. */
function serviceOf(name: string): string {
  const tail = name.toLowerCase().endsWith(".local") ? name.slice(0, -6) : name;
  return tail.startsWith("_") && (tail.endsWith("._tcp") || tail.endsWith("._udp")) ? tail.toLowerCase() : "";
}

const hostOf = (name: string): string => (name.toLowerCase().endsWith(".local") ? name.slice(0, -6) : name);

function texts({ r, c }: State, from: number, to: number): void {
  const here = r.at;
  r.at = from;
  for (let i = 0; i < MAX_STRINGS && r.at < to; i++) {
    const length = r.u8();
    if (length > to - r.at) break;
    const text = r.utf8(length);
    const equals = text.indexOf("=");
    if (equals <= 0) continue;
    const key = text.slice(0, equals + 1).toLowerCase();
    for (const [known, attribute] of KEYS) if (known === key) c.source(attribute, text.slice(equals + 1));
  }
  r.at = here;
}

/** `4.3.2.1.in-addr.arpa` → `1.2.3.4`, "" for others. */
function reverseAddress(name: string): string {
  const lower = name.toLowerCase();
  if (!lower.endsWith(".in-addr.arpa")) return "";
  const parts = lower.slice(0, -13).split(".");
  return parts.length === 4 ? parts.reverse().join(".") : "";
}

const visitor: DnsVisitor<State> = {
  question({ c, response }, name, type) {
    if (!response) c.lookup(name, type, -1);
  },
  record(state, name, type, from, to) {
    const { c, r, base, response } = state;
    // Records in a question are known answers or probes: said of the asker only when it claims them (RFC 6762, 8.1).
    if (!response) return;
    const { bytes } = r;
    if (type === dnsTypes.A && to - from === 4)
      c.device(ipv4Text((((bytes[from] as number) << 24) | ((bytes[from + 1] as number) << 16) | ((bytes[from + 2] as number) << 8) | (bytes[from + 3] as number)) >>> 0), "name", hostOf(name)); // prettier-ignore
    else if (type === dnsTypes.AAAA && to - from === 16) c.device(ipv6Text(bytes, from), "name", hostOf(name));
    else if (type === dnsTypes.TXT) texts(state, from, to);
    else if (type === dnsTypes.PTR) {
      const address = reverseAddress(name);
      if (address !== "") c.device(address, "name", hostOf(nameAt(bytes, base, from, to)));
      // What is listed under _services._dns-sd._udp is a service too.
      else c.source("capability", serviceOf(name) || serviceOf(nameAt(bytes, base, from, to)));
    }
  },
};

function dissect(r: Reader, c: Context): number {
  if (r.left < 12) return NOT_MINE;
  const flags = r.peek16(2);
  if (flags & 0x7800) return NOT_MINE;
  const response = flags >= 0x8000;
  const fromPort = c.sourcePort === PORT;
  // Answers to all are nobody's: the one that spoke is the source. Questions from other ports are legacy queries (6.7).
  c.client(!response || fromPort);
  c.commandFast(response ? "event" : "request", response ? 1 : 0, 0, -1, -1, -1);
  if (!walk(r, visitor, { c, r, base: r.at, response })) c.weird(r.short ? "truncated" : "bad-value");
  return r.end - r.start;
}

export const mdns: Dissector = {
  protocol: "mdns",
  specification: "RFC 6762, 18; RFC 6763",
  on: { udp: [PORT] },
  recognise(r, c) {
    if (c.sourcePort !== PORT && c.destinationPort !== PORT) return recognised.no;
    const flags = r.peek16(2);
    if (r.left < 12 || flags & 0x7800 || r.peek16(4) + r.peek16(6) === 0) return recognised.no;
    return looksLikeDns(r, 64) === 2 ? recognised.sure : recognised.port;
  },
  dissect,
  functions,
};
