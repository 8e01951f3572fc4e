/** Events in words, their groups on the time axis, and their rows in a chart's table. */
import { describe, expect, test } from "vitest";
import { formatDuration } from "@yagura/portal/format.ts";
import type { Format } from "@yagura/portal/language.tsx";
import { sayer, type Language } from "@yagura/portal/words.ts";
import type { Series, SeriesEvent } from "../wire/api.ts";
import { FLAG_ROOM, flagGroups, type ChartModel } from "./chart/model.ts";
import { spansOf, type Source } from "./models.ts";
import { flagsOf, tellEvent } from "./tell-event.ts";
import { tableOf, type Tongue } from "./session/texts.ts";
import { eventWords } from "./words-events.ts";
import { sessionWords } from "./words-session.ts";
import { words } from "./words.ts";

const tongueOf = (language: Language): Tongue => ({
  t: sayer(words, language),
  s: sayer(sessionWords, language),
  e: sayer(eventWords, language),
  format: {
    duration: (us: number | null) => formatDuration(us, language),
    instant: (at: number) => new Date(at).toISOString().slice(11, 19),
    percent: String,
    number: String,
  } as Format,
});
const [en, ja] = [tongueOf("en"), tongueOf("ja")];
const at = "2026-11-20T03:00:00.000Z";

test.each<[SeriesEvent["kind"], SeriesEvent["parameters"], string, string]>([
  ["session.created", { by: "佐藤" }, "Session created (by 佐藤)", "セッションを作成（佐藤）"],
  ["session.created", {}, "Session created", "セッションを作成"],
  [
    "session.interval",
    { before: 1000, after: 60_000 },
    "Interval changed: every second → every minute",
    "測定間隔を変更: 1 秒ごと → 1 分ごと",
  ],
  [
    "session.timeout",
    { before: 2000, after: 500 },
    "Timeout changed: 2 s → 500 ms",
    "タイムアウトを変更: 2 秒 → 500 ms",
  ],
  ["session.paused", { why: "by-hand", by: "佐藤" }, "Session paused (by 佐藤)", "セッションを一時停止（佐藤）"],
  [
    "session.paused",
    { why: "surplus", contract: "E-1" },
    "Session paused: above the limit since contract E-1 ended",
    "セッションを一時停止（契約 E-1 の終了による上限超過）",
  ],
  ["session.resumed", {}, "Session resumed", "セッションを再開"],
  [
    "target.probe",
    { before: "ICMP a", after: "ICMP b" },
    "Target changed: ICMP a → ICMP b",
    "ターゲットを変更: ICMP a → ICMP b",
  ],
  ["target.paused", { why: "by-hand" }, "Target paused", "ターゲットを一時停止"],
  [
    "target.paused",
    { why: "surplus", contract: "E-1" },
    "Target paused: above the limit since contract E-1 ended",
    "ターゲットを一時停止（契約 E-1 の終了による上限超過）",
  ],
  ["target.resumed", {}, "Target resumed", "ターゲットを再開"],
  [
    "agent.installed",
    { hostname: "pc", version: "1.2" },
    "Agent installed on pc (1.2)",
    "エージェントを pc にインストール（1.2）",
  ],
  [
    "agent.replaced",
    { hostname: "b", version: "1.2", before: "a" },
    "Agent moved to another PC: a → b (1.2)",
    "エージェントの PC を交換: a → b（1.2）",
  ],
  ["agent.revoked", { reason: "lost" }, "Agent revoked: lost", "エージェントを失効（理由: lost）"],
  ["agent.ended", { contract: "E-1" }, "The agent’s contract E-1 ended", "エージェントの契約 E-1 が終了"],
  ["agent.program", { before: "1", after: "2" }, "Agent program updated: 1 → 2", "エージェントを更新: 1 → 2"],
  ["line.cut" as SeriesEvent["kind"], {}, "line.cut", "line.cut"],
])("%s %j", (kind, parameters, english, japanese) => {
  expect(tellEvent({ at, kind, parameters }, en)).toBe(english);
  expect(tellEvent({ at, kind, parameters }, ja)).toBe(japanese);
});

