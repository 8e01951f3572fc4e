import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { nationalHolidays } from "./seeds.ts";

// It brings no types.
const japaneseHolidays = createRequire(import.meta.url)("japanese-holidays") as {
  getHolidaysOf(year: number, furikae: boolean): readonly { readonly month: number; readonly date: number }[];
};

test("COM-16 the seeded holidays are those of a second, independent list, 2016 to 2031", () => {
  const years = Array.from({ length: 16 }, (_, index) => 2016 + index);
  const theirs = years.flatMap((year) =>
    japaneseHolidays
      .getHolidaysOf(year, true)
      .map(({ month, date }) => `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`),
  );
  const ours = nationalHolidays()
    .map(({ day }) => day)
    .filter((day) => day >= "2016-01-01" && day <= "2031-12-31");
  expect(ours).toEqual(theirs.toSorted());
});
