/** What a stream's dissector keeps for each of the two directions of a conversation, and what may lie inside one. */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, type Context } from "../dissector.ts";

/** 0 or 1, the same for all packets of one direction, whoever turns out to be the client. */
export const sideOf = (c: Context): 0 | 1 => (c.sourcePort > c.destinationPort ? 1 : 0);

/** The stream goes on as TLS (STARTTLS and its like): what it is not able to read passes. */
export function goOnAsTls(r: Reader, c: Context): number {
  const took = c.inside("tls", r, r.at, r.end);
  return took === NOT_MINE ? r.left : took;
}
