/** Rows RNS of matrix 7.4 (RNS-76): hours by plan and activity, Annex 1. Which days are designated is the provider's data. */
import type { Activity } from "@yagura/commerce/charging/tables.ts";

const always = { service: "remote", from: null, until: null, yearEnd: null } as const;
const closedOn = ["national-holiday", "designated"] as const;
const toSaturday = { ...always, weekdays: [1, 2, 3, 4, 5, 6], closedOn } as const;
const toFriday = { ...always, weekdays: [1, 2, 3, 4, 5], closedOn } as const;
const everyDay = { ...always, weekdays: [1, 2, 3, 4, 5, 6, 7], closedOn: [] } as const;
const nineToFive = { opens: "09:00", closes: "17:00" } as const;
const desk = { opens: "08:30", closes: "18:00" } as const;

export const activities = [
  // II, III, IV: operation, monitoring, help desk.
  { ...toSaturday, ...nineToFive, activity: "operation", name: { ja: "運用", en: "operation" } },
  {
    ...toSaturday,
    ...nineToFive,
    activity: "monitoring",
    name: { ja: "監視（UTM・ルーター）", en: "monitoring (UTM, router)" },
  },
  {
    ...toFriday,
    ...nineToFive,
    activity: "wireless-monitoring",
    name: { ja: "監視（ワイヤレス）", en: "monitoring (wireless)" },
  },
  { ...toSaturday, ...desk, activity: "help-desk", name: { ja: "ヘルプデスク", en: "help desk" } },
  // V: options.
  {
    ...everyDay,
    ...desk,
    activity: "onsite-reports",
    name: { ja: "オンサイト保守の受付", en: "on-site fault reports" },
  },
  { ...everyDay, ...nineToFive, activity: "onsite-visit", name: { ja: "オンサイト対応", en: "on-site visit" } },
  { ...toSaturday, ...nineToFive, activity: "client-setting", name: { ja: "クライアント設定", en: "client setting" } },
  {
    ...toSaturday,
    ...desk,
    activity: "client-support",
    name: { ja: "クライアントサポート", en: "client support" },
  },
  { ...toSaturday, ...nineToFive, activity: "vpn-build", name: { ja: "VPN構築", en: "VPN set-up" } },
  {
    ...toSaturday,
    ...desk,
    activity: "vpn-maintenance",
    name: { ja: "VPN設定保守・ヘルプデスク", en: "VPN maintenance and help desk" },
  },
] as const satisfies readonly Activity[];
