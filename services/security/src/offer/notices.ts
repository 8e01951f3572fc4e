/** Rows SEC of matrix 7.3, and the other notices of the terms (a.3, 6(5), 12, 15, 16, 20, 21, 23). */
import type { NoticeRule } from "@yagura/commerce/charging/offer.ts";

/** a.23: on the web site when posted, by post or mail when dispatched, otherwise at the time that the notice names (SEC-24). */
const given = {
  by: "provider",
  channels: ["web", "post", "mail", "other"],
  effective: "by-channel",
  states: [],
  emergencyWithoutLead: false,
} as const;
const before = { count: 0, unit: "before" } as const;

export const notices = [
  {
    ...given,
    rule: "SEC-03",
    kind: "terms",
    name: { ja: "規約の変更", en: "change of terms" },
    lead: before,
    channels: ["web", "other"],
    effective: "posting",
    states: ["text", "date"],
  },
  {
    ...given,
    rule: "SEC-24",
    kind: "other",
    name: { ja: "諸通知", en: "any notice" },
    lead: { count: 0, unit: "none" },
  },
  {
    ...given,
    rule: "SEC-19",
    kind: "suspension",
    name: { ja: "利用停止の通知", en: "suspension" },
    lead: before,
    states: ["reason", "date", "period"],
    emergencyWithoutLead: true,
  },
  {
    ...given,
    rule: "SEC-20",
    kind: "withdrawal",
    name: { ja: "サービスの廃止", en: "withdrawal of the service" },
    // The provider sets the days: `withdrawal-notice-days`.
    lead: { count: 0, unit: "reasonable" },
  },
  {
    ...given,
    rule: "SEC-17",
    kind: "discontinuance",
    name: { ja: "利用中止の通知", en: "discontinuance" },
    lead: before,
    emergencyWithoutLead: true,
  },
  {
    ...given,
    rule: "SEC-15",
    kind: "cancellation-by-provider",
    name: { ja: "当社からの解除の通知", en: "cancellation by the provider" },
    lead: before,
    emergencyWithoutLead: true,
  },
  {
    ...given,
    rule: "SEC-09",
    kind: "refusal",
    name: { ja: "申込をお断りする通知", en: "refusal of an application" },
    lead: { count: 0, unit: "none" },
  },
  {
    ...given,
    rule: "SEC-22",
    kind: "credentials",
    name: { ja: "ID等の変更の通知", en: "change of credentials" },
    lead: before,
    states: ["reason"],
    emergencyWithoutLead: true,
  },
  {
    ...given,
    rule: "SEC-13",
    kind: "cancellation-by-customer",
    name: { ja: "契約者からの解除", en: "cancellation by the customer" },
    by: "customer",
    lead: before,
    channels: ["post", "other"],
    effective: "receipt",
    states: ["date"],
  },
] as const satisfies readonly NoticeRule[];
