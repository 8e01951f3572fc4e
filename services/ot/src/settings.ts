/** Settings of the detections as people turn them: bounds and units of each threshold, and what a change makes of the defaults. */
import { findingKinds } from "./analysis/findings.ts";
import { defaultSettings } from "./analysis/detect/settings.ts";
import type { Settings } from "./analysis/detect/types.ts";
import { raise } from "./errors.ts";
import type { SettingChange, Threshold } from "./wire/api-rules.ts";

type Bounds = readonly [minimum: number, maximum: number, unit: string];
const bounds: Readonly<Record<string, Bounds>> = {
  "learning.minimumDays": [0, 90, "days"],
  "learning.maximumDays": [1, 180, "days"],
  "learning.saturation": [0, 1_000, "items"],
  "learning.forgetDays": [0, 365, "days"],
  "volume.deviations": [2, 50, "deviations"],
  "volume.floor": [0, 1e13, "bytes"],
  "volume.weeks": [1, 8, "weeks"],
  "cycle.shift": [0.01, 1, "share"],
  "cycle.jitter": [1.5, 100, "times"],
  "cycle.batches": [1, 60, "batches"],
  "cycle.silentPeriods": [2, 100, "times"],
  "cycle.silentFloor": [5_000, 86_400_000, "ms"],
  "scan.window": [10_000, 3_600_000, "ms"],
  "scan.hosts": [2, 500, "hosts"],
  "scan.ports": [2, 500, "ports"],
  "scan.addresses": [2, 500, "addresses"],
  "malformed.perMinute": [1, 100_000, "messages"],
  "capture.dropped": [0, 1, "share"],
  "capture.missing": [0, 1, "share"],
  "capture.oneWay": [0, 1, "share"],
  "capture.duplicates": [0, 1, "share"],
  "general.burst": [1, 1_000, "findings"],
};

const groupOf = (name: string): string => name.slice(0, name.indexOf("."));
const memberOf = (name: string): string => name.slice(name.indexOf(".") + 1);

function valueAt(settings: Settings, name: string): number {
  const group: unknown =
    groupOf(name) === "general" ? settings : (settings as unknown as Record<string, unknown>)[groupOf(name)];
  return (group as Record<string, number>)[memberOf(name)] as number;
}

/** The defaults with a change that was checked when it was made. */
export function settingsOf(change: SettingChange): Settings {
  const values = change.thresholds ?? {};
  const group = <K extends keyof Settings>(name: K): Settings[K] =>
    ({
      ...(defaultSettings[name] as object),
      ...Object.fromEntries(
        Object.entries(values)
          .filter(([key]) => groupOf(key) === name)
          .map(([key, value]) => [memberOf(key), value]),
      ),
    }) as Settings[K];
  return {
    ...defaultSettings,
    learning: group("learning"),
    volume: group("volume"),
    cycle: group("cycle"),
    scan: group("scan"),
    malformed: group("malformed"),
    capture: group("capture"),
    burst: values["general.burst"] ?? defaultSettings.burst,
    off: change.off ?? [],
    servers: { ...defaultSettings.servers, ...change.servers },
  };
}

/** SETTING_UNKNOWN, SETTING_RANGE. */
export function checkChange(change: SettingChange): void {
  for (const [name, value] of Object.entries(change.thresholds ?? {})) {
    const bound = bounds[name];
    if (bound === undefined) throw raise("SETTING_UNKNOWN", { name });
    const [minimum, maximum] = bound;
    if (!(value >= minimum && value <= maximum)) throw raise("SETTING_RANGE", { name, minimum, maximum, value });
  }
  for (const kind of change.off ?? []) {
    if (findingKinds[kind] === undefined) throw raise("SETTING_UNKNOWN", { name: kind });
  }
}

export function thresholdsOf(settings: Settings): Threshold[] {
  return Object.entries(bounds).map(([name, [minimum, maximum, unit]]) => ({
    group: groupOf(name),
    name: memberOf(name),
    value: valueAt(settings, name),
    default: valueAt(defaultSettings, name),
    minimum,
    maximum,
    unit,
  }));
}
