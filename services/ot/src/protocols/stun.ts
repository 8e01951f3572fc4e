/**
 * Session Traversal Utilities for NAT, RFC 8489, section 5, and TURN, RFC 8656: how devices find a way round a firewall.
 *
 *   0      2        4          8                20
 *   | type | length | 2112a442 | transaction 12 | attribute (2) | length (2) | value, to a multiple of 4 …
 *
 * On the same ports lie DTLS, media and TURN's channels (RFC 7983): DTLS is read, the others pass. Told: methods with outcome, the
 * software. Addresses that are told back are not read. Limits: 64 attributes.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 20;
const COOKIE = 0x21_12_a4_42;
const MAX_ATTRIBUTES = 64;
const SOFTWARE = 0x80_22;
const OUTCOMES = ["request", "event", "response", "error"] as const;
const functions = functionTable([
  [1, "Binding", "session"],
  [3, "Allocate", "session"],
  [4, "Refresh", "session"],
  [6, "Send", "other"],
  [7, "Data", "other"],
  [8, "CreatePermission", "session"],
  [9, "ChannelBind", "session"],
  [10, "Connect", "session"],
  [11, "ConnectionBind", "session"],
  [12, "ConnectionAttempt", "session"],
]);

interface State {
  told: boolean;
}

const fits = (r: Reader): boolean =>
  r.left >= HEADER && r.peek() < 0x40 && r.peek32(4) === COOKIE && r.peek16(2) % 4 === 0 && r.peek16(2) + HEADER <= Math.max(64, r.left); // prettier-ignore

function dissect(r: Reader, c: Context): number {
  const all = r.left;
  const state = c.state as State | null;
  if (!fits(r)) {
    if (state === null) return NOT_MINE;
    if (r.peek() >= 20 && r.peek() < 64) c.inside("dtls", r, r.at, r.end);
    return all;
  }
  const type = r.u16();
  const length = r.u16();
  // The class is spread over bits 4 and 8, the method is the rest (section 5).
  const outcome = OUTCOMES[((type >> 4) & 1) | ((type >> 7) & 2)] as (typeof OUTCOMES)[number];
  const method = (type & 15) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80);
  if (outcome !== "event") c.client(outcome === "request");
  c.commandFast(outcome, method, 0, -1, -1, -1);
  if (!functions.has(method)) c.weird("unknown-function");
  c.state ??= { told: false } satisfies State;
  if ((c.state as State).told) return all;
  r.skip(HEADER - 4);
  const end = Math.min(r.end, r.at + length);
  for (let i = 0; i < MAX_ATTRIBUTES && r.at + 4 <= end; i++) {
    const attribute = r.u16();
    const size = r.u16();
    if (r.at + size > end) {
      c.weird("truncated");
      break;
    }
    const next = r.at + ((size + 3) & ~3);
    if (attribute === SOFTWARE) {
      c.source(outcome === "request" ? "user-agent" : "server-software", r.utf8(size));
      (c.state as State).told = outcome !== "request";
    }
    r.at = next;
  }
  return all;
}

export const stun: Dissector = {
  protocol: "stun",
  specification: "RFC 8489, 5; RFC 8656; RFC 7983",
  on: { udp: [3_478, 5_349, 19_302] },
  recognise: (r) => (fits(r) ? recognised.sure : recognised.no),
  dissect,
  functions,
};
