/** Times of questions. */
import { raise } from "./errors.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Longest time of one question, days: sums are kept for about so long. */
export const LIMIT_DAYS = 800;

/** Milliseconds since the epoch; `to` is outside. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** From and to as asked: the last hours unless told. OT_RANGE_INVALID. */
export function rangeOf(query: { from?: string | undefined; to?: string | undefined }, now: Date, hours = 24): Range {
  const to = query.to === undefined ? now.getTime() : Date.parse(query.to);
  const from = query.from === undefined ? to - hours * HOUR : Date.parse(query.from);
  if (!(from < to) || to - from > LIMIT_DAYS * DAY || from < 0) {
    const text = (time: number, told: string | undefined): string =>
      Number.isNaN(time) ? String(told) : new Date(time).toISOString();
    throw raise("OT_RANGE_INVALID", { from: text(from, query.from), to: text(to, query.to), limit: LIMIT_DAYS });
  }
  return { from, to };
}

/** The whole hours that the range touches: sums are kept by the hour. */
export const wholeHours = ({ from, to }: Range): Range => ({
  from: Math.floor(from / HOUR) * HOUR,
  to: Math.ceil(to / HOUR) * HOUR,
});
export const spanView = ({ from, to }: Range): { from: string; to: string } => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});
