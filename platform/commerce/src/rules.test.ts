import { expect, test } from "vitest";
import { dayOf } from "@yagura/core/calendar.ts";
import { ruleOn, type ServiceVersion } from "./rules.ts";

const version = (code: string, from: string | null, until: string | null): ServiceVersion => ({
  service: "experience",
  code,
  from,
  until,
  labels: {},
  parameters: {},
});
const versions = [version("EXP-v1", null, "2023-08-01"), version("EXP-v2", "2023-08-01", null)];

test.each([
  { day: "1999-01-01", code: "EXP-v1" },
  { day: "2023-07-31", code: "EXP-v1" },
  { day: "2023-08-01", code: "EXP-v2" },
  { day: "2099-12-31", code: "EXP-v2" },
])("COM-02 on $day the terms $code are in force", ({ day, code }) => {
  expect(ruleOn(versions, day)?.code).toBe(code);
  expect(ruleOn([...versions].reverse(), day)?.code).toBe(code);
});

test.each([
  { instant: "2023-07-31T14:59:59.999Z", code: "EXP-v1" },
  { instant: "2023-07-31T15:00:00.000Z", code: "EXP-v2" },
])("COM-04 at $instant the terms $code are in force", ({ instant, code }) => {
  expect(ruleOn(versions, dayOf(new Date(instant)))?.code).toBe(code);
});

test("a day in a hole has no terms", () => {
  expect(ruleOn([version("a", "2020-01-01", "2021-01-01"), version("b", "2022-01-01", null)], "2021-06-01")).toBeNull();
});
