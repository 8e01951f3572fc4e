/** What billing refuses, and why a contract is set aside. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  BILL_MONTH_AHEAD: {
    status: 422,
    en: "The month {month} is not over yet, so its bills cannot be made. Wait for its last day, or make an ad-hoc run for one customer.",
    ja: "{month} はまだ終わっていないため、請求を作成できません。月末日の経過を待つか、お客さまを指定して臨時の請求を作成してください。",
  },
  BILL_RUN_SCOPE: {
    status: 422,
    en: "An ad-hoc run is for one customer. Name the organisation.",
    ja: "臨時の請求はお客さまごとに作成します。対象の組織を指定してください。",
  },
  BILL_RUN_SINCE: {
    status: 422,
    en: "A re-rating needs the month from which bills are computed again (`since`), not after {month}; other runs have none.",
    ja: "再計算では、計算し直す最初の月（since）を {month} 以前で指定してください。ほかの種類の請求では指定できません。",
  },
  BILL_RUN_STATE: {
    status: 409,
    en: "The run is in the state “{state}”; this needs “{wanted}”. Look at the run again.",
    ja: "この請求締めの状態は「{state}」です。この操作には「{wanted}」である必要があります。最新の状態を確認してください。",
  },
  BILL_RUN_STALE: {
    status: 409,
    en: "Prices, terms or settings changed after the preview was made, so its amounts no longer hold. Have the preview computed again, look at it and issue then.",
    ja: "プレビューの作成後に料金・約款・設定が変更されたため、表示した金額は有効ではありません。プレビューを再計算し、確認のうえ発行してください。",
  },
  BILL_RUN_OPEN: {
    status: 409,
    en: "Another run for {month} is not finished: {run}. Issue or discard it first.",
    ja: "{month} の別の請求締め（{run}）が完了していません。先に発行または破棄してください。",
  },
  BILLING_DUE_MISSING: {
    status: 422,
    en: "No due date is set for the service {service} on {day}. Enter the setting “due” of the service.",
    ja: "{day} 時点のサービス {service} の支払期限が設定されていません。サービスの設定「due」を登録してください。",
  },
  BILLING_UNEXPECTED: {
    status: 500,
    en: "The contract {contract} could not be computed: {reason}. Look at its facts, then try again.",
    ja: "契約 {contract} の料金を計算できませんでした（{reason}）。契約の記録を確認し、再度実行してください。",
  },
  BILLING_TOO_MANY: {
    status: 422,
    en: "A preview shows at most {limit} contracts; this customer has more. Name one contract.",
    ja: "プレビューで計算できる契約は {limit} 件までです。契約を 1 件指定してください。",
  },
  INVOICE_REPLACED: {
    status: 409,
    en: "The document {number} was already replaced by a corrected one. Correct the newest document.",
    ja: "書類 {number} には、すでに修正後の書類があります。最新の書類に対して操作してください。",
  },
  INVOICE_NOT_CORRECTABLE: {
    status: 409,
    en: "The document {number} is a credit note. A credit note is not corrected: issue another credit note, or correct the invoice.",
    ja: "書類 {number} は返還請求書です。返還請求書は修正できません。新たな返還請求書を発行するか、元の請求書を修正してください。",
  },
  CREDIT_TOO_HIGH: {
    status: 422,
    en: "Line {position} of {number} has {left} yen left that can be credited; {amount} yen were asked for. Enter a smaller amount.",
    ja: "書類 {number} の {position} 行目で減額できるのは残り {left} 円です（指定: {amount} 円）。金額を小さくしてください。",
  },
  CREDIT_LINE_UNKNOWN: {
    status: 422,
    en: "The document {number} has no line {position} with an amount above zero. Name a position of its list of lines.",
    ja: "書類 {number} に、金額が正の {position} 行目はありません。明細の行番号を指定してください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
