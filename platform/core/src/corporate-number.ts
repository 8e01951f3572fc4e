/** Japanese corporate numbers (法人番号, COM-31): a check digit and twelve digits. */

/**
 * The check digit that stands before the twelve: 9 minus the remainder by 9 of the sum of the digits, each second one from
 * the right doubled (ordinance of the Ministry of Finance on corporate numbers, article 2).
 */
export function corporateCheckDigit(twelve: string): number {
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += Number(twelve[11 - i]) * (i % 2 === 0 ? 1 : 2);
  return 9 - (sum % 9);
}

/** Whether the text is a corporate number: 13 digits and the right check digit. */
export const isCorporateNumber = (text: string): boolean =>
  /^[1-9]\d{12}$/.test(text) && corporateCheckDigit(text.slice(1)) === Number(text[0]);
