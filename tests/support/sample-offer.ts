/** For tests of commerce: an offer of a made-up service, with one plan and one item. */
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import type { ItemTerms, PlanTerms } from "@yagura/commerce/charging/tables.ts";

const text = (words: string) => ({ ja: words, en: words });

const item: ItemTerms = { name: text("seat"), unit: text("seat"), kind: "base", taxClass: "taxable", rule: "SMP-01" };

export const samplePlan: PlanTerms = {
  name: text("basic"),
  items: {
    seat: item,
    initial: { ...item, name: text("initial fee"), kind: "initial" },
    disclosure: { ...item, name: text("disclosure fee"), kind: "document" },
  },
  cancellation: {
    rule: "SMP-02",
    notice: { count: 0, unit: "none" },
    channels: ["web"],
    endsWithMonth: false,
  },
  interest: null,
};

const terms = {
  sourceDocument: "sample terms",
  textHash: "0".repeat(64),
  known: true,
  labels: {},
  plans: { basic: samplePlan },
  orderable: ["basic"],
};

export const sampleOffer: Offer = {
  service: "sample",
  prefix: "SMP",
  name: text("sample service"),
  terms: [
    { ...terms, code: "SMP-v1", from: null, until: "2026-01-01" },
    { ...terms, code: "SMP-v2", from: "2026-01-01", until: null },
  ],
  prices: [{ plan: "basic", item: "seat", amount: 200, display: 220, from: "2025-01-01", until: null, book: "SMP-v1" }],
  activities: [
    {
      service: "sample",
      activity: "desk",
      name: text("desk"),
      weekdays: [1, 2, 3, 4, 5],
      opens: "09:00",
      closes: "17:00",
      closedOn: ["national-holiday"],
      yearEnd: { from: "12-29", to: "01-04" },
      from: null,
      until: null,
    },
  ],
  grounds: (["use", "payment", "no-objection"] as const).map((code) => ({
    use: "deemed-consent",
    code,
    article: "a.3",
    rule: "SMP-13",
    text: text(code),
  })),
  notices: [
    {
      rule: "SMP-10",
      kind: "terms",
      name: text("change of terms"),
      lead: { count: 0, unit: "before" },
      channels: ["web", "mail"],
      effective: "posting",
      states: [],
      emergencyWithoutLead: false,
      by: "provider",
    },
    {
      rule: "SMP-11",
      kind: "suspension",
      name: text("suspension"),
      lead: { count: 0, unit: "before" },
      channels: ["web", "post", "mail", "other"],
      effective: "by-channel",
      states: ["reason", "date", "period"],
      emergencyWithoutLead: true,
      by: "provider",
      countsUndelivered: true,
    },
    {
      rule: "SMP-12",
      kind: "withdrawal",
      name: text("withdrawal"),
      lead: { count: 2, unit: "month" },
      channels: ["web", "mail", "post"],
      effective: "by-channel",
      states: ["date"],
      emergencyWithoutLead: false,
      by: "provider",
    },
    {
      rule: "SMP-14",
      kind: "waiver",
      name: text("waiver"),
      lead: { count: 0, unit: "none" },
      channels: ["web"],
      effective: "posting",
      states: ["scope", "period"],
      emergencyWithoutLead: false,
      by: "provider",
    },
  ],
  required: [
    { key: "due", name: text("due date"), hint: text("set it"), suggestion: { monthsAfter: 1, day: "last" } },
    { key: "price:basic/initial", name: text("initial fee"), hint: text("set it"), suggestion: null },
    { key: "activity:business", name: text("business days"), hint: text("set them"), suggestion: null },
  ],
  readings: [
    {
      id: "A-SMP-1",
      key: "rounding",
      question: text("which rounding"),
      choices: [
        { value: "segment", text: text("each part") },
        { value: "month", text: text("the month") },
      ],
      chosen: "segment",
    },
  ],
  forms: [],
  invoiceUnit: "contract",
  soleTraders: false,
  assignment: { rule: "SMP-20", allowed: "never" },
  rescission: null,
  suspension: { rule: "SMP-21", maximumMonths: null },
  articles: [],
  thirdPartyTerms: [],
  defaults: [],
  checklists: [],
};
