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

export class Rhythms {
  readonly #distances = new Float32Array(MAX_RHYTHMS * KEPT);
  readonly #last = new Float64Array(MAX_RHYTHMS);
  readonly #longest = new Float64Array(MAX_RHYTHMS);
  readonly #count = new Float64Array(MAX_RHYTHMS);
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
    this.#last[slot] = time;
    this.#longest[slot] = 0;
    this.#count[slot] = 0;
    return slot;
  }

  beat(slot: number, time: number): void {
    const distance = time - (this.#last[slot] as number);
    // Several in one packet are one beat.
    if (distance === 0) return;
    this.#last[slot] = time;
    // A clock that is set back gives no distance.
    if (distance < 0) return;
    const count = this.#count[slot] as number;
    this.#distances[slot * KEPT + (count % KEPT)] = distance;
    this.#count[slot] = count + 1;
    if (distance > (this.#longest[slot] as number)) this.#longest[slot] = distance;
  }

  /** What is to be told, null while there were too few beats; begins to count anew. */
  take(slot: number): Beat | null {
    const count = this.#count[slot] as number;
    if (count + 1 < LEAST_BEATS) return null;
    const distances = this.#distances.slice(slot * KEPT, slot * KEPT + Math.min(KEPT, count)).sort();
    const period = middle(distances);
    const jitter = middle(distances.map((distance) => Math.abs(distance - period)).sort());
    const longest = this.#longest[slot] as number;
    this.#count[slot] = 0;
    this.#longest[slot] = 0;
    return { period, jitter, longest, count, last: this.#last[slot] as number };
  }

  end(slot: number): void {
    this.#free.push(slot);
  }
  clear(): void {
    this.#free.length = 0;
    this.#used = 0;
  }
}

const middle = (sorted: Float32Array): number => Math.round(sorted[sorted.length >> 1] ?? 0);
