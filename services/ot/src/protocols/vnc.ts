/**
 * Remote Framebuffer (VNC), RFC 6143, section 7.1: `RFB 003.008` LF from both, then the security types.
 *
 *   server: | count | type … |  (3.7 and later)      client: | type |
 *   server: | type (4) |        (3.3)
 *
 * The session itself passes. A server that lets in without authentication, when it is chosen, is a weakness.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { sideOf } from "./codecs/sides.ts";
import { begins, decimal, word } from "./codecs/text.ts";

const VERSION_LENGTH = 12;
const VERSION = 0x100;
const NONE = 1;
const functions = functionTable([
  [0, "security failed", "login"],
  [NONE, "security None", "login"],
  [2, "security VNC", "login"],
  [5, "security RA2", "login"],
  [6, "security RA2ne", "login"],
  [16, "security Tight", "login"],
  [17, "security Ultra", "login"],
  [18, "security TLS", "login"],
  [19, "security VeNCrypt", "login"],
  [30, "security Apple", "login"],
  [VERSION, "protocol version", "session"],
]);
const RFB = word("RFB 00");

/** What comes next in a direction. */
const step = { version: 0, security: 1, rest: 2 } as const;
interface State {
  readonly steps: [number, number];
  /** Version of the client's choice, 3.3 → 3; 0 while unknown. */
  minor: number;
}

const isVersion = (r: Reader): boolean => begins(r, RFB) && r.peek(7) === 0x2e && r.peek(11) === 0x0a;

function version(r: Reader, c: Context, state: State, side: 0 | 1): number {
  if (r.left < VERSION_LENGTH) return NEED_MORE;
  if (!isVersion(r)) return NOT_MINE;
  state.steps[side] = step.security;
  // Apple says 3.889 and means 3.8.
  const told = decimal(r.bytes, r.at + 8, r.at + 11);
  const minor = told === 889 ? 8 : told;
  state.minor = state.minor === 0 ? minor : Math.min(state.minor, minor);
  const text = `RFB 3.${minor}`;
  c.commandFast(c.fromClient ? "request" : "response", VERSION, 0, -1, -1, -1);
  if (!c.fromClient) c.source("capability", text);
  return VERSION_LENGTH;
}

function chosen(c: Context, type: number): void {
  c.commandFast("event", type, 0, -1, -1, -1);
  if (type === NONE) c.weakness("vnc-no-authentication");
}

function security(r: Reader, c: Context, state: State, side: 0 | 1): number {
  if (c.fromClient) {
    state.steps[side] = step.rest;
    if (state.minor >= 7) chosen(c, r.peek());
    return state.minor >= 7 ? 1 : r.left;
  }
  if (state.minor < 7) {
    if (r.left < 4) return NEED_MORE;
    state.steps[side] = step.rest;
    chosen(c, r.peek(3));
    return 4;
  }
  const count = r.peek();
  if (r.left < 1 + count) return NEED_MORE;
  state.steps[side] = step.rest;
  if (count === 0) c.commandFast("error", 0, 0, -1, -1, -1);
  return 1 + count;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { steps: [0, 0], minor: 0 } satisfies State) as State;
  const side = sideOf(c);
  const at = state.steps[side];
  if (at === step.version) return version(r, c, state, side);
  return at === step.security ? security(r, c, state, side) : r.left;
}

export const vnc: Dissector = {
  protocol: "vnc",
  specification: "RFC 6143, 7.1",
  on: { tcp: [5900, 5901, 5902, 5903] },
  stream: true,
  recognise: (r) => (r.left >= VERSION_LENGTH && isVersion(r) ? recognised.sure : recognised.no),
  dissect,
  functions,
};
