import { expect, test } from "vitest";
import {
  checkDigitMod1110,
  checksMod1110,
  normaliseContractNumber,
  readContractNumber,
  writeContractNumber,
} from "./contract-number.ts";

test.each(["3", "0794", "2611000123", "999999999999", "000000"])(
  "MOD 11,10 of %s checks with its own digit only",
  (digits) => {
    const right = checkDigitMod1110(digits);
    for (let digit = 0; digit <= 9; digit++) expect(checksMod1110(`${digits}${digit}`)).toBe(digit === right);
  },
);

test("EXP-T09 the example of ISO 7064 for MOD 11,10: 0794 has the check digit 5", () => {
  expect(checkDigitMod1110("0794")).toBe(5);
});

test("EXP-T09 every single wrong digit of a number is found", () => {
  const number = writeContractNumber({ service: "EXP", yearMonth: "2611", counter: 123 });
  for (let at = 0; at < number.length; at++) {
    if (!/\d/.test(number[at] ?? "")) continue;
    for (let digit = 0; digit <= 9; digit++) {
      if (String(digit) === number[at]) continue;
      expect(readContractNumber(number.slice(0, at) + digit + number.slice(at + 1))).toBeNull();
    }
  }
});

test.each([
  { service: "EXP", yearMonth: "2611", counter: 1 },
  { service: "EXP", yearMonth: "2307", counter: 999_999 },
  { service: "UTM", yearMonth: "9912", counter: 1_000_000 },
  { service: "OST", yearMonth: "0001", counter: 987_654_321_012 },
])("EXP-02 $service-$yearMonth-$counter is read as it was written", (number) => {
  expect(readContractNumber(writeContractNumber(number))).toEqual(number);
});

test("numbers are read as people type them", () => {
  const number = writeContractNumber({ service: "EXP", yearMonth: "2611", counter: 123 });
  const wide = number.replace(/[!-~]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));
  for (const typed of [number.toLowerCase(), `  ${number} `, wide, number.replaceAll("-", "‐")]) {
    expect(normaliseContractNumber(typed)).toBe(number);
    expect(readContractNumber(typed)).not.toBeNull();
  }
});

test.each(["", "EXP", "EXP-2611-000123", "EXP-2613-000123-0", "EX-2611-000123-0", "EXP-2611-123-0", "' or 1=1 --"])(
  "“%s” is no contract number",
  (text) => {
    expect(readContractNumber(text)).toBeNull();
  },
);
