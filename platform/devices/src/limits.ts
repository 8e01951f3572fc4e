/** How much one device, and one address that fails to prove itself, may ask. Token buckets in memory of this process. */

/** Buckets kept; when full, those that are full again are forgotten. */
const MAX_BUCKETS = 100_000;

export interface Bucket {
  /** Takes one token. 0 when there was one, else the seconds until there is. */
  take(key: string): number;
  /** Seconds until there is a token, without taking it: 0 when there is one. */
  peek(key: string): number;
}

/** At most `burst` at once and `perSecond` in the long run, per key. */
export function createBuckets(perSecond: number, burst: number, monotonic: () => number): Bucket {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const level = (key: string): { tokens: number; at: number } => {
    const now = monotonic();
    const bucket = buckets.get(key);
    if (bucket === undefined) return { tokens: burst, at: now };
    return { tokens: Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond), at: now };
  };
  const wait = (tokens: number): number => (tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perSecond));
  return {
    peek: (key) => wait(level(key).tokens),
    take(key) {
      const bucket = level(key);
      const seconds = wait(bucket.tokens);
      if (seconds === 0) bucket.tokens -= 1;
      buckets.set(key, bucket);
      if (buckets.size > MAX_BUCKETS) sweep();
      return seconds;
    },
  };
  function sweep(): void {
    for (const key of buckets.keys()) if (level(key).tokens >= burst) buckets.delete(key);
    // Under an attack from many keys at once nobody is full: then everybody starts anew rather than memory growing.
    if (buckets.size > MAX_BUCKETS) buckets.clear();
  }
}

export interface Budget {
  /** Seconds until there is something to spend: 0 when there is. */
  wait(key: string): number;
  /** Takes an amount that is known only afterwards; what is overdrawn is waited for. */
  spend(key: string, amount: number): void;
}

/** As buckets, for work whose size shows while it is done. */
export function createBudget(perSecond: number, burst: number, monotonic: () => number): Budget {
  const debts = new Map<string, { owed: number; at: number }>();
  const owed = (key: string): number => {
    const debt = debts.get(key);
    return debt === undefined ? 0 : Math.max(0, debt.owed - ((monotonic() - debt.at) / 1000) * perSecond);
  };
  return {
    wait: (key) => Math.max(0, Math.ceil((owed(key) - burst) / perSecond)),
    spend(key, amount) {
      debts.set(key, { owed: owed(key) + amount, at: monotonic() });
      if (debts.size <= MAX_BUCKETS) return;
      for (const one of debts.keys()) if (owed(one) === 0) debts.delete(one);
      if (debts.size > MAX_BUCKETS) debts.clear();
    },
  };
}
