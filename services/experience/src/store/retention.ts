/** Telemetry that has to go: beyond an organisation's retention, of removed sessions, of an erased organisation. */
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Telemetry } from "@yagura/store/store.ts";
import { NAMED_SESSIONS } from "./health.ts";

/** Hourly sketches are kept at least this long, whatever the retention of raw samples: a year can be compared with the last. */
export const HOURLY_DAYS = 400;

interface Kept {
  readonly table: string;
  readonly time: string;
  /** Days that the rows of the table are kept. */
  readonly days: (keepDays: number) => number;
}
const tables: readonly Kept[] = [
  { table: "experience_sample", time: "at", days: (days) => days },
  { table: "experience_gap", time: "to_at", days: (days) => days },
  { table: "experience_hour", time: "hour", days: (days) => Math.max(days, HOURLY_DAYS) },
  { table: "experience_phase_hour", time: "hour", days: (days) => Math.max(days, HOURLY_DAYS) },
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
    const before = Math.floor((now.getTime() - days(keepDays) * DAY) / 1000);
    const where = `organisation = {organisation:UUID} and ${time} < toDateTime({before:UInt32}, 'UTC')`;
    if (await any(telemetry, organisation, table, where, { before })) {
      await telemetry.erase(organisation, deleteFrom(table, where), {
        before,
      });
    }
  }
}

/**
 * Deletes rows, a day old or older, of sessions that are not in the inventory any more. The day protects a session that was
 * made after the list was read.
 */
export async function sweepRemoved(
  telemetry: Telemetry,
  organisation: OrganisationId,
  sessions: readonly Uuid[],
  now: Date,
): Promise<void> {
  const before = Math.floor((now.getTime() - DAY) / 1000);
  const kept = new Set(sessions);
  for (const { table, time } of tables) {
    const old = `organisation = {organisation:UUID} and ${time} < toDateTime({before:UInt32}, 'UTC')`;
    const rows = await telemetry.query<{ session: Uuid }>(
      organisation,
      `select distinct session from ${table} where ${old}`,
      { before },
      { timeout: 60_000 },
    );
    const removed = rows.map(({ session }) => session).filter((session) => !kept.has(session));
    for (let i = 0; i < removed.length; i += NAMED_SESSIONS) {
      const part = { before, sessions: removed.slice(i, i + NAMED_SESSIONS) };
      await telemetry.erase(organisation, deleteFrom(table, `${old} and session in {sessions:Array(UUID)}`), part);
    }
  }
}

/** Deletes everything of an organisation. */
export async function eraseTelemetry(telemetry: Telemetry, organisation: OrganisationId): Promise<void> {
  for (const { table } of tables) {
    await telemetry.erase(organisation, deleteFrom(table, "organisation = {organisation:UUID}"));
  }
}

async function any(
  telemetry: Telemetry,
  organisation: OrganisationId,
  table: string,
  where: string,
  parameters: Readonly<Record<string, number | readonly string[]>>,
): Promise<boolean> {
  const rows = await telemetry.query(
    organisation,
    `select 1 as found from ${table} where ${where} limit 1`,
    parameters,
    {
      timeout: 60_000,
    },
  );
  return rows.length > 0;
}
