/**
 * Terms of UTM support by version: column UTM of matrices 7.1, 7.2 and 7.5. Articles of the seed stand beside each row. Only the
 * text in force from 2025-04-01 is known (UTM-86); of the earlier ones, what their dates and the law tell.
 */
import type { ShippedTerms } from "@yagura/commerce/charging/offer.ts";
import type { CancellationTerms, InterestTerms, ItemTerms, PlanTerms } from "@yagura/commerce/charging/tables.ts";

const textHash = "6548d506053e5beab487d3a5593ca2bf43a268e007adfad68f8c6bd6b4a979e9";
const source = "UTMサポート利用規約";

const name = { ja: "UTMサポート", en: "UTM support" } as const;

/** a.21(1): told at least 5 business days before; until 2021-05-16 the day asked for, whatever the check. */
const formerCancellation = {
  rule: "UTM-86",
  notice: { count: 0, unit: "none" },
  channels: ["form"],
  endsWithMonth: false,
} as const satisfies CancellationTerms;
/** a.21(1)(2), in force from 2021-05-17. */
const cancellation = {
  rule: "UTM-26",
  notice: { count: 5, unit: "business-day" },
  activity: "desk",
  movesAfterCheck: { rule: "UTM-27", businessDays: 5 },
  channels: ["form", "web"],
  endsWithMonth: false,
} as const satisfies CancellationTerms;

/** a.8, Annex 3: plain and licence-attached alike. */
const longestUse = {
  rule: "UTM-08",
  yearsByModel: { ssb5: 7, ssb10: 5, ssb30: 5, standard: 7, professional: 7 },
} as const;

/** a.27: statutory rate, the day of payment out, 15 days of grace, 365 always, left off a bill that holds nothing else. */
const interest = {
  rule: "UTM-41",
  rate: "statutory",
  paymentDay: "excluded",
  graceDays: 15,
  yearDays: 365,
  since: null,
  alone: false,
} as const satisfies InterestTerms;

const document = (itemName: ItemTerms["name"], rule: string): ItemTerms => ({
  name: itemName,
  unit: { ja: "1通", en: "document" },
  kind: "document",
  taxClass: "taxable",
  rule,
});

const reprocurement = (model: string): ItemTerms => ({
  name: { ja: `再調達費用（${model}）`, en: `re-procurement cost (${model})` },
  unit: { ja: "1台", en: "unit" },
  kind: "one-off",
  taxClass: "out-of-scope",
  rule: "UTM-69",
});

const gateway: PlanTerms = {
  name,
  attributeValues: {
    licence: ["plain", "attached"],
    "line-model": ["own", "collaboration"],
    holder: ["corporation", "sole-trader"],
  },
  items: {
    base: {
      name: { ja: "月額料金", en: "monthly fee" },
      unit: { ja: "1契約", en: "contract" },
      kind: "base",
      // a.25(1), a.28(2)(3), a.29: S to the day before C, one day at least, every part month by its calendar days (UTM-45, UTM-46),
      // fractions cut (UTM-48); a suspension leaves the fee as it is (UTM-34), and nothing is refunded (UTM-47).
      recurring: {
        rule: "UTM-33",
        startMonth: "PRORATE",
        endMonth: "PRORATE",
        endDay: "excluded",
        endMonthWhen: "ifAnyDay",
        change: "PRORATE",
        // a.25(1), a.28(2)(2): the day of a part's cancellation bears no fee, as that of the whole.
        removedOnEndDay: "free",
        minimumDays: 1,
        feeMonth: "anchor",
        floor: "segment",
      },
      taxClass: "taxable",
      rule: "UTM-31",
      // Annex 4-1 note: shown and waived for as long as the contract lives.
      waivedWhen: { attribute: "licence", value: "attached", rule: "UTM-32" },
    },
    // Annex 4-2(1)(2).
    "issue-fee": document({ ja: "発行手数料", en: "bill issue fee" }, "UTM-54"),
    "collection-fee": document({ ja: "収納手数料", en: "collection fee" }, "UTM-54"),
    // Annex 4-3, 4-4: plus postage.
    "qualified-invoice": document({ ja: "適格請求書発行手数料", en: "qualified invoice on request" }, "UTM-56"),
    "payment-certificate": document({ ja: "支払証明書発行手数料", en: "payment certificate" }, "UTM-57"),
    // Specification note 5: by model.
    "reprocurement-ssb5": reprocurement("SSB5"),
    "reprocurement-ssb10": reprocurement("SSB10"),
    "reprocurement-ssb30": reprocurement("SSB30"),
    "reprocurement-standard": reprocurement("Standard"),
    "reprocurement-professional": reprocurement("Professional"),
  },
  cancellation,
  longestUse,
  interest,
  // a.25(2)(2) row 1, and row 2 without the 24 hours in one piece (UTM-36); a unit belongs to the day on which it starts (UTM-37).
  // a.28(2)(4)(3): A-UTM-6 takes the fee for the days that are left.
  outage: { rule: "UTM-35", item: "base", unitHours: 24, method: "reduce-days" },
  // a.35.
  liabilityCap: [{ rule: "UTM-58", cause: "any", method: "days-of-outage" }],
  // Annex 4-2(1)(3): only where the line is under the collaboration model; not for corporations (UTM-55), not in the first two
  // fee months.
  billFees: {
    rule: "UTM-54",
    when: { attribute: "line-model", value: "collaboration" },
    notWhen: [{ attribute: "holder", value: "corporation" }],
    freeMonths: 2,
    items: { paper: ["issue-fee", "collection-fee"], "debit-notice": ["issue-fee"] },
  },
  // a.18(1): for one case (A-UTM-25).
  suspension: { rule: "UTM-22", maximumMonths: 6 },
  // a.26: twice the evaded amount beside it.
  evasion: { rule: "UTM-40", multiple: 2 },
  // Column UTM of matrix 7.5: specification table 3-3 and its notes 2 to 5.
  replacement: {
    rule: "UTM-69",
    returnMonths: null,
    item: "reprocurement",
    byModel: true,
    needsPickupOffer: false,
    cutOff: { rule: "UTM-65", activity: "replacement-dispatch", by: "12:00" },
    handling: {
      decides: "provider-after-triage",
      ownerChanges: { rule: "UTM-68", on: "dispatch" },
      return: { rule: "UTM-66", way: "customer-ships", paidBy: "customer" },
      unit: { rule: "UTM-67", kind: "equivalent-refurbished" },
      alsoForDamage: true,
      atContractEnd: null,
    },
  },
};

