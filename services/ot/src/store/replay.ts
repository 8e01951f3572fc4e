/**
 * Stored rows put together again as uploads, for what-if (OT-N3): several uploads of a sensor become one of a window, which sums what
 * they counted.
 */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { macNumber } from "../analysis/assets/addresses.ts";
import { layouts, type Layout, type Source } from "../ingest/layouts.ts";
import type { Range } from "../range.ts";
import { METADATA_VERSION, tables, type MetadataBody } from "../wire/metadata.ts";
import { FIRST_PREVIOUS } from "../wire/ledger.ts";
import { ofPlace, placeParameters, type Place } from "./place.ts";

const HOUR = 3_600_000;
const NOTHING_32 = 4_294_967_295;

/** Places as uploads write them, by number. */
export type Places = ReadonlyMap<
  number,
  { readonly mac: number; readonly vlan: number; readonly address: string | null }
>;
export async function placesOf(tx: Tx, site: Uuid): Promise<Places> {
  const { rows } = await sql<{ id: string; mac: string | null; vlan: number; address: string | null }>`
    select id, mac, vlan, address from ot.endpoint where site_id = ${site}`.execute(tx);
  return new Map(
    rows.map(({ id, mac, vlan, address }) => [Number(id), { mac: mac === null ? 0 : macNumber(mac), vlan, address }]),
  );
}

/** How the column of several uploads becomes that of one; null: it is part of the key. */
function combined(name: string, source: Source): string | null {
  if (name === "first") return `max(toInt64({end}) - toUnixTimestamp64Milli(at) + first)`;
  if (name === "last") return `min(toInt64({end}) - toUnixTimestamp64Milli(at) + last)`;
  if (name === "period" || name === "jitter") return `any(${name})`;
  if (name === "longest" || name === "high") return `max(${name})`;
  if (name === "rtt" || name === "low") return `min(${name})`;
  return source === "u64" && name !== "mac" ? `sum(${name})` : null;
}

interface Upload {
  readonly device: Uuid;
  /** ms. */
  readonly from: number;
  readonly to: number;
  readonly body: MetadataBody;
  /** Number of each endpoint of the body. */
  readonly endpoints: readonly number[];
}

/** Uploads of a range in the order of time, `window` ms each. */
export async function* uploadsOf(place: Place, places: Places, range: Range, window: number): AsyncGenerator<Upload> {
  for (const part of await partsOf(place, range, window)) {
    const found = new Map<string, Building>();
    for (const layout of layouts) await readTable(place, layout, { ...part, window }, found, places);
    for (const building of [...found.values()].toSorted((a, b) => a.to - b.to)) yield building.finish();
  }
}

/** Rows of one part at most, as far as an hour is not more by itself; and hours. */
const ROWS_OF_PART = 200_000;
const HOURS_OF_PART = 24;
/** Rows of one hour above which nothing is gone through: they would not fit in memory. An honest sensor tells a tenth. */
const MOST_ROWS = 4_000_000;

/** Times with uploads, each of a size that fits in memory; hours without any are passed over. */
async function partsOf(place: Place, range: Range, window: number): Promise<Range[]> {
  if (place.devices.length === 0) return [];
  const hours = await place.telemetry.query<{ hour: number; rows: number }>(
    place.organisation,
    `select toUnixTimestamp(toStartOfHour(at)) * 1000 as hour, sum(row_count) as rows from ot_batch where ${ofPlace}
       and at > fromUnixTimestamp64Milli({from:Int64}) and at <= fromUnixTimestamp64Milli({to:Int64})
     group by hour order by hour`,
    { ...placeParameters(place), from: Math.floor(range.from), to: Math.ceil(range.to) },
  );
  const parts: { from: number; to: number; rows: number }[] = [];
  for (const { hour, rows } of hours) {
    if (rows > MOST_ROWS)
      throw new Error(
        `the sensors told ${rows} rows in the hour of ${new Date(hour).toISOString()}, which is too many`,
      );
    // An upload that ends within a window is of that window: parts begin and end with one.
    const [from, to] = [Math.ceil(hour / window) * window, Math.ceil((hour + HOUR) / window) * window];
    const part = parts.at(-1);
    const joined = part !== undefined && part.rows + rows <= ROWS_OF_PART && to - part.from <= HOURS_OF_PART * HOUR;
    if (joined) Object.assign(part, { to, rows: part.rows + rows });
    else parts.push({ from: from - window, to, rows });
  }
  for (const [i, part] of parts.entries())
    part.from = Math.max(part.from, parts[i - 1]?.to ?? part.from, Math.floor(range.from));
  return parts;
}

