/**
 * Protocol Independent Multicast, RFC 7761, section 4.9: routers that agree on the ways of multicast.
 *
 *   0                    1          2
 *   | version 2, type    | reserved | checksum | …
 *
 * Told: that the source is a router, types as functions.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 4;
const HELLO = 0;
const functions = functionTable([
  [HELLO, "Hello", "session"],
  [1, "Register", "report"],
  [2, "Register-Stop", "session"],
  [3, "Join/Prune", "session"],
  [4, "Bootstrap", "report"],
  [5, "Assert", "session"],
  [6, "Graft", "session"],
  [7, "Graft-Ack", "session"],
  [8, "Candidate-RP-Advertisement", "report"],
  [9, "State Refresh", "report"],
  [10, "DF Election", "session"],
]);

const fits = (r: Reader): boolean => r.left >= HEADER && r.peek() >> 4 === 2 && functions.has(r.peek() & 15);

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  const type = r.peek() & 15;
  c.client(true);
  if (type === HELLO && c.state === null) {
    c.state = true;
    c.source("role", "router");
  }
  c.commandFast("event", type, 0, -1, -1, -1);
  return r.left;
}

export const pim: Dissector = {
  protocol: "pim",
  specification: "RFC 7761, 4.9",
  on: { ip: [103] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
};
