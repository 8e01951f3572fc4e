/** What changes of prices, terms, calendars, settings and offering refuse, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  DATED_CHANGE_PAST: {
    status: 409,
    en: "{key} would change from {from}, but bills are made up to {billed}. Give a later day, or confirm that the change reaches back: issued bills stay, and a re-rating run brings the difference as adjustments.",
    ja: "{key} を {from} から変更しようとしていますが、{billed} 分までの請求が確定しています。それより後の日を指定するか、過去にさかのぼることを確認のうえ実行してください。発行済みの請求は変わらず、再計算の請求締めを行うと差額が調整されます。",
  },
  DATED_CHANGE_RANGE: {
    status: 422,
    en: "The last day {lastDay} lies before the first day {from}. Give a last day on or after the first.",
    ja: "最終日 {lastDay} が適用開始日 {from} より前です。開始日以降の日を指定してください。",
  },
  DATED_CHANGE_CLASH: {
    status: 409,
    en: "Somebody else has just changed {key}. Look at it again and repeat the change.",
    ja: "{key} はほかの方が変更したところです。内容を確認してから、もう一度変更してください。",
  },
  TERMS_SERVICE_UNKNOWN: {
    status: 422,
    en: "There is no service “{service}”. Services: {services}.",
    ja: "「{service}」というサービスはありません。サービス: {services}",
  },
  TERMS_CODE_TAKEN: {
    status: 409,
    en: "The service {service} already has a version of the terms named {code}. A version is never changed: choose another name.",
    ja: "{service} には {code} という約款の版がすでにあります。版の内容は変更できません。別の名前を付けてください。",
  },
  TERMS_VERSION_SAME_DAY: {
    status: 409,
    en: "The version {code} of {service} begins on {from} already. Choose another day.",
    ja: "{service} の約款 {code} が {from} から始まることになっています。別の日を指定してください。",
  },
  TERMS_VERSION_UNKNOWN: {
    status: 422,
    en: "The service {service} has no version of the terms named {code}. Choose one from the list of its versions.",
    ja: "{service} に {code} という約款の版はありません。版の一覧から選んでください。",
  },
  TERMS_PARAMETER_INVALID: {
    status: 422,
    en: "The parameter {key} is not what charging expects. Look at the same parameter of an earlier version.",
    ja: "パラメーター {key} の内容が料金計算で使える形になっていません。以前の版の同じパラメーターを参照してください。",
  },
  TERMS_DOCUMENT_INVALID: {
    status: 422,
    en: "The document could not be read: it must be base64 and decode to 1 byte up to 1 MB.",
    ja: "文書を読み取れませんでした。base64 で表した 1 バイト以上 1 MB 以下の内容を指定してください。",
  },
  PRICE_BOOK_UNREADABLE: {
    status: 422,
    en: "The price book could not be read: {reason}. It must be CSV or YAML in UTF-8 (CSV also in Shift_JIS); docs/examples holds one of each.",
    ja: "価格表を読み取れませんでした（{reason}）。UTF-8 の CSV または YAML（CSV は Shift_JIS も可）で用意してください。docs/examples に例があります。",
  },
  PRICE_BOOK_REFUSED: {
    status: 422,
    en: "The price book was not loaded: {count} of its rows were refused. Nothing was changed; correct the rows that are listed.",
    ja: "価格表を登録できませんでした。{count} 行に誤りがあります。何も変更していません。一覧の行を修正してください。",
  },
  PRICE_BOOK_TAKEN: {
    status: 409,
    en: "A price book named {book} is loaded already. Give this one another name: every amount tells from which book it came.",
    ja: "{book} という名前の価格表はすでに登録されています。金額の出どころが分かるよう、別の名前を付けてください。",
  },
  PRICE_BOOK_NAMELESS: {
    status: 422,
    en: "The price book needs a name, e.g. list-2027-04: in the request, or as `book:` in a YAML file.",
    ja: "価格表の名前（例: list-2027-04）を指定してください。YAML の場合はファイルの `book:` でも指定できます。",
  },
  SETTING_TOO_LARGE: {
    status: 422,
    en: "The value of {key} is larger than 64 kB. Shorten it.",
    ja: "{key} の値が 64 kB を超えています。短くしてください。",
  },
  SETTING_INVALID: {
    status: 422,
    en: "The value of {key} does not have the form that the rules read: {faults}. The suggestion beside it shows the form.",
    ja: "{key} の値が、規則で読み取れる形になっていません（{faults}）。項目に示した例の形で指定してください。",
  },
  SETTING_CHOICE: {
    status: 422,
    en: "{key} is a reading of the rules: choose one of {choices}.",
    ja: "{key} は条項の読み方です。{choices} のいずれかを指定してください。",
  },
  SETTING_FROM_NEEDED: {
    status: 422,
    en: "{key} has a value already: say from which day the new one holds.",
    ja: "{key} にはすでに値があります。新しい値をいつから適用するか指定してください。",
  },
  SERVICE_NOT_OFFERED: {
    status: 409,
    en: "The service {service} is not offered on {day}. The provider switches it on under “offering” once everything it needs is set.",
    ja: "{day} 時点で {service} は提供していません。必要な設定を済ませたうえで、「提供サービス」から提供を開始してください。",
  },
  SERVICE_INCOMPLETE: {
    status: 409,
    en: "{service} cannot be offered from {day} yet: {count} things are not set ({missing}). Each is listed with what to do.",
    ja: "{service} は {day} からの提供を開始できません。未設定の項目が {count} 件あります（{missing}）。各項目の設定方法を一覧に示します。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
