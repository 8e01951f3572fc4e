import { describe, expect, test } from "vitest";
import { kinds, OtSite, START, type Batch } from "../../../../../tests/support/ot-site.ts";
import { DAY, HOUR, MINUTE } from "./settings.ts";
import { shareAt, silence } from "./silence.ts";

const site = (): OtSite => new OtSite().device("plc", "plc", "192.168.0.10").device("hmi", "hmi", "192.168.0.20");
const cyclic = (more: object = {}): Batch => ({
  conversations: [{ client: "hmi", server: "plc" }],
  cycles: [{ client: "hmi", server: "plc", ...more }],
});
/** What the timer finds at `now`. */
function timer(one: OtSite, now: number, heard = now) {
  const due = [...one.baselines.values()].filter(({ due }) => due !== null && due <= now);
  const found = silence({ ...one.conditions, baselines: due, assets: one.assets, heard, now });
  for (const baseline of found.baselines) one.baselines.set(baseline.key, baseline);
  return found.findings;
}
const LATER = START + 10 * DAY;

describe("OT-20 cycle anomaly", () => {
  const learned = (): OtSite => {
    const one = site();
    expect(one.live(START, LATER, HOUR, cyclic())).toEqual([]);
    return one;
  };
  test("a period that moves is told once, after three measurements", () => {
    const one = learned();
    const slow = cyclic({ period: 140_000 });
    expect(one.see(LATER, slow)).toEqual([]);
    expect(one.see(LATER + 10_000, slow)).toEqual([]);
    const [found] = one.see(LATER + 20_000, slow);
    expect(found?.kind).toBe("ot.cycle.period");
    expect(found?.parameters).toMatchObject({ usual: "100 ms", now: "140 ms", batches: 3 });
    expect(one.see(LATER + 30_000, slow)).toEqual([]);
  });
  test("a near miss, and a single outlier, are not told", () => {
    const one = learned();
    expect(one.live(LATER, LATER + 10 * MINUTE, MINUTE, cyclic({ period: 120_000 }))).toEqual([]);
    for (let i = 0; i < 10; i++) {
      expect(one.see(LATER + HOUR + i * MINUTE, cyclic({ period: i % 3 === 0 ? 300_000 : 100_000 }))).toEqual([]);
    }
  });
  test("OT-N8 jitter beyond the usual and a tenth of the period", () => {
    const one = learned();
    expect(one.live(LATER, LATER + 10 * MINUTE, MINUTE, cyclic({ jitter: 4_000 }))).toEqual([]);
    expect(kinds(one.live(LATER + HOUR, LATER + HOUR + 3 * MINUTE, MINUTE, cyclic({ jitter: 30_000 })))).toEqual([
      "ot.cycle.jitter",
    ]);
  });
});

