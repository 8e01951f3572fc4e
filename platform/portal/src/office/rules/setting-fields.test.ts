import { describe, expect, test } from "vitest";
import { entryOf, fieldsOf, rulesOf, valueOf } from "./setting-fields.ts";

describe("the fields of a setting", () => {
  test.each([
    ["anchor", 1, "number"],
    ["due", { monthsAfter: 1, day: "last" }, "due"],
    ["due", { monthsAfter: 2, day: 27, shift: "next" }, "due"],
    ["areas", ["大阪府", "兵庫県"], "lines"],
    ["included-tickets", { "ticket-setting": 0, "ticket-question": 2 }, "parts"],
    ["security-defaults", { firewall: "rule-2", "quarantine-reports-per-day": 1 }, "parts"],
    ["sensor-owner", "provider", "text"],
    ["qualified-bills", true, "yes-no"],
    ["late-interest", "off", "json"],
    ["ancillary-catalogue", [], "json"],
    ["designated-days", { yearEnd: { from: "12-29", to: "01-04" } }, "json"],
  ])("%s is entered and said back as it was", (key, value, entry) => {
    expect(entryOf(key, value, 0)).toBe(entry);
    const found = entryOf(key, value, 0);
    expect(valueOf(found, fieldsOf(found, value), value)).toEqual(value);
    expect(Object.keys(fieldsOf(found, value))).toEqual(expect.arrayContaining(Object.keys(rulesOf(found, value))));
  });

  test("a list that nobody has filled in is a list, a reading a choice", () => {
    expect(entryOf("areas", null, 0)).toBe("lines");
    expect(valueOf("lines", { value: " 大阪府 \n\n兵庫県" }, null)).toEqual(["大阪府", "兵庫県"]);
    expect(entryOf("reading:A-COM-3", "out-of-scope", 2)).toBe("choice");
  });
});
