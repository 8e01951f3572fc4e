import type { Settings } from "./types.ts";

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** For a factory where nobody has set anything: few alerts, and none of the dangerous ones missed. */
export const defaultSettings: Settings = {
  learning: { minimumDays: 7, maximumDays: 21, saturation: 1, forgetDays: 0 },
  volume: { deviations: 6, floor: 50_000_000, weeks: 3 },
  cycle: { shift: 0.25, jitter: 5, batches: 3, silentPeriods: 5, silentFloor: 60_000 },
  scan: { window: 5 * MINUTE, hosts: 10, ports: 15, addresses: 40 },
  malformed: { perMinute: 10 },
  capture: { dropped: 0.01, missing: 0.05, oneWay: 0.5, duplicates: 0.2 },
  burst: 5,
  utcOffset: 540,
  off: [],
  servers: { dhcp: [], dns: [], gateway: [] },
};

/** A rhythm is believed after a day, or after the learning time where that is shorter. Milliseconds. */
export const ripeAge = ({ learning }: Settings): number => Math.min(1, learning.minimumDays) * DAY;
