/**
 * Secure Shell, RFC 4253, section 4.2: `SSH-2.0-software comments` CR LF from either side; a server may send other lines before.
 * What follows is encrypted and passes. Limits: 32 lines before, lines of 255 characters.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { sideOf } from "./codecs/sides.ts";
import { begins, lineLength, textOf, word } from "./codecs/text.ts";

const MAX_LINE = 512;
const MAX_LINES = 32;
const IDENTIFICATION = 1;
const functions = functionTable([[IDENTIFICATION, "identification", "session"]]);

const SSH = word("SSH-");
const SSH1 = word("SSH-1.");
const SSH199 = word("SSH-1.99-");

interface State {
  readonly done: [boolean, boolean];
  lines: number;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { done: [false, false], lines: 0 } satisfies State) as State;
  const side = sideOf(c);
  if (state.done[side]) return r.left;
  const length = lineLength(r, MAX_LINE);
  if (length === 0) return r.left >= MAX_LINE ? NOT_MINE : NEED_MORE;
  if (!begins(r, SSH)) return ++state.lines > MAX_LINES ? NOT_MINE : length;
  state.done[side] = true;
  const at = r.at + (begins(r, SSH199) ? SSH199.length : 8);
  const software = textOf(r.bytes, at, r.at + length);
  c.commandFast(c.fromClient ? "request" : "response", IDENTIFICATION, 0, -1, -1, -1);
  if (c.fromClient) c.source("user-agent", software);
  else c.source("server-software", software);
  if (begins(r, SSH1) && !begins(r, SSH199)) c.weakness("ssh-1");
  return length;
}

export const ssh: Dissector = {
  protocol: "ssh",
  specification: "RFC 4253, 4.2",
  on: { tcp: [22] },
  stream: true,
  recognise: (r) => (begins(r, SSH) && (r.peek(4) === 0x31 || r.peek(4) === 0x32) && r.peek(5) === 0x2e ? recognised.sure : recognised.no), // prettier-ignore
  dissect,
  functions,
};
