/** What bank files and bank accounts refuse, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  BANK_ACCOUNT_MISSING: {
    status: 409,
    en: "There is no bank account of this use ({use}). Register it first.",
    ja: "この用途（{use}）の口座が登録されていません。先に登録してください。",
  },
  BANK_FILE_EMPTY: {
    status: 422,
    en: "There is nothing to put into the file: no customer with a mandate and an open claim, or no refund that waits.",
    ja: "ファイルに入れるものがありません（口座振替の登録がある未払いのお客さま、または未送金の返金がありません）。",
  },
  BANK_FILE_KNOWN: {
    status: 409,
    en: "A request for {day} was made before for {count} of these customers (a customer is debited once a day for one consignor code). Take the other day, or use the earlier file.",
    ja: "{day} の口座振替依頼は、このうち {count} 件のお客さまについて作成済みです（同じ委託者コードでの振替は1日に1回です）。別の日を指定するか、先に作成したファイルを使用してください。",
  },
  DEBIT_RESULT_UNKNOWN: {
    status: 422,
    en: "Record {record} answers a request that we never made: customer number {customer}, day {day}. The file belongs to another installation or another consignor code.",
    ja: "{record} 件目のレコードに対応する振替依頼がありません（顧客番号 {customer}、振替日 {day}）。ほかの環境または委託者コードのファイルです。",
  },
  DEPOSIT_DECIDED: {
    status: 409,
    en: "This deposit was dealt with before (state: {state}).",
    ja: "この入金明細はすでに処理されています（状態: {state}）。",
  },
  ZENGIN_LENGTH: {
    status: 422,
    en: "Record {record} has {length} bytes instead of {expected}. The file is not in the Zengin format, or was cut or converted on its way.",
    ja: "{record} 件目のレコードの長さが {length} バイトです（{expected} バイトのはずです）。全銀協規定形式ではないか、途中で欠けたか変換されたファイルです。",
  },
  ZENGIN_FIELD: {
    status: 422,
    en: "Record {record}, field {field}: “{value}” is not what the format asks for ({wanted}).",
    ja: "{record} 件目のレコードの項目「{field}」の値「{value}」が書式に合いません（{wanted}）。",
  },
  ZENGIN_BYTE: {
    status: 422,
    en: "Record {record} holds the byte {byte} at position {position}, which the character code of the format (JIS X 0201) does not have.",
    ja: "{record} 件目のレコードの {position} 桁目に、書式の文字コード（JIS X 0201）にないバイト {byte} があります。",
  },
  ZENGIN_ORDER: {
    status: 422,
    en: "Record {record} is of kind {found}, where {wanted} was expected. The order is: header, data, trailer, end.",
    ja: "{record} 件目のレコードの区分が {found} です（{wanted} のはずです）。順序はヘッダ、データ、トレーラ、エンドです。",
  },
  ZENGIN_KIND: {
    status: 422,
    en: "The file is of kind {found}; expected {wanted}.",
    ja: "ファイルの種別コードが {found} です（{wanted} のはずです）。",
  },
  ZENGIN_TOTAL: {
    status: 422,
    en: "The trailer (record {record}) says {field} {trailer}, but the data records give {counted}. The file is incomplete or was changed.",
    ja: "トレーラ（{record} 件目のレコード）の「{field}」は {trailer} ですが、データレコードの集計は {counted} です。ファイルが欠けているか、書き換えられています。",
  },
  ZENGIN_CHARACTER: {
    status: 422,
    en: "The field {field} holds “{character}”, which a bank file cannot hold. Use kana, capital letters, digits and ( ) . , / - only.",
    ja: "項目「{field}」の「{character}」は銀行のファイルに使えない文字です。カナ、英大文字、数字、（ ） . , / - だけを使用してください。",
  },
  ZENGIN_TOO_LONG: {
    status: 422,
    en: "The field {field} needs {length} characters in half-width kana, but the format has room for {limit}. Shorten “{value}”.",
    ja: "項目「{field}」は半角カナで {length} 文字になり、書式の上限 {limit} 文字を超えています。「{value}」を短くしてください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
