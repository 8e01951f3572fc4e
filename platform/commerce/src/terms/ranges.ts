/**
 * Changing a value that is dated: from a day on another value holds. Ranges are half-open days; two never share a day, and a
 * change leaves no hole but where somebody ended the value on purpose. What is planned for later stays planned.
 */
import type { Day } from "@yagura/core/calendar.ts";
import type { InForce } from "../charging/tables.ts";

export interface Segment<V> extends InForce {
  readonly value: V;
}

export interface RangeEdit<V> {
  /** First day of the new value; null: since ever. */
  readonly from: Day | null;
  /**
   * First day on which it holds no longer, and what was planned before holds again. Null: until the value in force on `from`
   * would have ended anyway, or until further notice.
   */
  readonly until: Day | null;
  /** Null: no value from that day. */
  readonly value: V | null;
}

export type RangeEffect = "new" | "changed" | "ended" | "same";

/** What has to be written, in this order, so that no two ranges ever overlap; and what stands afterwards. */
export interface RangePlan<V, S extends Segment<V>> {
  readonly effect: RangeEffect;
  /** In force on the first day of the change before it. */
  readonly before: V | null;
  readonly until: Day | null;
  readonly remove: readonly S[];
  readonly shorten: readonly { readonly segment: S; readonly until: Day }[];
  readonly add: readonly Segment<V>[];
  readonly after: readonly Segment<V>[];
}

/** Whether the range holds the day. `null` as the day stands for the time before every day. */
export const holds = ({ from, until }: InForce, day: Day | null): boolean =>
  day === null ? from === null : (from === null || from <= day) && (until === null || day < until);

const byStart = <T extends InForce>(a: T, b: T): number => {
  if (a.from === b.from) return 0;
  return a.from === null || (b.from !== null && a.from < b.from) ? -1 : 1;
};

/** What the edit does to the segments. RangeError for an empty range. */
export function planEdit<V, S extends Segment<V>>(
  segments: readonly S[],
  edit: RangeEdit<V>,
  equal: (a: V, b: V) => boolean,
): RangePlan<V, S> {
  const { from, value } = edit;
  if (from !== null && edit.until !== null && edit.until <= from) throw new RangeError("the range holds no day");
  const sorted = segments.toSorted(byStart);
  const present = sorted.find((segment) => holds(segment, from));
  const until = edit.until ?? endOf(sorted, present, from);
  const window = { from, until };
  const touched = sorted.filter((segment) => overlaps(segment, window));
  const before = present?.value ?? null;
  if (isSame(touched, window, value, equal)) {
    return { effect: "same", before, until, remove: [], shorten: [], add: [], after: sorted };
  }
  const heads = touched.filter((segment) => from !== null && startsBefore(segment, from));
  const tails = touched.filter((segment) => until !== null && (segment.until === null || segment.until > until));
  const add = [
    ...(value === null ? [] : [{ from, until, value }]),
    ...tails.map((segment) => ({ from: until, until: segment.until, value: segment.value })),
  ];
  const shorten = heads.map((segment) => ({ segment, until: from as Day }));
  return {
    effect: value === null ? "ended" : before === null ? "new" : "changed",
    before,
    until,
    remove: touched.filter((segment) => !heads.includes(segment)),
    shorten,
    add,
    after: [
      ...sorted.filter((segment) => !touched.includes(segment)),
      ...shorten.map((cut) => ({ from: cut.segment.from, until: cut.until, value: cut.segment.value })),
      ...add,
    ].toSorted(byStart),
  };
}

/** The value in force ends as it would have; in a hole the next planned one ends the change. */
function endOf(sorted: readonly InForce[], present: InForce | undefined, from: Day | null): Day | null {
  if (present !== undefined) return present.until;
  if (from === null) return sorted[0]?.from ?? null;
  return sorted.find((segment) => segment.from !== null && segment.from > from)?.from ?? null;
}

const startsBefore = (segment: InForce, day: Day): boolean => segment.from === null || segment.from < day;

const overlaps = (a: InForce, b: InForce): boolean =>
  (a.until === null || b.from === null || b.from < a.until) &&
  (b.until === null || a.from === null || a.from < b.until);

/** Whether every day of the window has the value already. */
function isSame<V>(
  touched: readonly Segment<V>[],
  window: InForce,
  value: V | null,
  equal: (a: V, b: V) => boolean,
): boolean {
  if (value === null) return touched.length === 0;
  if (touched.length === 0 || !touched.every((segment) => equal(segment.value, value))) return false;
  const [first, last] = [touched[0] as Segment<V>, touched.at(-1) as Segment<V>];
  const gapless = touched.every((segment, index) => index === 0 || touched[index - 1]?.until === segment.from);
  const begins = first.from === null || (window.from !== null && first.from <= window.from);
  const ends = last.until === null || (window.until !== null && window.until <= last.until);
  return gapless && begins && ends;
}
