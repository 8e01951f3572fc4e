/** What was measured, over HTTP: series, summary, live tail, and the raw samples as a file (EXP-T10). */
import { Readable } from "node:stream";
import { Type } from "typebox";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { route, type Platform, type Route } from "@yagura/server/route.ts";
import { Instant } from "@yagura/server/shapes.ts";
import { raise } from "../errors.ts";
import { readEvents } from "../events.ts";
import { listSessions } from "../inventory.ts";
import { contentTypes, exportSamples } from "../store/export.ts";
import { readRecent, RECENT_LIMIT } from "../store/recent.ts";
import { readSeries } from "../store/series.ts";
import { readSummary } from "../store/summary.ts";
import { Series, Summary, type Session } from "../wire/api.ts";
import { base, closed, mayRead, ofSession, one, tag } from "./common.ts";

const path = `${base}/sessions/:session`;
const HOUR_MS = 3_600_000;
/** Longest time of one question: ten years. */
const LIMIT_DAYS = 3660;
/** Buckets of a series unless told. */
const POINTS = 300;

const Time = {
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
};
const Numbers = Type.Array(Type.Number(), { maxItems: RECENT_LIMIT });
const Recent = Type.Object(
  {
    /** Slot times, µs since the epoch, oldest first. */ t: Numbers,
    /** µs; 0: no answer. */ rtt: Numbers,
    outcome: Numbers,
    flags: Numbers,
    method: Numbers,
    bound: Numbers,
  },
  closed,
);

/** From and to in µs: the last hours unless told. Throws RANGE_INVALID. */
export function rangeOf(query: { from?: string; to?: string }, now: Date, hours = 1): { from: number; to: number } {
  const to = query.to === undefined ? now.getTime() : Date.parse(query.to);
  const from = query.from === undefined ? to - hours * HOUR_MS : Date.parse(query.from);
  if (!(from < to) || to - from > LIMIT_DAYS * 24 * HOUR_MS || from < 0) {
    throw raise("RANGE_INVALID", {
      from: Number.isNaN(from) ? String(query.from) : new Date(from).toISOString(),
      to: Number.isNaN(to) ? String(query.to) : new Date(to).toISOString(),
      limit: LIMIT_DAYS,
    });
  }
  return { from: from * 1000, to: to * 1000 };
}

/** The session of the organisation, or NOT_FOUND; its transaction is over before telemetry is asked. */
const sessionOf = async (platform: Platform, organisation: OrganisationId, session: Uuid): Promise<Session> =>
  one(await platform.store.organisation(organisation, (tx) => listSessions(tx, organisation, { id: session })));

const placeOf = (platform: Platform, organisation: OrganisationId, session: Uuid) => ({
  telemetry: platform.telemetry,
  organisation,
  session,
});

export const measurementRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: `${path}/series`,
    tag,
    summary: "The distribution over time, in about `points` buckets; nothing observed is null, never 0",
    access: mayRead,
    params: ofSession,
    query: Type.Object({ ...Time, points: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })) }),
    response: Series,
    transaction: false,
    handler: async ({ platform, organisation, params, query, now }) => {
      const range = rangeOf(query, now);
      const { session, events } = await platform.store.organisation(organisation, async (tx) => {
        const session = one(await listSessions(tx, organisation, { id: params.session }));
        return { session, events: await readEvents(tx, session, range.from / 1000, range.to / 1000) };
      });
      const series = await readSeries(placeOf(platform, organisation, session.id), {
        ...range,
        points: query.points ?? POINTS,
        interval: session.interval * 1000,
        probe: session.probe.kind,
      });
      return { ...series, events };
    },
  }),
  route({
    method: "GET",
    path: `${path}/summary`,
    tag,
    summary: "The figures of a time: exact up to 3 days, from hourly sketches beyond",
    access: mayRead,
    params: ofSession,
    query: Type.Object(Time),
    response: Summary,
    transaction: false,
    handler: async ({ platform, organisation, params, query, now }) => {
      const range = rangeOf(query, now);
      const session = await sessionOf(platform, organisation, params.session);
      return readSummary(placeOf(platform, organisation, session.id), {
        ...range,
        interval: session.interval * 1000,
        probe: session.probe.kind,
        alive: { from: Date.parse(session.createdAt) * 1000, to: now.getTime() * 1000 },
      });
    },
  }),
  route({
    method: "GET",
    path: `${path}/recent`,
    tag,
    summary: `The newest samples after a time (µs since the epoch), at most ${RECENT_LIMIT}`,
    access: mayRead,
    params: ofSession,
    query: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })) }),
    response: Recent,
    transaction: false,
    // A page that follows its session live asks once a second.
    rate: 1200,
    handler: async ({ platform, organisation, params, query }) => {
      const session = await sessionOf(platform, organisation, params.session);
      return readRecent(placeOf(platform, organisation, session.id), query.after ?? 0);
    },
  }),
  route({
    method: "GET",
    path: `${path}/samples`,
    tag,
    summary: "Raw samples as a file: CSV, JSON lines or Parquet (EXP-T10)",
    access: { kind: "organisation", scope: "experience.export" },
    params: ofSession,
    query: Type.Object({
      ...Time,
      format: Type.Optional(Type.Union([Type.Literal("csv"), Type.Literal("jsonl"), Type.Literal("parquet")])),
    }),
    raw: "application/octet-stream",
    transaction: false,
    download: true,
    rate: 60,
    handler: async ({ platform, organisation, params, query, now, audit, reply }) => {
      const { from, to } = rangeOf(query, now);
      const format = query.format ?? "csv";
      const session = await sessionOf(platform, organisation, params.session);
      const [begin, end] = [new Date(from / 1000).toISOString(), new Date(to / 1000).toISOString()];
      await audit({
        action: "samples.export",
        subject: `session:${session.id}`,
        details: { from: begin, to: end, format },
      });
      const bytes = await exportSamples(placeOf(platform, organisation, session.id), from, to, format);
      const stamp = (instant: string): string => instant.slice(0, 19).replaceAll(/[-:]/g, "");
      void reply
        .type(contentTypes[format])
        .header(
          "content-disposition",
          `attachment; filename="samples-${session.id}-${stamp(begin)}Z-${stamp(end)}Z.${format}"`,
        );
      return Readable.from(bytes, { objectMode: false });
    },
  }),
];
