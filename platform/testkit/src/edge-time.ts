/** Time of an edge program that a test moves: an hour passes in a blink, and a clock can be wrong or be set. */
import type { EdgeTime } from "@yagura/edge/service.ts";

export interface ManualTime extends EdgeTime {
  /** Moves both clocks and wakes who slept until then. Milliseconds. */
  advance(milliseconds: number): void;
  /** Sets the wall clock without time passing. Milliseconds since the epoch. */
  set(now: number): void;
}

export function manualTime(start: number, random: () => number = () => 0.5): ManualTime {
  let [wall, monotonic] = [start, 1_000];
  let sleeping: { until: number; wake: () => void }[] = [];
  return {
    clock: { now: () => wall, monotonic: () => monotonic },
    random,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const sleeper = { until: monotonic + milliseconds, wake: resolve };
        sleeping.push(sleeper);
        signal?.addEventListener(
          "abort",
          () => {
            sleeping = sleeping.filter((one) => one !== sleeper);
            resolve();
          },
          { once: true },
        );
      }),
    advance(milliseconds) {
      wall += milliseconds;
      monotonic += milliseconds;
      const due = sleeping.filter(({ until }) => until <= monotonic);
      sleeping = sleeping.filter(({ until }) => until > monotonic);
      for (const { wake } of due) wake();
    },
    set(now) {
      wall = now;
    },
  };
}
