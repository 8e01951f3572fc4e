/** What the inputs of a computation are called on paper. A name that is not here stands as charging has it. */
import type { Text } from "../charging/tables.ts";

const words: Readonly<Record<string, Text>> = {
  unitPrice: { ja: "単価", en: "unit price" },
  quantity: { ja: "数量", en: "quantity" },
  days: { ja: "対象日数", en: "days charged" },
  daysOfMonth: { ja: "月の日数", en: "days of the month" },
  from: { ja: "開始日", en: "from" },
  to: { ja: "終了日", en: "to" },
  on: { ja: "日付", en: "on" },
  feeMonth: { ja: "料金月", en: "fee month" },
  anchor: { ja: "起算日", en: "first day of the fee month" },
  startedOn: { ja: "提供開始日", en: "start of service" },
  appliedOn: { ja: "お申込日", en: "applied on" },
  startedBy: { ja: "開始の期限", en: "start by" },
  endedOn: { ja: "終了日", en: "ended on" },
  segments: { ja: "期間の数", en: "parts of the month" },
  chargedWhole: { ja: "満額となる理由", en: "charged whole because" },
  priceWithTax: { ja: "料金表の税込価格", en: "price with tax in the price list" },
  fee: { ja: "料金", en: "fee" },
  months: { ja: "月数", en: "months" },
  remainingMonths: { ja: "残りの月数", en: "months left" },
  minimumTermFrom: { ja: "最低利用期間の初日", en: "first day of the minimum term" },
  minimumTermTo: { ja: "最低利用期間の末日", en: "last day of the minimum term" },
  periodFrom: { ja: "契約期間の初日", en: "first day of the period" },
  periodTo: { ja: "契約期間の末日", en: "last day of the period" },
  payment: { ja: "支払方法", en: "payment" },
  creditedDays: { ja: "減額する日数", en: "days credited" },
  percent: { ja: "割合(%)", en: "per cent" },
  charge: { ja: "もとの料金", en: "charge" },
  billed: { ja: "請求済みの額", en: "billed" },
  right: { ja: "正しい額", en: "right amount" },
};

export const inputWord = (name: string): Text => words[name] ?? { ja: name, en: name };
