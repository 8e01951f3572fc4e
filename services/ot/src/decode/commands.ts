/** Commands between pairs, counted by outcome; each pair's command has one row as long as the table holds. */
import { KeyTable } from "@yagura/packets/key-table.ts";
import { MAX_COMMANDS } from "./limits.ts";
import type { Rhythms } from "./rhythms.ts";

/** Outcomes as numbers, in the order of `outcomes`. */
export const outcomeNumber = { request: 0, response: 1, error: 2, event: 3 } as const;

/**
 * What is kept of a command stands behind its key, so that counting one fetches two cache lines and not one for each field. Words:
 * slot of its rhythm + 1 (0 before there is one); requests, responses, errors, events of the interval; what the order of functions
 * remembers (transitions.ts).
 */
export const kept = { rhythm: 7, counts: 8, before: 12, transition: 13 } as const;
/** Doubles of the same record. `asked`: when it was asked last in any interval, NaN for never. */
export const keptDouble = { first: 7, last: 8, low: 9, high: 10, asked: 11 } as const;
export const COMMAND_WORDS = 24;
const COMMAND_DOUBLES = COMMAND_WORDS / 2;

export class Commands {
  /** Client, server, port and protocol, code, object, unit, label. */
  readonly table = new KeyTable(7, MAX_COMMANDS, COMMAND_WORDS);
  /** The same memory: what is kept of each row. */
  readonly words = this.table.keys;
  readonly #doubles = new Float64Array(this.words.buffer);
  readonly touched = new Int32Array(MAX_COMMANDS);
  touchedCount = 0;
  dropped = 0;
  fresh = false;
  readonly #rhythms: Rhythms;

  constructor(rhythms: Rhythms) {
    this.#rhythms = rhythms;
  }

  double(row: number, which: number): number {
    return this.#doubles[row * COMMAND_DOUBLES + which] as number;
  }
  count(row: number, outcome: number): number {
    return (this.words[row * COMMAND_WORDS + kept.counts + outcome] as number) >>> 0;
  }
  /** Slot of the row's rhythm, −1 while there is none. */
  rhythm(row: number): number {
    return (this.words[row * COMMAND_WORDS + kept.rhythm] as number) - 1;
  }

  /** Row of a command, −1 when there is no room. */
  row(
    client: number,
    server: number,
    portProtocol: number,
    code: number,
    object: number,
    unit: number,
    label: number,
  ): number {
    const { table } = this;
    const { key } = table;
    key[0] = client;
    key[1] = server;
    key[2] = portProtocol;
    key[3] = code;
    key[4] = object;
    key[5] = unit;
    key[6] = label;
    const row = table.put();
    this.fresh = table.fresh;
    if (row < 0) this.dropped++;
    else if (table.fresh) {
      this.words.fill(0, row * COMMAND_WORDS + kept.rhythm, (row + 1) * COMMAND_WORDS);
      this.#doubles[row * COMMAND_DOUBLES + keptDouble.asked] = Number.NaN;
    }
    return row;
  }

  /** Counts one; low and high are −1 for none. */
  add(row: number, outcome: number, low: number, high: number, time: number): void {
    const { words } = this;
    const doubles = this.#doubles;
    const at = row * COMMAND_WORDS + kept.counts;
    const place = row * COMMAND_DOUBLES;
    const counted = (words[at] as number) | (words[at + 1] as number) | (words[at + 2] as number) | (words[at + 3] as number); // prettier-ignore
    if (counted === 0) {
      this.touched[this.touchedCount++] = row;
      doubles[place + keptDouble.first] = time;
      doubles[place + keptDouble.low] = low;
      doubles[place + keptDouble.high] = high;
    } else {
      const lowest = doubles[place + keptDouble.low] as number;
      if (low >= 0 && (low < lowest || lowest < 0)) doubles[place + keptDouble.low] = low;
      if (high > (doubles[place + keptDouble.high] as number)) doubles[place + keptDouble.high] = high;
    }
    doubles[place + keptDouble.last] = time;
    words[at + outcome] = ((words[at + outcome] as number) + 1) | 0;
    // What beats is the asking, and what is sent unasked.
    if (outcome === outcomeNumber.request || outcome === outcomeNumber.event) this.#beat(row, time);
  }

  #beat(row: number, time: number): void {
    const at = row * COMMAND_WORDS + kept.rhythm;
    const slot = (this.words[at] as number) - 1;
    if (slot >= 0) this.#rhythms.beat(slot, time);
    else {
      const place = row * COMMAND_DOUBLES + keptDouble.asked;
      const before = this.#doubles[place] as number;
      if (!Number.isNaN(before)) {
        const made = this.#rhythms.begin(before);
        this.words[at] = made + 1;
        if (made >= 0) this.#rhythms.beat(made, time);
      }
      this.#doubles[place] = time;
    }
  }

  /** Ends the interval; forgets all where the table is crowded (or `always`). */
  reset(always: boolean): void {
    for (let i = 0; i < this.touchedCount; i++) {
      const at = (this.touched[i] as number) * COMMAND_WORDS + kept.counts;
      this.words.fill(0, at, at + 4);
    }
    this.touchedCount = 0;
    if (!always && this.table.count <= (MAX_COMMANDS * 3) / 4) return;
    for (let row = 0; row < this.table.count; row++) if (this.rhythm(row) >= 0) this.#rhythms.end(this.rhythm(row));
    this.table.clear();
  }
}
