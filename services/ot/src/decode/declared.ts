/**
 * The turn of declared protocols (OT-N10): they come when nothing that is built in wants the bytes. On a port that a built-in
 * protocol calls its own they have to be sure as well: the conversation may be of that protocol, taken up in the middle.
 */
import type { Packet } from "@yagura/packets/packet.ts";
import { recognised } from "../protocols/dissector.ts";
import type { Caller } from "./caller.ts";

/** The declared dissector that wants the bytes, −1 for none. `not` has refused them, `remembered` read this server before. */
export function askDeclared(
  caller: Caller,
  p: Packet,
  bytes: Uint8Array,
  from: number,
  to: number,
  not: number,
  remembered: number,
): number {
  const all = caller.registry.allDeclared(p);
  if (all.length === 0) return -1;
  const { kind, destinationPort, sourcePort } = p;
  const there = askAt(caller, kind, destinationPort, bytes, from, to, not);
  if (there >= 0) return there;
  const here = sourcePort === destinationPort ? -1 : askAt(caller, kind, sourcePort, bytes, from, to, not);
  if (here >= 0) return here;
  for (const one of all) {
    const least = one === remembered ? recognised.port : recognised.sure;
    if (one !== not && caller.asks(one, bytes, from, to) >= least) return one;
  }
  return -1;
}

/** The same among those that expect their messages at a port. */
function askAt(
  caller: Caller,
  kind: number,
  port: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  not: number,
): number {
  const least = caller.registry.isBuiltIn(kind, port) ? recognised.sure : recognised.port;
  for (const one of caller.registry.declaredAt(kind, port))
    if (one !== not && caller.asks(one, bytes, from, to) >= least) return one;
  return -1;
}
