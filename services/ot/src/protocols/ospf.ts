/**
 * Open Shortest Path First, version 2 RFC 2328, appendix A.3, and version 3 RFC 5340, appendix A.3: routers that tell each other ways.
 *
 *   0         1      2        4           8      12
 *   | version | type | length | router id | area | checksum …
 *
 * Told: that the source is a router, types as functions. Routes are not read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 16;
const functions = functionTable([
  [1, "Hello", "session"],
  [2, "Database Description", "report"],
  [3, "Link State Request", "read"],
  [4, "Link State Update", "report"],
  [5, "Link State Acknowledgment", "report"],
]);

// Digests may follow behind the length (RFC 2328, D.4.3).
const fits = (r: Reader): boolean =>
  r.left >= HEADER && (r.peek() === 2 || r.peek() === 3) && functions.has(r.peek(1)) && r.peek16(2) >= HEADER && r.peek16(2) <= Math.max(64, r.left); // prettier-ignore

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  c.client(true);
  if (c.state === null) {
    c.state = true;
    c.source("role", "router");
    c.source("capability", `OSPFv${r.peek()}`);
  }
  c.commandFast("event", r.peek(1), 0, -1, -1, -1);
  return r.left;
}

export const ospf: Dissector = {
  protocol: "ospf",
  specification: "RFC 2328, A.3; RFC 5340, A.3",
  on: { ip: [89] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
};
