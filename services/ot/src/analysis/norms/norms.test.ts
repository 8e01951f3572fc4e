/** Norms (OT-N9): what devices are put together by, sums that tell of nobody, and what findings ask. */
import { describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { commandClasses, protocols } from "../../wire/vocabulary.ts";
import { classKey, commandKey, conversationKey, deviceKey, verbKey } from "../detect/keys.ts";
import type { Asset, Evidence } from "../model.ts";
import { questionsOf } from "./questions.ts";
import { coarse, habitKey, MOST_SITES, NORM_K, NORM_STEP, shareOf, sumsOf, verdictOf, type SiteShare } from "./sums.ts";
import { productOf, subjectKey, subjectsOf, type Subject } from "./subjects.ts";

const says = (value: string, source: Evidence["source"], confidence = 0.9): Evidence => ({
  value,
  source,
  confidence,
  count: 1,
  first: 0,
  last: 1,
});
const device = (attributes: Asset["attributes"], role: Asset["role"] = "plc"): Pick<Asset, "attributes" | "role"> => ({
  attributes,
  role,
});

describe("OT-N9 what devices are put together by", () => {
  test.each([
    ["CPU 315-2 PN/DP", "S7-300 315-2"],
    ["6ES7 315-2EH14-0AB0", "6ES7 315-2EH14"],
    ["1756-L71/B LOGIX5571", "ControlLogix 5570 1756-L71 LOGIX5571"],
    ["R08CPU", "iQ-R R08CPU"],
    ["  r08cpu (line 3)", "iQ-R R08CPU"],
  ])("%s is %s", (written, model) => expect(productOf(written)?.model).toBe(model));

  test.each(["Press 4 Tanaka", "Web server 2000", "", "R00/01/02CPU"])("%s is no product of a device", (written) =>
    expect(productOf(written)?.model ?? null).toBe(null),
  );

  test("product, family and role, the most telling first", () => {
    const of = device({ vendor: [says("SIEMENS AG", "s7comm")], model: [says("CPU 315-2 PN/DP", "s7comm")] });
    expect(subjectsOf(of).map(subjectKey)).toEqual([
      "model|Siemens|S7-300 315-2",
      "family|Siemens|S7-300",
      "role|Siemens|plc",
    ]);
  });

  test("what people wrote and what is a token are nobody's business", () => {
    const model = [
      says("X20CP1586", "hand", 1),
      says("NJ501-1300", "register", 0.9),
      says("yt1.AAAA1234", "modbus"),
      says("R04CPU", "declared-2"),
    ];
    const of = device({ vendor: [says("OMRON Corporation", "fins")], model });
    expect(subjectsOf(of).map(subjectKey)).toEqual(["role|OMRON|plc"]);
    expect(subjectsOf(device({ vendor: [says("yt1.AAAA1234", "modbus")] }))).toEqual([]);
    expect(subjectsOf(device({ vendor: [says("Tanaka Works 2", "modbus")], model: [says("R08CPU", "slmp")] }))).toEqual(
      [],
    );
    expect(subjectsOf(device({ vendor: [says("Tanaka Machines", "oui")] }, "unknown"))).toEqual([]);
    expect(subjectsOf(device({ vendor: [says("Tanaka Machines Co., Ltd.", "oui")] })).map(subjectKey)).toEqual([
      "role|Tanaka Machines|plc",
    ]);
  });
});

const subject: Subject = { level: "model", vendor: "Siemens", name: "S7-300 315-2" };
const rare: Subject = { level: "model", vendor: "Siemens", name: "S7-300 317-2" };
const reads = habitKey({ kind: "function", protocol: 7, code: 4 });
const stops = habitKey({ kind: "function", protocol: 7, code: 0x29 });
const site = (habits: readonly string[], of: Subject = subject): SiteShare =>
  new Map([[subjectKey(of), { subject: of, habits: new Set(habits) }]]);
const many = (organisations: number, sites: number, habits: readonly string[] = [reads]): SiteShare[][] =>
  Array.from({ length: organisations }, () => Array.from({ length: sites }, () => site(habits)));

const published = (organisations: readonly (readonly SiteShare[])[]) => sumsOf(organisations.map(shareOf));

describe("OT-N9 sums tell of many and of nobody", () => {
  test("nothing is told of a model that fewer than five have", () => {
    expect(published([...many(4, 9), [site([reads], rare)]])).toEqual([]);
    const [told, ...others] = published([...many(5, 1), [site([reads], rare)]]);
    expect(others).toEqual([]);
    expect(told).toMatchObject({ subject, organisations: 5, sites: 5 });
  });

  test("what fewer than five do is as what nobody does", () => {
    const none = published(many(8, 2));
    const few = published([...many(4, 2), ...many(4, 2, [reads, stops])]);
    expect(few).toEqual(none);
    const [told] = published([...many(3, 2), ...many(5, 2, [reads, stops])]);
    expect(told?.norms.map(({ habit, ...figures }) => ({ key: habitKey(habit), ...figures }))).toEqual([
      { key: reads, organisations: 5, sites: 15 },
      { key: stops, organisations: 5, sites: 10 },
    ]);
  });

  test("figures are rounded down", () => {
    expect([0, 4, 5, 9, 10, 44].map(coarse)).toEqual([0, 0, 5, 5, 10, 40]);
    expect(published(many(9, 1))).toMatchObject([
      { organisations: 5, sites: 5, norms: [{ organisations: 5, sites: 5 }] },
    ]);
  });

  test("of one organisation five sites count: one with a hundred does not stand out", () => {
    const [told] = published([...many(4, 1), ...many(1, 100)]);
    expect(told).toMatchObject({ organisations: 5, sites: 5 });
  });

  test("an organisation that comes or goes moves a figure by one step at most, whatever it has", () => {
    let seed = 7;
    const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % (most + 1);
    const figures = (all: readonly (readonly SiteShare[])[]): Map<string, number> =>
      new Map(
        published(all).flatMap(({ subject: of, organisations, sites, norms }) => [
          [`${subjectKey(of)} organisations`, organisations],
          [`${subjectKey(of)} sites`, sites],
          ...norms.map((one): [string, number] => [`${subjectKey(of)} ${habitKey(one.habit)} sites`, one.sites]),
        ]),
      );
    for (let round = 0; round < 300; round++) {
      const all = Array.from({ length: 5 + random(8) }, () =>
        Array.from({ length: random(8) }, () => site(random(1) === 0 ? [reads] : [reads, stops])),
      );
      const [before, after] = [figures(all), figures(all.slice(1))];
      for (const [key, value] of before) {
        expect(value % NORM_STEP).toBe(0);
        const now = after.get(key);
        if (now !== undefined) expect(value - now).toBeLessThanOrEqual(NORM_STEP);
      }
      for (const key of after.keys()) expect(before.has(key)).toBe(true);
    }
    expect(MOST_SITES).toBeLessThanOrEqual(NORM_STEP);
    expect(NORM_K).toBeGreaterThanOrEqual(NORM_STEP);
  });

  test("what figures mean", () => {
    expect(verdictOf({ sites: 40 }, null)).toBe("rare");
    expect(verdictOf({ sites: 40 }, { sites: 10 })).toBe("some");
    expect(verdictOf({ sites: 40 }, { sites: 30 })).toBe("usual");
  });
});

describe("OT-N9 what a finding asks", () => {
  const [client, server] = [newId(), newId()];
  const asked = (key: string) => questionsOf(`${newId()}|ot.some.kind|${key}`);
  const row = { protocol: "modbus", code: 90, object: 0, transport: "tcp", port: 502 } as never;
  const modbus = protocols.modbus.id;

  test("a new command asks of its receiver", () =>
    expect(asked(commandKey(client, server, row))).toEqual([
      { asset: server, habit: { kind: "function", protocol: modbus, code: 90 } },
    ]));
  test("a new class, and a verb, ask by class", () => {
    const habit = { kind: "class", protocol: modbus, code: commandClasses.indexOf("write") };
    expect(asked(classKey(client, server, "modbus", "write"))).toEqual([{ asset: server, habit }]);
    expect(asked(verbKey(client, server, "modbus", "write"))).toEqual([{ asset: server, habit }]);
  });
  test("a new conversation asks of both sides, of devices only", () => {
    const [serves, uses] = (["serves", "uses"] as const).map((kind) => ({ kind, protocol: modbus, code: 0 }));
    expect(asked(conversationKey(client, server, row))).toEqual([
      { asset: server, habit: serves },
      { asset: client, habit: uses },
    ]);
    expect(asked(conversationKey(client, "internet", row))).toEqual([{ asset: client, habit: uses }]);
  });
  test("a new device asks whether others have it", () =>
    expect(asked(deviceKey(client))).toEqual([{ asset: client, habit: null }]));
  test("a protocol that the customer declared asks nothing", () =>
    expect(asked(commandKey(client, server, { ...(row as object), protocol: "declared-3" } as never))).toEqual([]));
  test.each(["scan|x", "talk|a|b|tcp|4711", "command|a|b|nonsense|1|0", "class|a|b|modbus|nonsense", "", "volume|a"])(
    "%s asks nothing",
    (key) => expect(asked(key)).toEqual([]),
  );
  test("a service without a name asks nothing", () =>
    expect(asked(conversationKey(client, server, { transport: "tcp", protocol: "unknown", port: 4_711 }))).toEqual([]));
});
