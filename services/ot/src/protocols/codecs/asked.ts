/**
 * What was asked, until it is answered: for protocols whose responses (or refusals) do not repeat the function. A ring of
 * ASKED places by transaction number: a newer request takes the place of an older one, nothing grows.
 */
const ASKED = 64;

export class Asked {
  readonly #ids = new Float64Array(ASKED).fill(-1);
  readonly #codes = new Float64Array(ASKED);

  /** Numbers up to 2^53. */
  put(id: number, code: number): void {
    this.#ids[id % ASKED] = id;
    this.#codes[id % ASKED] = code;
  }
  /** −1 when it was not asked, or too long ago. */
  get(id: number): number {
    return this.#ids[id % ASKED] === id ? (this.#codes[id % ASKED] as number) : -1;
  }
  /** As `get`, and forgets it: the answer that follows is another's. */
  take(id: number): number {
    const code = this.get(id);
    if (code !== -1) this.#ids[id % ASKED] = -1;
    return code;
  }
}
