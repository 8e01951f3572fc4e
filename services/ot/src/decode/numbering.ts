/** Numbers things anew from 0 in the order in which they are asked for, e.g. those of an upload among all that the engine knows. */
export class Numbering {
  /** Thing → its number + 1. */
  readonly #numbers: Int32Array;
  readonly #numbered: Int32Array;
  #count = 0;

  constructor(capacity: number) {
    this.#numbers = new Int32Array(capacity);
    this.#numbered = new Int32Array(capacity);
  }

  /** What was set for it, −1 while there is nothing. */
  get(thing: number): number {
    return (this.#numbers[thing] as number) - 1;
  }
  set(thing: number, number: number): void {
    if (this.#numbers[thing] === 0) this.#numbered[this.#count++] = thing;
    this.#numbers[thing] = number + 1;
  }
  get count(): number {
    return this.#count;
  }
  clear(): void {
    for (let i = 0; i < this.#count; i++) this.#numbers[this.#numbered[i] as number] = 0;
    this.#count = 0;
  }
}
