/** How every session of an organisation did in the last hour: one query for all of them. */
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Telemetry } from "@yagura/store/store.ts";
import { lateOutcome, refusedOutcome } from "../analysis/loss.ts";
import type { Piece } from "../analysis/since.ts";
import {
  answered,
  counts,
  differenceSum,
  hourCounts,
  hourDifferenceSum,
  hoursWithin,
  lost,
  ofOrganisation,
  sent,
  within,
  type Counts,
} from "./sql.ts";

const HOUR = 3_600_000_000;
/** Beyond this many samples in the hour (550 sessions at 1 Hz) the hourly sketches of this hour and the last are read. */
export const RAW_SAMPLES = 2_000_000;
/** Sessions that get a line of medians. */
export const SPARKS = 200;
/** Where a session that was silent for an hour is looked for. */
const SILENT_DAYS = 30;

export interface Health extends Counts {
  readonly session: Uuid;
  readonly answers: number;
  /** µs. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** Mean absolute difference, µs. */
  readonly jitter: number | null;
  /** µs since the epoch. */
  readonly last: number;
}

interface HealthRow extends Counts {
  readonly session: Uuid;
  readonly answers: number;
  readonly q: readonly (number | null)[];
  readonly differences: number;
  readonly pairs: number;
  readonly last: number;
}

/**
 * Figures of each session that has samples in the hour before `now` (µs). `expected` is how many samples that hour should
 * hold; when it is too many, the time is from the beginning of the previous full hour until now, with percentiles within 1 %.
 */
export async function readHealth(
  telemetry: Telemetry,
  organisation: OrganisationId,
  now: number,
  expected: number,
): Promise<Map<Uuid, Health>> {
  const raw = expected <= RAW_SAMPLES;
  const rows = raw
    ? await telemetry.query<HealthRow>(
        organisation,
        `select session, ${counts}, countIf(${answered}) as answers,
          quantilesExactInclusiveIf(0.5, 0.95)(rtt, ${answered}) as q,
          ${differenceSum} as differences, answers - 1 as pairs, toUnixTimestamp64Micro(max(at)) as last
        from experience_sample where ${ofOrganisation} and ${within} group by session`,
        { from: now - HOUR, to: now },
      )
    : await telemetry.query<HealthRow>(
        organisation,
        `select session, ${hourCounts}, sum(answered) as answers, quantilesDDMerge(0.01, 0.5, 0.95)(rtt) as q,
          sum(${hourDifferenceSum}) as differences, sum(if(answered > 0, answered - 1, 0)) as pairs,
          toUnixTimestamp64Micro(max(last_at)) as last
        from experience_hour where ${ofOrganisation} and ${hoursWithin} group by session`,
        { from: Math.floor(now / HOUR) * HOUR - HOUR, to: now },
      );
  return new Map(
    rows.map(({ q, differences, pairs, ...row }) => [
      row.session,
      {
        ...row,
        p50: row.answers > 0 ? (q[0] ?? null) : null,
        p95: row.answers > 0 ? (q[1] ?? null) : null,
        jitter: pairs > 0 ? differences / pairs : null,
      },
    ]),
  );
}

/** Sessions named in one statement: a statement has at most 256 kB. */
export const NAMED_SESSIONS = 1000;

/** When silent sessions were last heard of, µs; sessions that were not heard of for 30 days are left out. */
export async function readLastSeen(
  telemetry: Telemetry,
  organisation: OrganisationId,
  sessions: readonly Uuid[],
  now: number,
): Promise<Map<Uuid, number>> {
  if (sessions.length === 0) return new Map();
  const named = sessions.length <= NAMED_SESSIONS;
  const rows = await telemetry.query<{ session: Uuid; last: number }>(
    organisation,
    `select session, toUnixTimestamp64Micro(max(last_at)) as last from experience_hour
    where ${ofOrganisation} ${named ? "and session in {sessions:Array(UUID)}" : ""} and ${hoursWithin} group by session`,
    { ...(named ? { sessions } : {}), from: now - SILENT_DAYS * 24 * HOUR, to: now },
  );
  const asked = new Set(sessions);
  return new Map(rows.filter(({ session }) => asked.has(session)).map(({ session, last }) => [session, last]));
}

