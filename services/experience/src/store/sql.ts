/** Pieces of SQL that every query of samples shares: what counts as sent, lost and answered is said once (analysis/loss.ts). */
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Telemetry } from "@yagura/store/store.ts";
import { answeredOutcomes, lateOutcome, lostOutcomes, refusedOutcome, sentOutcomes } from "../analysis/loss.ts";
import { levels } from "../analysis/percentiles.ts";

export const sent = `outcome in (${sentOutcomes.join(", ")})`;
export const lost = `outcome in (${lostOutcomes.join(", ")})`;
export const answered = `(outcome in (${answeredOutcomes.join(", ")}) and rtt > 0)`;
export const levelList = levels.join(", ");

/** Counts of a group of samples. */
export const counts = `
  count() as samples,
  countIf(${sent}) as sent,
  countIf(${lost}) as lost,
  countIf(outcome = ${lateOutcome}) as late,
  countIf(outcome = ${refusedOutcome}) as refused,
  countIf(bitTest(flags, 0)) as duplicate,
  countIf(bitTest(flags, 1)) as reordered`;
export interface Counts {
  readonly samples: number;
  readonly sent: number;
  readonly lost: number;
  readonly late: number;
  readonly refused: number;
  readonly duplicate: number;
  readonly reordered: number;
}
/** The same from hourly rows. */
export const hourCounts = `
  sum(samples) as samples,
  sum(sent) as sent,
  sum(lost) as lost,
  sum(late) as late,
  sum(refused) as refused,
  sum(duplicate) as duplicate,
  sum(reordered) as reordered`;

/** |differences| of successive round trips: their sum, over samples in the order of their slots. Exact. */
export const differenceSum = `
  arraySum(x -> abs(x), arrayDifference(arrayMap(x -> toInt64(x.2), arraySort(groupArrayIf((at, rtt), ${answered})))))`;
/** The same of an hourly row (read with FINAL): pairs across hours are left out. */
export const hourDifferenceSum = "finalizeAggregation(rise) + finalizeAggregation(fall)";

/** Parameters `from` and `to` in µs. */
export const within = `at >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') and at < fromUnixTimestamp64Micro({to:Int64}, 'UTC')`;
/** Hours that begin in [from, to). */
export const hoursWithin = `hour >= toDateTime(intDiv({from:Int64}, 1000000), 'UTC') and hour < toDateTime(intDiv({to:Int64}, 1000000), 'UTC')`;
/** Beside what `Telemetry` binds: a session's id alone never finds another organisation's samples (EXP-T06, EXP-21). */
export const ofSession = "organisation = {organisation:UUID} and session = {session:UUID}";
export const ofOrganisation = "organisation = {organisation:UUID}";

/** A time of one session: where the queries look. Times in µs since the epoch. */
export interface Place {
  readonly telemetry: Telemetry;
  readonly organisation: OrganisationId;
  readonly session: Uuid;
}

/** ISO 8601 in UTC to the millisecond. */
export const iso = (microseconds: number): string => new Date(Math.floor(microseconds / 1000)).toISOString();

/**
 * Whether raw samples of that time may have been deleted by the retention: then hours tell what is left of it. While an older
 * raw sample is there, a time without samples is a time in which nothing was measured. Microseconds.
 */
export async function isBeyondRaw(place: Place, to: number): Promise<boolean> {
  const rows = await place.telemetry.query<{ oldest: number }>(
    place.organisation,
    `select toUnixTimestamp64Micro(at) as oldest from experience_sample where ${ofSession} order by at limit 1`,
    { session: place.session },
  );
  return rows[0] === undefined || rows[0].oldest >= to;
}
