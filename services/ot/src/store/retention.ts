/** Telemetry that has to go: beyond an organisation's retention, of an erased organisation. */
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Telemetry } from "@yagura/store/store.ts";
import { layouts } from "../ingest/layouts.ts";

/** Sums by hour and day are kept at least this long, whatever the retention of raw rows: a year can be compared with the last. */
export const SUM_DAYS = 400;

interface Kept {
  readonly table: string;
  readonly time: string;
  readonly days: (keepDays: number) => number;
}
const sums = (days: number): number => Math.max(days, SUM_DAYS);
const tables: readonly Kept[] = [
  ...["ot_batch", ...layouts.map(({ table }) => table)].map((table) => ({
    table,
    time: "at",
    days: (days: number) => days,
  })),
  ...["ot_conversation", "ot_command"].flatMap((table) =>
    ["hour", "day"].map((time) => ({ table: `${table}_${time}`, time, days: sums })),
  ),
  { table: "ot_pair", time: "moment", days: sums },
];
const DAY = 86_400_000;
/** A mutation, not a mark: the rows are gone from the disk when it returns. */
const deleteFrom = (table: string, where: string): string =>
  `alter table ${table} delete where ${where} settings mutations_sync = 1`;

/** Deletes what is older than the organisation keeps. Nothing is rewritten where nothing is old. */
export async function retainTelemetry(
  telemetry: Telemetry,
  organisation: OrganisationId,
  keepDays: number,
  now: Date,
): Promise<void> {
  for (const { table, time, days } of tables) {
    const from = now.getTime() - days(keepDays) * DAY;
    // Sums go by whole days, so that those of a day and those of its hours go together.
    const before = Math.floor((time === "at" ? from : Math.floor(from / DAY) * DAY) / 1000);
    const where = `organisation = {organisation:UUID} and ${time} < toDateTime({before:UInt32}, 'UTC')`;
    const found = await telemetry.query(
      organisation,
      `select 1 as found from ${table} where ${where} limit 1`,
      { before },
      { timeout: 60_000 },
    );
    if (found.length > 0) await telemetry.erase(organisation, deleteFrom(table, where), { before });
  }
}

/** Deletes everything of an organisation. */
export async function eraseTelemetry(telemetry: Telemetry, organisation: OrganisationId): Promise<void> {
  for (const { table } of tables) {
    await telemetry.erase(organisation, deleteFrom(table, "organisation = {organisation:UUID}"));
  }
}
