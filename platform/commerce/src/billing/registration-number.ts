/** Registration numbers of qualified invoice issuers (COM-11): T and a corporate number, whose check digit is verified. */
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import type { Text } from "../charging/tables.ts";

export const isRegistrationNumber = (text: string): boolean => text.startsWith("T") && isCorporateNumber(text.slice(1));

/** Why a document cannot be a qualified invoice; null when it can. */
export function unqualifiedBecause(number: string | null, wanted: boolean): Text | null {
  if (!wanted) {
    return {
      ja: "設定により、この書類は適格請求書ではありません。",
      en: "By a setting of the provider this document is not a qualified invoice.",
    };
  }
  if (number === null) {
    return {
      ja: "登録番号が設定されていないため、適格請求書ではありません。",
      en: "No registration number is set, so this is not a qualified invoice.",
    };
  }
  return isRegistrationNumber(number)
    ? null
    : {
        ja: `登録番号 ${number} の検査数字が正しくないため、適格請求書ではありません。`,
        en: `The check digit of the registration number ${number} is wrong, so this is not a qualified invoice.`,
      };
}
