/** What is refused of customers, applications and quotes, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  ORDER_SERVICE_UNKNOWN: {
    status: 422,
    en: "There is no service “{service}” to order. Services on offer: {services}.",
    ja: "「{service}」というサービスはありません。お申し込みいただけるサービス: {services}",
  },
  ORDER_DAY_LATER: {
    status: 422,
    en: "The order is dated {on}, which is still to come. An order bears the day on which it was given: {today} or earlier.",
    ja: "申込日 {on} はまだ来ていません。申込日には、本日 {today} またはそれ以前の日を指定してください。",
  },
  ORDER_DAY_STAFF: {
    status: 422,
    en: "An order that a customer enters bears the day of its entry, {today}. An earlier day is entered by the provider's staff from the paper.",
    ja: "お客さまが入力する申込の日付は、入力した日（{today}）になります。書面による以前の日付は、提供者の担当者が登録します。",
  },
  APPLICATION_DECIDED: {
    status: 409,
    en: "This application is {state} and does not change any more. Make a new one if it is still wanted.",
    ja: "この申込はすでに決着しています（{state}）。変更できませんので、必要であれば改めてお申し込みください。",
  },
  APPLICATION_INCOMPLETE: {
    status: 409,
    en: "This application is not complete, so nothing was formed by it (RNS-04). Fill in the fields below first.",
    ja: "この申込は必要事項がそろっておらず、成立していません（RNS-04）。先に下記の項目を補ってください。",
  },
  APPLICATION_OUT_OF_TURN: {
    status: 409,
    en: "{count} applications came before this one and are not decided ({rule}). Decide them first, or say why this one is taken out of turn.",
    ja: "この申込より先に受け付けた未決の申込が {count} 件あります（{rule}）。先にそれらを処理するか、順番を変える理由を登録してください。",
  },
  APPLICATION_UNMET: {
    status: 409,
    en: "The application does not meet the conditions of the order any more: the fields below say which. Refuse it, or wait until that has changed.",
    ja: "この申込は受付条件を満たさなくなっています。該当する条件は下記のとおりです。拒否するか、状況が変わるまでお待ちください。",
  },
  EVIDENCE_FULL: {
    status: 409,
    en: "An organisation hands in at most {limit} files, of {megabytes} MB together, and this one would be too many. Ask the provider before more are handed in.",
    ja: "この組織の添付ファイルは、上限（{limit} 件、合計 {megabytes} MB）に達しています。追加の前に、提供者にご相談ください。",
  },
  RESCISSION_OVER: {
    status: 409,
    en: "The right to rescind ended on {until} ({rule}). From then on the contract can only be cancelled.",
    ja: "契約を解除できる期間は {until} に終わりました（{rule}）。以後は解約の手続きによります。",
  },
  RESCISSION_NONE: {
    status: 409,
    en: "The terms of the service {service} know no such right to rescind. Use the cancellation.",
    ja: "{service} の約款には、この解除の定めがありません。解約の手続きをご利用ください。",
  },
  CUSTOMER_UNKNOWN: {
    status: 404,
    en: "This organisation has no registered details yet. Register them first (PUT …/customer).",
    ja: "この組織の登録事項はまだありません。先に登録してください（PUT …/customer）。",
  },
  CUSTOMER_NUMBER_WRONG: {
    status: 422,
    en: "A corporation is registered with its corporate number: 13 digits with the right check digit. “{number}” is none.",
    ja: "法人の登録には、検査数字の正しい13桁の法人番号が必要です。「{number}」は法人番号ではありません。",
  },
  QUOTE_UNKNOWN: {
    status: 422,
    en: "There is no such quote for {service}/{plan}. Make a quote first, or leave it out.",
    ja: "{service}/{plan} の見積はありません。先に見積を作成するか、指定を外してください。",
  },
  QUOTE_EXPIRED: {
    status: 422,
    en: "The quote was valid until {until}. Make a new one for today's prices.",
    ja: "この見積の有効期限は {until} でした。現在の価格で新しい見積を作成してください。",
  },
  QUOTE_PRICES_STAFF: {
    status: 403,
    en: "Prices of a quote's own, and until when it is valid, are set by an administrator or the billing staff. Leave them out for the prices of the price book and the usual time.",
    ja: "見積に独自の価格や有効期限を設定できるのは、管理者または請求担当のみです。価格表の価格と通常の期限を使う場合は、指定を外してください。",
  },
  QUOTE_IMPOSSIBLE: {
    status: 422,
    en: "The quote cannot be computed: the fields below say what is missing.",
    ja: "見積を計算できません。不足している項目は下記のとおりです。",
  },
  PRICE_CONFIRMATION: {
    status: 409,
    en: "The prices in force today differ from those of the order for {items} ({rule}). Confirm that the customer agreed, or make a new quote.",
    ja: "{items} の価格が申込時と異なります（{rule}）。お客さまの承諾を確認した旨を登録するか、見積を作り直してください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
