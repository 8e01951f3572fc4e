/**
 * Internet Key Exchange, version 2 RFC 7296, section 3.1, and version 1 (ISAKMP) RFC 2408, section 3.1; over UDP 4500 with a marker of
 * four zeros, beside ESP (RFC 3948).
 *
 *   0               8               16     17        18       19      20           24
 *   | initiator SPI | responder SPI | next | version | exchange | flags | message id | length | payloads …
 *
 * Told: exchanges with direction. Payloads are not read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 28;
const MARKER = 4;
const TRAVERSAL = 4_500;
const RESPONSE = 0x20;
const functions = functionTable([
  [2, "Identity Protection", "session"],
  [3, "Authentication Only", "session"],
  [4, "Aggressive", "session"],
  [5, "Informational", "session"],
  [6, "Transaction", "session"],
  [32, "Quick Mode", "session"],
  [33, "New Group Mode", "session"],
  [34, "IKE_SA_INIT", "session"],
  [35, "IKE_AUTH", "session"],
  [36, "CREATE_CHILD_SA", "session"],
  [37, "INFORMATIONAL", "session"],
  [43, "IKE_INTERMEDIATE", "session"],
]);

/** Where the header begins, −1 where there is none. */
function headerAt(r: Reader): number {
  const at = r.peek32() === 0 ? MARKER : 0;
  const version = r.peek(at + 17);
  const fits = (version === 0x10 || version === 0x20) && functions.has(r.peek(at + 18)) && r.peek32(at) + r.peek32(at + 4) > 0; // prettier-ignore
  return r.left >= at + HEADER && fits && r.peek32(at + 24) + at === r.left ? at : -1;
}

const traverses = (c: Context): boolean => c.sourcePort === TRAVERSAL || c.destinationPort === TRAVERSAL;

function dissect(r: Reader, c: Context): number {
  const at = headerAt(r);
  // ESP, and the byte that keeps a way through address translation open (RFC 3948, 2.3).
  if (at < 0) return traverses(c) ? r.left : NOT_MINE;
  const exchange = r.peek(at + 18);
  if (r.peek(at + 17) === 0x10) {
    if (r.peek32(at + 8) === 0 && r.peek32(at + 12) === 0) c.client(true);
    c.commandFast("event", exchange, 0, -1, -1, -1);
  } else {
    const answer = (r.peek(at + 19) & RESPONSE) !== 0;
    c.client(!answer);
    c.commandFast(answer ? "response" : "request", exchange, 0, -1, -1, -1);
  }
  return r.left;
}

export const ike: Dissector = {
  protocol: "ike",
  specification: "RFC 7296, 3.1; RFC 2408, 3.1; RFC 3948",
  on: { udp: [500, TRAVERSAL] },
  recognise(r, c) {
    if (headerAt(r) >= 0) return recognised.sure;
    return traverses(c) && (r.left === 1 ? r.peek() === 0xff : r.left >= 16 && r.peek32() >= 256)
      ? recognised.port
      : recognised.no;
  },
  dissect,
  functions,
};
