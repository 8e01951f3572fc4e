/** What the terms leave to the provider (8.6), and readings that change money. */
import type { DefaultSetting, Reading, RequiredData } from "@yagura/commerce/charging/offer.ts";

export const required = [
  {
    key: "ancillary-catalogue",
    name: { ja: "附帯サービスの一覧", en: "catalogue of ancillary services" },
    hint: {
      ja: "附帯サービスごとの料金、契約期間（月数）、一括前払いか月払いかを定めます。提供しないときは空の一覧にします。",
      en: "Price, contract period in months, and prepaid or monthly, for each ancillary service. An empty list offers none.",
    },
    suggestion: [],
  },
  {
    key: "due",
    name: { ja: "支払期日", en: "due date" },
    hint: {
      ja: "請求する月から何か月後の何日を期日とするかを定めます。",
      en: "How many months after the billed month, and on which day, bills fall due.",
    },
    suggestion: { monthsAfter: 1, day: "last" },
  },
  {
    key: "late-interest",
    name: { ja: "延滞利息", en: "late interest" },
    hint: {
      ja: "抜粋に定めがないため、利率などを定めるか、請求しないこと（off）を選びます（A-OST-4）。",
      en: "The excerpt names none: set a rate, or choose `off` (A-OST-4).",
    },
    suggestion: "off",
  },
  {
    key: "activity:business",
    name: { ja: "営業日", en: "business days" },
    hint: {
      ja: "センサー設置の期限（開通日の4営業日前）を数える暦です（A-OST-5）。",
      en: "The calendar that counts the four business days before the opening (A-OST-5).",
    },
    suggestion: {
      name: { ja: "営業日", en: "business days" },
      weekdays: [1, 2, 3, 4, 5],
      opens: "09:00",
      closes: "17:00",
      closedOn: ["national-holiday", "designated"],
      yearEnd: { from: "12-29", to: "01-04" },
    },
  },
  {
    key: "anchor",
    name: { ja: "料金月の起算日", en: "first day of the fee month" },
    hint: {
      ja: "料金月の定めが抜粋にないため、起算日を定めます（A-OST-3）。",
      en: "The excerpt does not define the fee month (A-OST-3).",
    },
    suggestion: 1,
  },
  {
    key: "sensor-owner",
    name: { ja: "センサーの所有者", en: "owner of the sensors" },
    hint: {
      ja: "お客さま（customer）か提供者（provider）かを定めます。資産の台帳に記録されます（OST-23）。",
      en: "`customer` or `provider`; stands in the register of assets (OST-23).",
    },
    suggestion: "provider",
  },
] as const satisfies readonly RequiredData[];

export const readings = [
  {
    id: "A-OST-2",
    key: "reading:A-OST-2",
    question: {
      ja: "附帯サービスを期間の途中で終えるとき、残りの料金はどう計算しますか。",
      en: "How is the rest of an ancillary service's fee found when it ends inside its period?",
    },
    choices: [
      {
        value: "remainder",
        text: {
          ja: "期間全体の料金から、解約日の前日までの分を引く（総額は変わらない）",
          en: "the fee of the whole period less what was due before the end: the total never changes",
        },
      },
      {
        value: "days",
        text: {
          ja: "期間全体の料金を、解約日から満了日までの日数で日割りする",
          en: "the fee of the whole period by the days from the end to its last day",
        },
      },
    ],
    chosen: "remainder",
  },
  {
    id: "A-COM-3",
    key: "reading:A-COM-3",
    question: { ja: "一括で支払う残りの料金に消費税はかかりますか。", en: "Is a sum for early termination taxed?" },
    choices: [
      { value: "out-of-scope", text: { ja: "かからない（不課税）", en: "no: out of scope" } },
      { value: "taxable", text: { ja: "かかる（課税）", en: "yes: taxable" } },
    ],
    chosen: "out-of-scope",
  },
] as const satisfies readonly Reading[];

export const defaults = [] as const satisfies readonly DefaultSetting[];
