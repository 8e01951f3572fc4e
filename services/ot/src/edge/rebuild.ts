/** Makes a new interval from the rows of another: with other texts, or with a part of its rows. Indexes are made anew. */
import { tables, tableNames, type ColumnKind, type MetadataBody, type TableName } from "../wire/metadata.ts";
import type { Interval } from "../decode/engine.ts";

type Loose = Record<string, Record<string, number[]>>;
const kindsOf = (table: TableName): readonly (readonly [column: string, kind: ColumnKind])[] =>
  Object.entries(tables[table]);

/** Rows of a table; 0 when it is left out. */
export function rowCount(body: Pick<MetadataBody, "tables">, table: TableName): number {
  const columns = body.tables[table] as Readonly<Record<string, readonly number[]>> | undefined;
  return columns === undefined ? 0 : (Object.values(columns)[0]?.length ?? 0);
}

/** What a new text stands for, by the row that it is in; and a new number for a MAC. */
export interface Renaming {
  readonly text: (text: string, table: TableName, column: string, row: number) => string;
  readonly mac: (mac: number) => number;
}
const same: Renaming = { text: (text) => text, mac: (mac) => mac };

/**
 * The rows for which `keep` says yes, in order, with the endpoints and texts that they need. Endpoints are kept by need, not by
 * `keep`, unless `allEndpoints`.
 */
export function rebuild(
  interval: Interval,
  keep: (table: TableName, row: number) => boolean,
  { renaming = same, allEndpoints = false }: { renaming?: Renaming; allEndpoints?: boolean } = {},
): Interval {
  const texts: string[] = [];
  const known = new Map<string, number>();
  const text = (old: number, table: TableName, column: string, row: number): number => {
    if (old < 0) return old;
    const next = renaming.text(interval.texts[old] as string, table, column, row);
    let index = known.get(next);
    if (index === undefined) {
      known.set(next, (index = texts.length));
      texts.push(next);
    }
    return index;
  };
  const made: Loose = {};
  const places = new Map<number, number>();
  const value = (old: number, kind: ColumnKind, table: TableName, column: string, row: number): number => {
    if (kind === "text") return text(old, table, column, row);
    if (kind === "mac") return renaming.mac(old);
    return kind === "endpoint" && old >= 0 ? endpoint(old) : old;
  };
  function copy(table: TableName, row: number): void {
    const columns = interval.tables[table] as Readonly<Record<string, readonly number[]>>;
    for (const [column, kind] of kindsOf(table))
      ((made[table] ??= {})[column] ??= []).push(value(columns[column]?.[row] as number, kind, table, column, row));
  }
  function endpoint(old: number): number {
    let place = places.get(old);
    if (place === undefined) {
      places.set(old, (place = places.size));
      copy("endpoints", old);
    }
    return place;
  }
  if (allEndpoints) for (let row = 0; row < rowCount(interval, "endpoints"); row++) endpoint(row);
  for (const table of tableNames) {
    if (table === "endpoints") continue;
    for (let row = 0; row < rowCount(interval, table); row++) if (keep(table, row)) copy(table, row);
  }
  // In the order of the schema, so that the same rows make the same body.
  const ordered = Object.fromEntries(
    tableNames.flatMap((name) => (made[name] === undefined ? [] : [[name, made[name]]])),
  );
  return { ...interval, texts, tables: ordered };
}
