/** Ranges of days: half-open in the API, told by their first and last day. Pure. */

export interface Range {
  readonly from: string | null;
  /** First day no longer in force. */
  readonly until: string | null;
}
export type Place = "now" | "coming" | "past";

export const placeOf = ({ from, until }: Range, today: string): Place => {
  if (until !== null && until <= today) return "past";
  return from !== null && from > today ? "coming" : "now";
};

const DAY = 86_400_000;
/** The last day in force: the day before the first that is no longer. */
export const lastDayOf = ({ until }: Range): string | null =>
  until === null ? null : new Date(Date.parse(until) - DAY).toISOString().slice(0, 10);

/** A value of a dated table as one line. */
export function tellValue(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
