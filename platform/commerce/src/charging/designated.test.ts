import { expect, test } from "vitest";
import { designatedDays } from "./designated.ts";

const setting = { service: "remote", key: "designated-days", from: null, until: null };

test("A-RNS-15 COM-16 yearly closed days, over the end of the year, and single ones", () => {
  const value = { yearEnd: { from: "12-29", to: "01-04" }, days: ["2027-08-13"] };
  const days = designatedDays([{ ...setting, value }]).map(({ day }) => day);
  expect(days.filter((day) => day >= "2026-12-01" && day < "2027-12-01")).toEqual(
    [
      "2027-08-13",
      "2026-12-29",
      "2026-12-30",
      "2026-12-31",
      "2027-01-01",
      "2027-01-02",
      "2027-01-03",
      "2027-01-04",
    ].toSorted((a, b) => days.indexOf(a) - days.indexOf(b)),
  );
});

test("only while the setting is in force, for its service; anything else gives no day", () => {
  const value = { yearEnd: { from: "12-31", to: "12-31" } };
  const list = designatedDays([{ ...setting, value, from: "2026-01-01", until: "2027-12-31" }]);
  expect(list).toEqual([
    {
      day: "2026-12-31",
      kind: "designated",
      name: expect.objectContaining({ en: "closed by the provider" }),
      service: "remote",
    },
  ]);
  expect(
    designatedDays([
      { ...setting, value: "none" },
      { ...setting, key: "due", value },
      { ...setting, value: {} },
    ]),
  ).toEqual([]);
});
