import { expect, test } from "vitest";
import { corporateCheckDigit, isCorporateNumber } from "./corporate-number.ts";

test.each([
  { text: "7010001064648", right: true, why: "published number" },
  { text: "7000012050002", right: true, why: "the National Tax Agency's own" },
  { text: "7010001064649", right: false, why: "last digit wrong" },
  { text: "6010001064648", right: false, why: "check digit wrong" },
  { text: "701000106464", right: false, why: "twelve digits" },
  { text: "70100010646480", right: false, why: "fourteen digits" },
  { text: "0010001064648", right: false, why: "a check digit is never 0" },
  { text: "７０１０００１０６４６４８", right: false, why: "full-width" },
  { text: "", right: false, why: "empty" },
])("COM-31 corporate number: $why", ({ text, right }) => {
  expect(isCorporateNumber(text)).toBe(right);
});

test("COM-31 each single wrong digit is found, but for 0 and 9, which are equal by 9", () => {
  const base = "010001064648";
  for (let at = 0; at < 12; at++) {
    for (let digit = 0; digit <= 9; digit++) {
      const original = Number(base[at]);
      if (digit === original || Math.abs(digit - original) === 9) continue;
      const wrong = base.slice(0, at) + digit + base.slice(at + 1);
      expect(corporateCheckDigit(wrong)).not.toBe(corporateCheckDigit(base));
    }
  }
});
