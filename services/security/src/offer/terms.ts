/**
 * Terms of corporate security by version: columns SEC of matrices 7.1 and 7.2. One consolidated text is known (SEC-73): it
 * stands for every revision, without what its supplementary provisions date later. Revisions without a dated rule of their own
 * are marked `known: false`.
 */
import type { ShippedTerms } from "@yagura/commerce/charging/offer.ts";
import type {
  CancellationTerms,
  InsuranceTerms,
  InterestTerms,
  ItemTerms,
  PlanTerms,
  Promotion,
  RecurringTerms,
} from "@yagura/commerce/charging/tables.ts";

const textHash = "d5eafebb4cd440c4ddea9b36d76c4102641a2f30d4738689304b8b619e733a50";
const source = "「法人向けセキュリティサービス」利用規約";

/** a.11: the prescribed form beforehand; no period (SEC-13). */
const cancellation = {
  rule: "SEC-13",
  notice: { count: 0, unit: "none" },
  channels: ["form"],
  endsWithMonth: false,
} as const satisfies CancellationTerms;

/**
 * a.14-2, and its supplementary provision of 2019-07-24: days from 2019-09-01 only (SEC-41, A-SEC-13). A debt that fell due before
 * a revision keeps the former rule (SEC-42): the versions say so by their days.
 */
const interest = {
  rule: "SEC-40",
  rate: "14.5%",
  paymentDay: "excluded",
  graceDays: 10,
  yearDays: 365,
  since: "2019-09-01",
  alone: true,
} as const satisfies InterestTerms;

/**
 * a.14(1)(3)(4)(5)(8), Annex 1 and 2 R1 to R3 (SEC-30, SEC-32, SEC-33, SEC-54 to SEC-56): S's month free unless C lies in it, then
 * full; full months price × quantity; C's month and a change by days, C not charged; fractions cut (SEC-38). A suspension or
 * discontinuance changes nothing (SEC-36); tax is added to the sum (SEC-39).
 */
const packMonths = {
  rule: "SEC-34",
  startMonth: "FREE_UNLESS_CANCELLED_THEN_FULL",
  endMonth: "PRORATE",
  endDay: "excluded",
  endMonthWhen: "ifAnyDay",
  change: "PRORATE",
  removedOnEndDay: "free",
  minimumDays: 0,
  feeMonth: "calendar",
  floor: "segment",
} as const satisfies RecurringTerms;

/** Annex 3 R1, R4, R6: month of S free, month of C whole, nothing for a month without a charged day (A-SEC-3, SEC-67). */
const deskMonths = {
  ...packMonths,
  rule: "SEC-63",
  startMonth: "FREE",
  endMonth: "FULL",
  change: "NONE",
} as const satisfies RecurringTerms;

/** Annex 3 R2 to R4. */
const optionMonths = {
  ...deskMonths,
  rule: "SEC-64",
  startMonth: "FREE_UNLESS_CANCELLED_THEN_FULL",
} as const satisfies RecurringTerms;

const seats = (count: number, rule: string): ItemTerms => ({
  name:
    count === 1
      ? { ja: "1ライセンス", en: "1 seat" }
      : { ja: `${count}ライセンスパック`, en: `${count.toLocaleString("en")}-seat pack` },
  unit: count === 1 ? { ja: "ライセンス", en: "seat" } : { ja: "パック", en: "pack" },
  kind: "pack",
  recurring: packMonths,
  seats: count,
  taxClass: "taxable",
  rule,
});

/** a.14(2): due on acceptance, once per contract (SEC-31). */
const initial: ItemTerms = {
  name: { ja: "初期費用", en: "initial fee" },
  unit: { ja: "1契約", en: "contract" },
  kind: "initial",
  once: { at: "acceptance", automatic: true },
  taxClass: "taxable",
  rule: "SEC-31",
};

/** a.26(3): the amount is the provider's. */
const disclosure: ItemTerms = {
  name: { ja: "個人情報の開示手数料", en: "fee for the disclosure of personal data" },
  unit: { ja: "1件", en: "request" },
  kind: "document",
  taxClass: "taxable",
  rule: "SEC-25",
};

const packs = (rule: string): PlanTerms["items"] => ({
  "seat-1": seats(1, rule),
  "seat-10": seats(10, rule),
  "seat-100": seats(100, rule),
  "seat-1000": seats(1_000, rule),
  "seat-10000": seats(10_000, rule),
  initial,
  disclosure,
});

const endpoint: PlanTerms = {
  name: { ja: "エンドポイント対策", en: "endpoint protection" },
  items: packs("SEC-50"),
  cancellation,
  interest,
};

