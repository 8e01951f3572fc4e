import { describe, expect, test } from "vitest";
import { FactoryClock, mondays, quietFactory, STEP } from "../../../../../tests/support/ot-factory.ts";
import { START } from "../../../../../tests/support/ot-site.ts";
import { detect } from "./detect.ts";
import { replay, whatIf, type Scene } from "./replay.ts";
import { DAY, defaultSettings, HOUR } from "./settings.ts";
import type { Conditions } from "./types.ts";

/** Two weeks and a day of a quiet factory; on the last day the line stands for three hours. */
function scenes(): Scene[] {
  const site = quietFactory();
  const clock = new FactoryClock(site);
  const all: Scene[] = [];
  for (let at = START; at < START + 15 * DAY; at += STEP) {
    const stands = at >= START + 14 * DAY + 9 * HOUR && at < START + 14 * DAY + 12 * HOUR;
    if (stands) clock.still.add("plc1");
    else clock.still.delete("plc1");
    const observation = site.observation(at, clock.batch(at), STEP);
    all.push({ observation, assets: site.assets, assetOf: site.assetOf(observation) });
  }
  return all;
}
const conditions: Conditions = {
  organisation: "organisation",
  site: "site",
  settings: defaultSettings,
  permits: mondays(3),
  mutes: [],
  allowed: [],
};

describe("OT-N3 what-if", () => {
  const stored = scenes();
  const countFrom = START + 7 * DAY;

  test("as it is: the stop of the line, and nothing else", () => {
    const told = replay(stored, conditions, countFrom);
    expect(told.kinds).toEqual({ "ot.cycle.silent": 2 });
    expect(told.incidents).toBe(1);
    expect(told.weeks).toBeCloseTo(8 / 7, 1);
    expect(told.logged).toBeGreaterThan(10);
  });
  test("a changed threshold: alerts per week before and after", () => {
    const cycle = { ...defaultSettings.cycle, silentFloor: 5 * HOUR };
    const { kinds } = whatIf(stored, conditions, { settings: { ...defaultSettings, cycle } }, countFrom);
    expect(kinds).toEqual([{ kind: "ot.cycle.silent", before: expect.closeTo(1.75, 1) as number, after: 0 }]);
  });
  test("without permits each Monday would alert; a rule could allow it", () => {
    const without = replay(stored, { ...conditions, permits: [] }, countFrom);
    expect(without.kinds).toMatchObject({ "ot.program.downloaded": 1, "ot.mode.changed": 1, "ot.program.uploaded": 1 });
    const rule = { id: "a", client: "laptop", server: "role:plc", note: "engineering" };
    const { kinds } = whatIf(stored, { ...conditions, permits: [] }, { allowed: [rule] }, countFrom);
    expect(kinds.find(({ kind }) => kind === "ot.program.downloaded")).toMatchObject({ after: 0 });
  });
});

describe("speed", () => {
  test("ten seconds of 500 devices take less than a second", () => {
    const site = quietFactory();
    const names = Array.from({ length: 500 }, (_, i) => `device${i}`);
    for (const [i, name] of names.entries())
      site.device(name, i % 5 === 0 ? "hmi" : "plc", `10.0.${i >> 8}.${i & 255}`);
    const pairs = names.flatMap((server, i) =>
      [0, 1, 2, 3].map((j) => ({ client: names[(i + j * 7 + 1) % 500] ?? "", server })),
    );
    const batch = { conversations: pairs, commands: pairs, cycles: pairs };
    const observation = site.observation(START, batch);
    // The look-up by MAC is the resolver's; here it must not be what is measured.
    const asset = observation.endpoints.map((_, i) => site.assetOf(observation)(i));
    const learned = new Map();
    const baselines = new Map();
    let slowest = 0;
    for (let i = 0; i < 5; i++) {
      const begun = performance.now();
      const output = detect({
        ...conditions,
        observation,
        assets: site.assets,
        assetOf: (at) => asset[at] ?? null,
        learned,
        baselines,
        now: START,
      });
      slowest = Math.max(slowest, performance.now() - begun);
      for (const one of output.learned) learned.set(one.key, one);
      for (const one of output.baselines) baselines.set(one.key, one);
    }
    expect(pairs).toHaveLength(2_000);
    expect(slowest).toBeLessThan(1_000);
  });
});
