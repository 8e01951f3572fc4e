/** What commerce refuses, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  TERMS_MISSING: {
    status: 500,
    en: "No terms of the service {service} are in force on {day}. Enter the version of the terms that holds on that day.",
    ja: "{day} に有効な {service} の約款がありません。その日に有効な約款の版を登録してください。",
  },
  CONTRACT_SERVICE_UNKNOWN: {
    status: 422,
    en: "There is no service “{service}” to make a contract for. Services on offer: {services}.",
    ja: "「{service}」というサービスはありません。契約できるサービス: {services}",
  },
  CONTRACT_DAY_INVALID: {
    status: 422,
    en: "{day} is not a day of the calendar. Give a day as YYYY-MM-DD.",
    ja: "{day} は暦にない日付です。YYYY-MM-DD の形で指定してください。",
  },
  CONTRACT_END_BEFORE_START: {
    status: 422,
    en: "The contract {number} started on {startedOn}, so it cannot end on {on}. Give {startedOn} or a later day.",
    ja: "契約 {number} は {startedOn} に開始したため、{on} には終了できません。{startedOn} 以降の日を指定してください。",
  },
  CONTRACT_ENDED: {
    status: 409,
    en: "The contract {number} ended on {endedOn}. An ended contract does not change any more; make a new one.",
    ja: "契約 {number} は {endedOn} に終了しています。終了した契約は変更できません。新しい契約を作成してください。",
  },
  CONTRACT_NUMBER_INVALID: {
    status: 422,
    en: "“{number}” is not a contract number: its form or its check digit is wrong. Compare it with the notice of the contract.",
    ja: "「{number}」は契約番号ではありません（形式または検査数字が誤っています）。契約のお知らせと照らし合わせてください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
