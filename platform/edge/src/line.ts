/**
 * How much may be under way at once. On a slow line (64 kbit/s) several large batches side by side would all run out of time;
 * on a fast and long one a single batch would leave it empty. What batches took tells which it is.
 */

/** A batch that takes longer than this shares the line with too many others, ms. */
export const LONG_MS = 4_000;
const SHORT_MS = LONG_MS / 2;
const LEAST_BYTES = 16 * 1024;
const FIRST_BYTES = 64 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;

export class Line {
  #window = FIRST_BYTES;
  #bytes = 0;
  #batches = 0;

  /** Whether a batch may go as well; the first always may. */
  fits(bytes: number): boolean {
    return this.#batches === 0 || this.#bytes + bytes <= this.#window;
  }
  began(bytes: number): void {
    this.#batches++;
    this.#bytes += bytes;
  }
  /** It was answered after so many milliseconds; null: it was not. */
  ended(bytes: number, milliseconds: number | null): void {
    this.#batches--;
    this.#bytes -= bytes;
    if (milliseconds === null || milliseconds > LONG_MS) this.#window = Math.max(LEAST_BYTES, this.#window / 2);
    else if (milliseconds < SHORT_MS) this.#window = Math.min(MOST_BYTES, this.#window * 2);
  }
}
