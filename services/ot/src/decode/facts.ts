/** Rows of "this, so many times, first and last then": identities, bindings, look-ups, weaknesses, weirds, signatures. */
import { KeyTable } from "@yagura/packets/key-table.ts";
import { MAX_FACTS } from "./limits.ts";

export class Facts {
  readonly table: KeyTable;
  readonly counts: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Rows of this interval, in order. */
  readonly touched: Int32Array;
  touchedCount = 0;
  dropped = 0;
  /** Set by `add`: never seen before. */
  fresh = false;

  constructor(width: number, capacity: number = MAX_FACTS) {
    this.table = new KeyTable(width, capacity);
    this.counts = new Float64Array(capacity);
    this.first = new Float64Array(capacity);
    this.last = new Float64Array(capacity);
    this.touched = new Int32Array(capacity);
  }

  /** Counts the key that was written into `table.key`; gives its row, −1 when there is no room. */
  add(time: number): number {
    const row = this.table.put();
    this.fresh = this.table.fresh;
    if (row < 0) {
      this.dropped++;
      return -1;
    }
    if (this.counts[row] === 0) {
      this.first[row] = time;
      this.touched[this.touchedCount++] = row;
    }
    this.counts[row] = (this.counts[row] as number) + 1;
    this.last[row] = time;
    return row;
  }

  /** Takes the only count of a row back. */
  withdraw(row: number): void {
    for (let i = this.touchedCount - 1; i >= 0; i--) {
      if (this.touched[i] !== row) continue;
      this.touched.copyWithin(i, i + 1, this.touchedCount--);
      this.counts[row] = 0;
      return;
    }
  }

  /** Ends the interval; forgets all keys where the table is crowded (or `always`). */
  reset(always: boolean): void {
    for (let i = 0; i < this.touchedCount; i++) this.counts[this.touched[i] as number] = 0;
    this.touchedCount = 0;
    if (always || this.table.count > (this.table.capacity * 3) / 4) this.table.clear();
  }
}
