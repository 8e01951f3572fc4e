/**
 * What was asked, until it is answered: for protocols whose responses (or refusals) do not repeat the function. A ring of
 * places by transaction number: a newer request takes the place of an older one, nothing grows.
 */
const PLACES = 64;

export class Asked {
  readonly #ids: Float64Array;
  readonly #codes: Float64Array;

  constructor(places = PLACES) {
    this.#ids = new Float64Array(places).fill(-1);
    this.#codes = new Float64Array(places);
  }

  /** Both numbers from 0 to 2^53. */
  put(id: number, code: number): void {
    const place = id % this.#ids.length;
    this.#ids[place] = id;
    this.#codes[place] = code;
  }
  /** −1 when it was not asked, or too long ago. */
  get(id: number): number {
    const place = id % this.#ids.length;
    return this.#ids[place] === id ? (this.#codes[place] as number) : -1;
  }
  /** As `get`, and forgets it: the answer that follows is another's. */
  take(id: number): number {
    const code = this.get(id);
    if (code !== -1) this.#ids[id % this.#ids.length] = -1;
    return code;
  }
}
