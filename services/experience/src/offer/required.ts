/** What the terms leave to the provider (8.6). No reading of section 8 changes money here. */
import type { DefaultSetting, Reading, RequiredData } from "@yagura/commerce/charging/offer.ts";

export const required = [
  {
    key: "price:agent/agent",
    name: { ja: "ご契約番号ごとの月額料金", en: "monthly price per contract number" },
    hint: { ja: "規約に金額の定めがありません（EXP-16）。", en: "The terms name no amount (EXP-16)." },
    suggestion: null,
  },
  {
    key: "anchor",
    name: { ja: "料金月の起算日", en: "first day of the fee month" },
    hint: {
      ja: "契約ごとに変えられる起算日の初期値です。29～31日は、短い月ではその月の末日になります。",
      en: "First value; each contract may have its own. 29 to 31 fall on the last day of a shorter month.",
    },
    suggestion: 1,
  },
  // The excerpt names no due date either; without one no bill can be issued.
  {
    key: "due",
    name: { ja: "支払期日", en: "due date" },
    hint: {
      ja: "請求する月から何か月後の何日を期日とするかを定めます（規約に定めがありません）。",
      en: "How many months after the billed month, and on which day, bills fall due (the terms name none).",
    },
    suggestion: { monthsAfter: 1, day: "last" },
  },
  {
    key: "activity:inquiry",
    name: { ja: "お問い合わせの受付時間", en: "inquiry hours" },
    hint: { ja: "問い合わせ対応の時間です（EXP-23）。", en: "When inquiries are answered (EXP-23)." },
    suggestion: {
      name: { ja: "お問い合わせ", en: "inquiries" },
      weekdays: [1, 2, 3, 4, 5],
      opens: "09:00",
      closes: "17:00",
      closedOn: ["national-holiday", "designated"],
      yearEnd: { from: "12-29", to: "01-04" },
    },
  },
] as const satisfies readonly RequiredData[];

export const readings = [] as const satisfies readonly Reading[];

/** EXP-03, a.5(3)/(4): characters of the text that tells one PC from another. */
export const defaults = [
  {
    rule: "EXP-03",
    key: "label-characters",
    name: { ja: "PC識別用情報の最大文字数", en: "longest PC label" },
    value: 15,
  },
] as const satisfies readonly DefaultSetting[];
