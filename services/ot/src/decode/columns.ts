/** The engine's tables as the columns of an upload. */
import { tables, type MetadataBody, type TableName, MAX_ROWS, MAX_TEXTS } from "../wire/metadata.ts";
import { SUMS, sum } from "./conversations.ts";
import { seen } from "./captures.ts";
import type { Facts } from "./facts.ts";
import type { Memory } from "./memory.ts";
import { LEAST_BEATS } from "./rhythms.ts";

const DAY = 86_400_000;
const NUMBER = 4_294_967_295;

class Builder {
  readonly built: { [table in TableName]?: Record<string, number[]> } = {};
  readonly texts: string[] = [];
  dropped = 0;
  readonly #memory: Memory;
  readonly #from: number;
  readonly #textNumbers = new Map<number, number>();
  readonly #newTexts = new Map<string, number>();
  readonly #endpointNumbers = new Map<number, number>();
  readonly #columns = new Map<TableName, readonly number[][]>();

  constructor(memory: Memory, from: number) {
    this.#memory = memory;
    this.#from = from;
  }

  /** Adds a row, its values in the order of the table's columns. */
  row(table: TableName, ...values: readonly number[]): void {
    const columns = this.#columns.get(table) ?? this.#table(table);
    if ((columns[0]?.length ?? 0) >= MAX_ROWS) {
      this.dropped++;
      return;
    }
    for (let i = 0; i < columns.length; i++) columns[i]?.push(values[i] as number);
  }

