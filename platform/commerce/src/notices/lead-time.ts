/** When a notice has to be given, and when it takes effect: matrix 7.3 as pure functions. */
import { addDays, addMonths, startOf, weekdayOf, type Day } from "@yagura/core/calendar.ts";
import { index } from "../charging/index.ts";
import type { NoticeRule } from "../charging/offer.ts";
import type { Tables, Text } from "../charging/tables.ts";
import type { NoticeChannel } from "./shapes.ts";

/** Where the days of “a reasonable time” for a kind of notice are set, e.g. `withdrawal-notice-days` (SEC-20). */
export const reasonableKey = (kind: string): string => `${kind}-notice-days`;

/**
 * The earliest day that a notice given on `given` may announce; null: no time is needed. `unset`: how long is reasonable was
 * not set. “n months before” is counted back to the same day, or the last of the month (A-RNS-20).
 */
export function earliestDay(tables: Tables, service: string, rule: NoticeRule, given: Day): Day | null | "unset" {
  const { count, unit } = rule.lead;
  switch (unit) {
    case "none":
      return null;
    case "before":
      return addDays(given, 1);
    case "day":
      return addDays(given, count);
    case "month":
      return earliestByMonths(given, count);
    case "business-day":
      return addOpenDays(tables, service, given, count);
    case "reasonable": {
      const days = index(tables).setting(service, reasonableKey(rule.kind), given);
      return typeof days === "number" ? addDays(given, days) : "unset";
    }
  }
}

/** The first day whose n-th month before is not before the day of the notice: 2026-10-31 and two months give 2026-12-31. */
function earliestByMonths(given: Day, months: number): Day {
  let day = addMonths(given, months);
  while (addMonths(day, -months) < given) day = addDays(day, 1);
  return day;
}

/** Mondays to Fridays that are no closed day of the service. */
function addOpenDays(tables: Tables, service: string, from: Day, count: number): Day {
  const closed = new Set(
    tables.calendars.closed.filter((one) => one.service === null || one.service === service).map(({ day }) => day),
  );
  let day = from;
  for (let left = count; left > 0;) {
    day = addDays(day, 1);
    if (weekdayOf(day) <= 5 && !closed.has(day)) left--;
  }
  return day;
}

export interface Sending {
  readonly channel: NoticeChannel;
  readonly sentAt: Date;
  /** Named in the notice itself. */
  readonly namedTime: Date | null;
  readonly announcesOn: Day | null;
  /** When the customer had it, by evidence. */
  readonly receivedAt: Date | null;
}

/** When it takes effect; null: not before its receipt is proved. */
export function effectiveTime(rule: Pick<NoticeRule, "effective">, sending: Sending): Date | null {
  const { channel, sentAt, namedTime, announcesOn, receivedAt } = sending;
  const named = namedTime ?? (announcesOn === null ? sentAt : startOf(announcesOn));
  switch (rule.effective) {
    case "posting":
    case "publication":
    case "dispatch":
    case "at-once":
      return sentAt;
    case "named-time":
      return named;
    case "receipt":
      return receivedAt;
    case "by-channel":
      // SEC-24: on the web when posted, by post or mail when dispatched, otherwise the time named.
      return channel === "other" ? named : sentAt;
  }
}

const says: Readonly<Record<NoticeRule["effective"], Text>> = {
  posting: { en: "It takes effect when it is posted on the web.", ja: "ウェブに掲示した時に効力を生じます。" },
  publication: { en: "It takes effect when it is published.", ja: "公表した時に効力を生じます。" },
  dispatch: { en: "It takes effect when it is dispatched.", ja: "発信した時に効力を生じます。" },
  "at-once": { en: "It takes effect at once.", ja: "直ちに効力を生じます。" },
  "named-time": { en: "It takes effect at the time it names.", ja: "通知に記載した時に効力を生じます。" },
  receipt: { en: "It takes effect when it is received.", ja: "到達した時に効力を生じます。" },
  "by-channel": {
    en: "On the web it takes effect when posted, by post or mail to the registered address when dispatched, otherwise at the time it names.",
    ja: "ウェブでは掲示した時、登録された宛先への郵送・メールでは発信した時、その他の方法では通知に記載した時に効力を生じます。",
  },
};

/** Why it takes effect when it does; what became of it on the way does not undo it where the terms say so. */
export function sayEffect(rule: Pick<NoticeRule, "effective" | "countsUndelivered">, undelivered: boolean): Text {
  const text = says[rule.effective];
  if (!undelivered || rule.effective === "receipt") return text;
  return {
    en: `${text.en} It came back, and counts as given all the same.`,
    ja: `${text.ja}宛先に届きませんでしたが、通知したものとみなされます。`,
  };
}
