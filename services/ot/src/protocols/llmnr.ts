/**
 * Link-Local Multicast Name Resolution, RFC 4795, section 2: DNS messages on port 5355. Whoever answers first is believed, which
 * is why its use is told as a weakness. Of answers the name and address of the one that answers are told.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { ipv4Text, ipv6Text } from "./codecs/addresses.ts";
import { dnsTypes, looksLikeDns, walk, type DnsVisitor } from "./codecs/dns-message.ts";
import { functionTable } from "./codecs/functions.ts";

const PORT = 5355;
const functions = functionTable([[0, "query", "identify"]]);

interface State {
  c: Context;
  r: Reader;
  outcome: number;
}

const visitor: DnsVisitor<State> = {
  question: ({ c, outcome }, name, type) => c.lookup(name, type, outcome),
  record({ c, r, outcome }, name, type, from, to) {
    if (outcome < 0) return;
    if (type === dnsTypes.A && to - from === 4) {
      const here = r.at;
      r.at = from;
      c.device(ipv4Text(r.u32()), "name", name);
      r.at = here;
    } else if (type === dnsTypes.AAAA && to - from === 16) c.device(ipv6Text(r.bytes, from), "name", name);
  },
};

function dissect(r: Reader, c: Context): number {
  if (looksLikeDns(r) === 0) return NOT_MINE;
  const flags = r.peek16(2);
  const response = flags >= 0x8000;
  c.client(!response);
  c.weakness("llmnr");
  c.commandFast(response ? "response" : "request", 0, 0, -1, -1, -1);
  if (!walk(r, visitor, { c, r, outcome: response ? flags & 15 : -1 })) c.weird(r.short ? "truncated" : "bad-value");
  return r.end - r.start;
}

export const llmnr: Dissector = {
  protocol: "llmnr",
  specification: "RFC 4795, 2",
  on: { udp: [PORT] },
  recognise: (r, c) => (c.sourcePort === PORT || c.destinationPort === PORT ? looksLikeDns(r) : recognised.no),
  dissect,
  functions,
};
