/**
 * Network Time Protocol, RFC 5905, section 7.3; control messages RFC 9327.
 *
 *   0                            1         2      3           4            8                 12     16          …  48
 *   | leap (2) ver (3) mode (3)  | stratum | poll | precision | root delay | root dispersion | refid | timestamps |
 *
 * Told: modes as functions, servers with their stratum. Timestamps are not read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 48;
const CLIENT = 3;
const SERVER = 4;
const BROADCAST = 5;
const CONTROL = 6;
const PRIVATE = 7;
/** Request code of mode 7 that lists all who asked: the amplifier of many attacks. */
const MONLIST = 42;

const functions = functionTable([
  [1, "symmetric active", "session"],
  [2, "symmetric passive", "session"],
  [CLIENT, "client", "read"],
  [SERVER, "server", "read"],
  [BROADCAST, "broadcast", "report"],
  [CONTROL, "control", "diagnose"],
  [PRIVATE, "private", "diagnose"],
]);

function fits(r: Reader): boolean {
  const version = (r.peek() >> 3) & 7;
  const mode = r.peek() & 7;
  if (mode === 0 || version < 1 || version > 4) return false;
  if (mode === CONTROL) return r.left >= 12;
  if (mode === PRIVATE) return r.left >= 8;
  return r.left >= HEADER && r.peek(1) <= 16;
}

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  const mode = r.peek() & 7;
  const stratum = r.peek(1);
  if (mode < CONTROL) {
    const answers = mode === SERVER;
    c.client(!answers);
    // Requests are answered by mode 4: the pair is one function.
    c.commandFast(answers ? "response" : mode === CLIENT ? "request" : "event", answers ? CLIENT : mode, 0, -1, -1, -1);
    if ((answers || mode === BROADCAST) && stratum > 0 && stratum < 16 && c.state !== stratum) {
      c.state = stratum;
      c.source("capability", `NTP stratum ${stratum}`);
      if (stratum === 1) c.source("role", "time-server");
    }
  } else {
    // R bit: in control messages the top bit of the second byte, in private ones the top bit of the first.
    const response = mode === CONTROL ? (r.peek(1) & 0x80) !== 0 : (r.peek() & 0x80) !== 0;
    c.client(!response);
    c.commandFast(response ? "response" : "request", mode, 0, -1, -1, -1);
    if (mode === PRIVATE && r.peek(3) === MONLIST) c.weird("monlist");
  }
  return r.end - r.start;
}

export const ntp: Dissector = {
  protocol: "ntp",
  specification: "RFC 5905, 7.3; RFC 9327",
  on: { udp: [123] },
  recognise: (r) => (fits(r) ? recognised.port : recognised.no),
  dissect,
  functions,
  weirds: ["monlist"],
};