const T = Date.parse(at) / 1000;
const event = (second: number, kind: SeriesEvent["kind"] = "session.resumed"): SeriesEvent => ({
  at: new Date((T + second) * 1000).toISOString(),
  kind,
  parameters: {},
});

describe("groups of flags", () => {
  const area = { left: 10, top: 0, width: 1000, height: 100 };
  // A pixel is a tenth of a second.
  const groups = (...seconds: number[]): number[][] =>
    flagGroups(
      {
        from: T,
        to: T + 100,
        events: flagsOf(
          seconds.map((second) => event(second)),
          en,
        ),
      },
      area,
    ).map(({ flags }) => flags.map((flag) => flag.at - T));
  test.each<[string, number[], number[][]]>([
    ["none", [], []],
    ["apart", [10, 50], [[10], [50]]],
    ["together", [10, 11, 12], [[10, 11, 12]]],
    [
      "a new one where the first has no more room",
      [10, 12, 12.5, 14],
      [
        [10, 12],
        [12.5, 14],
      ],
    ],
    ["in order of time", [50, 10], [[10], [50]]],
    ["outside the window", [-1, 0, 100, 101], [[0], [100]]],
  ])("%s", (_, seconds, want) => expect(groups(...seconds)).toEqual(want));
  test("never so close that their buttons cover each other", () => {
    const events = flagsOf(
      Array.from({ length: 200 }, (_, i) => event(i / 2)),
      en,
    );
    const xs = flagGroups({ from: T, to: T + 100, events }, area).map(({ x }) => x);
    for (const [i, x] of xs.entries()) if (i > 0) expect(x - (xs[i - 1] ?? 0)).toBeGreaterThanOrEqual(FLAG_ROOM);
  });
});

describe("why nothing was observed", () => {
  const source = (flags: SeriesEvent[]): Source => ({
    // Samples at 0 s and at 100 s.
    series: { t: [T, T + 100], sent: [1, 1], step: 0, gaps: [] } as unknown as Series,
    interval: 1,
    startedAt: T,
    flags: flagsOf(flags, en),
  });
  const reasons = (...flags: SeriesEvent[]) =>
    spansOf(source(flags), { from: T, to: T + 101, now: T + 1000 }).map(({ reason }) => reason);
  test.each<[string, SeriesEvent[], string | null]>([
    ["nobody knows", [], null],
    ["paused and resumed", [event(1, "session.paused"), event(99, "session.resumed")], "paused"],
    ["the target's", [event(1, "target.paused"), event(99, "target.resumed")], "paused"],
    ["paused before the window", [event(99, "session.resumed")], "paused"],
    ["the samples after it were on their way", [event(1, "session.paused")], "paused"],
    ["a pause within a longer silence", [event(40, "session.paused"), event(60, "session.resumed")], null],
    ["a pause that is over", [event(-50, "session.paused"), event(-40, "session.resumed")], null],
    ["another change", [event(1, "session.interval")], null],
  ])("%s", (_, flags, want) => expect(reasons(...flags)).toEqual([want]));
});

describe("the table of a chart", () => {
  const series = { t: [T, T + 10, T + 20], step: 10 } as unknown as Series;
  const column = { label: "Jitter", values: [1000, null, 3000], unit: "duration" as const };
  const table = (...events: SeriesEvent[]) =>
    tableOf(en, series, { from: T, to: T + 30, events: flagsOf(events, en) } as unknown as ChartModel, [column]);
  test("has no column for events where there are none", () => {
    expect(table().columns).toEqual(["Time", "Jitter"]);
    expect(table(event(99)).columns).toEqual(["Time", "Jitter"]);
  });
  test("has a row for each event at its own time", () => {
    expect(table(event(25), event(4))).toEqual({
      columns: ["Time", "Jitter", "Event"],
      rows: [
        ["03:00:00", "1.00 ms", ""],
        ["03:00:04", "", "Session resumed"],
        ["03:00:10", "–", ""],
        ["03:00:20", "3.00 ms", ""],
        ["03:00:25", "", "Session resumed"],
      ],
      told: true,
    });
  });
});
