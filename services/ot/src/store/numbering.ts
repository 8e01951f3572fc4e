/** Wide numbers as small ones: pairs of thousands of devices are told apart by one number each. */

/** Slots for each key at least: few keys fall on taken ones. */
const ROOM = 2;
const HIGH = 4_294_967_296;

/**
 * Numbers keys from 0 on in the order in which they come up. Keys are whole numbers from 0 to 2^53. A Map makes an object for each
 * look-up of a number this wide, and that is most of the time of a page of 5,000 devices.
 */
export class Numbering {
  #keys = new Float64Array(512);
  /** The number of the key that stands there, and one; 0 where nothing stands. */
  #slots = new Int32Array(ROOM * 512);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of a key, a new one where it had none. */
  of(key: number): number {
    const slot = this.#slotOf(key);
    const taken = this.#slots[slot] as number;
    if (taken !== 0) return taken - 1;
    this.#keys[this.#size] = key;
    this.#slots[slot] = ++this.#size;
    if (this.#size === this.#keys.length) this.#grow();
    return this.#size - 1;
  }

  /** The number of a key; -1 where it has none. */
  find(key: number): number {
    return (this.#slots[this.#slotOf(key)] as number) - 1;
  }

  /** The key of a number. */
  key(number: number): number {
    return this.#keys[number] as number;
  }

  /** Where the key stands, or would. */
  #slotOf(key: number): number {
    const [slots, keys] = [this.#slots, this.#keys];
    const mask = slots.length - 1;
    let hash = Math.imul(key | 0, 0x9e37_79b1) ^ Math.imul((key / HIGH) | 0, 0x85eb_ca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const taken = slots[slot] as number;
      if (taken === 0 || keys[taken - 1] === key) return slot;
    }
  }

  #grow(): void {
    const keys = new Float64Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(ROOM * keys.length);
    for (let number = 0; number < this.#size; number++) {
      this.#slots[this.#slotOf(keys[number] as number)] = number + 1;
    }
  }
}
