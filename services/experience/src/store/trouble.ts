/** Figures of all sessions of the installation: the last minutes, and the usual state at this hour. For the platform's job. */
import { everyOrganisation, type Telemetry } from "@yagura/store/store.ts";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Recent, Usual } from "../analysis/trouble.ts";
import { answered, lost, sent, within } from "./sql.ts";

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** µs: what is judged as now, and the end of it that must be silent for a session to be down. */
export const RECENT = 5 * MINUTE;
export const LATELY = 3 * MINUTE;
const WEEK_DAYS = 7;

/** Sessions with samples in the five minutes before `now` (µs). */
export async function readLastMinutes(telemetry: Telemetry, now: number): Promise<Map<Uuid, Recent>> {
  const lately = "at >= fromUnixTimestamp64Micro({lately:Int64}, 'UTC')";
  const rows = await telemetry.query<Omit<Recent, "p50"> & { session: Uuid; median: number | null }>(
    everyOrganisation,
    `select session, countIf(${sent}) as sent, countIf(${lost}) as lost,
      countIf(${sent} and ${lately}) as sentLately, countIf(${answered} and ${lately}) as answeredLately,
      quantileOrNullIf(0.5)(rtt, ${answered}) as median
    from experience_sample where ${within} group by session`,
    { from: now - RECENT, to: now, lately: now - LATELY },
    { timeout: 60_000 },
  );
  return new Map(rows.map(({ session, median, ...row }) => [session, { ...row, p50: median }]));
}

/** Hourly sketches of the hour of the day before, at and after now, in the last seven days; today's running hour is left out. */
export async function readUsual(telemetry: Telemetry, now: number): Promise<Map<Uuid, Usual>> {
  const hour = Math.floor(now / HOUR);
  const hours = [-1, 0, 1].map((step) => (hour + step + 24) % 24);
  const rows = await telemetry.query<{
    session: Uuid;
    sent: number;
    lost: number;
    q: readonly (number | null)[];
    n: number;
  }>(
    everyOrganisation,
    `select session, sum(sent) as sent, sum(lost) as lost, sum(answered) as n, quantilesDDMerge(0.01, 0.5, 0.95)(rtt) as q
    from experience_hour
    where hour >= toDateTime(intDiv({from:Int64}, 1000000), 'UTC') and hour < toDateTime(intDiv({to:Int64}, 1000000), 'UTC')
      and toHour(hour, 'UTC') in (${hours.join(", ")})
    group by session`,
    { from: now - WEEK_DAYS * DAY, to: hour * HOUR },
    { timeout: 60_000 },
  );
  return new Map(
    rows.map(({ session, sent: probes, lost: gone, q, n }) => [
      session,
      { sent: probes, lost: gone, p50: n > 0 ? (q[0] ?? null) : null, p95: n > 0 ? (q[1] ?? null) : null },
    ]),
  );
}
