/** Matrix 7.2: late interest, as the services' data have it. */
import { describe, expect, test } from "vitest";
import { offers, planOn, tables, versionOn } from "../support/offers.ts";

const today = "2026-11-20";
const common = { yearDays: 365 } as const;

describe("matrix 7.2", () => {
  test.each([
    { service: "security", plan: "endpoint" },
    { service: "security", plan: "cloud-app" },
    { service: "security", plan: "desk" },
  ])(
    "COM-12 SEC-40 SEC-41 $service/$plan: 14.5 %, to the day before payment, 10 days of grace, from 2019-09-01",
    (of) => {
      expect(planOn(of.service, of.plan, today).interest).toEqual({
        ...common,
        rule: "SEC-40",
        rate: "14.5%",
        paymentDay: "excluded",
        graceDays: 10,
        since: "2019-09-01",
        alone: true,
      });
    },
  );

  test("SEC-41 the rule stands in every version of the terms, so that an old debt finds it on each overdue day", () => {
    for (const day of ["2018-01-01", "2019-08-31", "2019-09-01", "2020-06-01"]) {
      expect(planOn("security", "endpoint", day).interest?.since).toBe("2019-09-01");
    }
  });

  test.each(["utm-gateway", "router", "wireless"])(
    "COM-12 RNS-65 remote/%s: 14.6 %, the day of payment in, no grace, 365",
    (plan) => {
      expect(planOn("remote", plan, today).interest).toEqual({
        ...common,
        rule: "RNS-65",
        rate: "14.6%",
        paymentDay: "included",
        graceDays: 0,
        since: null,
        alone: true,
      });
    },
  );

  test("COM-12 UTM-41 UTM-43 utm: statutory rate, to the day before payment, 15 days of grace, may be left off a bill", () => {
    const terms = {
      ...common,
      rule: "UTM-41",
      rate: "statutory",
      paymentDay: "excluded",
      graceDays: 15,
      since: null,
      alone: false,
    };
    expect(planOn("utm", "gateway", today).interest).toEqual(terms);
    // The law's rate holds whatever the text of the time said.
    expect(planOn("utm", "gateway", "2020-03-31").interest).toEqual(terms);
  });

  test("EXP and OST: off until set", () => {
    expect(planOn("experience", "agent", today).interest).toBeNull();
    expect(planOn("ot", "sensor", today).interest).toBeNull();
    expect(offers.find(({ service }) => service === "ot")?.required.map(({ key }) => key)).toContain("late-interest");
  });

  test("UTM-42 the statutory rate: 5 % to 2020-03-31, 3 % to 2029-03-31, then it has to be entered", () => {
    const on = (day: string) =>
      tables.statutoryRates.filter(
        ({ from, until }) => (from === null || from <= day) && (until === null || day < until),
      );
    expect(on("2020-03-31").map(({ rate }) => rate)).toEqual(["5%"]);
    for (const day of ["2020-04-01", "2023-03-31", "2023-04-01", "2026-04-01", "2029-03-31"])
      expect(on(day).map(({ rate }) => rate)).toEqual(["3%"]);
    expect(on("2029-04-01")).toEqual([]);
  });

  test("COM-09 tax: 8 % to 2019-09-30, 10 % from 2019-10-01", () => {
    const on = (day: string) =>
      tables.taxRates.filter(
        (rate) =>
          rate.class === "taxable" &&
          (rate.from === null || rate.from <= day) &&
          (rate.until === null || day < rate.until),
      );
    expect(on("2019-09-30").map(({ rate }) => rate)).toEqual(["8%"]);
    expect(on("2019-10-01").map(({ rate }) => rate)).toEqual(["10%"]);
  });

  test("UTM-86 a version of which only the date is known charges nothing; from 2021-05-17 it knows when a contract ends", () => {
    for (const day of ["2019-07-01", "2020-04-01", "2021-05-11", "2022-08-01", "2025-03-31"]) {
      expect(versionOn("utm", day)).toMatchObject({ known: false });
      expect(planOn("utm", "gateway", day).items).toEqual({});
    }
    expect(planOn("utm", "gateway", "2021-05-16").cancellation.movesAfterCheck).toBeUndefined();
    expect(planOn("utm", "gateway", "2021-05-17").cancellation.movesAfterCheck).toEqual({
      rule: "UTM-27",
      businessDays: 5,
    });
    expect(versionOn("utm", "2025-04-01").known).toBe(true);
  });

  test("UTM-86 SEC-73 OST-24 the dates of the revisions", () => {
    const starts = (service: string) =>
      tables.terms.filter((version) => version.service === service).map(({ from }) => from);
    expect(starts("utm")).toEqual([
      "2019-07-01",
      "2020-04-01",
      "2021-05-11",
      "2021-05-17",
      "2022-07-01",
      "2022-08-01",
      "2022-09-01",
      "2023-05-08",
      "2023-10-01",
      "2023-12-01",
      "2025-04-01",
    ]);
    expect(starts("security")).toEqual([
      "2016-10-24",
      "2017-02-01",
      "2017-03-24",
      "2019-07-24",
      "2019-10-01",
      "2020-03-02",
      "2021-04-01",
      "2021-06-18",
      "2022-08-01",
    ]);
    expect(starts("ot")).toEqual([null, "2025-07-31"]);
    expect(starts("experience")).toEqual([null, "2023-08-01"]);
  });

  test("COM-02 versions of a service follow one another without a gap and without an overlap", () => {
    for (const { service, terms } of offers) {
      terms.slice(1).forEach((version, index) => {
        expect(`${service} ${terms[index]?.until}`).toBe(`${service} ${version.from}`);
      });
      expect(terms.at(-1)?.until).toBeNull();
    }
  });
});