const cloudApp: PlanTerms = {
  name: { ja: "クラウドアプリ対策", en: "cloud application protection" },
  items: packs("SEC-51"),
  cancellation,
  interest,
};

const option = (name: ItemTerms["name"]): ItemTerms => ({
  name,
  unit: { ja: "1契約", en: "contract" },
  kind: "option",
  recurring: optionMonths,
  taxClass: "taxable",
  rule: "SEC-61",
});
/** No free month, no minimum term (SEC-62, SEC-68). */
const ticket = (name: ItemTerms["name"]): ItemTerms => ({
  name,
  unit: { ja: "枚", en: "ticket" },
  kind: "ticket",
  taxClass: "taxable",
  rule: "SEC-61",
});

const desk: PlanTerms = {
  name: { ja: "セキュリティサポートデスク", en: "security support desk" },
  items: {
    base: {
      name: { ja: "基本料", en: "base fee" },
      unit: { ja: "1契約", en: "contract" },
      kind: "base",
      recurring: deskMonths,
      taxClass: "taxable",
      rule: "SEC-61",
    },
    report: option({ ja: "分析レポート（月次）", en: "monthly analysis report" }),
    settings: option({ ja: "設定変更代行", en: "setting changes by proxy" }),
    "ticket-setting": ticket({ ja: "設定代行の追加チケット", en: "extra ticket for a setting change" }),
    "ticket-question": ticket({ ja: "質問の追加チケット", en: "extra ticket for a question" }),
    "ticket-refuge": ticket({ ja: "駆け込み寺への質問の追加チケット", en: "extra ticket for an urgent question" }),
    disclosure,
  },
  cancellation,
  interest,
  // Annex 3 R5 and R6.
  minimumTerm: {
    rule: "SEC-65",
    months: 11,
    after: "start",
    early: { kind: "remaining-months", rule: "SEC-66", item: "base", plus: 1 },
  },
};

/** Supplementary provision of 2017-02-01, paragraph 2. */
const promotion: Promotion = {
  rule: "SEC-57",
  item: "initial",
  appliedFrom: "2017-02-01",
  appliedTo: "2017-05-31",
  startedBy: "2017-06-30",
};

const insurance = (rule: string, year: number, useFrom: string, useTo: string): InsuranceTerms => ({
  rule,
  name: { ja: `テレワーク保険（${year}年）`, en: `telework insurance ${year}` },
  useFrom,
  useTo,
  months: 12,
  items: ["seat-1", "seat-10", "seat-100"],
  seatsBelow: 1_000,
});
/** Supplementary provisions of 2021-04-01 and 2022-08-01, paragraph 2 each. */
const insurance2021 = insurance("SEC-58", 2021, "2021-04-01", "2022-04-30");
const insurance2022 = insurance("SEC-59", 2022, "2022-08-01", "2023-08-31");

const first = { endpoint: { ...endpoint, promotions: [promotion] }, "cloud-app": cloudApp, desk };
const insured2021 = { ...first, endpoint: { ...first.endpoint, insurance: [insurance2021] } };
const insured2022 = { ...first, endpoint: { ...first.endpoint, insurance: [insurance2021, insurance2022] } };

const version = (
  from: string,
  until: string | null,
  known: boolean,
  decree: string,
  plans: ShippedTerms["plans"],
): ShippedTerms => ({
  code: `SEC-${from}`,
  from,
  until,
  sourceDocument: `${source} 附則（${decree}）`,
  textHash,
  known,
  labels: { seat: { ja: "ライセンス", en: "seat" } },
  plans,
  orderable: ["endpoint", "cloud-app", "desk"],
});

/** SEC-73: the dates of the supplementary provisions. Two of them hold from 2020-03-02. */
export const terms: readonly ShippedTerms[] = [
  version("2016-10-24", "2017-02-01", false, "平成28年10月18日 ACサ00098613", first),
  version("2017-02-01", "2017-03-24", true, "平成29年1月25日 ACサ00137541", first),
  version("2017-03-24", "2019-07-24", false, "平成29年3月7日 ACサ00157480", first),
  version("2019-07-24", "2019-10-01", true, "令和元年7月16日 NSク第00520579号", first),
  version("2019-10-01", "2020-03-02", true, "令和元年8月23日 NSク第00534568号", first),
  version("2020-03-02", "2021-04-01", false, "令和2年2月19日 NSク第00605756号、令和2年2月27日 NSク第00609824号", first),
  version("2021-04-01", "2021-06-18", true, "令和3年3月25日 DPSサ第00766609号", insured2021),
  version("2021-06-18", "2022-08-01", true, "令和3年5月26日 DPSサ第00788173号", insured2021),
  version("2022-08-01", null, true, "令和4年6月23日 DPSサ第00934934号", insured2022),
];
