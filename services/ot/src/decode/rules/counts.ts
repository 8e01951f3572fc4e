/** `threshold` and `detection_filter`: how often a rule may tell, per address and time. */
import type { Threshold } from "./rule.ts";

/** Addresses and rules that are counted; then the oldest is forgotten. */
const MAX_COUNTS = 65_536;

interface Count {
  /** µs. */
  from: number;
  seen: number;
  told: boolean;
}

export class Counts {
  readonly #counts = new Map<string, Count>();

  /** True when this hit is to be told. `time` in µs. */
  passes(
    sid: number,
    { type, track, count, seconds }: Threshold,
    source: string,
    destination: string,
    time: number,
  ): boolean {
    const who =
      track === "source"
        ? source
        : track === "destination"
          ? destination
          : track === "both"
            ? `${source} ${destination}`
            : "";
    const key = `${sid} ${who}`;
    let state = this.#counts.get(key);
    if (state === undefined || time - state.from > seconds * 1_000_000 || time < state.from) {
      state = { from: time, seen: 0, told: false };
      this.#counts.delete(key);
      this.#counts.set(key, state);
      if (this.#counts.size > MAX_COUNTS) this.#forget();
    }
    state.seen++;
    if (type === "limit") return state.seen <= count;
    if (type === "filter") return state.seen > count;
    if (state.seen < count) return false;
    if (type === "threshold") {
      state.seen = 0;
      return true;
    }
    const first = !state.told;
    state.told = true;
    return first;
  }

  #forget(): void {
    const oldest = this.#counts.keys().next();
    if (oldest.done !== true) this.#counts.delete(oldest.value);
  }
}
