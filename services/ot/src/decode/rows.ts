/** Rows of one table of an upload while it is made: numbers behind each other in one buffer that is used again each time. */
import { MAX_ROWS } from "../wire/metadata.ts";

/** Rows for which there is room at first. */
const FEW = 64;

export class Rows {
  count = 0;
  readonly #names: readonly string[];
  #values: Float64Array;

  /** `names`: those of the columns, in their order. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#values = new Float64Array(FEW * names.length);
  }

  /** Adds a row; false when there is no room for more (MAX_ROWS). */
  add(values: readonly number[]): boolean {
    if (this.count >= MAX_ROWS) return false;
    const width = this.#names.length;
    const place = this.count++ * width;
    if (place + width > this.#values.length) this.#grow();
    for (let i = 0; i < width; i++) this.#values[place + i] = values[i] as number;
    return true;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#values.length);
    larger.set(this.#values);
    this.#values = larger;
  }

  /** The columns, their rows as they came or in another order. */
  columns(order: Uint16Array | null): Record<string, number[]> {
    const columns: Record<string, number[]> = {};
    const { count } = this;
    const width = this.#names.length;
    const values = this.#values;
    for (let i = 0; i < width; i++) {
      // oxlint-disable-next-line unicorn/no-new-array -- of its whole length from the start: one that grows is copied again and again
      const column = new Array<number>(count);
      for (let row = 0; row < count; row++)
        column[row] = values[(order === null ? row : (order[row] as number)) * width + i] as number;
      columns[this.#names[i] as string] = column;
    }
    return columns;
  }

  /** Order of the rows by two columns, of which the second counts in its lower 16 bits; equal ones as they came. */
  order(first: string, second: string): Uint16Array {
    const [high, low] = [this.#names.indexOf(first), this.#names.indexOf(second)];
    const { count } = this;
    const width = this.#names.length;
    const values = this.#values;
    // Numbers that end in the row: sorted without a function that compares.
    const keys = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      const place = row * width;
      keys[row] = ((values[place + high] as number) * 65_536 + ((values[place + low] as number) & 0xffff)) * 65_536 + row; // prettier-ignore
    }
    keys.sort();
    const order = new Uint16Array(count);
    for (let row = 0; row < count; row++) order[row] = (keys[row] as number) % 65_536;
    return order;
  }
}
