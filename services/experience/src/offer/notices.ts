/** The excerpt names invitations and the opening notice (EXP-04, EXP-05); the rest is what every service needs. */
import type { NoticeRule } from "@yagura/commerce/charging/offer.ts";

const given = { by: "provider", states: [], emergencyWithoutLead: false } as const;

export const notices = [
  {
    ...given,
    rule: "EXP-02",
    kind: "contract-number",
    name: { ja: "ご契約番号のお知らせ", en: "contract number" },
    lead: { count: 0, unit: "none" },
    channels: ["mail", "post"],
    effective: "dispatch",
  },
  {
    ...given,
    rule: "EXP-05",
    kind: "opening",
    name: { ja: "開通のご案内", en: "opening notice" },
    lead: { count: 0, unit: "none" },
    channels: ["mail"],
    effective: "dispatch",
    states: ["manual"],
  },
  {
    ...given,
    rule: "COM-22",
    kind: "terms",
    name: { ja: "約款の変更", en: "change of terms" },
    lead: { count: 0, unit: "before" },
    channels: ["web", "other"],
    effective: "named-time",
    states: ["text", "date"],
  },
  {
    ...given,
    rule: "COM-15",
    kind: "other",
    name: { ja: "諸通知", en: "any notice" },
    lead: { count: 0, unit: "none" },
    channels: ["web", "post", "mail", "other"],
    effective: "dispatch",
  },
] as const satisfies readonly NoticeRule[];
