/** Rows UTM of matrix 7.4 (UTM-60 to UTM-62, UTM-65; Annex 2, specification table 3-3 and notes 1 and 2). */
import type { Activity } from "@yagura/commerce/charging/tables.ts";

const always = { service: "utm", from: null, until: null } as const;
/** UTM-60: business days are Monday to Friday without national holidays and 29 December to 4 January. */
const businessDays = {
  ...always,
  weekdays: [1, 2, 3, 4, 5],
  closedOn: ["national-holiday"],
  yearEnd: { from: "12-29", to: "01-04" },
} as const;
const staffed = { ...businessDays, opens: "09:00", closes: "17:00" } as const;
const allDay = {
  ...always,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  opens: "00:00",
  closes: "24:00",
  closedOn: [],
  yearEnd: null,
} as const;

export const activities = [
  { ...staffed, activity: "desk", name: { ja: "受付・サポート", en: "desk" } },
  { ...staffed, activity: "phone-contact", name: { ja: "アラート時の電話連絡", en: "phone contact on alarms" } },
  { ...staffed, activity: "fault-reports", name: { ja: "故障の申告受付", en: "fault reports" } },
  { ...staffed, activity: "technical-questions", name: { ja: "技術的なお問い合わせ", en: "technical questions" } },
  {
    ...businessDays,
    opens: "09:00",
    closes: "15:00",
    activity: "replacement-dispatch",
    name: { ja: "交換機の発送", en: "dispatch of replacements" },
  },
  { ...allDay, activity: "alive-monitoring", name: { ja: "死活監視", en: "alive monitoring" } },
  { ...allDay, activity: "alarm-mail", name: { ja: "アラートの自動メール", en: "automatic alarm mail" } },
] as const satisfies readonly Activity[];
