/** What the printer refuses, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  DOCUMENT_CHARACTER_MISSING: {
    status: 422,
    en: "The character “{character}” ({code}) in “{field}” cannot be printed: the document font has no glyph for it. Write it with another character there, e.g. the form in common use.",
    ja: "「{field}」の文字「{character}」({code})は、帳票の書体にないため印刷できません。常用の字体など、別の文字に書き換えてください。",
  },
  DOCUMENT_SUMS_DIFFER: {
    status: 500,
    en: "The document {number} is not printed, because its sums do not agree: {what}. Nothing was issued; compute the document again.",
    ja: "文書 {number} は金額の合計が一致しない({what})ため、印刷しませんでした。文書は発行されていません。金額を計算し直してください。",
  },
  DOCUMENT_PRINTER_BUSY: {
    status: 503,
    en: "{waiting} documents are already waiting to be printed. Ask for this one again in a minute.",
    ja: "{waiting}件の文書が印刷を待っています。1分ほどたってから、もう一度お試しください。",
  },
  DOCUMENT_PRINTER_FAILED: {
    status: 500,
    en: "The document could not be printed: the printer stopped ({reason}). Ask for it again; when it happens again, tell the operator.",
    ja: "印刷処理が停止したため、文書を作成できませんでした({reason})。もう一度お試しください。繰り返す場合は運用担当者にお知らせください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
