/** The time range of a page in its address, with the acts that change it. */
import { useCallback, useMemo } from "react";
import { useSearchParams, useSetSearch } from "@yagura/portal/url-state.ts";
import type { Steering } from "../chart/chart.tsx";
import { useNow } from "../clock.ts";
import { boundsOf, panned, readRange, selected, writeRange, zoomed, type Range } from "../range.ts";

export interface RangeState extends Steering {
  readonly range: Range;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly from: number;
  readonly to: number;
  readonly set: (range: Range) => void;
}

/** Seconds between two drawings of a live range: about a pixel's worth, at least one. */
export const tickOf = (range: Range): number =>
  range.kind === "live" ? Math.min(60, Math.max(1, Math.round(range.width / 1000))) : 60;

export function useRange(): RangeState {
  const search = useSearchParams();
  const setSearch = useSetSearch();
  const { range: word, from: first, to: last } = search;
  const range = useMemo(() => readRange({ range: word, from: first, to: last }), [word, first, last]);
  const now = useNow(tickOf(range));
  const set = useCallback((next: Range) => setSearch(writeRange(next)), [setSearch]);
  const { from, to } = boundsOf(range, now);
  const acts = useMemo<Steering>(
    () => ({
      select: (a, b) => set(selected(a, b, now)),
      zoom: (factor, anchor) => set(zoomed(range, factor, anchor, now)),
      pan: (share) => set(panned(range, share, now)),
      live: () => set({ kind: "live", width: Math.round(boundsOf(range, now).to - boundsOf(range, now).from) }),
    }),
    [set, range, now],
  );
  return { ...acts, range, now, from, to, set };
}
