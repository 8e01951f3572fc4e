/** The newest samples of a session: the live tail. */
import { ofSession, type Place } from "./sql.ts";

/** Most samples of one answer. */
export const RECENT_LIMIT = 1000;

export interface Recent {
  /** Slot times, µs since the epoch, oldest first. */ readonly t: number[];
  /** Round trips, µs; 0 where there was no answer. */ readonly rtt: number[];
  readonly outcome: number[];
  readonly flags: number[];
  readonly method: number[];
  readonly bound: number[];
}

/** Samples with a slot after `after` (µs): the newest RECENT_LIMIT of them. */
export async function readRecent(place: Place, after: number): Promise<Recent> {
  const rows = await place.telemetry.query<Recent>(
    place.organisation,
    `select groupArray(t) as t, groupArray(rtt) as rtt, groupArray(outcome) as outcome, groupArray(flags) as flags,
      groupArray(method) as method, groupArray(bound) as bound
    from (
      select * from (
        select toUnixTimestamp64Micro(at) as t, rtt, outcome, flags, method, bound from experience_sample
        where ${ofSession} and at > fromUnixTimestamp64Micro({after:Int64}, 'UTC') order by at desc limit ${RECENT_LIMIT}
      ) order by t
    )`,
    { session: place.session, after },
  );
  return rows[0] ?? { t: [], rtt: [], outcome: [], flags: [], method: [], bound: [] };
}
