/** A session's series for a time range, kept live: the server's buckets, and the newest raw samples joined to their end. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { api, type ApiError } from "@yagura/portal/api.ts";
import type { LiveEvent } from "@yagura/portal/live.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Series, Session } from "../../wire/api.ts";
import { canFollow, withTail } from "../chart/recent.ts";
import { seconds } from "../chart/shape.ts";
import { serverNow } from "../clock.ts";
import type { Source } from "../models.ts";
import type { Range } from "../range.ts";
import { ANSWER, Tail } from "./tail.ts";

/** Milliseconds between two readings when no hint comes. */
const PATIENCE = 5_000;

/** From this many on a hint does not name every session. */
const NAMED = 100;

const iso = (at: number): string => new Date(Math.round(at * 1000)).toISOString();

/** Milliseconds until a live series is loaded again although its tail is followed. */
const reloadAfter = (width: number): number => Math.min(300_000, Math.max(15_000, width * 100));

/** A live range is loaded a little wider than shown, and again before it is left; a fixed one is loaded once. */
function seriesQuery(path: string, session: string, range: Range, points: number) {
  const at = `${path}/sessions/${session}/series`;
  const live = range.kind === "live";
  return {
    queryKey: [at, ...(live ? ["live", range.width, points] : [range.from, range.to, points])],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const [from, to] = live ? [serverNow() - range.width * 1.02, serverNow() + 5] : [range.from, range.to];
      // As many more points as the live range is loaded wider than shown, so that its step is that of a fixed one.
      const wanted = live ? Math.ceil(points * 1.1) : points;
      return api.get<Series>(at, { from: iso(from), to: iso(to), points: wanted }, signal);
    },
    ...(live ? { refetchInterval: reloadAfter(range.width), staleTime: 2_000 } : { staleTime: 60_000 }),
    placeholderData: keepPreviousData,
  };
}

export interface LiveSeries {
  readonly series: Series | undefined;
  readonly error: ApiError | null;
  /** The newest samples cannot be fetched at present. */
  readonly stale: boolean;
  /** What is shown belongs to the range before, while the new one loads. */
  readonly changing: boolean;
  readonly retry: () => void;
}

/** Starts loading a series before its session is known; the same question is not asked twice. */
export function useEarlySeries(session: string, range: Range, points: number): void {
  const { api: path } = useOrganisation();
  useQuery<Series, ApiError>(seriesQuery(path("/experience"), session, range, points));
}

/** The session must stay the same while the component lives. */
export function useSeries(session: Session, range: Range, points: number): LiveSeries {
  const { api: path } = useOrganisation();
  const base = path("/experience");
  const query = useQuery<Series, ApiError>(seriesQuery(base, session.id, range, points));
  const { data, refetch, isPlaceholderData } = query;
  const follow = range.kind === "live" && data !== undefined && canFollow(data.step, session.interval / 1000, ANSWER);
  const tail = useTail(base, session.id, follow && !isPlaceholderData ? data : undefined, refetch);
  const series = useMemo(
    () => (data === undefined || !follow ? data : withTail(data, tail.recent)),
    [data, follow, tail.recent],
  );
  return {
    series,
    error: query.error,
    stale: tail.failed,
    changing: isPlaceholderData,
    retry: () => void refetch(),
  };
}

/** Two buckets before the newest observed one: that is half filled, and the first of an answer may be cut. */
function firstNeeded(series: Series): number {
  const last = series.t[series.t.findLastIndex((_, index) => (series.sent[index] ?? 0) > 0)];
  return last === undefined ? seconds(series.from) : last - 2 * series.step - 0.001;
}

/** A hint names the sessions with news, unless there are too many to name all. */
function mayConcern({ data }: LiveEvent, session: string): boolean {
  const named = data["sessions"];
  return !Array.isArray(named) || named.length >= NAMED || named.includes(session);
}

/** Reads on each hint of the server and, without hints, every few seconds. */
function useTail(base: string, session: string, series: Series | undefined, reload: () => unknown) {
  const [tail] = useState(() => new Tail(`${base}/sessions/${session}`));
  const from = series === undefined ? null : firstNeeded(series);
  useLive(["experience.samples"], { on: (event) => mayConcern(event, session) && tail.hint() });
  useEffect(() => {
    tail.follow(from === null ? null : { from, reload: () => void reload() });
    return () => tail.follow(null);
  }, [tail, from, reload]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (tail.age() >= PATIENCE) tail.hint();
    }, PATIENCE / 2);
    return () => clearInterval(timer);
  }, [tail]);
  return useSyncExternalStore(tail.subscribe, tail.state);
}

/** Series of several sessions for a comparison; live ones are loaded again as their width asks. */
export function useManySeries(sessions: readonly Session[], range: Range, points: number): (Source | null)[] {
  const { api: path } = useOrganisation();
  const base = path("/experience");
  const every = range.kind === "live" ? Math.min(60_000, Math.max(2_000, range.width * 5)) : false;
  const found = useQueries({
    queries: sessions.map((session) => {
      const query = seriesQuery(base, session.id, range, points);
      return { ...query, refetchInterval: every };
    }),
  });
  return found.map((query, index) => {
    const session = sessions[index];
    const series = query.data;
    if (session === undefined || series === undefined) return null;
    return { series, interval: session.interval / 1000, startedAt: seconds(session.createdAt) };
  });
}
