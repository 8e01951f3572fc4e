/**
 * Telnet, RFC 854: characters with commands behind IAC (255).
 *
 *   | 255 | WILL 251, WONT 252, DO 253, DONT 254 | option |      | 255 | SB 250 | option … | 255 | SE 240 |
 *
 * Told: that it is used, option negotiations, and that a password was asked for in clear. The text is not told.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { find, word } from "./codecs/text.ts";

const IAC = 255;
/** SB; WILL, WONT, DO and DONT follow it. */
const SUBNEGOTIATION = 250;
const MAX_COMMANDS = 64;
const functions = functionTable([
  [240, "SE", "session"],
  [241, "NOP", "session"],
  [242, "Data Mark", "session"],
  [243, "Break", "session"],
  [244, "Interrupt Process", "session"],
  [245, "Abort Output", "session"],
  [246, "Are You There", "session"],
  [247, "Erase Character", "session"],
  [248, "Erase Line", "session"],
  [249, "Go Ahead", "session"],
  [250, "SB", "session"],
  [251, "WILL", "session"],
  [252, "WONT", "session"],
  [253, "DO", "session"],
  [254, "DONT", "session"],
]);
const PASSWORD = word("assword");

interface State {
  weak: boolean;
  login: boolean;
}

const negotiates = (r: Reader, offset: number): boolean =>
  r.peek(offset) === IAC && r.peek(offset + 1) >= SUBNEGOTIATION && r.peek(offset + 1) <= 254 && (r.peek(offset + 2) < 50 || r.peek(offset + 2) >= 138); // prettier-ignore

function recognise(r: Reader): 0 | 1 | 2 {
  if (r.left >= 9 && negotiates(r, 0) && negotiates(r, 3) && negotiates(r, 6)) return recognised.sure;
  if (negotiates(r, 0)) return recognised.port;
  // Text: a prompt or what is typed.
  for (let i = 0; i < Math.min(8, r.left); i++) {
    const byte = r.peek(i);
    if (byte > 126 || (byte < 32 && byte !== 10 && byte !== 13 && byte !== 27 && byte !== 8 && byte !== 0)) return recognised.no; // prettier-ignore
  }
  return r.left > 0 ? recognised.port : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { weak: false, login: false } satisfies State) as State;
  if (!state.weak) c.weakness("telnet");
  state.weak = true;
  const { bytes, at, end } = r;
  for (let i = at, told = 0; i + 1 < end && told < MAX_COMMANDS; i++) {
    if (bytes[i] !== IAC || (bytes[i + 1] as number) < 240 || bytes[i + 1] === IAC) continue;
    c.commandFast("event", bytes[i + 1] as number, bytes[i + 1]! > 249 ? (bytes[i + 2] ?? 0) : 0, -1, -1, -1);
    told++;
    i++;
  }
  if (!state.login && !c.fromClient && find(bytes, PASSWORD, at, Math.min(end, at + 1_024)) >= 0) {
    state.login = true;
    c.weakness("cleartext-login");
  }
  return end - at;
}

export const telnet: Dissector = {
  protocol: "telnet",
  specification: "RFC 854; RFC 855",
  on: { tcp: [23, 2323] },
  stream: true,
  recognise,
  dissect,
  functions,
};
