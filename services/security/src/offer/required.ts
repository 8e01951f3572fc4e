/** What the terms leave to the provider (8.6), and readings that change money. */
import type { DefaultSetting, Reading, RequiredData } from "@yagura/commerce/charging/offer.ts";

const disclosureFee = {
  name: { ja: "個人情報の開示手数料", en: "fee for the disclosure of personal data" },
  hint: {
    ja: "開示（該当する情報がない旨の回答を含みます）のときに請求する金額です（規約第26条）。",
    en: "Due when data, or the answer that there is none, is given (a.26).",
  },
  suggestion: null,
} as const;

const taxClasses = [
  { value: "out-of-scope", text: { ja: "かからない（不課税）", en: "no: out of scope" } },
  { value: "taxable", text: { ja: "かかる（課税）", en: "yes: taxable" } },
] as const;

export const required = [
  {
    key: "due",
    name: { ja: "支払期日", en: "due date" },
    hint: {
      ja: "請求する月から何か月後の何日を期日とするかを定めます（A-SEC-10）。",
      en: "How many months after the billed month, and on which day, bills fall due (A-SEC-10).",
    },
    suggestion: { monthsAfter: 1, day: "last" },
  },
  {
    key: "withdrawal-notice-days",
    name: { ja: "サービス廃止の予告日数", en: "days of notice before a withdrawal" },
    hint: {
      ja: "規約は「相当な期間」とだけ定めています（規約第20条）。",
      en: "The terms only ask for a reasonable time (a.20).",
    },
    suggestion: 90,
  },
  { key: "price:endpoint/disclosure", ...disclosureFee },
  { key: "price:cloud-app/disclosure", ...disclosureFee },
  { key: "price:desk/disclosure", ...disclosureFee },
  {
    key: "activity:desk",
    name: { ja: "サポートデスクの受付時間", en: "hours of the support desk" },
    hint: { ja: "規約の外で定められる時間です（A-SEC-11）。", en: "Fixed outside the terms (A-SEC-11)." },
    suggestion: {
      name: { ja: "サポートデスク", en: "support desk" },
      weekdays: [1, 2, 3, 4, 5],
      opens: "09:00",
      closes: "17:00",
      closedOn: ["national-holiday", "designated"],
      yearEnd: { from: "12-29", to: "01-04" },
    },
  },
  {
    key: "included-tickets",
    name: { ja: "基本料に含まれるチケット（毎月）", en: "tickets included in the base fee each month" },
    hint: {
      ja: "種類ごとの枚数です。含めないときは 0 にします（SEC-71）。",
      en: "How many of each kind; 0 for none (SEC-71).",
    },
    suggestion: { "ticket-setting": 0, "ticket-question": 0, "ticket-refuge": 0 },
  },
  {
    key: "reading:A-COM-3",
    name: { ja: "解約時一括金の税区分", en: "tax class of the lump for early termination" },
    hint: {
      ja: "逸失利益を補う一括金は、国税庁の考え方では消費税の対象外です（A-COM-3）。",
      en: "A lump in place of lost profit is out of scope in the tax authority's view (A-COM-3).",
    },
    suggestion: "out-of-scope",
  },
] as const satisfies readonly RequiredData[];

export const readings = [
  {
    id: "A-SEC-3",
    key: "reading:A-SEC-3",
    question: {
      ja: "サポートデスクを月の1日付で解約したとき、その月の料金は発生しますか。",
      en: "Does the desk cost a fee for a month on whose first day the contract ends?",
    },
    choices: [
      {
        value: "ifAnyDay",
        text: { ja: "料金のかかる日が1日もなければ発生しない", en: "no, as no day of it is charged" },
      },
      { value: "always", text: { ja: "発生する", en: "yes" } },
    ],
    chosen: "ifAnyDay",
  },
  {
    id: "A-SEC-5",
    key: "reading:A-SEC-5",
    question: {
      ja: "月の途中で内容が変わったとき、端数はどこで切り捨てますか。",
      en: "Where are fractions cut in a month with a change?",
    },
    choices: [
      { value: "segment", text: { ja: "変更の前と後のそれぞれ", en: "in each part" } },
      { value: "month", text: { ja: "その月の合計", en: "in the month's sum" } },
    ],
    chosen: "segment",
  },
  {
    id: "A-COM-3",
    key: "reading:A-COM-3",
    question: { ja: "解約時の一括金に消費税はかかりますか。", en: "Is the lump for early termination taxed?" },
    choices: taxClasses,
    chosen: "out-of-scope",
  },
] as const satisfies readonly Reading[];

export const defaults = [] as const satisfies readonly DefaultSetting[];
