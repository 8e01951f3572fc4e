/** Multisets of keys and how well two of them agree. */

export class Tally {
  readonly counts = new Map<string, number>();
  add(key: string, count = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }
  addAll(keys: Iterable<string>): this {
    for (const key of keys) this.add(key);
    return this;
  }
  get total(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }
}

/** Sums over captures: Σ min(ours, truth), Σ ours, Σ truth. */
export class Score {
  same = 0;
  told = 0;
  truth = 0;
  captures = 0;

  add(told: Tally, truth: Tally): void {
    this.captures++;
    this.told += told.total;
    this.truth += truth.total;
    for (const [key, count] of told.counts) this.same += Math.min(count, truth.counts.get(key) ?? 0);
  }
  get precision(): number {
    return this.told === 0 ? 1 : this.same / this.told;
  }
  get recall(): number {
    return this.truth === 0 ? 1 : this.same / this.truth;
  }
}

/** What one has and the other has not, the most first: `+` told beyond the truth, `-` missing. */
export function difference(told: Tally, truth: Tally, most = 6): string[] {
  const keys = new Set([...told.counts.keys(), ...truth.counts.keys()]);
  return [...keys]
    .map((key) => ({ key, more: (told.counts.get(key) ?? 0) - (truth.counts.get(key) ?? 0) }))
    .filter(({ more }) => more !== 0)
    .sort((a, b) => Math.abs(b.more) - Math.abs(a.more))
    .slice(0, most)
    .map(({ key, more }) => `${more > 0 ? "+" : ""}${more} ${key}`);
}

/** Keys that differ, as a sum. */
export function distance(told: Tally, truth: Tally): number {
  const same = common(told, truth).total;
  return told.total - same + (truth.total - same);
}

/** What both have. */
export function common(a: Tally, b: Tally): Tally {
  const both = new Tally();
  for (const [key, count] of a.counts) {
    const least = Math.min(count, b.counts.get(key) ?? 0);
    if (least > 0) both.add(key, least);
  }
  return both;
}

/** The truth for others where ours differs from it with reason: each count that lies between the two is right. */
export function between(told: Tally, truth: Tally, ours: Tally): Tally {
  const fair = new Tally();
  for (const key of new Set([...told.counts.keys(), ...truth.counts.keys(), ...ours.counts.keys()])) {
    const [a, b] = [truth.counts.get(key) ?? 0, ours.counts.get(key) ?? 0];
    const count = Math.max(Math.min(a, b), Math.min(Math.max(a, b), told.counts.get(key) ?? 0));
    if (count > 0) fair.add(key, count);
  }
  return fair;
}
