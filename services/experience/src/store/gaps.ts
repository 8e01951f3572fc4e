/** Times in which nothing was observed, and why. */
import { gapReasons } from "../wire/samples.ts";
import { ofSession, type Place } from "./sql.ts";

export interface ReadGap {
  /** µs since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Gaps told of one request; more are left out, the longest are kept. */
const MAX_GAPS = 2000;

/** Gaps that touch [from, to) µs, by their beginning. One that grew between two uploads is told once, at its longest. */
export async function readGaps(place: Place, from: number, to: number): Promise<ReadGap[]> {
  const rows = await place.telemetry.query<{ from: number; to: number; reason: number }>(
    place.organisation,
    `select toUnixTimestamp64Micro(from_at) as from, max(toUnixTimestamp64Micro(to_at)) as to, reason
    from experience_gap
    where ${ofSession} and from_at < fromUnixTimestamp64Micro({to:Int64}, 'UTC') and to_at > fromUnixTimestamp64Micro({from:Int64}, 'UTC')
    group by from_at, reason order by to - from desc limit ${MAX_GAPS}`,
    { session: place.session, from, to },
  );
  return rows
    .map((row) => ({ from: row.from, to: row.to, reason: gapReasons[row.reason] ?? "unknown" }))
    .sort((a, b) => a.from - b.from);
}
