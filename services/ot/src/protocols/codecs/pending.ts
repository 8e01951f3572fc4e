/**
 * Requests that wait for their response, where the response does not repeat the function: a small ring of numbers per
 * conversation, so that nothing is allocated for a request.
 */

/** Fields of a slot: in use, id, code, object, low, high, unit. */
const STRIDE = 7;
/** Requests kept in flight; the oldest is forgotten when a further one comes. */
const SLOTS = 16;

/** Number of requests that have none. */
export const QUEUE = -1;

export class Pending {
  readonly #slots = new Float64Array(STRIDE * SLOTS);
  #next = 0;
  #time = 0;
  code = 0;
  object = 0;
  low = -1;
  high = -1;
  unit = -1;

  /**
   * Remembers a request by its transaction number. A request with the same number that was not answered is taken for lost or
   * repeated and forgotten.
   */
  put(id: number, code: number, object: number, low: number, high: number, unit: number): void {
    this.#forget(id);
    this.#add(id, code, object, low, high, unit);
  }

  /**
   * Remembers a request of a protocol without transaction numbers. Requests of one packet make a queue; a request in a later
   * packet means that the earlier ones were lost, because such clients wait for their answer.
   */
  queue(time: number, code: number, object: number, low: number, high: number, unit: number): void {
    if (time !== this.#time) this.#forget(QUEUE);
    this.#time = time;
    this.#add(QUEUE, code, object, low, high, unit);
  }

  #forget(id: number): void {
    const slots = this.#slots;
    for (let at = 0; at < STRIDE * SLOTS; at += STRIDE) if (slots[at + 1] === id) slots[at] = 0;
  }

  #add(id: number, code: number, object: number, low: number, high: number, unit: number): void {
    const slots = this.#slots;
    const at = this.#next * STRIDE;
    this.#next = (this.#next + 1) % SLOTS;
    slots[at] = 1;
    slots[at + 1] = id;
    slots[at + 2] = code;
    slots[at + 3] = object;
    slots[at + 4] = low;
    slots[at + 5] = high;
    slots[at + 6] = unit;
  }

  /** Takes the oldest request with this number out of the ring into the fields of this object; false when there is none. */
  take(id: number): boolean {
    const slots = this.#slots;
    for (let k = 0; k < SLOTS; k++) {
      const at = ((this.#next + k) % SLOTS) * STRIDE;
      if (slots[at] !== 1 || slots[at + 1] !== id) continue;
      slots[at] = 0;
      this.code = slots[at + 2] as number;
      this.object = slots[at + 3] as number;
      this.low = slots[at + 4] as number;
      this.high = slots[at + 5] as number;
      this.unit = slots[at + 6] as number;
      return true;
    }
    return false;
  }
}
