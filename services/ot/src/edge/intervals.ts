/** When an interval ends. Pure: times are milliseconds that only go forwards. */

/** Urgent findings leave at most so often; nobody reacts faster, and each interval has its own overhead. */
const URGENT_EVERY = 1_000;
/** While so many batches wait, the line does not keep up: intervals grow, because a longer one says the same with less. */
const CONGESTED = 6;
const LONGEST = 60_000;

export class Intervals {
  #upload: number;
  #began: number;

  constructor(now: number, upload: number) {
    this.#began = now;
    this.#upload = upload;
  }
  /** Milliseconds between uploads from now on. */
  set upload(milliseconds: number) {
    this.#upload = milliseconds;
  }
  /** Whether to end it now, and why. `waiting`: batches that are not acknowledged yet. */
  due(now: number, urgent: boolean, waiting: number): "urgent" | "regular" | null {
    const age = now - this.#began;
    if (urgent && age >= Math.min(URGENT_EVERY, this.#upload)) return "urgent";
    const stretch = 2 ** Math.min(4, Math.floor(waiting / CONGESTED));
    return age >= Math.min(Math.max(LONGEST, this.#upload), this.#upload * stretch) ? "regular" : null;
  }
  ended(now: number): void {
    this.#began = now;
  }
}
