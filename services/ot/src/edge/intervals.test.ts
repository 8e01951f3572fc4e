/** When intervals end (OT-5): regularly, at once when something is urgent, less often on a line that does not keep up. */
import { describe, expect, test } from "vitest";
import { readConfiguration } from "./configuration.ts";
import { Intervals } from "./intervals.ts";

describe("intervals", () => {
  test.each([
    { after: 9_999, urgent: false, waiting: 0, why: null },
    { after: 10_000, urgent: false, waiting: 0, why: "regular" },
    { after: 999, urgent: true, waiting: 0, why: null },
    { after: 1_000, urgent: true, waiting: 0, why: "urgent" },
    { after: 1_000, urgent: true, waiting: 10_000, why: "urgent" },
    { after: 10_000, urgent: false, waiting: 6, why: null },
    { after: 20_000, urgent: false, waiting: 6, why: "regular" },
    { after: 59_999, urgent: false, waiting: 10_000, why: null },
    { after: 60_000, urgent: false, waiting: 10_000, why: "regular" },
  ])("$after ms old, urgent $urgent, $waiting waiting: $why", ({ after, urgent, waiting, why }) => {
    expect(new Intervals(5_000, 10_000).due(5_000 + after, urgent, waiting)).toBe(why);
  });

  test("begin anew, and follow the configuration", () => {
    const intervals = new Intervals(0, 10_000);
    intervals.ended(10_000);
    expect(intervals.due(19_999, false, 0)).toBeNull();
    intervals.upload = 1_000;
    expect(intervals.due(11_000, false, 0)).toBe("regular");
  });
});

const block = { order: "0192aaaa-0000-7000-8000-000000000001", mac: "00:1b:1b:00:00:01", addresses: [], asked: 1, until: 2 }; // prettier-ignore
describe("the configuration", () => {
  test("OT-31 devices that should be off are taken as they are", () =>
    expect(readConfiguration({ interfaces: [], upload: 1_000, rules: [], blocks: [block] }).blocks).toEqual([block]));
  test("none is ten seconds and every interface", () =>
    expect(readConfiguration(undefined)).toEqual({ interfaces: [], upload: 10_000, rules: [], declared: [] }));
  test.each([
    {},
    { interfaces: [], upload: 999, rules: [] },
    { interfaces: ["an-interface-name-too-long"], upload: 1_000, rules: [] },
    { interfaces: [], upload: 1_000, rules: [1] },
    { interfaces: [], upload: 1_000.5, rules: [] },
    { interfaces: [], upload: 1_000, rules: [], blocks: [{}] },
    { interfaces: [], upload: 1_000, rules: [], blocks: [{ ...block, mac: "any" }] },
    { interfaces: [], upload: 1_000, rules: [], blocks: [{ ...block, until: -1 }] },
    { interfaces: [], upload: 1_000, rules: [], blocks: Array.from({ length: 65 }, () => block) },
  ])("%j is refused", (document) =>
    expect(() => readConfiguration(document)).toThrow(
      expect.objectContaining({ code: "SENSOR_CONFIGURATION_REFUSED" }),
    ),
  );
});
