/**
 * One way to change any dated value: tax rates, statutory rates, hours, settings, offering. Locks the value, plans the change
 * (ranges.ts), refuses what reaches back into billed months unless confirmed, writes, keeps the history, audits.
 */
import { isDeepStrictEqual } from "node:util";
import { sql, type RawBuilder } from "kysely";
import { addDays, type Day } from "@yagura/core/calendar.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { actorName } from "../actor.ts";
import { raise } from "./errors.ts";
import { planEdit, type RangeEdit, type RangePlan, type Segment } from "./ranges.ts";
import type { DatedChange } from "./shapes.ts";
import { billedUntil, lastBilled, type TermsWork } from "./work.ts";

export interface Stored<V> extends Segment<V> {
  readonly id: Uuid;
}

/** A dated table, and how its values stand in columns. */
export interface DatedTable<K, V> {
  /** In the history: `tax-rate`. */
  readonly kind: string;
  readonly table: string;
  readonly keyOf: (key: K) => string;
  /** Condition on the table's rows. */
  readonly where: (key: K) => RawBuilder<unknown>;
  /** SQL that gives the value as JSON. */
  readonly value: RawBuilder<unknown>;
  /** Columns of a new row beside id and in_force, and their values. */
  readonly columns: readonly string[];
  readonly values: (key: K, value: V, work: TermsWork) => readonly unknown[];
}

export interface ChangeOptions {
  readonly dryRun?: boolean | undefined;
  readonly confirmPast?: boolean | undefined;
  readonly reason?: string | undefined;
}

/** All ranges of one value, first to last. */
export async function segmentsOf<K, V>(work: TermsWork, table: DatedTable<K, V>, key: K): Promise<Stored<V>[]> {
  const { rows } = await sql<Stored<V>>`select id, lower(in_force)::text as "from", upper(in_force)::text as until,
      ${table.value} as value
    from ${sql.table(table.table)} where ${table.where(key)} order by lower(in_force) nulls first`.execute(work.tx);
  return rows;
}

/** Changes one value. DATED_CHANGE_PAST. */
export async function changeDated<K, V>(
  work: TermsWork,
  table: DatedTable<K, V>,
  key: K,
  edit: RangeEdit<V>,
  options: ChangeOptions,
): Promise<DatedChange> {
  const name = table.keyOf(key);
  await lockValue(work, table.kind, name);
  const segments = await segmentsOf(work, table, key);
  const plan = planEdit<V, Stored<V>>(segments, edit, isDeepStrictEqual);
  const billed = await billedUntil(work.tx);
  const reachesBilled = plan.effect !== "same" && isBilled(edit.from, billed);
  const applied = options.dryRun !== true && plan.effect !== "same";
  if (applied) {
    if (reachesBilled && options.confirmPast !== true) throw past(name, edit.from, billed);
    await write(work, table, key, plan);
    await keepHistory(work, { kind: table.kind, key: name, plan, edit, reason: options.reason });
    await work.audit({
      action: `terms.${table.kind}`,
      subject: name,
      details: { from: edit.from, until: plan.until, before: plan.before, after: edit.value, reachesBilled },
    });
  }
  return {
    effect: plan.effect,
    applied,
    from: edit.from,
    until: plan.until,
    before: plan.before,
    after: edit.value,
    timeline: plan.after.map(({ from, until, value }) => ({ from, until, value })),
    reachesBilled,
  };
}

/** Until this transaction is over nobody else changes the value. */
export async function lockValue(work: TermsWork, kind: string, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`commerce.dated:${kind}:${name}`}, 0))`.execute(work.tx);
}

export const isBilled = (from: Day | null, billed: Day | null): boolean =>
  billed !== null && (from === null || from < billed);

export const past = (key: string, from: Day | null, billed: Day | null) =>
  raise("DATED_CHANGE_PAST", { key, from: from ?? "–", billed: billed === null ? "–" : lastBilled(billed) });

/** The half-open end of a last day. DATED_CHANGE_RANGE. */
export function untilOf(from: Day, lastDay: Day | undefined): Day | null {
  if (lastDay === undefined) return null;
  if (lastDay < from) throw raise("DATED_CHANGE_RANGE", { from, lastDay });
  return addDays(lastDay, 1);
}

async function write<K, V>(
  work: TermsWork,
  table: DatedTable<K, V>,
  key: K,
  plan: RangePlan<V, Stored<V>>,
): Promise<void> {
  const { tx } = work;
  const target = sql.table(table.table);
  for (const { id } of plan.remove) await sql`delete from ${target} where id = ${id}`.execute(tx);
  for (const { segment, until } of plan.shorten) {
    await sql`update ${target} set in_force = daterange(lower(in_force), ${until}::date) where id = ${segment.id}`.execute(
      tx,
    );
  }
  const columns = sql.join(table.columns.map((column) => sql.ref(column)));
  for (const { from, until, value } of plan.add) {
    await sql`insert into ${target} (id, in_force, ${columns})
      values (${newId()}, daterange(${from}::date, ${until}::date), ${sql.join(table.values(key, value, work))})`.execute(
      tx,
    );
  }
}

/** A row of the history for each value that changed. */
export async function keepHistory(
  work: TermsWork,
  change: {
    readonly kind: string;
    readonly key: string;
    readonly plan: Pick<RangePlan<unknown, Segment<unknown>>, "effect" | "before">;
    readonly edit: Pick<RangeEdit<unknown>, "from" | "value">;
    readonly reason: string | undefined;
  },
): Promise<void> {
  const { kind, key, plan, edit, reason } = change;
  await sql`insert into commerce.dated_change (id, at, by, kind, key, effect, from_day, before, after, reason)
    values (${newId()}, ${work.now}, ${actorName(work)}, ${kind}, ${key}, ${plan.effect}, ${edit.from}::date,
      ${JSON.stringify(plan.before)}::jsonb, ${JSON.stringify(edit.value)}::jsonb, ${reason ?? null})`.execute(work.tx);
}