  #table(table: TableName): readonly number[][] {
    const built = Object.fromEntries(Object.keys(tables[table]).map((name) => [name, [] as number[]]));
    const columns = Object.values(built);
    this.built[table] = built;
    this.#columns.set(table, columns);
    return columns;
  }

  /** Puts a table's rows in the order of two columns, of which the second counts in its lower 16 bits. */
  sort(table: TableName, first: string, second: string): void {
    const columns = this.built[table];
    if (columns === undefined) return;
    const [high, low] = [columns[first] as readonly number[], columns[second] as readonly number[]];
    // Numbers that end in the row: sorted without a function that compares.
    const keys = Float64Array.from(
      high,
      (value, row) => (value * 65_536 + ((low[row] as number) & 0xffff)) * 65_536 + row,
    );
    const order = Uint16Array.from(keys.sort(), (key) => key % 65_536);
    for (const [name, column] of Object.entries(columns)) {
      const sorted: number[] = [];
      for (const row of order) sorted.push(column[row] as number);
      columns[name] = sorted;
    }
  }

  /** Milliseconds after the beginning, to a tenth of a second: nobody asks for more, and it packs in a third less. */
  at(time: number): number {
    return Math.max(-DAY, Math.min(DAY, Math.floor((time - this.#from) / 100_000) * 100));
  }

  /** Number of an engine's text in this upload. */
  text(number: number): number {
    if (number < 0) return -1;
    let index = this.#textNumbers.get(number);
    if (index === undefined) {
      index = this.newText(this.#memory.texts.text(number));
      this.#textNumbers.set(number, index);
    }
    return index;
  }
  newText(text: string): number {
    if (text === "") return -1;
    let index = this.#newTexts.get(text);
    if (index === undefined) {
      if (this.texts.length >= MAX_TEXTS) {
        this.dropped++;
        return -1;
      }
      index = this.texts.push(text) - 1;
      this.#newTexts.set(text, index);
    }
    return index;
  }

  endpoint(number: number): number {
    if (number < 0) return -1;
    let index = this.#endpointNumbers.get(number);
    if (index === undefined) {
      index = this.#endpointNumbers.size;
      this.#endpointNumbers.set(number, index);
      const { endpoints } = this.#memory;
      this.row("endpoints", endpoints.mac(number), endpoints.vlan(number), this.newText(endpoints.address(number)));
    }
    return index;
  }

  /** Rows of a table of facts, with their count and times behind. */
  facts(table: TableName, facts: Facts, head: (word: (index: number) => number) => readonly number[]): void {
    for (let i = 0; i < facts.touchedCount; i++) {
      const row = facts.touched[i] as number;
      const count = facts.counts[row] as number;
      const values = head((index) => facts.table.word(row, index));
      this.row(table, ...values, count, this.at(facts.first[row] as number), this.at(facts.last[row] as number));
    }
  }
}

/** Like beside like packs an eighth smaller. */
const orders: readonly (readonly [TableName, string, string])[] = [
  ["conversations", "protocol", "port"],
  ["commands", "protocol", "client"],
  ["identities", "protocol", "attribute"],
  ["cycles", "protocol", "code"],
  ["transitions", "protocol", "client"],
];

/** Makes the tables and texts of an upload at `now` whose times count from `from`. */
export function columnsOf(
  memory: Memory,
  from: number,
  now: number,
): Pick<MetadataBody, "tables" | "texts"> & { dropped: number } {
  const b = new Builder(memory, from);
  conversations(b, memory);
  commands(b, memory);
  transitions(b, memory, now);
  for (const { client, server, port, protocol, beat } of memory.cycles)
    b.row("cycles", b.endpoint(client), b.endpoint(server), port, protocol, -1, -1, rough(beat.period, 3), rough(beat.jitter, 2), rough(beat.longest, 2), beat.count, b.at(beat.last)); // prettier-ignore
  b.facts("identities", memory.identities, (word) => [
    b.endpoint(word(0)),
    word(1) & 255,
    b.text(word(2)),
    word(1) >>> 8,
  ]);
  b.facts("bindings", memory.bindings, (word) => [
    (word(0) & 0xffff) * 4_294_967_296 + (word(1) >>> 0),
    word(0) >>> 16,
    b.text(word(3)),
    word(2),
  ]);
  b.facts("lookups", memory.lookups, (word) => [b.endpoint(word(0)), b.endpoint(word(1)), word(2) & 255, b.text(word(3)), (word(2) >>> 8) & 0xffff, word(4)]); // prettier-ignore
  b.facts("weaknesses", memory.weaknesses, (word) => [b.endpoint(word(0)), b.endpoint(word(1)), word(2) & 0xffff, word(2) >>> 16, word(3)]); // prettier-ignore
  b.facts("weirds", memory.weirds, (word) => [b.endpoint(word(0)), b.endpoint(word(1)), word(2) & 255, word(2) >>> 8]);
  b.facts("signatures", memory.signatures, (word) => [b.endpoint(word(0)), b.endpoint(word(1)), word(3) & 0xffff, word(2) >>> 0, word(3) >>> 16]); // prettier-ignore
  captures(b, memory);
  for (const [table, first, second] of orders) b.sort(table, first, second);
  return { tables: b.built as unknown as MetadataBody["tables"], texts: b.texts, dropped: b.dropped };
}

function conversations(b: Builder, memory: Memory): void {
  const { table, sums, touched, touchedCount } = memory.conversations;
  for (let i = 0; i < touchedCount; i++) {
    const row = touched[i] as number;
    const place = row * SUMS;
    const portTransport = table.word(row, 2);
    b.row(
      "conversations",
      b.endpoint(table.word(row, 0)),
      b.endpoint(table.word(row, 1)),
      portTransport >>> 16,
      portTransport & 0xffff,
      table.word(row, 3),
      b.at(sums[place] as number),
      b.at(sums[place + 1] as number),
      sums[place + sum.packetsOut] as number,
      sums[place + sum.bytesOut] as number,
      sums[place + sum.packetsIn] as number,
      sums[place + sum.bytesIn] as number,
      sums[place + sum.connections] as number,
      sums[place + sum.refused] as number,
      sums[place + sum.unanswered] as number,
      sums[place + sum.retransmissions] as number,
      sums[place + sum.missing] as number,
      rough(sums[place + sum.rtt] as number, 2),
    );
  }
}

/** µs to so many digits: more is not true of a mirror port, and does not pack. */
function rough(time: number, digits: number): number {
  let unit = 1;
  for (let rest = time; rest >= 10 ** digits; rest /= 10) unit *= 10;
  return Math.round(time / unit) * unit;
}

const optional = (value: number): number => (value < 0 ? -1 : Math.min(NUMBER, value));

function commands(b: Builder, memory: Memory): void {
  const { table, counts, touched, touchedCount, low, high, first, last, rhythm } = memory.commands;
  for (let i = 0; i < touchedCount; i++) {
    const row = touched[i] as number;
    const client = b.endpoint(table.word(row, 0));
    const server = b.endpoint(table.word(row, 1));
    const portProtocol = table.word(row, 2);
    const port = portProtocol & 0xffff;
    const protocol = portProtocol >>> 16;
    const code = table.word(row, 3) >>> 0;
    const object = table.word(row, 4) >>> 0;
    const unit = table.word(row, 5);
    b.row(
      "commands",
      client,
      server,
      port,
      protocol,
      code,
      object,
      optional(low[row] as number),
      optional(high[row] as number),
      unit === -1 ? -1 : unit >>> 0,
      b.text(table.word(row, 6)),
      counts[row * 4] as number,
      counts[row * 4 + 1] as number,
      counts[row * 4 + 2] as number,
      counts[row * 4 + 3] as number,
      b.at(first[row] as number),
      b.at(last[row] as number),
    );
    const slot = (rhythm[row] as number) - 1;
    const beat = slot < 0 ? null : memory.rhythms.take(slot);
    if (beat !== null && beat.count >= LEAST_BEATS - 1)
      b.row("cycles", client, server, port, protocol, code, object, rough(beat.period, 3), rough(beat.jitter, 2), rough(beat.longest, 2), beat.count, b.at(beat.last)); // prettier-ignore
  }
}

function transitions(b: Builder, { transitions: order }: Memory, now: number): void {
  for (const row of order.due(now)) {
    const { table } = order;
    b.row(
      "transitions",
      b.endpoint(table.word(row, 0)),
      b.endpoint(table.word(row, 1)),
      table.word(row, 2),
      table.word(row, 3) >>> 0,
      table.word(row, 4) >>> 0,
      order.counts[row] as number,
      b.at(order.first[row] as number),
      b.at(order.last[row] as number),
    );
  }
}

function captures(b: Builder, memory: Memory): void {
  for (const face of memory.captures.active()) {
    const place = memory.captures.place(face);
    const { counters } = memory.captures;
    const get = (counter: number): number => counters[place + counter] as number;
    b.row("captures", b.newText(memory.captures.name(face)), ...Object.values(seen).map(get));
  }
}
