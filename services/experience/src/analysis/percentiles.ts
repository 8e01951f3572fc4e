/** Percentiles with a stated definition, and what may be done with them. Pure. */

/**
 * Percentiles as the product shows them wherever raw samples are at hand: Hyndman and Fan's type 7 (linear between order
 * statistics; Excel PERCENTILE.INC, NumPy's default, ClickHouse quantileExactInclusive).
 */
export function percentile(sorted: ArrayLike<number>, level: number): number | null {
  const n = sorted.length;
  if (n === 0) return null;
  const h = (n - 1) * Math.min(1, Math.max(0, level));
  const low = Math.floor(h);
  const a = sorted[low] as number;
  const b = sorted[Math.min(n - 1, low + 1)] as number;
  return a + (h - low) * (b - a);
}

/** Nearest rank: the smallest value with at least `level` of all values at or below it. Always a value that was measured. */
export function nearestRank(sorted: ArrayLike<number>, level: number): number | null {
  const n = sorted.length;
  return n === 0 ? null : (sorted[Math.min(n - 1, Math.max(0, Math.ceil(level * n) - 1))] as number);
}

/** The levels of every distribution in the API, lowest first. */
export const levels = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** Relative error bound of the hourly sketches (DDSketch, Masson, Rim and Lee 2019): |estimate − true| ≤ 0.01 · true. */
export const SKETCH_ERROR = 0.01;

/**
 * A sketch of positive numbers with relative error `error`, in the bucket scheme of DDSketch: bucket i holds
 * (γ^(i−1), γ^i], γ = (1 + error) / (1 − error). Merging adds bucket counts, so a sketch of merged data equals the merge of
 * its sketches, in any order: that is why time ranges are merged as sketches and percentiles are never averaged.
 */
export class Sketch {
  readonly error: number;
  #logGamma: number;
  #buckets = new Map<number, number>();
  #zeros = 0;
  #count = 0;
  constructor(error: number = SKETCH_ERROR) {
    this.error = error;
    this.#logGamma = Math.log((1 + error) / (1 - error));
  }
  get count(): number {
    return this.#count;
  }
  add(value: number): void {
    this.#count++;
    if (value <= 0) {
      this.#zeros++;
      return;
    }
    const bucket = Math.ceil(Math.log(value) / this.#logGamma);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }
  /** Adds the other's buckets to this one's. Both must have the same error bound, else a RangeError is thrown. */
  merge(other: Sketch): void {
    if (other.error !== this.error) throw new RangeError("sketches of different error bounds cannot be merged");
    for (const [bucket, n] of other.#buckets) this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + n);
    this.#zeros += other.#zeros;
    this.#count += other.#count;
  }
  /** Within the error bound of the nearest-rank percentile; null when empty. */
  percentile(level: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.max(1, Math.ceil(level * this.#count)) - this.#zeros;
    if (left <= 0) return 0;
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      left -= this.#buckets.get(bucket) as number;
      if (left <= 0) return (2 * Math.exp(bucket * this.#logGamma)) / (1 + Math.exp(this.#logGamma));
    }
    return null;
  }
}
