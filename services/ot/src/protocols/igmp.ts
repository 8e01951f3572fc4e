/**
 * Internet Group Management Protocol: RFC 2236 (version 2), RFC 3376 (version 3), section 4.
 *
 *   0      1                  2          4
 *   | type | max response     | checksum | group (4) …
 *
 * Groups are told as addresses (32 bits). Whoever queries is a router or a switch that snoops.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const QUERY = 0x11;
const REPORT_V3 = 0x22;
const MAX_GROUPS = 64;
const functions = functionTable([
  [QUERY, "membership query", "identify"],
  [0x12, "membership report v1", "session"],
  [0x13, "DVMRP", "other"],
  [0x14, "PIM v1", "other"],
  [0x16, "membership report v2", "session"],
  [0x17, "leave group", "session"],
  [REPORT_V3, "membership report v3", "session"],
]);

const fits = (r: Reader): boolean => r.left >= 8 && functions.has(r.peek());

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  const length = r.end - r.start;
  const type = r.u8();
  r.skip(3);
  c.client(type !== QUERY);
  if (type === REPORT_V3) {
    r.skip(2);
    const count = r.u16();
    for (let i = 0; i < Math.min(count, MAX_GROUPS) && r.left >= 8; i++) {
      r.skip(1);
      const auxiliary = r.u8();
      const sources = r.u16();
      const group = r.u32();
      r.skip(4 * (sources + auxiliary));
      c.commandFast("event", type, 0, group, group, -1);
    }
    return length;
  }
  const group = r.u32();
  c.commandFast("event", type, 0, group === 0 ? -1 : group, group === 0 ? -1 : group, -1);
  if (type === QUERY && c.state === null) {
    c.state = true;
    c.source("capability", "igmp-querier");
  }
  return length;
}

export const igmp: Dissector = {
  protocol: "igmp",
  specification: "RFC 2236, 2; RFC 3376, 4",
  on: { ip: [2] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
};
