/** What the agent remembers over a restart: until when it measured which sessions, so that the time between is told as a gap. */
import { readFileSync } from "node:fs";
import { replaceFile } from "@yagura/edge/files.ts";

/** Written at most this often, µs. */
export const WRITE_EVERY = 10_000_000;

interface Kept {
  /** Wall clock, µs. */
  readonly at: number;
  /** Stopped as asked: it measured until `at` exactly. */
  readonly clean: boolean;
  readonly sessions: readonly string[];
}

export class Memory {
  readonly #file: string | null;
  #writtenAt = Number.NEGATIVE_INFINITY;
  /** Sessions measured before this start, and until when (wall clock, µs; after a crash, when it had surely ended). */
  readonly before = new Map<string, number>();

  /** `file`: null remembers nothing. */
  constructor(file: string | null) {
    this.#file = file;
    if (file === null) return;
    try {
      const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
      const until = kept.at + (kept.clean ? 0 : WRITE_EVERY);
      if (Number.isSafeInteger(until)) for (const session of kept.sessions) this.before.set(session, until);
    } catch {
      // The first start, or a file cut off by a crash: nothing is known.
      this.before.clear();
    }
  }

  /** `now`: monotonic. A disk that is full costs a gap's reason and nothing else. */
  write(now: number, at: number, sessions: Iterable<string>, clean = false): void {
    if (this.#file === null || (!clean && now - this.#writtenAt < WRITE_EVERY)) return;
    this.#writtenAt = now;
    const kept: Kept = { at: Math.round(at), clean, sessions: [...sessions] };
    try {
      replaceFile(this.#file, JSON.stringify(kept));
    } catch {
      return;
    }
  }
}
