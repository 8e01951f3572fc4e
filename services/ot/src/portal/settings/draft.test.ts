import { expect, test } from "vitest";
import type { Settings } from "../../wire/api-rules.ts";
import { partOfDay, adopt, changeOf, differences, draftOf } from "./draft.ts";

const threshold = (group: string, name: string, unit: string, value: number, of: number, most: number) => ({
  group,
  name,
  unit,
  value,
  default: of,
  minimum: 0,
  maximum: most,
});
const settings: Settings = {
  siteId: "s",
  thresholds: [
    threshold("capture", "dropped", "share", 0.01, 0.01, 1),
    threshold("cycle", "silentFloor", "ms", 90_000, 60_000, 86_400_000),
    threshold("volume", "floor", "bytes", 50_000_000, 50_000_000, 1e13),
  ],
  kinds: [
    { kind: "ot.device.new", enabled: true },
    { kind: "ot.volume.high", enabled: false },
  ],
  servers: { dhcp: ["192.0.2.1"], dns: [], gateway: [] },
  changedAt: null,
  changedBy: null,
};

test("fields hold what people write: per cent, seconds, megabytes", () => {
  expect(draftOf(settings).thresholds).toEqual({
    "capture.dropped": "1",
    "cycle.silentFloor": "90",
    "volume.floor": "50",
  });
  expect(draftOf(settings).off).toEqual(["ot.volume.high"]);
});

test("what is sent is what differs from the defaults, in the server's units", () => {
  const draft = {
    ...draftOf(settings),
    thresholds: { "capture.dropped": "7", "cycle.silentFloor": "90", "volume.floor": "50" },
  };
  expect(changeOf(draft, settings)).toEqual({
    thresholds: { "capture.dropped": 0.07, "cycle.silentFloor": 90_000 },
    off: ["ot.volume.high"],
    servers: { dhcp: ["192.0.2.1"], dns: [], gateway: [] },
  });
});

test("a field out of bounds or empty sends nothing", () => {
  for (const text of ["101", "-1", "", "many"]) {
    const thresholds = { ...draftOf(settings).thresholds, "capture.dropped": text };
    expect(changeOf({ ...draftOf(settings), thresholds }, settings)).toBeNull();
  }
});

test("differences are counted against what is in force", () => {
  const draft = draftOf(settings);
  expect(differences(draft, settings)).toBe(0);
  const servers = { ...draft.servers, dns: "192.0.2.9\n192.0.2.9" };
  expect(differences({ ...draft, off: ["ot.device.new", "ot.volume.high"], servers }, settings)).toBe(2);
});

test("a change that was tried is taken up with the defaults of the rest", () => {
  const draft = adopt(settings, { thresholds: { "capture.dropped": 0.5 }, off: [] });
  expect(draft.thresholds).toEqual({ "capture.dropped": "50", "cycle.silentFloor": "60", "volume.floor": "50" });
  expect(draft.off).toEqual([]);
});

test("less than a day is told in seconds besides", () => {
  expect(partOfDay(String(30 / 86_400), "days")).toBe(30);
  expect(partOfDay("0.5", "days")).toBe(43_200);
  for (const [text, unit] of [
    ["7", "days"],
    ["0", "days"],
    ["", "days"],
    ["0.5", "share"],
  ] as const)
    expect(partOfDay(text, unit)).toBeNull();
});
