/**
 * What is learned and usual, into the database: at once what matters (something new, something decided, something due), the mere
 * passing of time once a minute. A process that dies loses at most that minute of counts.
 */
import { sql } from "kysely";
import type { Baseline } from "../analysis/detect/types.ts";
import type { Learned } from "../analysis/model.ts";
import { MAX_BASELINES, MAX_LEARNED } from "./memory.ts";
import type { Writing } from "./write-assets.ts";

/** Milliseconds between two writings of an item of which only the time and the count moved. */
export const WRITE_EVERY = 60_000;
/** A due time that moved by less than this, milliseconds, is written with the rest; the job of due items waits as long. */
export const DUE_SLACK = 30_000;

export async function writeLearned({ tx, memory }: Writing, items: readonly Learned[]): Promise<void> {
  const rows: Learned[] = [];
  for (const item of items) {
    const before = memory.learned.get(item.key) ?? null;
    if (before === null && ++memory.rows.learned > MAX_LEARNED) {
      memory.rows.learned--;
      continue;
    }
    memory.learned.set(item.key, item);
    const name = `learned ${item.key}`;
    if (before?.known === item.known && item.last - (memory.written.get(name) ?? 0) < WRITE_EVERY) continue;
    memory.written.set(name, item.last);
    rows.push(item);
  }
  if (rows.length === 0) return;
  const json = JSON.stringify(
    rows.map((row) => ({ ...row, first: new Date(row.first).toISOString(), last: new Date(row.last).toISOString() })),
  );
  await sql`insert into ot.learned (site_id, key, organisation_id, first_at, last_at, count, known)
    select ${memory.site}, x.key, ${memory.organisation}, x.first, x.last, x.count, x.known
    from jsonb_to_recordset(${json}::jsonb)
      as x (key text, first timestamptz, last timestamptz, count bigint, known boolean)
    on conflict (site_id, key) do update set first_at = excluded.first_at, last_at = excluded.last_at,
      count = excluded.count, known = excluded.known`.execute(tx);
}

export async function writeBaselines(
  { tx, memory }: Writing,
  at: number,
  baselines: readonly Baseline[],
): Promise<void> {
  const rows: object[] = [];
  const states: object[] = [];
  for (const baseline of baselines) {
    const before = memory.baselines.get(baseline.key) ?? null;
    if (before === null && ++memory.rows.baselines > MAX_BASELINES) {
      memory.rows.baselines--;
      continue;
    }
    memory.baselines.set(baseline.key, baseline);
    const name = `baseline ${baseline.key}`;
    const age = at - (memory.written.get(name) ?? 0);
    if (before !== null && age < WRITE_EVERY && !matters(before, baseline)) continue;
    memory.written.set(name, at);
    const { key, kind, due } = baseline;
    rows.push({ key, kind, due: due === null ? null : new Date(due).toISOString(), document: baseline });
    if (baseline.kind === "asset" && (before as { state?: string } | null)?.state !== baseline.state) {
      states.push({ id: key.slice("asset|".length), state: baseline.state });
    }
  }
  if (rows.length === 0) return;
  await sql`insert into ot.baseline (site_id, key, organisation_id, kind, due_at, document)
    select ${memory.site}, x.key, ${memory.organisation}, x.kind, x.due, x.document
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (key text, kind text, due timestamptz, document jsonb)
    on conflict (site_id, key) do update set due_at = excluded.due_at, document = excluded.document`.execute(tx);
  if (states.length === 0) return;
  await sql`update ot.asset a set learning = x.state
    from jsonb_to_recordset(${JSON.stringify(states)}::jsonb) as x (id text, state text)
    where a.site_id = ${memory.site} and a.id::text = x.id`.execute(tx);
}

/** Whether a change must not wait: something was told or decided, or the time at which somebody has to look moved. */
function matters(before: Baseline, after: Baseline): boolean {
  if ((before.due === null) !== (after.due === null)) return true;
  if (before.due !== null && after.due !== null && Math.abs(after.due - before.due) >= DUE_SLACK) return true;
  const [old, young] = [before as Told, after as Told];
  return (
    old.state !== young.state ||
    old.approved !== young.approved ||
    JSON.stringify(old.told) !== JSON.stringify(young.told)
  );
}
interface Told {
  readonly state?: string;
  readonly approved?: boolean;
  readonly told?: unknown;
}
