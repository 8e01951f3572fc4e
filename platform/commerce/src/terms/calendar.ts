/** Business calendars as the office keeps them: hours by activity, national holidays, designated days (COM-16, UTM-60, matrix 7.4). */
import { sql } from "kysely";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { ClosedDay, Text } from "../charging/tables.ts";
import { isBilled, keepHistory, past } from "./dated.ts";
import type { ClosedDayItem } from "./shapes.ts";
import { billedUntil, type TermsWork } from "./work.ts";

interface NewDay {
  readonly day: Day;
  readonly kind: ClosedDay["kind"];
  readonly service?: string;
  readonly name: Text;
  readonly confirmPast?: boolean;
}

/** The Cabinet Office publishes the holidays of a year in February of the year before; later ones are computed. */
function isProvisional(day: Day, kind: ClosedDay["kind"], now: Date): boolean {
  const today = dayOf(now);
  const announced = Number(today.slice(0, 4)) + (today.slice(5, 7) >= "02" ? 1 : 0);
  return kind === "national-holiday" && Number(day.slice(0, 4)) > announced;
}

type Row = Omit<ClosedDayItem, "provisional">;
export async function readClosedDays(
  work: Pick<TermsWork, "tx" | "now">,
  query: { readonly service?: string; readonly year: number },
): Promise<ClosedDayItem[]> {
  const { rows } = await sql<Row>`select id, day::text as day, kind, service, name from commerce.closed_day
    where extract(year from day) = ${query.year}
      and (${query.service ?? null}::text is null or service is null or service = ${query.service ?? null})
    order by day, kind`.execute(work.tx);
  return rows.map((row) => ({ ...row, provisional: isProvisional(row.day, row.kind, work.now) }));
}

const keyOf = ({ day, kind, service }: Pick<NewDay, "day" | "kind"> & { service?: string | null }): string =>
  `${service ?? "*"}/${kind}/${day}`;

/** Marks a day as closed. The same day twice is one row, whose name is then the new one. DATED_CHANGE_PAST. */
export async function closeDay(work: TermsWork, input: NewDay): Promise<Uuid> {
  await guard(work, input, input.confirmPast);
  const { day, kind, service = null, name } = input;
  const { rows } = await sql<{
    id: Uuid;
    fresh: boolean;
  }>`insert into commerce.closed_day (id, day, kind, service, name)
    values (${newId()}, ${day}::date, ${kind}, ${service}, ${JSON.stringify(name)}::jsonb)
    on conflict (day, kind, service) do update set name = excluded.name
    returning id, (xmax = 0) as fresh`.execute(work.tx);
  const { id, fresh } = rows[0] as { id: Uuid; fresh: boolean };
  await record(work, input, fresh ? "new" : "changed", null, name);
  return id;
}

/** Opens a closed day again. False when there is no such row. DATED_CHANGE_PAST. */
export async function openDay(work: TermsWork, id: Uuid, confirmPast: boolean): Promise<boolean> {
  const { rows } = await sql<Row>`select id, day::text as day, kind, service, name from commerce.closed_day
    where id = ${id} for update`.execute(work.tx);
  const [found] = rows;
  if (found === undefined) return false;
  await guard(work, found, confirmPast);
  await sql`delete from commerce.closed_day where id = ${id}`.execute(work.tx);
  await record(work, found, "ended", found.name, null);
  return true;
}

async function guard(work: TermsWork, day: Parameters<typeof keyOf>[0], confirmed: boolean | undefined): Promise<void> {
  const billed = await billedUntil(work.tx);
  if (isBilled(day.day, billed) && confirmed !== true) throw past(keyOf(day), day.day, billed);
}

async function record(
  work: TermsWork,
  day: Parameters<typeof keyOf>[0],
  effect: "new" | "changed" | "ended",
  before: Text | null,
  after: Text | null,
): Promise<void> {
  const edit = { from: day.day, value: after };
  await keepHistory(work, { kind: "closed-day", key: keyOf(day), plan: { effect, before }, edit, reason: undefined });
  await work.audit({ action: "terms.closed-day", subject: keyOf(day), details: { effect, before, after } });
}
