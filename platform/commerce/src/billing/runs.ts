/** Bill runs as rows: begun, read, moved from state to state. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { dayOf, lastOfMonth, monthOf, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { first, type Cursor } from "./contracts.ts";
import { raise } from "./errors.ts";
import type { NewBillRun, RunCounters, RunKind, RunState } from "./shapes.ts";

export interface RunRow {
  readonly id: Uuid;
  readonly month: YearMonth;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly organisation: OrganisationId | null;
  readonly since: YearMonth | null;
  readonly issueOn: Day;
  /** The database's text form: microseconds count. */
  readonly until: string;
  readonly stamp: Uuid;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly cursor: Cursor | null;
  readonly preview: RunCounters;
  readonly issued: RunCounters;
}

const noCounters: RunCounters = {
  contracts: 0,
  of: 0,
  documents: 0,
  lines: 0,
  aside: 0,
  net: 0,
  tax: 0,
  total: 0,
};

const columns = sql`id, to_char(month, 'YYYY-MM') as month, kind, state, organisation_id as organisation,
  to_char(since, 'YYYY-MM') as since, issue_on as "issueOn", facts_until::text as until, tables_stamp as stamp,
  started_by as "startedBy", started_at as "startedAt", finished_at as "finishedAt", cursor, preview, issued`;

const withCounters = (row: RunRow): RunRow => ({
  ...row,
  preview: { ...noCounters, ...row.preview },
  issued: { ...noCounters, ...row.issued },
});

export async function runById(tx: Tx, id: Uuid): Promise<RunRow | null> {
  const { rows } = await sql<RunRow>`select ${columns} from commerce.bill_run where id = ${id}`.execute(tx);
  return rows[0] === undefined ? null : withCounters(rows[0]);
}

/** NOT_FOUND. Nobody else moves the run until this transaction is over. */
export async function lockRun(tx: Tx, id: Uuid): Promise<RunRow> {
  const { rows } = await sql<RunRow>`select ${columns} from commerce.bill_run where id = ${id} for update`.execute(tx);
  if (rows[0] === undefined) throw raiseServer("NOT_FOUND");
  return withCounters(rows[0]);
}

/** Newest first. */
export async function listRuns(tx: Tx, limit: number, before: Uuid | null): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`select ${columns} from commerce.bill_run
    where ${before}::uuid is null or id < ${before}::uuid order by id desc limit ${limit}`.execute(tx);
  return rows.map(withCounters);
}

/**
 * The moment up to which facts are known: waits for everybody who is writing facts just now, so that none of them commits one
 * with an earlier moment afterwards.
 */
async function drawLine(tx: Tx): Promise<string> {
  await sql`select pg_advisory_xact_lock(6006)`.execute(tx);
  const { rows } = await sql<{ until: string }>`select clock_timestamp()::text as until`.execute(tx);
  return rows[0]?.until ?? "";
}

export async function tablesStamp(tx: Tx): Promise<Uuid> {
  const { rows } = await sql<{ stamp: Uuid }>`select stamp from commerce.tables_stamp`.execute(tx);
  return rows[0]?.stamp ?? "";
}

/** A new run that computes its preview first. BILL_MONTH_AHEAD, BILL_RUN_SCOPE, BILL_RUN_SINCE. */
export async function beginRun(tx: Tx, input: NewBillRun, { by, now }: { by: string; now: Date }): Promise<RunRow> {
  const { month, kind = "regular", organisationId = null, since = null } = input;
  const today = dayOf(now);
  if (kind === "regular" && lastOfMonth(first(month)) >= today) throw raise("BILL_MONTH_AHEAD", { month });
  if (month > monthOf(today)) throw raise("BILL_MONTH_AHEAD", { month });
  if (kind === "ad-hoc" && organisationId === null) throw raise("BILL_RUN_SCOPE");
  if ((kind === "re-rating") !== (since !== null) || (since !== null && since > month)) {
    throw raise("BILL_RUN_SINCE", { month });
  }
  const id = newId();
  await sql`insert into commerce.bill_run (id, month, kind, state, organisation_id, since, issue_on, facts_until, tables_stamp,
      started_by, started_at, worked_at)
    values (${id}, ${first(month)}::date, ${kind}, 'computing', ${organisationId},
      ${since === null ? null : first(since)}::date, ${input.issueOn ?? today}::date, ${await drawLine(tx)}::timestamptz,
      ${await tablesStamp(tx)}, ${by}, ${now}, ${now})`.execute(tx);
  return lockRun(tx, id);
}

/** A run of the same kind for the same month and customers that is not finished. */
export async function openRun(tx: Tx, input: NewBillRun): Promise<Uuid | null> {
  const { rows } = await sql<{ id: Uuid }>`select id from commerce.bill_run
    where month = ${first(input.month)}::date and kind = ${input.kind ?? "regular"} and state not in ('done', 'discarded')
      and organisation_id is not distinct from ${input.organisationId ?? null}::uuid limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}

/** Computes the preview of what is left, with everything that is known by now: after contracts were put right, for example. */
export async function computeAgain(tx: Tx, run: RunRow, now: Date): Promise<void> {
  await sql`update commerce.bill_run set state = 'computing', cursor = null, preview = '{}', finished_at = null,
      facts_until = ${await drawLine(tx)}::timestamptz, tables_stamp = ${await tablesStamp(tx)}, worked_at = ${now}
    where id = ${run.id}`.execute(tx);
  await sql`delete from commerce.bill_run_customer where run_id = ${run.id}`.execute(tx);
  await sql`delete from commerce.bill_aside where run_id = ${run.id} and resolved_at is null`.execute(tx);
}

export async function setState(
  tx: Tx,
  run: Uuid,
  state: RunState,
  { now, finished = false }: { now: Date; finished?: boolean },
): Promise<void> {
  await sql`update commerce.bill_run set state = ${state}, cursor = null, worked_at = ${now},
      finished_at = ${finished ? now : null} where id = ${run}`.execute(tx);
}

/** False when somebody else has moved the run on meanwhile: this chunk is theirs. */
export async function advance(
  tx: Tx,
  run: RunRow,
  to: { cursor: Cursor; preview: RunCounters; issued: RunCounters; now: Date },
): Promise<boolean> {
  const { rows } = await sql`update commerce.bill_run set cursor = ${JSON.stringify(to.cursor)}::jsonb,
      preview = ${JSON.stringify(to.preview)}::jsonb, issued = ${JSON.stringify(to.issued)}::jsonb, worked_at = ${to.now}
    where id = ${run.id} and state = ${run.state} and facts_until = ${run.until}::timestamptz
      and cursor is not distinct from ${run.cursor === null ? null : JSON.stringify(run.cursor)}::jsonb
    returning 1`.execute(tx);
  return rows.length === 1;
}