async function readTable(
  place: Place,
  layout: Layout,
  part: Range & { readonly window: number },
  found: Map<string, Building>,
  places: Places,
): Promise<void> {
  const { window } = part;
  // Rows of (end − window, end] belong together: `at` is the end of an upload.
  const end = `(intDiv(toUnixTimestamp64Milli(at) + ${window} - 1, ${window}) * ${window})`;
  const [keys, sums]: [string[], string[]] = [[], []];
  for (const { name, source } of layout.columns) {
    const how = combined(name, source);
    if (how === null) keys.push(name);
    else sums.push(`${how.replaceAll("{end}", end)} as c_${name}`);
  }
  const rows = await place.telemetry.query<Record<string, string | number>>(
    place.organisation,
    `select toString(device) as device_, ${end} as end_, ${[...keys.map((key) => `${key} as c_${key}`), ...sums].join(", ")}
     from ${layout.table} where ${ofPlace}
       and at > fromUnixTimestamp64Milli({from:Int64}) and at <= fromUnixTimestamp64Milli({to:Int64})
     group by device, end_, ${keys.join(", ")}`,
    { ...placeParameters(place), from: part.from, to: part.to },
    { timeout: 60_000 },
  );
  for (const row of rows) {
    const [device, to] = [String(row["device_"]), Number(row["end_"])];
    const key = `${to} ${device}`;
    let building = found.get(key);
    if (building === undefined) found.set(key, (building = new Building(device, { from: to - window, to }, places)));
    building.add(layout, row);
  }
}

/** A body while its rows come in. */
class Building {
  readonly device: Uuid;
  readonly from: number;
  readonly to: number;
  readonly #places: Places;
  readonly #texts = new Map<string, number>();
  readonly #endpoints = new Map<number, number>();
  readonly #tables: Record<string, Record<string, number[]>> = {};

  constructor(device: Uuid, { from, to }: Range, places: Places) {
    this.device = device;
    this.from = from;
    this.to = to;
    this.#places = places;
  }

  add(layout: Layout, row: Readonly<Record<string, string | number>>): void {
    let table = this.#tables[layout.from];
    if (table === undefined) {
      table = Object.fromEntries(Object.keys(tables[layout.from]).map((column) => [column, []]));
      this.#tables[layout.from] = table;
    }
    for (const { name, column, source } of layout.columns) {
      const value = row[`c_${name}`] as string | number;
      (table[column] as number[]).push(this.#value(source, value));
    }
  }
  #value(source: Source, value: string | number): number {
    if (source === "text") return value === "" ? -1 : index(this.#texts, String(value));
    const number = Number(value);
    switch (source) {
      case "endpoint":
        return number === 0 ? -1 : index(this.#endpoints, number);
      case "time":
        return this.to - this.from - number;
      case "rtt":
        return number === NOTHING_32 ? -1 : number;
      case "low":
        return number > NOTHING_32 ? -1 : number;
      default:
        return number;
    }
  }

  finish(): Upload {
    const places = [...this.#endpoints.keys()].map((id) => this.#places.get(id) ?? { mac: 0, vlan: 0, address: null });
    const endpoints = {
      mac: places.map(({ mac }) => mac),
      vlan: places.map(({ vlan }) => vlan),
      address: places.map(({ address }) => (address === null ? -1 : index(this.#texts, address))),
    };
    return {
      device: this.device,
      from: this.from,
      to: this.to,
      endpoints: [...this.#endpoints.keys()],
      body: {
        version: METADATA_VERSION,
        from: this.from * 1000,
        to: this.to * 1000,
        urgent: false,
        texts: [...this.#texts.keys()],
        ledger: { number: 1, previous: FIRST_PREVIOUS },
        tokens: null,
        tables: { ...this.#tables, endpoints },
      },
    };
  }
}

/** Place of a value in a list without repetitions. */
function index<T>(known: Map<T, number>, value: T): number {
  const at = known.get(value) ?? known.size;
  known.set(value, at);
  return at;
}
