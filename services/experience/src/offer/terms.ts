/** Terms of experience monitoring by version: columns EXP of matrix 7.1. Late interest is off until the provider sets it. */
import type { ShippedTerms } from "@yagura/commerce/charging/offer.ts";
import type { CancellationTerms, ItemTerms, RecurringTerms } from "@yagura/commerce/charging/tables.ts";

const textHash = "2bf6d7bd06b2a0ba21ebd2ed4e5bc5042e813a8edfba60551ca27d52a8e79ed4";
const source = "お客さま体感品質モニタリング・スマート契約約款 現改比較表";

/** The excerpt names no period of notice: any day that is not past. */
const cancellation = {
  rule: "EXP-11",
  notice: { count: 0, unit: "none" },
  channels: ["web", "form"],
  endsWithMonth: false,
} as const satisfies CancellationTerms;

/** a.20(1): whole fee months, to the last day of the one that holds C. */
const months = {
  endMonth: "FULL",
  endDay: "included",
  endMonthWhen: "always",
  change: "NONE",
  removedOnEndDay: "charged",
  minimumDays: 0,
  feeMonth: "anchor",
  floor: "segment",
} as const;
/** Until 2023-07-31: from the first day of the fee month that holds S. */
const fromStart = { ...months, rule: "EXP-11", startMonth: "FULL" } as const satisfies RecurringTerms;
/** From 2023-08-01: from the first day of the fee month after it; ended in the month of S, nothing (EXP-13). S decides (EXP-14). */
const fromNext = { ...months, rule: "EXP-12", startMonth: "FREE" } as const satisfies RecurringTerms;

/** a.5: one contract number per agent; the price is the provider's (EXP-16). */
const agent = {
  unit: { ja: "ご契約番号", en: "contract number" },
  kind: "base",
  taxClass: "taxable",
  rule: "EXP-16",
} as const;
const device: ItemTerms = {
  ...agent,
  name: { ja: "モニタリング装置の月額料金", en: "monthly fee of a monitoring device" },
  recurring: fromStart,
};
const program: ItemTerms = {
  ...agent,
  name: { ja: "エージェントの月額料金", en: "monthly fee of an agent" },
  recurring: fromNext,
};

const name = { ja: "体感品質モニタリング", en: "experience monitoring" } as const;

export const terms: readonly ShippedTerms[] = [
  {
    code: "EXP-v1",
    from: null,
    until: "2023-08-01",
    sourceDocument: `${source}（～2023年7月31日）`,
    textHash,
    known: true,
    labels: {
      agent: { ja: "モニタリング装置", en: "monitoring device" },
      target: { ja: "モニタリング対象", en: "monitored target" },
      dashboard: { ja: "モニタリング結果参照サイト", en: "result site" },
      tenant: { ja: "グループ", en: "group" },
      session: { ja: "モニタリング", en: "monitoring" },
    },
    // a.21(3): per device, nothing shared.
    plans: {
      agent: {
        name,
        items: { agent: device },
        cancellation,
        interest: null,
        quota: { rule: "EXP-17", pooled: false, targetsPerAgent: 10 },
      },
    },
    orderable: ["agent"],
  },
  {
    code: "EXP-v2",
    from: "2023-08-01",
    until: null,
    sourceDocument: `${source}（2023年8月1日～）`,
    textHash,
    known: true,
    labels: {
      agent: { ja: "エージェント", en: "agent" },
      target: { ja: "ターゲット", en: "target" },
      dashboard: { ja: "ダッシュボード", en: "dashboard" },
      tenant: { ja: "テナント", en: "tenant" },
      session: { ja: "セッション", en: "session" },
    },
    // a.21(3) to (5): shared in the tenant.
    plans: {
      agent: {
        name,
        items: { agent: program },
        cancellation,
        interest: null,
        quota: { rule: "EXP-18", pooled: true, targetsPerAgent: 10 },
      },
    },
    orderable: ["agent"],
  },
];