describe("OT-21 silence: the line stopped", () => {
  test("a router whose words turned out to be those of a device behind it is not silent", () => {
    const one = site();
    one.live(START, LATER, 10 * MINUTE, cyclic());
    one.device("far", "scada", "10.0.0.5", { macs: [], heirOf: "hmi" });
    expect(timer(one, LATER + 2 * MINUTE)).toEqual([]);
    expect([...one.baselines.values()].some(({ kind, due }) => kind === "silence" && due !== null)).toBe(false);
  });
  test("told by the timer, ended when the pair talks again", () => {
    const one = site();
    one.live(START, LATER, 10 * MINUTE, cyclic());
    const last = LATER - 10 * MINUTE + 9_999;
    expect(timer(one, last + 30_000)).toEqual([]);
    const [found] = timer(one, last + 2 * MINUTE);
    expect(found).toMatchObject({ kind: "ot.cycle.silent", since: last, severity: "bad" });
    expect(found?.parameters).toMatchObject({ usual: "100 ms", share: 100 });
    expect(timer(one, last + 4 * MINUTE)).toEqual([]);
    const [ended] = one.see(LATER + HOUR, cyclic());
    expect(ended).toMatchObject({ kind: "ot.cycle.silent", until: LATER + HOUR, dedupeKey: found?.dedupeKey });
  });
  test("not while the sensor itself is not heard", () => {
    const one = site();
    one.live(START, LATER, 10 * MINUTE, cyclic());
    expect(timer(one, LATER + HOUR, LATER - 10 * MINUTE + 10_000)).toEqual([]);
  });
  test("OT-N8 nights in which it never talks are known", () => {
    const one = site();
    for (let day = 0; day < 14; day++) {
      for (let hour = 0; hour < 24; hour++) {
        const at = START + day * DAY + hour * HOUR;
        if (hour >= 8 && hour < 18) expect(one.see(at, cyclic())).toEqual([]);
        // The timer comes late at night too; the sensor is alive.
        if (hour >= 19 || hour < 8) expect(timer(one, at + 30 * MINUTE)).toEqual([]);
      }
    }
    const key = [...one.baselines.keys()].find((name) => name.startsWith("silence|")) ?? "";
    const baseline = one.baselines.get(key);
    expect(baseline?.kind === "silence" && shareAt(baseline, START + 10 * HOUR)).toBe(1);
    expect(baseline?.kind === "silence" && shareAt(baseline, START + 20 * HOUR)).toBe(0);
    // The next morning nothing comes.
    expect(kinds(timer(one, START + 14 * DAY + 8 * HOUR + 5 * MINUTE))).toEqual(["ot.cycle.silent"]);
  });
  test("many pairs of one controller are one incident", () => {
    const one = site();
    for (let i = 0; i < 5; i++) one.device(`drive${i}`, "drive", `192.168.0.${30 + i}`);
    const pairs = Array.from({ length: 5 }, (_, i) => ({ client: "plc", server: `drive${i}` }));
    one.live(START, LATER, HOUR, { conversations: pairs, cycles: pairs });
    const found = timer(one, LATER + HOUR);
    expect(found).toHaveLength(5);
    expect(new Set(found.map(({ group }) => group))).toEqual(new Set(["site|silent|plc"]));
  });
});

describe("OT-18 volume anomaly", () => {
  const traffic = (bytes: number): Batch => ({
    conversations: [{ client: "pc", server: "nas", protocol: "smb2", port: 445, bytesOut: bytes, bytesIn: 0 }],
  });
  const office = (): OtSite => new OtSite().device("pc", "pc", "192.168.0.50").device("nas", "server", "192.168.0.60");
  /** Each hour a little, on the first hour of each week a backup of 2 GB. */
  function weeks(one: OtSite, count: number, backup = 2e9): void {
    for (let hour = 0; hour < count * 168; hour++) {
      expect(one.see(START + hour * HOUR, traffic(hour % 168 === 0 ? backup : 5e6))).toEqual([]);
      expect(timer(one, START + hour * HOUR + 59 * MINUTE)).toEqual([]);
    }
  }
  test("the weekly backup is usual; ten times of it is told at once", () => {
    const one = office();
    weeks(one, 5);
    expect(one.see(START + 35 * DAY, traffic(2.2e9))).toEqual([]);
    const [found] = one.see(START + 35 * DAY + 20 * MINUTE, traffic(2e10));
    expect(found?.kind).toBe("ot.volume.high");
    expect(found?.parameters).toMatchObject({
      usual: "2.0 GB",
      weeks: 5,
      hourEn: "Tuesday 09:00",
      hourJa: "火曜9時台",
    });
    expect(one.see(START + 35 * DAY + 30 * MINUTE, traffic(2e10))).toEqual([]);
  });
  test("below the floor nothing is told", () => {
    const one = office();
    weeks(one, 4);
    expect(one.see(START + 28 * DAY + HOUR, traffic(4.9e7))).toEqual([]);
  });
  test("a backup that did not run is told after its hour", () => {
    const one = office();
    weeks(one, 5);
    one.see(START + 35 * DAY, traffic(5e6));
    expect(timer(one, START + 35 * DAY + 30 * MINUTE)).toEqual([]);
    const [found] = timer(one, START + 35 * DAY + HOUR + MINUTE);
    expect(found).toMatchObject({ kind: "ot.volume.low", until: START + 35 * DAY + HOUR });
    expect(timer(one, START + 35 * DAY + 2 * HOUR)).toEqual([]);
  });
});
