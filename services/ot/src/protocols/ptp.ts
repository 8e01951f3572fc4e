/**
 * PTP, version 2 (IEEE 1588-2019, clause 13; EtherType 0x88f7, UDP 319 and 320) and version 1 (IEEE 1588-2002, annex D):
 *
 *   2 | SDO 4 bits, type 4 bits | minor version, version | length 2 | domain 1 | SDO 1 | flags 2 | correction 8 | 0 4 | clock 8, port 2
 *   34 bytes in all, then by type; Announce: | origin 10 | UTC offset 2 | 0 | priority 1 | quality 4 | priority 1 | grandmaster 8 | steps 2
 *   1 | version 2 | network version 2 | subdomain 16 | type 1 | … | control 1 at 32
 *
 * Codes: message types; of version 1 VERSION_1 + control; management 0xd00 + its action. Unit is the domain. Identity: a clock that
 * announces itself as grandmaster. CC-Link IE TSN and TSN (802.1AS) send the same messages.
 * Weirds: "bad-length", "bad-version", "truncated", "unknown-function".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable } from "./codecs/functions.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEAD = 34;
const ANNOUNCE = 0x0b;
const MANAGEMENT = 0x0d;
export const VERSION_1 = 0x100;

const functions = functionTable([
  [0x0, "Sync", "report"],
  [0x1, "Delay_Req", "report"],
  [0x2, "Pdelay_Req", "report"],
  [0x3, "Pdelay_Resp", "report"],
  [0x8, "Follow_Up", "report"],
  [0x9, "Delay_Resp", "report"],
  [0xa, "Pdelay_Resp_Follow_Up", "report"],
  [ANNOUNCE, "Announce", "report"],
  [0xc, "Signaling", "session"],
  [0xd00, "Management GET", "diagnose"],
  [0xd01, "Management SET", "configure"],
  [0xd02, "Management RESPONSE", "diagnose"],
  [0xd03, "Management COMMAND", "configure"],
  [0xd04, "Management ACKNOWLEDGE", "diagnose"],
  [VERSION_1 + 0, "Sync (version 1)", "report"],
  [VERSION_1 + 1, "Delay_Req (version 1)", "report"],
  [VERSION_1 + 2, "Follow_Up (version 1)", "report"],
  [VERSION_1 + 3, "Delay_Resp (version 1)", "report"],
  [VERSION_1 + 4, "Management (version 1)", "configure"],
]);

/** Least bytes of each type, clause 13.5 on; 0 for types that are reserved. */
const least = [44, 44, 54, 54, 0, 0, 0, 0, 44, 54, 54, 64, 44, 48, 0, 0] as const;

function recognise(r: Reader): Recognised {
  if (r.left < HEAD) return recognised.no;
  const type = r.peek(0) & 0x0f;
  const length = r.peek16(2);
  if ((r.peek(1) & 0x0f) === 2) {
    return (least[type] as number) > 0 && length >= HEAD && length <= 1500 && r.peek32(16) === 0
      ? recognised.port
      : recognised.no;
  }
  return r.peek16(0) === 1 && r.peek16(2) === 1 && r.peek(32) <= 4 ? recognised.port : recognised.no;
}

function versionOne(r: Reader, c: Context): void {
  if (r.left < 40) {
    c.weird("truncated");
    return;
  }
  const control = r.peek(32);
  if (control <= 4) c.commandFast("event", VERSION_1 + control, 0, -1, -1, -1);
  else c.weird("unknown-function");
}

/** Whether the announcing clock is the grandmaster itself: no steps between, and its own identity. */
function grandmaster(r: Reader): boolean {
  if (r.left < 64 || r.peek16(61) !== 0) return false;
  for (let k = 0; k < 8; k++) if (r.peek(20 + k) !== r.peek(53 + k)) return false;
  return true;
}

interface Known {
  grandmaster: boolean;
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size === 0) return -1;
  const version = r.peek(1) & 0x0f;
  if (version === 1 && r.peek(0) === 0) {
    versionOne(r, c);
    return size;
  }
  if (version !== 2) {
    c.weird("bad-version");
    return size;
  }
  const type = r.peek(0) & 0x0f;
  const needed = least[type] as number;
  if (needed === 0) {
    c.weird("unknown-function");
    return size;
  }
  if (size < HEAD) {
    c.weird("truncated");
    return size;
  }
  if (size < needed) c.weird("truncated");
  else if (r.peek16(2) > size || r.peek16(2) < needed) c.weird("bad-length");
  const domain = r.peek(4);
  c.commandFast("event", type === MANAGEMENT ? 0xd00 + (r.peek(46) & 0x0f) : type, 0, -1, -1, domain);
  if (type !== ANNOUNCE) return size;
  const known = (c.state ??= { grandmaster: false } satisfies Known) as Known;
  if (known.grandmaster || !grandmaster(r)) return size;
  known.grandmaster = true;
  c.source("capability", "PTP grandmaster");
  return size;
}

export const ptp: Dissector = {
  protocol: "ptp",
  specification: "IEEE 1588-2019, clause 13",
  on: { ethertype: [0x88f7], udp: [319, 320] },
  recognise,
  dissect,
  functions,
};