/** A revision of which only the date is known: nothing is charged, but C, the longest use and late interest can be told. */
const placeholder = (
  code: string,
  from: string,
  until: string,
  decree: string,
  ends: CancellationTerms,
): ShippedTerms => ({
  code,
  from,
  until,
  sourceDocument: `${source} 附則（${decree}）`,
  textHash,
  known: false,
  labels: {},
  plans: { gateway: { name, items: {}, cancellation: ends, longestUse, interest } },
  orderable: [],
});

/** UTM-86: the dates of the supplementary provisions; a.21 changed on its own day in 2021. */
export const terms: readonly ShippedTerms[] = [
  placeholder("UTM-2019-07-01", "2019-07-01", "2020-04-01", "2019年6月26日 西アBS104号", formerCancellation),
  placeholder("UTM-2020-04-01", "2020-04-01", "2021-05-11", "2020年3月18日 西デザS36号", formerCancellation),
  placeholder("UTM-2021-05-11", "2021-05-11", "2021-05-17", "2021年4月23日 西B営スサ第000007号", formerCancellation),
  placeholder("UTM-2021-05-17", "2021-05-17", "2022-07-01", "2021年4月23日 西B営スサ第000007号 第21条", cancellation),
  placeholder("UTM-2022-07-01", "2022-07-01", "2022-08-01", "2022年6月27日 西ビ営V第000255号", cancellation),
  placeholder("UTM-2022-08-01", "2022-08-01", "2022-09-01", "2022年7月25日 西ビ営V第000343号", cancellation),
  placeholder("UTM-2022-09-01", "2022-09-01", "2023-05-08", "2022年8月26日 西ビ営V第000421号", cancellation),
  placeholder("UTM-2023-05-08", "2023-05-08", "2023-10-01", "2023年4月26日 B委VD基155500000071-01", cancellation),
  placeholder("UTM-2023-10-01", "2023-10-01", "2023-12-01", "2023年9月28日 B委VDコ155500000424-01", cancellation),
  placeholder("UTM-2023-12-01", "2023-12-01", "2025-04-01", "2023年11月9日 B委VDコ155500000759-01", cancellation),
  {
    code: "UTM-2025-04-01",
    from: "2025-04-01",
    until: null,
    sourceDocument: `${source} 附則（2025年3月19日 B委VDD155500001734-01）`,
    textHash,
    known: true,
    labels: {
      gateway: { ja: "ゲートウェイ装置", en: "gateway" },
      line: { ja: "アクセス回線", en: "access line" },
    },
    plans: { gateway },
    orderable: ["gateway"],
  },
];
