/** The time range of the page, shared through the address. */
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useFormat, useWords } from "./language.tsx";
import { shell } from "./messages/shell.ts";
import {
  DEFAULT_RANGE,
  rangeSeconds,
  rangeStep,
  readRange,
  writeRange,
  type RangeChoice,
  type RangeWord,
} from "./time-range.ts";
import { useSearchParams, useSetSearch } from "./url-state.ts";

export interface TimeRange {
  /** Milliseconds since the epoch; `to` moves in steps while `live`. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  /** Ends now. */
  readonly live: boolean;
  readonly choice: RangeChoice;
  readonly set: (choice: RangeChoice) => void;
  /** In the reader's language. */
  readonly label: string;
}

const REMEMBERED = "yagura.range";
const remembered = (): RangeWord => {
  const choice = readRange({ range: sessionStorage.getItem(REMEMBERED) ?? undefined });
  return choice.kind === "last" ? choice.word : DEFAULT_RANGE;
};

export function useTimeRange(): TimeRange {
  const search = useSearchParams();
  const setSearch = useSetSearch();
  const t = useWords(shell);
  const format = useFormat();
  const { range, from, to } = search;
  const choice = useMemo(() => readRange({ range, from, to }, remembered()), [range, from, to]);
  const seconds = choice.kind === "last" ? rangeSeconds[choice.word] : (choice.to - choice.from) / 1000;
  const end = useSteps(rangeStep(seconds), choice.kind === "last");
  const set = useCallback(
    (next: RangeChoice) => {
      // The next page opens with the same range although its link does not say so.
      if (next.kind === "last") sessionStorage.setItem(REMEMBERED, next.word);
      setSearch(writeRange(next));
    },
    [setSearch],
  );
  return useMemo(() => {
    const last = choice.kind === "last";
    return {
      from: last ? end - seconds * 1000 : choice.from,
      to: last ? end : choice.to,
      seconds,
      live: last,
      choice,
      set,
      label: last
        ? t(`range.${choice.word}`)
        : `${format.instant(choice.from)} – ${format.instant(choice.to)} ${format.zoneName}`,
    };
  }, [choice, end, seconds, set, t, format]);
}

/** Now, rounded down to steps so that all users of one range agree. */
function useSteps(step: number, moving: boolean): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const timer = moving ? setInterval(listener, step) : undefined;
      return () => clearInterval(timer);
    },
    [step, moving],
  );
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / step) * step);
}
