/** How long to wait before trying again: exponential with full jitter, so that a thousand programs do not come back together. */

export interface Backoff {
  /** Milliseconds to wait now; each call waits longer until `reset`. `atLeast`: what the server asked for. */
  next(atLeast?: number): number;
  reset(): void;
}

/** Waits are uniform in 0 to base × 2^n, capped; what the server asked for is kept to, plus up to half of it again. */
export function createBackoff(base: number, cap: number, random: () => number): Backoff {
  let attempt = 0;
  return {
    next(atLeast = 0) {
      const span = Math.min(cap, base * 2 ** Math.min(attempt++, 30));
      return Math.round(Math.max(random() * span, atLeast * (1 + random() / 2), Math.min(base / 4, 100)));
    },
    reset() {
      attempt = 0;
    },
  };
}
