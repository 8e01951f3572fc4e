/** A set of keys of a few 32-bit words, each with the number of its row: no objects, fixed memory, rows in order of arrival. */

const MIX = 0x9e37_79b1;

/**
 * Where keys stand differs from run to run: who writes the packets must not be able to make keys that all stand in one place. The order
 * of rows does not depend on it.
 */
export const seed = (): number => Math.floor(Math.random() * 0x1_0000_0000) | 0;

export class KeyTable {
  readonly width: number;
  readonly capacity: number;
  /** Write the key here before `find` or `put`. */
  readonly key: Int32Array;
  /** Rows in use: 0 to count − 1. */
  count = 0;
  /** Set by `put`: the row is new. */
  fresh = false;
  /** Words of all keys, row after row, each `stride` words behind the one before. */
  readonly keys: Int32Array;
  readonly stride: number;
  /** Row + 1, 0 for none; open addressing, at most half full. */
  readonly #places: Int32Array;
  readonly #mask: number;
  readonly #seed = seed();

  /**
   * `stride` above `width` leaves words behind each key for what its owner keeps of the row: one place in memory for a row, not one
   * for each of its fields. They are not touched here.
   */
  constructor(width: number, capacity: number, stride: number = width) {
    this.width = width;
    this.stride = stride;
    this.capacity = capacity;
    this.key = new Int32Array(width);
    this.keys = new Int32Array(stride * capacity);
    let size = 16;
    while (size < 2 * capacity) size *= 2;
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** Row of the key, −1 when it is not there. */
  find(): number {
    return (this.#places[this.#place()] as number) - 1;
  }

  /** Row of the key, which is put in when there is room; −1 when there is none. */
  put(): number {
    const place = this.#place();
    const row = (this.#places[place] as number) - 1;
    this.fresh = row < 0;
    if (row >= 0) return row;
    if (this.count >= this.capacity) {
      this.fresh = false;
      return -1;
    }
    const { key, width } = this;
    const base = this.count * this.stride;
    for (let i = 0; i < width; i++) this.keys[base + i] = key[i] as number;
    this.#places[place] = ++this.count;
    return this.count - 1;
  }

  /** A word of a row's key. */
  word(row: number, index: number): number {
    return this.keys[row * this.stride + index] as number;
  }

  clear(): void {
    if (this.count === 0) return;
    this.count = 0;
    this.#places.fill(0);
  }

  /** Where the key stands or would stand. */
  #place(): number {
    const { key, keys, width, stride } = this;
    const places = this.#places;
    const mask = this.#mask;
    let hash = this.#seed;
    for (let i = 0; i < width; i++) {
      hash = Math.imul(hash ^ (key[i] as number), MIX);
      hash ^= hash >>> 15;
    }
    let place = hash & mask;
    for (;;) {
      const row = (places[place] as number) - 1;
      if (row < 0) return place;
      const base = row * stride;
      let i = 0;
      while (i < width && keys[base + i] === key[i]) i++;
      if (i === width) return place;
      place = (place + 1) & mask;
    }
  }
}
