/** The real time and chance of an edge program. */
import { systemClock } from "@yagura/core/clock.ts";
import type { EdgeLog, EdgeTime } from "./service.ts";

export const systemTime: EdgeTime = {
  clock: systemClock,
  random: Math.random,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal?.addEventListener("abort", done, { once: true });
    }),
};

/** One JSON line per event on standard error, where journald takes it. */
export const stderrLog: EdgeLog = {
  info: (message, parameters) => line("info", message, parameters),
  warn: (message, parameters) => line("warn", message, parameters),
  error: (message, parameters) => line("error", message, parameters),
};

function line(level: string, message: string, parameters: Readonly<Record<string, unknown>> = {}): void {
  process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), msg: message, ...parameters })}\n`);
}
