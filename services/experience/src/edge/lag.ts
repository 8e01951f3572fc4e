/**
 * How far a time taken by the program may lie from the truth: while a user-space measurement was under way, an event waited
 * at most as long as our own event loop was busy plus the time that this thread was ready but not given a processor.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { performance } from "node:perf_hooks";

/** What is not counted: the kernel's way from the packet to the wake-up, and reading the clock, µs. */
const FLOOR = 60;
/** Where the scheduler does not tell how long we waited for a processor, µs. */
const UNTOLD = 1000;
const LARGEST = 65_535;

export interface LagMark {
  readonly active: number;
  readonly waited: number;
}

export class Lag {
  readonly #file: number | null;
  readonly #buffer = Buffer.alloc(96);
  /** How late the program's next wake-up already is, µs: a stopped process is neither busy nor waiting. */
  readonly #overdue: () => number;

  constructor(overdue: () => number = () => 0) {
    this.#overdue = overdue;
    let file: number | null = null;
    try {
      file = openSync("/proc/thread-self/schedstat", "r");
    } catch {
      file = null;
    }
    this.#file = file;
  }

  mark(): LagMark {
    return { active: performance.eventLoopUtilization().active * 1000, waited: this.#waited() };
  }

  /** Bound of the error of times taken since the mark, µs; 65,535 stands for that or more. */
  bound(since: LagMark): number {
    const busy = performance.eventLoopUtilization().active * 1000 - since.active;
    const waited = this.#file === null ? UNTOLD : this.#waited() - since.waited;
    return Math.min(LARGEST, FLOOR + Math.max(0, busy) + Math.max(0, waited) + Math.max(0, this.#overdue()));
  }

  /** Whether this thread stood still so long (stopped, starved) that a time taken now says nothing. */
  get stalled(): boolean {
    return this.#overdue() > LARGEST;
  }

  /** Time ready but not running, µs: second figure of schedstat (Documentation/scheduler/sched-stats.rst). */
  #waited(): number {
    if (this.#file === null) return 0;
    const length = readSync(this.#file, this.#buffer, 0, 96, 0);
    return Number(this.#buffer.toString("latin1", 0, length).split(" ")[1]) / 1000;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}
