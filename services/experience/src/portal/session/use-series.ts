/** A session's series for a time range, kept live: the server's buckets, and the newest raw samples joined to their end. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { api, type ApiError } from "@yagura/portal/api.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Series, Session } from "../../wire/api.ts";
import { canFollow, emptyRecent, extendRecent, seconds, withTail, type Recent } from "../chart/shape.ts";
import type { Source } from "../models.ts";
import type { Range } from "../range.ts";

/** Samples in one answer of `…/recent`. */
const ANSWER = 1_000;
/** Samples that the page keeps for rebuilding the end of its series. */
const KEPT = 20_000;
/** Milliseconds between two readings when no hint comes. */
const PATIENCE = 5_000;
/** Milliseconds between two readings when hints come faster. */
const PAUSE = 700;

const iso = (at: number): string => new Date(Math.round(at * 1000)).toISOString();

/** A live range loads ahead of what it shows and is loaded again before it leaves it; a fixed one is loaded once. */
function asked(range: Range, points: number): { key: readonly unknown[]; bounds: (now: number) => [number, number] } {
  return range.kind === "live"
    ? { key: ["live", range.width, points], bounds: (now) => [now - range.width * 1.02, now + 5] }
    : { key: [range.from, range.to, points], bounds: () => [range.from, range.to] };
}

/** Milliseconds until a live series is loaded again although its tail is followed. */
const reloadAfter = (width: number): number => Math.min(300_000, Math.max(15_000, width * 100));

function seriesQuery(path: string, session: string, range: Range, points: number, now: () => number) {
  const { key, bounds } = asked(range, points);
  const at = `${path}/sessions/${session}/series`;
  return {
    queryKey: [at, ...key],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const [from, to] = bounds(now());
      return api.get<Series>(at, { from: iso(from), to: iso(to), points }, signal);
    },
    ...(range.kind === "live" ? { refetchInterval: reloadAfter(range.width), staleTime: 2_000 } : { staleTime: 60_000 }),
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

export function useSeries(session: Session, range: Range, points: number, now: number): LiveSeries {
  const { api: path } = useOrganisation();
  const clock = useRef(now);
  clock.current = now;
  const base = path("/experience");
  const query = useQuery<Series, ApiError>(seriesQuery(base, session.id, range, points, () => clock.current));
  const { refetch } = query;
  const follow =
    range.kind === "live" && query.data !== undefined && canFollow(query.data.step, session.interval / 1000, ANSWER);
  const tail = useTail(base, session.id, follow && !query.isPlaceholderData ? query.data : undefined, refetch);
  const series = useMemo(
    () => (query.data === undefined || !follow ? query.data : withTail(query.data, tail.recent)),
    [query.data, follow, tail.recent],
  );
  return {
    series,
    error: query.error,
    stale: tail.failed,
    changing: query.isPlaceholderData,
    retry: useCallback(() => void refetch(), [refetch]),
  };
}

/** The newest raw samples, read again on each hint of the server and, without hints, every few seconds. */
function useTail(
  base: string,
  session: string,
  series: Series | undefined,
  reload: () => unknown,
): { recent: Recent; failed: boolean } {
  const [recent, setRecent] = useState<Recent>(emptyRecent);
  const [failed, setFailed] = useState(false);
  const known = useRef<Recent>(emptyRecent);
  const state = useRef({ busy: false, again: false, last: 0 });
  const from = series === undefined ? null : firstNeeded(series);
  const read = useCallback(async (): Promise<void> => {
    if (from === null) return;
    const own = state.current;
    if (own.busy) {
      own.again = true;
      return;
    }
    own.busy = true;
    own.last = Date.now();
    try {
      const needed = Math.round(from * 1e6);
      // After a pause the known samples end before what is needed: joined, they would look like a gap.
      if ((known.current.t.at(-1) ?? 0) < needed) known.current = emptyRecent;
      const after = known.current.t.at(-1) ?? needed;
      const more = await api.get<Recent>(`${base}/sessions/${session}/recent`, { after });
      setFailed(false);
      // A full answer may have left some out between what is known and its first: the server's series fills it.
      if (more.t.length >= ANSWER) {
        known.current = emptyRecent;
        reload();
      }
      known.current = extendRecent(known.current, more, KEPT);
      setRecent(known.current);
    } catch {
      // Said on the page; what is there stays, and the next hint tries again.
      setFailed(true);
    } finally {
      own.busy = false;
    }
  }, [base, session, from, reload]);
  useEffect(() => {
    known.current = emptyRecent;
  }, [session]);
  usePoll(read, from !== null, state.current);
  return { recent, failed };
}

function usePoll(read: () => Promise<void>, run: boolean, own: { busy: boolean; again: boolean; last: number }): void {
  const soon = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(read);
  latest.current = read;
  const hint = useCallback(() => {
    soon.current ??= setTimeout(
      () => {
        soon.current = undefined;
        void latest.current();
      },
      Math.max(0, own.last + PAUSE - Date.now()),
    );
  }, [own]);
  useLive(["experience.samples"], { on: () => run && hint() });
  useEffect(() => {
    if (!run) return undefined;
    void latest.current();
    const timer = setInterval(() => Date.now() - own.last >= PATIENCE && hint(), PATIENCE / 2);
    return () => {
      clearInterval(timer);
      clearTimeout(soon.current);
      soon.current = undefined;
    };
  }, [run, hint, own]);
}

/** Two buckets before the end of what the server gave: the last is half filled, and the first of the answer may be cut. */
function firstNeeded(series: Series): number {
  const last = series.t.at(-1);
  return last === undefined ? seconds(series.from) : last - 2 * series.step - 0.001;
}

/** Series of several sessions for a comparison; live ones are loaded again as their width asks. */
export function useManySeries(sessions: readonly Session[], range: Range, points: number, now: number): (Source | null)[] {
  const { api: path } = useOrganisation();
  const clock = useRef(now);
  clock.current = now;
  const base = path("/experience");
  const found = useQueries({
    queries: sessions.map((session) => ({
      ...seriesQuery(base, session.id, range, points, () => clock.current),
      ...(range.kind === "live" ? { refetchInterval: Math.min(60_000, Math.max(2_000, range.width * 5)) } : {}),
    })),
  });
  return found.map((query, index) => {
    const session = sessions[index];
    const series = query.data;
    if (session === undefined || series === undefined) return null;
    return { series, interval: session.interval / 1000, startedAt: seconds(session.createdAt) };
  });
}
