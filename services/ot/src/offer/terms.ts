/** Terms of OT security by version: column OST of matrices 7.1 and 7.2. Late interest is off until the provider sets it. */
import type { ShippedTerms } from "@yagura/commerce/charging/offer.ts";
import type { CancellationTerms, ItemTerms, PlanTerms } from "@yagura/commerce/charging/tables.ts";

const textHash = "9c956486e31170d27440ee537a30056009ca3ae147889325aeebd8567fe4873a";
const source = "OsecT利用規約 現改比較表";

/** a.13(1): told beforehand, in the prescribed form; no period is named. */
const cancellation = {
  rule: "OST-07",
  notice: { count: 0, unit: "none" },
  channels: ["letter", "mail", "web"],
  endsWithMonth: false,
} as const satisfies CancellationTerms;

/** a.19 and the price rules: S to C, both in, months of S, C and of a change by their days; a new amount from the day of the change (OST-11). */
const basic = {
  unit: { ja: "センサー1台の契約", en: "contract of one sensor" },
  kind: "base",
  recurring: {
    rule: "OST-10",
    startMonth: "PRORATE",
    endMonth: "PRORATE",
    endDay: "included",
    endMonthWhen: "ifAnyDay",
    change: "PRORATE",
    removedOnEndDay: "charged",
    minimumDays: 1,
    feeMonth: "anchor",
    floor: "segment",
  },
  taxClass: "taxable",
  rule: "OST-12",
} as const;

const initialN: ItemTerms = {
  name: { ja: "初期費用（Type N センサー）", en: "initial fee (Type N sensor)" },
  unit: { ja: "センサー1台の契約", en: "contract of one sensor" },
  kind: "initial",
  // a.31(16): from the opening, installed or not (OST-16).
  once: { at: "start", automatic: true },
  taxClass: "taxable",
  rule: "OST-12",
  when: { attribute: "sensor-type", value: "n" },
};
const initialD: ItemTerms = {
  ...initialN,
  name: { ja: "初期費用（Type D センサー）", en: "initial fee (Type D sensor)" },
  when: { attribute: "sensor-type", value: "d" },
};

const common = {
  name: { ja: "OTセキュリティ センサー", en: "OT security sensor" },
  attributeValues: { "sensor-type": ["n", "d"] },
  cancellation,
  interest: null,
  // a.31(16): days of the provider's calendar, the opening day itself not counted (A-OST-5).
  installation: { rule: "OST-15", businessDaysBefore: 4 },
} as const;

/** Until 2025-07-30. */
const first: PlanTerms = {
  ...common,
  items: {
    basic: { ...basic, name: { ja: "月額利用料金", en: "monthly fee" } },
    "initial-n": initialN,
    "initial-d": initialD,
  },
  // a.27(2).
  liabilityCap: [{ rule: "OST-17", cause: "any", method: "monthly-fees-in-use" }],
};

/** From 2025-07-31: basic service and ancillary services with their own contract period (a.5(2)(3), a.6-2). */
const second: PlanTerms = {
  ...common,
  items: {
    basic: { ...basic, name: { ja: "基本サービス料", en: "basic service fee" } },
    "initial-n": initialN,
    "initial-d": initialD,
    // OST-13: price, months and way of payment stand in the provider's catalogue.
    ancillary: {
      name: { ja: "附帯サービス料", en: "ancillary service fee" },
      unit: { ja: "契約期間", en: "contract period" },
      kind: "ancillary",
      taxClass: "taxable",
      rule: "OST-03",
    },
  },
  // a.27(2)(1)(2).
  liabilityCap: [
    { rule: "OST-18", cause: "base", method: "monthly-fees-in-use" },
    { rule: "OST-19", cause: "ancillary", method: "ancillary-months" },
  ],
};

/** OST-20: the day decides; OST-24: number of the revision's document. */
export const terms: readonly ShippedTerms[] = [
  {
    code: "OST-v1",
    from: null,
    until: "2025-07-31",
    sourceDocument: `${source}（～2025年7月30日）`,
    textHash,
    known: true,
    labels: { basic: { ja: "利用料金", en: "charges" } },
    plans: { sensor: first },
    orderable: ["sensor"],
  },
  {
    code: "OST-v2",
    from: "2025-07-31",
    until: null,
    sourceDocument: `${source}（2025年7月31日～）付則（令和7年7月28日 MSSセ000400002264-01号）`,
    textHash,
    known: true,
    labels: {
      basic: { ja: "基本サービス", en: "basic service" },
      ancillary: { ja: "附帯サービス", en: "ancillary service" },
    },
    plans: { sensor: second },
    orderable: ["sensor"],
  },
];
