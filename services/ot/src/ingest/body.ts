/** What speaks against an upload by itself, without asking anybody; and its times in the server's clock. */
import type { IngestBatch } from "@yagura/devices/devices.ts";
import type { errors } from "../errors.ts";
import { tableNames, tables, type ColumnKind, type MetadataBody } from "../wire/metadata.ts";

const DAY = 86_400_000_000;
/** An interval that ends further ahead of the server than this, µs, after the clock's correction, is refused. */
export const AHEAD_LIMIT = DAY;
/** One that ends longer ago than this, µs, is refused: no spool is so long. */
export const AGE_LIMIT = 400 * DAY;
/** Longest interval of one upload, µs: a sensor uploads every ten seconds, and a file tells of one that is put together. */
export const LONGEST = DAY;
/**
 * Rows of one upload in all its tables. A sensor's body is 1 MiB of JSON at most, which is fewer; each row is looked at while
 * this process does nothing else.
 */
export const MAX_ROWS_OF_BATCH = 60_000;

type Refusal = keyof typeof errors & string;

const columnsOf = (body: MetadataBody, table: string): Record<string, readonly number[]> | undefined =>
  (body.tables as Record<string, Record<string, readonly number[]> | undefined>)[table];

/** Rows of one table. */
export function rowCountOf(body: MetadataBody, table: string): number {
  const columns = columnsOf(body, table);
  return columns === undefined ? 0 : (Object.values(columns)[0]?.length ?? 0);
}
/** Rows of all tables. */
export const rowsIn = (body: MetadataBody): number => tableNames.reduce((sum, name) => sum + rowCountOf(body, name), 0);

/** From and to in the server's clock, ms. */
export const spanOf = ({ body, clockOffset }: Pick<IngestBatch<MetadataBody>, "body" | "clockOffset">) => ({
  from: Math.round((body.from + clockOffset) / 1000),
  to: Math.round((body.to + clockOffset) / 1000),
});

/** Null: nothing speaks against it. */
export function refusalOf(batch: IngestBatch<MetadataBody>): Refusal | null {
  const { body, clockOffset, receivedAt } = batch;
  if (body.to < body.from || body.to - body.from > LONGEST) return "METADATA_INTERVAL";
  const to = body.to + clockOffset;
  if (to > receivedAt + AHEAD_LIMIT) return "METADATA_FUTURE";
  if (body.from + clockOffset < receivedAt - AGE_LIMIT) return "METADATA_ANCIENT";
  if (rowsIn(body) > MAX_ROWS_OF_BATCH) return "METADATA_TOO_MANY";
  return isConsistent(body) ? null : "METADATA_COLUMNS";
}

/** Columns of a table are equally long, every index lies within what it points to, and texts are such as PostgreSQL keeps. */
function isConsistent(body: MetadataBody): boolean {
  if (!body.texts.every((text) => text.isWellFormed())) return false;
  const limits: Partial<Record<ColumnKind, number>> = {
    text: body.texts.length,
    endpoint: rowCountOf(body, "endpoints"),
  };
  for (const name of tableNames) {
    const columns = columnsOf(body, name);
    if (columns === undefined) continue;
    const rows = rowCountOf(body, name);
    for (const [column, kind] of Object.entries(tables[name])) {
      const values = columns[column];
      if (values?.length !== rows) return false;
      const limit = limits[kind];
      if (limit !== undefined && values.some((value) => value >= limit)) return false;
    }
  }
  return true;
}
