/**
 * Domain Name System, RFC 1035, section 4; over TCP with two bytes of length before each message (4.2.2).
 *
 * Told: every question (rcode −1) and, of answers, its rcode; opcodes as functions. Answers' addresses are not told: a name that
 * a server gives says nothing of a device here. Multicast relatives have their own dissectors.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { looksLikeDns, walk, type DnsVisitor } from "./codecs/dns-message.ts";
import { functionTable } from "./codecs/functions.ts";

const functions = functionTable([
  [0, "QUERY", "identify"],
  [1, "IQUERY", "identify"],
  [2, "STATUS", "diagnose"],
  [4, "NOTIFY", "report"],
  [5, "UPDATE", "configure"],
  [6, "DSO", "session"],
]);

/** Ports of the relatives whose messages look alike. */
const RELATIVES = new Set([137, 5353, 5355]);

interface State {
  c: Context;
  outcome: number;
}

const visitor: DnsVisitor<State> = {
  question: (state, name, type) => state.c.lookup(name, type, state.outcome),
  record: () => undefined,
};

/** First label of 32 letters from A to P: a NetBIOS name. */
function isNetbios(r: Reader, at: number): boolean {
  if (r.peek(at) !== 32) return false;
  for (let i = 1; i <= 32; i++) if (r.peek(at + i) < 0x41 || r.peek(at + i) > 0x50) return false;
  return true;
}

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  if (c.transport === "tcp") {
    const length = r.peek16();
    if (length < 17 || length > 16_384) return recognised.no;
    r.skip(2);
    // Two more bytes than a datagram must agree: the length, unless the segment is cut.
    const look = looksLikeDns(r);
    return look === 2 && length > r.left + 1_400 ? recognised.port : look;
  }
  if (RELATIVES.has(c.sourcePort) || RELATIVES.has(c.destinationPort) || isNetbios(r, 12)) return recognised.no;
  return looksLikeDns(r);
}

function message(r: Reader, c: Context): void {
  const flags = r.peek16(2);
  const response = flags >= 0x8000;
  const opcode = (flags >> 11) & 15;
  const rcode = flags & 15;
  c.client(!response);
  c.commandFast(response ? (rcode === 0 || rcode === 3 ? "response" : "error") : "request", opcode, 0, -1, -1, -1);
  if (response && c.state === null) {
    c.state = true;
    c.source("capability", "dns-server");
  }
  // Zones of notifications and updates are no questions.
  if (opcode !== 0) return;
  if (!walk(r, visitor, { c, outcome: response ? rcode : -1 })) c.weird(r.short ? "truncated" : "bad-value");
}

function dissect(r: Reader, c: Context): number {
  if (c.transport !== "tcp") {
    if (looksLikeDns(r, 32) === 0 && r.peek16(4) > 0) return NOT_MINE;
    if (r.left < 12) return NOT_MINE;
    message(r, c);
    return r.end - r.start;
  }
  if (r.left < 2) return NEED_MORE;
  const length = r.peek16();
  if (length < 12) return NOT_MINE;
  if (r.left < 2 + length) return NEED_MORE;
  const end = r.end;
  r.open(r.bytes, r.at + 2, r.at + 2 + length);
  if (looksLikeDns(r, 32) === 0 && r.peek16(4) > 0) {
    r.end = end;
    return NOT_MINE;
  }
  message(r, c);
  return 2 + length;
}

export const dns: Dissector = {
  protocol: "dns",
  specification: "RFC 1035, 4; RFC 6895",
  on: { udp: [53], tcp: [53] },
  stream: true,
  recognise,
  dissect,
  functions,
};
