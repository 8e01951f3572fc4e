/**
 * How this machine's clock stands to the server's, from the four times of each request (RFC 5905 section 8): the request with
 * the smallest round trip of the last few says it best, because queues only ever add. Times in microseconds.
 */
import type { Clock } from "@yagura/core/clock.ts";
import type { ClockOffset } from "@yagura/wire/envelope.ts";

/** Exchanges kept for the filter. */
const WINDOW = 16;
/** Exchanges older than this say nothing about a clock that drifts. */
const MAX_AGE_MS = 30 * 60_000;
/** A step of this machine's clock above this makes all earlier exchanges void. */
const STEP_MS = 250;
/** Both clocks are read in whole milliseconds. */
const READ_ERROR_US = 1_000;
/** Worst drift of a free-running crystal, as NTP assumes it: 15 ppm each side, with margin. */
const DRIFT = 50e-6;

export interface Exchange {
  /** This machine's clock: when the request left and the answer was here. */
  readonly sentAt: number;
  readonly heardAt: number;
  /** The server's clock: when the request had come and the answer left. */
  readonly receivedAt: number;
  readonly answeredAt: number;
}
export interface OffsetFilter {
  add(exchange: Exchange): void;
  /** Null before the first exchange, and after the clock was set. */
  current(): ClockOffset | null;
  /** Server time in milliseconds by the best knowledge; this machine's own while there is none. */
  serverNow(): number;
}

/** Believes the exchange with the least round trip until it is old. */
export function createOffsetFilter(clock: Clock): OffsetFilter {
  let kept: { offset: number; bound: number; at: number; monotonic: number }[] = [];
  let base = clock.now() - clock.monotonic();

  function stepped(): boolean {
    const now = clock.now() - clock.monotonic();
    if (Math.abs(now - base) < STEP_MS) return false;
    base = now;
    return true;
  }
  function current(): ClockOffset | null {
    if (stepped()) kept = [];
    const now = clock.monotonic();
    let best: { offset: number; bound: number; at: number } | null = null;
    for (const { offset, bound, at, monotonic } of kept) {
      const age = now - monotonic;
      if (age > MAX_AGE_MS) continue;
      const aged = Math.round(bound + age * 1000 * DRIFT);
      if (best === null || aged < best.bound) best = { offset, bound: aged, at };
    }
    return best;
  }
  return {
    current,
    serverNow: () => clock.now() + (current()?.offset ?? 0) / 1000,
    add({ sentAt, heardAt, receivedAt, answeredAt }) {
      if (stepped()) {
        // The clock was set between sending and hearing: the four times do not belong together.
        kept = [];
        return;
      }
      const roundTrip = heardAt - sentAt - (answeredAt - receivedAt);
      if (roundTrip < -2 * READ_ERROR_US) return;
      const offset = Math.round((receivedAt - sentAt + (answeredAt - heardAt)) / 2);
      const bound = Math.round(Math.max(0, roundTrip) / 2) + READ_ERROR_US;
      kept = [...kept, { offset, bound, at: heardAt, monotonic: clock.monotonic() }].slice(-WINDOW);
    },
  };
}
