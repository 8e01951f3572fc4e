/** The engine's tables as the columns of an upload. */
import { tables, type MetadataBody, type TableName, MAX_TEXTS } from "../wire/metadata.ts";
import { keptDouble } from "./commands.ts";
import { SUMS, sum } from "./conversations.ts";
import { seen } from "./captures.ts";
import type { Facts } from "./facts.ts";
import { MAX_ENDPOINTS, MAX_ENGINE_TEXTS } from "./limits.ts";
import type { Memory } from "./memory.ts";
import { Numbering } from "./numbering.ts";
import { LEAST_BEATS } from "./rhythms.ts";
import { Rows } from "./rows.ts";

const DAY = 86_400_000;
const NUMBER = 4_294_967_295;

/** Writes the rows of one upload after the other, into buffers that stay. */
class Builder {
  texts: string[] = [];
  dropped = 0;
  readonly #memory: Memory;
  #from = 0;
  readonly #textNumbers = new Numbering(MAX_ENGINE_TEXTS);
  readonly #newTexts = new Map<string, number>();
  readonly #endpointNumbers = new Numbering(MAX_ENDPOINTS);
  readonly #rows: ReadonlyMap<TableName, Rows> = new Map(
    (Object.keys(tables) as TableName[]).map((table) => [table, new Rows(Object.keys(tables[table]))]),
  );

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  begin(from: number): void {
    this.#from = from;
    this.dropped = 0;
    this.texts = [];
    this.#textNumbers.clear();
    this.#newTexts.clear();
    this.#endpointNumbers.clear();
    for (const rows of this.#rows.values()) rows.count = 0;
  }

  /** Adds a row, its values in the order of the table's columns. */
  row(table: TableName, ...values: readonly number[]): void {
    this.#add(table, values);
  }
  #add(table: TableName, values: readonly number[]): void {
    if (!(this.#rows.get(table) as Rows).add(values)) this.dropped++;
  }

  /** All tables that have rows. */
  built(): MetadataBody["tables"] {
    const built: { [table in TableName]?: Record<string, number[]> } = {};
    for (const [table, rows] of this.#rows) {
      if (rows.count === 0) continue;
      const order = orders.get(table);
      built[table] = rows.columns(order === undefined ? null : rows.order(...order));
    }
    return built as unknown as MetadataBody["tables"];
  }

  /** Milliseconds after the beginning, to a tenth of a second: nobody asks for more, and it packs in a third less. */
  at(time: number): number {
    return Math.max(-DAY, Math.min(DAY, Math.floor((time - this.#from) / 100_000) * 100));
  }

  /** Number of an engine's text in this upload. */
  text(number: number): number {
    if (number < 0) return -1;
    let index = this.#textNumbers.get(number);
    if (index < 0) {
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
    if (index < 0) {
      index = this.#endpointNumbers.count;
      this.#endpointNumbers.set(number, index);
      const { endpoints } = this.#memory;
      this.row("endpoints", endpoints.mac(number), endpoints.vlan(number), this.newText(endpoints.address(number)));
    }
    return index;
  }

  /** Rows of a table of facts, with their count and times behind. */
  facts(table: TableName, facts: Facts, head: (word: (index: number) => number) => number[]): void {
    let row = 0;
    const word = (index: number): number => facts.table.word(row, index);
    for (let i = 0; i < facts.touchedCount; i++) {
      row = facts.touched[i] as number;
      const values = head(word);
      values.push(facts.counts[row] as number, this.at(facts.first[row] as number), this.at(facts.last[row] as number));
      this.#add(table, values);
    }
  }
}

/** Like beside like packs an eighth smaller. */
const orders: ReadonlyMap<TableName, readonly [string, string]> = new Map([
  ["conversations", ["protocol", "port"]],
  ["commands", ["protocol", "client"]],
  ["identities", ["protocol", "attribute"]],
  ["cycles", ["protocol", "code"]],
  ["transitions", ["protocol", "client"]],
]);

export class Columns {
  readonly #memory: Memory;
  readonly #builder: Builder;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#builder = new Builder(memory);
  }

  /** Makes the tables and texts of an upload at `now` whose times count from `from`. */
  of(from: number, now: number): Pick<MetadataBody, "tables" | "texts"> & { dropped: number } {
    const b = this.#builder;
    b.begin(from);
    write(b, this.#memory, now);
    return { tables: b.built(), texts: b.texts, dropped: b.dropped };
  }
}

function write(b: Builder, memory: Memory, now: number): void {
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
  const told = memory.commands;
  const { table, touched, touchedCount } = told;
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
      optional(told.double(row, keptDouble.low)),
      optional(told.double(row, keptDouble.high)),
      unit === -1 ? -1 : unit >>> 0,
      b.text(table.word(row, 6)),
      told.count(row, 0),
      told.count(row, 1),
      told.count(row, 2),
      told.count(row, 3),
      b.at(told.double(row, keptDouble.first)),
      b.at(told.double(row, keptDouble.last)),
    );
    const slot = told.rhythm(row);
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
      order.fact(row, "count"),
      b.at(order.fact(row, "first")),
      b.at(order.fact(row, "last")),
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
