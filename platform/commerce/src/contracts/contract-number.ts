/**
 * Contract numbers (EXP-T09, EXP-02): `EXP-2611-000123-5` is the service, year and month of issue in Asia/Tokyo, a counter
 * and a check digit over the digits before it (ISO 7064 MOD 11,10), which finds every single wrong digit and almost every
 * pair of neighbours that changed places.
 */
export interface ContractNumber {
  /** Three capital letters, e.g. `EXP`. */
  readonly service: string;
  /** Two digits of the year and two of the month. */
  readonly yearMonth: string;
  readonly counter: number;
}

/** ISO 7064 MOD 11,10: the digit that makes `checksMod1110(digits + digit)` true. `digits` holds decimal digits only. */
export function checkDigitMod1110(digits: string): number {
  let product = 10;
  for (const digit of digits) {
    const sum = (product + Number(digit)) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10;
}

export const checksMod1110 = (digits: string): boolean =>
  /^\d{2,}$/.test(digits) && checkDigitMod1110(digits.slice(0, -1)) === Number(digits.slice(-1));

export function writeContractNumber({ service, yearMonth, counter }: ContractNumber): string {
  const count = String(counter).padStart(6, "0");
  return `${service}-${yearMonth}-${count}-${checkDigitMod1110(yearMonth + count)}`;
}

/** Reads a number as people type it (lower case, full-width, spaces around); null when its form or check digit is wrong. */
export function readContractNumber(text: string): ContractNumber | null {
  const match = /^([A-Z]{3})-(\d{2}(?:0[1-9]|1[0-2]))-(\d{6,15})-(\d)$/.exec(normaliseContractNumber(text));
  if (match === null) return null;
  const [, service, yearMonth, count, check] = match as unknown as [string, string, string, string, string];
  if (!checksMod1110(yearMonth + count + check)) return null;
  return { service, yearMonth, counter: Number(count) };
}

/** The form in which numbers are stored and compared. */
export const normaliseContractNumber = (text: string): string =>
  text
    .normalize("NFKC")
    .trim()
    .replace(/[‐‑‒–—―−ー]/g, "-")
    .toUpperCase();
