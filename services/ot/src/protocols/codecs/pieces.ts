/**
 * A handshake that comes in pieces, each with its offset, in any order: QUIC's CRYPTO frames (RFC 9000, 19.6), DTLS fragments
 * (RFC 9147, 5.5). A client hello with a post-quantum key share is longer than a packet, so this is the rule today.
 *
 * Limits: 16 KiB of a handshake; 32 handshakes under way at once, whoever they belong to: the one that waits longest is forgotten.
 */

export const MAX_PIECED = 16_384;
const MAX_UNDER_WAY = 32;
const nobody = {};

export class Pieces {
  readonly bytes = new Uint8Array(MAX_PIECED);
  /** Bytes from offset 0 on that are there without a hole. */
  end = 0;
  /** A bit for each byte that is there. */
  readonly #have = new Uint8Array(MAX_PIECED / 8);
  /** Bytes from here on never were there. */
  #high = 0;
  #owner: object = nobody;

  owns(owner: object): boolean {
    return this.#owner === owner;
  }

  /** Empties it for an owner. */
  give(owner: object): void {
    this.#have.fill(0, 0, (this.#high + 7) >> 3);
    this.#high = 0;
    this.end = 0;
    this.#owner = owner;
  }

  /** Puts [from, to) of `bytes` at an offset. What was there stays; false when it does not fit. */
  put(offset: number, bytes: Uint8Array, from: number, to: number): boolean {
    const last = offset + to - from;
    if (last > MAX_PIECED) return false;
    for (let at = offset, i = from; at < last; at++, i++) {
      const mask = 1 << (at & 7);
      const have = this.#have[at >> 3] as number;
      if ((have & mask) !== 0) continue;
      this.#have[at >> 3] = have | mask;
      this.bytes[at] = bytes[i] as number;
    }
    this.#high = Math.max(this.#high, last);
    while (this.end < this.#high && ((this.#have[this.end >> 3] as number) & (1 << (this.end & 7))) !== 0) this.end++;
    return true;
  }
}

const underWay: Pieces[] = [];
let next = 0;

/** What there is of an owner's handshake; an empty one when there is nothing yet, or when others needed its place. */
export function piecesOf(owner: object): Pieces {
  let free: Pieces | null = null;
  for (const one of underWay) {
    if (one.owns(owner)) return one;
    if (one.owns(nobody)) free ??= one;
  }
  if (free === null && underWay.length < MAX_UNDER_WAY) underWay.push((free = new Pieces()));
  free ??= underWay[next++ % MAX_UNDER_WAY] as Pieces;
  free.give(owner);
  return free;
}

/** The owner needs its pieces no longer. */
export function dropPieces(owner: object): void {
  for (const one of underWay) if (one.owns(owner)) one.give(nobody);
}
