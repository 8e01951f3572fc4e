/** What a stream's dissector keeps for each of the two directions of a conversation. */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Context } from "../dissector.ts";

/** 0 or 1, the same for all packets of one direction, whoever turns out to be the client. */
export const sideOf = (c: Context): 0 | 1 => (c.sourcePort > c.destinationPort ? 1 : 0);

/**
 * Bytes of each direction that belong to a message whose head has been read and of which no more is wanted: they pass without
 * being kept.
 */
export class Passing {
  readonly #left = [0, 0];

  /** A message of `length` bytes begins at the next read: gives what is here of it, and lets the rest pass. */
  take(r: Reader, c: Context, length: number): number {
    const here = Math.min(length, r.end - r.start);
    this.#left[sideOf(c)] = length - here;
    return here;
  }
  /** Bytes at the next read that still belong to such a message. */
  pass(r: Reader, c: Context): number {
    const side = sideOf(c);
    const here = Math.min(this.#left[side] as number, r.left);
    this.#left[side] = (this.#left[side] as number) - here;
    return here;
  }
}
