/** Commands between pairs, counted by outcome; each pair's command has one row as long as the table holds. */
import { KeyTable } from "@yagura/packets/key-table.ts";
import { MAX_COMMANDS } from "./limits.ts";
import type { Rhythms } from "./rhythms.ts";

/** Outcomes as numbers, in the order of `outcomes`. */
export const outcomeNumber = { request: 0, response: 1, error: 2, event: 3 } as const;

export class Commands {
  /** Client, server, port and protocol, code, object, unit, label. */
  readonly table = new KeyTable(7, MAX_COMMANDS);
  /** Requests, responses, errors, events of the interval. */
  readonly counts = new Uint32Array(4 * MAX_COMMANDS);
  readonly low = new Float64Array(MAX_COMMANDS);
  readonly high = new Float64Array(MAX_COMMANDS);
  readonly first = new Float64Array(MAX_COMMANDS);
  readonly last = new Float64Array(MAX_COMMANDS);
  /** Slot of its rhythm + 1; 0 before there is one. */
  readonly rhythm = new Int32Array(MAX_COMMANDS);
  /** When it was asked last in any interval, NaN for never. */
  readonly asked = new Float64Array(MAX_COMMANDS);
  readonly #counted = new Uint8Array(MAX_COMMANDS);
  readonly touched = new Int32Array(MAX_COMMANDS);
  touchedCount = 0;
  dropped = 0;
  fresh = false;
  readonly #rhythms: Rhythms;

  constructor(rhythms: Rhythms) {
    this.#rhythms = rhythms;
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
      this.rhythm[row] = 0;
      this.asked[row] = Number.NaN;
      this.#counted[row] = 0;
    }
    return row;
  }

  /** Counts one; low and high are −1 for none. */
  add(row: number, outcome: number, low: number, high: number, time: number): void {
    if (this.#counted[row] === 0) {
      this.#counted[row] = 1;
      this.touched[this.touchedCount++] = row;
      this.first[row] = time;
      this.low[row] = low;
      this.high[row] = high;
    } else {
      const lowest = this.low[row] as number;
      if (low >= 0 && (low < lowest || lowest < 0)) this.low[row] = low;
      if (high > (this.high[row] as number)) this.high[row] = high;
    }
    this.last[row] = time;
    const place = row * 4 + outcome;
    this.counts[place] = (this.counts[place] as number) + 1;
    // What beats is the asking, and what is sent unasked.
    if (outcome === outcomeNumber.request || outcome === outcomeNumber.event) this.#beat(row, time);
  }

  #beat(row: number, time: number): void {
    const slot = (this.rhythm[row] as number) - 1;
    if (slot >= 0) this.#rhythms.beat(slot, time);
    else {
      const before = this.asked[row] as number;
      if (!Number.isNaN(before)) {
        const made = this.#rhythms.begin(before);
        this.rhythm[row] = made + 1;
        if (made >= 0) this.#rhythms.beat(made, time);
      }
      this.asked[row] = time;
    }
  }

  /** Ends the interval; forgets all where the table is crowded (or `always`). */
  reset(always: boolean): void {
    for (let i = 0; i < this.touchedCount; i++) {
      const row = this.touched[i] as number;
      this.#counted[row] = 0;
      this.counts.fill(0, row * 4, row * 4 + 4);
    }
    this.touchedCount = 0;
    if (!always && this.table.count <= (MAX_COMMANDS * 3) / 4) return;
    for (let row = 0; row < this.table.count; row++)
      if ((this.rhythm[row] as number) > 0) this.#rhythms.end((this.rhythm[row] as number) - 1);
    this.table.clear();
  }
}
