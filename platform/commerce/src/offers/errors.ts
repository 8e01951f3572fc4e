/** What is refused of the provider's own order forms, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  FORM_PLAN_UNKNOWN: {
    status: 422,
    en: "The service {service} has no order form for a plan “{plan}”. Name the setting form:PLAN and give its service.",
    ja: "サービス {service} には、プラン「{plan}」の申込フォームがありません。設定名は form:プラン とし、サービスを指定してください。",
  },
  FORM_INVALID: {
    status: 422,
    en: "{key} is no order form: each place that is wrong is listed. Take the form that /provider/offers shows as a pattern.",
    ja: "{key} は申込フォームの形になっていません。誤りのある箇所を一覧に示します。/provider/offers が返すフォームを手本にしてください。",
  },
  FORM_FIELD_TWICE: {
    status: 422,
    en: "The order form asks twice for “{field}”. Give each field a name of its own.",
    ja: "申込フォームに「{field}」という項目が2つあります。項目ごとに異なる名前を付けてください。",
  },
  FORM_FIELD_NEEDED: {
    status: 422,
    en: "The order form lacks “{field}”, or asks for it in another way: {rule} needs it as it was. Put it back.",
    ja: "申込フォームに「{field}」がないか、種類や必須の指定が変わっています。{rule} のために必要な項目です。元に戻してください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
