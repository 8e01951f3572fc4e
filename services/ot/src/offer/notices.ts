/** Row OST of matrix 7.3, and what every service needs (COM-15, COM-22): the excerpt says no more. */
import type { NoticeRule } from "@yagura/commerce/charging/offer.ts";

const given = { by: "provider", states: [], emergencyWithoutLead: false } as const;

export const notices = [
  {
    ...given,
    by: "customer",
    rule: "OST-07",
    kind: "cancellation-by-customer",
    name: { ja: "契約者からの解約", en: "cancellation by the customer" },
    lead: { count: 0, unit: "before" },
    channels: ["post", "mail", "web"],
    effective: "receipt",
    states: ["date"],
  },
  {
    ...given,
    rule: "COM-22",
    kind: "terms",
    name: { ja: "規約の変更", en: "change of terms" },
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
