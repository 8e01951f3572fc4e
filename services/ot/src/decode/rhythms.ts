/**
 * Rhythm of what repeats: the last 32 distances in time of each, from which the median and its median deviation are made for an
 * upload; the longest of all. Fixed memory, one store for each beat.
 */
import { MAX_RHYTHMS } from "./limits.ts";

/** Distances that are kept. */
const KEPT = 32;
/** Beats before a rhythm is told. */
export const LEAST_BEATS = 8;

export interface Beat {
  /** µs: median distance, median deviation from it, longest distance. */
  readonly period: number;
  readonly jitter: number;
  readonly longest: number;
  /** Beats since it was told last. */
  readonly count: number;
  readonly last: number;
}

/** One record for each: the distances, then as doubles when it beat last, the longest distance, how often; 160 bytes. */
const RECORD_FLOATS = 40;
const RECORD_DOUBLES = RECORD_FLOATS / 2;
const double = { last: KEPT / 2, longest: KEPT / 2 + 1, count: KEPT / 2 + 2 } as const;

export class Rhythms {
  readonly #floats = new Float32Array(MAX_RHYTHMS * RECORD_FLOATS);
  readonly #doubles = new Float64Array(this.#floats.buffer);
  readonly #sorted = new Float32Array(KEPT);
  readonly #free: number[] = [];
  #used = 0;
  dropped = 0;

  /** A rhythm whose first beat was at `time`; −1 when there is no room. */
  begin(time: number): number {
    const slot = this.#free.pop() ?? (this.#used < MAX_RHYTHMS ? this.#used++ : -1);
    if (slot < 0) {
      this.dropped++;
      return -1;
    }
    const at = slot * RECORD_DOUBLES;
    this.#doubles[at + double.last] = time;
    this.#doubles[at + double.longest] = 0;
    this.#doubles[at + double.count] = 0;
    return slot;
  }

  beat(slot: number, time: number): void {
    const d = this.#doubles;
    const at = slot * RECORD_DOUBLES;
    const distance = time - (d[at + double.last] as number);
    // Several in one packet are one beat.
    if (distance === 0) return;
    d[at + double.last] = time;
    // A clock that is set back gives no distance.
    if (distance < 0) return;
    const count = d[at + double.count] as number;
    this.#floats[slot * RECORD_FLOATS + (count % KEPT)] = distance;
    d[at + double.count] = count + 1;
    if (distance > (d[at + double.longest] as number)) d[at + double.longest] = distance;
  }

  /** What is to be told, null while there were too few beats; begins to count anew. */
  take(slot: number): Beat | null {
    const d = this.#doubles;
    const at = slot * RECORD_DOUBLES;
    const count = d[at + double.count] as number;
    if (count + 1 < LEAST_BEATS) return null;
    const sorted = this.#sorted;
    const n = Math.min(KEPT, count);
    for (let i = 0; i < n; i++) insert(sorted, i, this.#floats[slot * RECORD_FLOATS + i] as number);
    const period = Math.round(sorted[n >> 1] as number);
    for (let i = 0; i < n; i++)
      insert(sorted, i, Math.abs((this.#floats[slot * RECORD_FLOATS + i] as number) - period));
    const jitter = Math.round(sorted[n >> 1] as number);
    const longest = d[at + double.longest] as number;
    d[at + double.count] = 0;
    d[at + double.longest] = 0;
    return { period, jitter, longest, count, last: d[at + double.last] as number };
  }

  end(slot: number): void {
    this.#free.push(slot);
  }
  clear(): void {
    this.#free.length = 0;
    this.#used = 0;
  }
}

/** Puts a number into the first `count` sorted ones. */
function insert(sorted: Float32Array, count: number, number: number): void {
  let place = count;
  while (place > 0 && (sorted[place - 1] as number) > number) {
    sorted[place] = sorted[place - 1] as number;
    place--;
  }
  sorted[place] = number;
}
