/** Time is handed in, so that tests never sleep and never depend on the host. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May step; use only for dates that people see. */
  now(): number;
  /** Milliseconds that never step back. Use for durations and deadlines. */
  monotonic(): number;
}

declare const performance: { now(): number };

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
