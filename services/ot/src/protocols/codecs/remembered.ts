/**
 * Something that is made once for the bytes that name it: labels of cyclic traffic are read at the first packet and found again
 * by a number of the bytes. At most `most` are kept; later ones are made anew each time.
 */
export class Remembered<T> {
  readonly #kept = new Map<number, T>();
  readonly #most: number;

  constructor(most = 64) {
    this.#most = most;
  }
  get(key: number): T | undefined {
    return this.#kept.get(key);
  }
  put(key: number, value: T): T {
    if (this.#kept.size < this.#most) this.#kept.set(key, value);
    return value;
  }
}

/** Two sums of 26 bits in one number: equal keys of different names among a few hundred are not to be feared. */
export function keyOf(bytes: Uint8Array, from: number, to: number, seed = 0): number {
  let a = (17 + seed) & 0x3_ff_ff_ff;
  let b = (to - from + seed * 7) & 0x3_ff_ff_ff;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    a = (a * 31 + byte) & 0x3_ff_ff_ff;
    b = (b * 131 + byte + 7) & 0x3_ff_ff_ff;
  }
  return a * 0x4_00_00_00 + b;
}
