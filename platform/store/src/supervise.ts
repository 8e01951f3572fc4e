/** What the supervisors of both embedded engines do alike: start again, keep the log short, tell why a start failed. */
import { readFileSync, statSync, truncateSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./log.ts";

/** Milliseconds that an engine has until it must answer, and to end in order. */
export const READY_WITHIN = 60_000;
export const STOP_WITHIN = 8_000;
/** Octets of an engine's log; a longer one is emptied. */
const LOG_LIMIT = 8_000_000;

/** Starts an engine that died until it answers or is to stop, with pauses of 0.1 to 5 s. A failure is logged, never thrown. */
export async function startAgain(
  name: string,
  engine: {
    readonly start: () => Promise<void>;
    readonly stopping: () => boolean;
    readonly log: Log;
    readonly onRestart?: (() => void) | undefined;
  },
): Promise<void> {
  for (let attempt = 0; !engine.stopping(); attempt++) {
    try {
      await engine.start();
      engine.log("info", `${name} answers again`, {});
      engine.onRestart?.();
      return;
    } catch (error) {
      engine.log("error", (error as Error).message, {});
      await sleep(Math.min(5_000, 100 * 2 ** attempt));
    }
  }
}

/** The log is for people; a bounded one is enough. */
export function boundLog(file: string): void {
  try {
    if (statSync(file).size > LOG_LIMIT) truncateSync(file);
  } catch {
    // Not there yet.
  }
}

/** The end of a log; empty when there is none. */
export function logTail(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(-4_000);
  } catch {
    return "";
  }
}

/** Whether an engine's words mean that its disk, or the user's share of it, is full. */
export const saysDiskFull = (words: string): boolean =>
  /No space left on device|NOT_ENOUGH_SPACE|Disk quota exceeded/.test(words);
