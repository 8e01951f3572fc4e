/** What one side of a TCP conversation keeps: the beginning of a message that is not whole, and segments that came early. */

/** Segments that wait for an earlier one, and their bytes; beyond, the hole is given up. */
export const MAX_EARLY_SEGMENTS = 16;
export const MAX_EARLY_BYTES = 65_536;
/** µs that early segments wait (a retransmission comes after 200 ms or more; a mirror reorders within a few ms). */
export const MAX_EARLY_WAIT = 1_000_000;

const nothing = new Uint8Array(0);

interface Early {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export class Half {
  /** Kept bytes: [0, length) of `kept`. */
  kept: Uint8Array = nothing;
  length = 0;
  /** Bytes to pass over before the next message. */
  skip = 0;
  readonly early: Early[] = [];
  earlyBytes = 0;
  earlySince = 0;

  /** Appends to what is kept. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const need = this.length + to - from;
    if (need > this.kept.length) {
      const larger = new Uint8Array(Math.max(need, 2 * this.kept.length, 1_024));
      larger.set(this.kept.subarray(0, this.length));
      this.kept = larger;
    }
    if (to - from < 64) for (let i = from; i < to; i++) this.kept[this.length + i - from] = bytes[i] as number;
    else this.kept.set(bytes.subarray(from, to), this.length);
    this.length = need;
  }

  /** Forgets the first `count` kept bytes. */
  consume(count: number): void {
    if (count < this.length) this.kept.copyWithin(0, count, this.length);
    this.length = Math.max(0, this.length - count);
  }

  /** Lays a segment aside, in order; a second copy of the same place is not kept. */
  delay(sequence: number, bytes: Uint8Array, from: number, to: number, time: number): void {
    let place = this.early.length;
    while (place > 0 && ((this.early[place - 1] as Early).sequence - sequence) >> 0 > 0) place--;
    const before = this.early[place - 1];
    if (before !== undefined && before.sequence === sequence && before.bytes.length >= to - from) return;
    if (this.early.length === 0) this.earlySince = time;
    this.early.splice(place, 0, { sequence, bytes: bytes.slice(from, to) });
    this.earlyBytes += to - from;
  }

  /** The first early segment is taken out. */
  takeEarly(): Early | undefined {
    const first = this.early.shift();
    if (first !== undefined) this.earlyBytes -= first.bytes.length;
    return first;
  }

  /** No room or no patience for the hole any more. */
  impatient(time: number): boolean {
    return (
      this.early.length >= MAX_EARLY_SEGMENTS ||
      this.earlyBytes > MAX_EARLY_BYTES ||
      Math.abs(time - this.earlySince) > MAX_EARLY_WAIT
    );
  }

  /** Bytes of memory. */
  get size(): number {
    return this.kept.length + this.earlyBytes;
  }

  /** Forgets the unfinished message; early segments stay. */
  forget(): void {
    this.length = 0;
    this.skip = 0;
    // A buffer that one long message needed is not held for ever.
    if (this.kept.length > 8_192) this.kept = nothing;
  }
}
