/** What receivables refuse, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  PAYMENT_DAY_INVALID: {
    status: 422,
    en: "{day} is not a day of the calendar or lies in the future. Give the day on which the money came in.",
    ja: "{day} は暦にない日付か、将来の日付です。入金された日を指定してください。",
  },
  PAYMENT_REVERSED: {
    status: 409,
    en: "This payment was taken back on {on} ({reason}). A payment that was taken back does not change any more; record a new one.",
    ja: "この入金は {on} に取り消されています（{reason}）。取り消した入金は変更できません。新しい入金として記録してください。",
  },
  PAYMENT_KEY_DIFFERS: {
    status: 409,
    en: "A payment with the key “{key}” was recorded before, with another day or amount ({paidOn}, {amount} yen). Give the other payment another key.",
    ja: "キー「{key}」の入金は、別の日付または金額（{paidOn}、{amount} 円）ですでに記録されています。別の入金には別のキーを付けてください。",
  },
  PAYMENT_NO_CLEARING: {
    status: 422,
    en: "Only cheques and bills are cleared; this payment is a {way}. It counts from the day on which it was made.",
    ja: "資金化の確認が必要なのは小切手と手形だけです（この入金の方法: {way}）。この入金は入金日から有効です。",
  },
  PAYMENT_REVERSAL_HAS_REFUND: {
    status: 409,
    en: "{amount} yen of this payment were sent back to the customer. Cancel the refund first, then take the payment back.",
    ja: "この入金のうち {amount} 円は返金済みまたは返金手続き中です。先に返金を取り消してから、入金を取り消してください。",
  },
  CLAIM_NOT_OPEN: {
    status: 409,
    en: "The claim of document {number} is not open (state: {state}). Choose a claim that is still to be paid.",
    ja: "書類 {number} の債権は未払いではありません（状態: {state}）。未払いの債権を選んでください。",
  },
  CREDIT_TOO_SMALL: {
    status: 422,
    en: "Only {left} yen of this payment are not applied to a claim; {amount} yen cannot be kept or returned (RNS-63: only what was overpaid is returned). Enter no more than that.",
    ja: "この入金のうち、どの債権にも充当されていない金額は {left} 円です。{amount} 円を留保または返金することはできません（返金できるのは過払い分だけです）。その金額以下で指定してください。",
  },
  CLAIM_CREDIT_TOO_LARGE: {
    status: 422,
    en: "A credit note of {amount} yen is more than the {left} yen that the claims of its document still amount to. Enter no more than that.",
    ja: "{amount} 円の返還請求は、その書類の債権の残高 {left} 円を超えています。その金額以下で指定してください。",
  },
  REFUND_STATE: {
    status: 409,
    en: "This refund is {state} and cannot become {wanted}. What is paid or taken back stays so: enter a new refund if one is due.",
    ja: "この返金の状態は {state} のため、{wanted} にはできません。支払済みや取消済みの返金は変わりません。必要な場合は、新しい返金を登録してください。",
  },
  IMPORT_CSV: {
    status: 422,
    en: "Line {line} of the file cannot be read: {reason}. Correct it and send the file again; nothing was recorded.",
    ja: "ファイルの {line} 行目を読み取れません: {reason}。修正してもう一度送信してください。何も記録していません。",
  },
  TASK_DECIDED: {
    status: 409,
    en: "This proposal was decided on before (state: {state}). Load the list again.",
    ja: "この提案はすでに処理されています（状態: {state}）。一覧を読み込み直してください。",
  },
  CERTIFICATE_EMPTY: {
    status: 422,
    en: "Nothing of the contract {number} was paid to us from {from} to {to}. Claims assigned to a billing operator are certified by the operator (UTM-57).",
    ja: "契約 {number} には、{from} から {to} までに当社へ支払われた料金がありません。請求事業者へ譲渡した債権の証明は、請求事業者が行います。",
  },
  QUALIFIED_INVOICE_EMPTY: {
    status: 422,
    en: "Nothing was billed for the contract {number} from {from} to {to}. Choose a period in which a document was issued.",
    ja: "契約 {number} には、{from} から {to} までに発行された請求書がありません。請求書が発行された期間を指定してください。",
  },
  NOT_QUALIFIED_ISSUER: {
    status: 409,
    en: "The provider's profile has no registration number of a qualified-invoice issuer (T and 13 digits). Enter it first.",
    ja: "事業者プロフィールに適格請求書発行事業者の登録番号（T と13桁の数字）がありません。先に登録してください。",
  },
  CERTIFICATE_KEY_DIFFERS: {
    status: 409,
    en: "A document with the key “{key}” was issued before for another contract, period or kind. Give the new request another key.",
    ja: "キー「{key}」の書類は、別の契約・期間・種類ですでに発行されています。新しい依頼には別のキーを付けてください。",
  },
  TRANSFER_NOTHING: {
    status: 422,
    en: "There is no open claim to assign with these conditions. Choose other services, claims or another due day.",
    ja: "この条件に合う、譲渡できる未払いの債権がありません。サービス、債権または期日の条件を変えてください。",
  },
  JOURNAL_NOT_OVER: {
    status: 422,
    en: "The month {month} is not over yet. A journal is exported once, when its month is complete.",
    ja: "{month} はまだ終わっていません。仕訳は月が終わってから1回だけ出力します。",
  },
  JOURNAL_ORDER: {
    status: 409,
    en: "{later} was exported before. Journals are exported in the order of their months; {month} would come too late.",
    ja: "{later} の仕訳はすでに出力されています。仕訳は月の順に出力するため、{month} は出力できません。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
