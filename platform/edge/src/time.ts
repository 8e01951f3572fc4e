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

const levels = ["info", "warn", "error"];
/** `YAGURA_LOG_LEVEL`: the least level that is written; info unless told. */
const least = Math.max(0, levels.indexOf(process.env["YAGURA_LOG_LEVEL"] ?? "info"));

function line(level: string, message: string, parameters: Readonly<Record<string, unknown>> = {}): void {
  if (levels.indexOf(level) < least) return;
  process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), msg: message, ...parameters })}\n`);
}
