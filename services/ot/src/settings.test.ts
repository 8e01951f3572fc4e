/** What people may turn: every number of the defaults is offered, within its own bounds. */
import { expect, test } from "vitest";
import { defaultSettings } from "./analysis/detect/settings.ts";
import { checkChange, settingsOf, thresholdsOf } from "./settings.ts";

test("every threshold of the detections can be set, and its default lies within its bounds", () => {
  const offered = new Set(thresholdsOf(defaultSettings).map(({ group, name }) => `${group}.${name}`));
  const groups = Object.entries(defaultSettings).flatMap(([group, value]) =>
    typeof value === "object" && !Array.isArray(value) && group !== "servers"
      ? Object.keys(value as object).map((name) => `${group}.${name}`)
      : [],
  );
  for (const name of groups) expect(offered, name).toContain(name);
  for (const { value, default: usual, minimum, maximum, name } of thresholdsOf(defaultSettings)) {
    expect(value, name).toBe(usual);
    expect(usual >= minimum && usual <= maximum, name).toBe(true);
  }
});

test("a change is laid over the defaults and leaves the rest alone", () => {
  const change = {
    thresholds: { "scan.hosts": 33, "general.burst": 9 },
    off: ["ot.device.new"],
    servers: { dns: ["192.0.2.1"] },
  };
  checkChange(change);
  const settings = settingsOf(change);
  expect(settings).toMatchObject({ scan: { ...defaultSettings.scan, hosts: 33 }, burst: 9, off: ["ot.device.new"] });
  expect(settings.servers).toEqual({ ...defaultSettings.servers, dns: ["192.0.2.1"] });
  expect(settingsOf({})).toEqual(defaultSettings);
});