/** The last hour of a session by minute, oldest first. */
export interface Minutes {
  /** Median round trip, µs; null where nothing answered. */
  readonly medians: (number | null)[];
  /** What was measured in each; without jitter. */
  readonly pieces: Piece[];
}

interface MinuteRows {
  readonly session: Uuid;
  readonly minutes: number[];
  readonly sent: number[];
  readonly lost: number[];
  readonly late: number[];
  readonly refused: number[];
  readonly q: (number | null)[][];
}

/** Minutes of the hour before `now` (µs) of some sessions; those without samples are left out. */
export async function readMinutes(
  telemetry: Telemetry,
  organisation: OrganisationId,
  sessions: readonly Uuid[],
  now: number,
): Promise<Map<Uuid, Minutes>> {
  if (sessions.length === 0) return new Map();
  const rows = await telemetry.query<MinuteRows>(
    organisation,
    `select session, groupArray(minute) as minutes, groupArray(minute_sent) as sent, groupArray(minute_lost) as lost,
      groupArray(minute_late) as late, groupArray(minute_refused) as refused, groupArray(quantiles) as q
    from (
      select session, intDiv(toUnixTimestamp64Micro(at) - {from:Int64}, 60000000) as minute,
        countIf(${sent}) as minute_sent, countIf(${lost}) as minute_lost,
        countIf(outcome = ${lateOutcome}) as minute_late, countIf(outcome = ${refusedOutcome}) as minute_refused,
        quantilesExactInclusiveIf(0.5, 0.95)(rtt, ${answered}) as quantiles
      from experience_sample
      where ${ofOrganisation} and session in {sessions:Array(UUID)} and ${within}
      group by session, minute
    ) group by session`,
    { sessions, from: now - HOUR, to: now },
  );
  return new Map(rows.map((row) => [row.session, minutesOf(row, now)]));
}

function minutesOf(row: MinuteRows, now: number): Minutes {
  const medians = Array.from<number | null>({ length: 60 }).fill(null);
  const pieces = medians.map((_, minute): Piece => ({ ...nothing, at: (now - HOUR) / 1000 + minute * 60_000 }));
  for (const [i, minute] of row.minutes.entries()) {
    const [median, p95Us] = row.q[i] ?? [];
    medians[minute] = median ?? null;
    pieces[minute] = {
      at: (pieces[minute] as Piece).at,
      sent: row.sent[i] ?? 0,
      lost: row.lost[i] ?? 0,
      late: row.late[i] ?? 0,
      refused: row.refused[i] ?? 0,
      p95Us: p95Us ?? null,
      jitterUs: null,
    };
  }
  return { medians, pieces };
}
const nothing: Omit<Piece, "at"> = { sent: 0, lost: 0, late: 0, refused: 0, p95Us: null, jitterUs: null };

/** A session among the worst of a time. */
export interface WorstSession {
  readonly session: Uuid;
  /** Share, 0 to 1. */
  readonly loss: number;
  /** µs, within 1 %; null where nothing answered. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/**
 * Sessions of an organisation with the greatest loss over [from, to) µs in whole hours, the slower (by mean) first among
 * equals. Sketches are merged only for those that are told.
 */
export async function readWorst(
  telemetry: Telemetry,
  organisation: OrganisationId,
  from: number,
  to: number,
  limit: number,
): Promise<WorstSession[]> {
  const rows = await telemetry.query<{
    session: Uuid;
    loss: number;
    mean: number;
    answers: number;
    q: (number | null)[];
  }>(
    organisation,
    `select session, sum(lost) / sum(sent) as loss, sum(answered) as answers, sum(rtt_sum) / answers as mean,
      quantilesDDMerge(0.01, 0.5, 0.95)(rtt) as q
    from experience_hour where ${ofOrganisation} and ${hoursWithin} and session in (
      select session from experience_hour where ${ofOrganisation} and ${hoursWithin}
      group by session having sum(sent) > 0
      order by sum(lost) / sum(sent) desc, sum(rtt_sum) / sum(answered) desc limit {limit:UInt32}
    ) group by session order by loss desc, mean desc`,
    { from, to, limit },
  );
  return rows.map(({ session, loss, answers, q }) => ({
    session,
    loss,
    p50: answers > 0 ? (q[0] ?? null) : null,
    p95: answers > 0 ? (q[1] ?? null) : null,
  }));
}
