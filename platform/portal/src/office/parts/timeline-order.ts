/** How the events of a contract are laid out around today. Pure. */

export interface TimelineEvent {
  readonly id: string;
  /** `YYYY-MM-DD` in Asia/Tokyo. */
  readonly on: string;
  /** Events of one day keep this order. */
  readonly order?: number;
}

export interface Laid<E extends TimelineEvent> {
  /** Newest first: the reader looks for what happened last. */
  readonly past: readonly E[];
  /** Soonest first. */
  readonly coming: readonly E[];
}

/** Splits events at today: what happens today has happened. */
export function layTimeline<E extends TimelineEvent>(events: readonly E[], today: string): Laid<E> {
  const sorted = [...events].sort((a, b) => a.on.localeCompare(b.on) || (a.order ?? 0) - (b.order ?? 0));
  return {
    past: sorted.filter((event) => event.on <= today).reverse(),
    coming: sorted.filter((event) => event.on > today),
  };
}

/** A run of equal monthly costs, told once. */
export interface Repeated<E> {
  readonly event: E;
  /** The last of the run; the event itself where nothing repeats. */
  readonly last: E;
  readonly times: number;
}

/** Events in order, with those that repeat the one before merged into it. */
export function mergeRepeats<E>(
  events: readonly E[],
  repeats: (before: E, next: E) => boolean,
): readonly Repeated<E>[] {
  const merged: Repeated<E>[] = [];
  for (const event of events) {
    const run = merged.at(-1);
    if (run !== undefined && repeats(run.last, event))
      merged[merged.length - 1] = { ...run, last: event, times: run.times + 1 };
    else merged.push({ event, last: event, times: 1 });
  }
  return merged;
}

const DAY = 86_400_000;
/** Whole days from one calendar day to another; negative backwards. */
export const daysTo = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** The calendar month of a day, some months on: `addMonth("2026-11", 2)` is `2027-01`. */
export function addMonth(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}`;
}
