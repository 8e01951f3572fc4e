/** From the rows of an agent's devices to what is told of it, as tables. */
import { describe, expect, test } from "vitest";
import type { SeriesEvent } from "../wire/api.ts";
import { agentEvents, MOST_EVENTS, newestEvents, type Enrolment } from "./events.ts";

const T = Date.parse("2026-11-20T03:00:00Z");
const device = (hostname: string, enrolled: number, revoked: number | null = null, reason = "lost"): Enrolment => ({
  hostname,
  version: "0.1.0",
  enrolledAt: T + enrolled,
  revokedAt: revoked === null ? null : T + revoked,
  revokedReason: revoked === null ? null : reason,
});
const told = (devices: readonly Enrolment[], endedAt: number | null = null): string[] =>
  agentEvents(devices, { contractNumber: "EXP-1", endedAt: endedAt === null ? null : T + endedAt }).map(
    ({ at, kind, parameters }) =>
      `${Date.parse(at) - T} ${kind} ${parameters["before"] ?? parameters["reason"] ?? parameters["contract"] ?? parameters["hostname"] ?? ""}`,
  );

test.each<[string, readonly Enrolment[], number | null, readonly string[]]>([
  ["not yet installed", [], null, []],
  ["installed", [device("a", 1)], null, ["1 agent.installed a"]],
  ["revoked by hand", [device("a", 1, 5)], null, ["1 agent.installed a", "5 agent.revoked lost"]],
  [
    "on another PC: the old one is cut off just after the new one came",
    [device("a", 1, 11), device("b", 10)],
    null,
    ["1 agent.installed a", "10 agent.replaced a"],
  ],
  [
    "revoked by hand, and later on another PC",
    [device("a", 1, 5), device("b", 10)],
    null,
    ["1 agent.installed a", "5 agent.revoked lost", "10 agent.replaced a"],
  ],
  ["in any order", [device("b", 10), device("a", 1, 11)], null, ["1 agent.installed a", "10 agent.replaced a"]],
  ["contract over", [device("a", 1, 20)], 20, ["1 agent.installed a", "20 agent.ended EXP-1"]],
  [
    "revoked by hand, and later the contract over",
    [device("a", 1, 5)],
    20,
    ["1 agent.installed a", "5 agent.revoked lost", "20 agent.ended EXP-1"],
  ],
  ["contract over, never installed", [], 20, ["20 agent.ended EXP-1"]],
])("%s", (_, devices, endedAt, want) => expect(told(devices, endedAt)).toEqual(want));

describe("the newest of a time", () => {
  const at = (second: number, kind: SeriesEvent["kind"] = "session.resumed"): SeriesEvent => ({
    at: new Date(T + second * 1000).toISOString(),
    kind,
    parameters: {},
  });
  test("inside, both ends included, oldest first", () => {
    const events = [at(5), at(1), at(0), at(6), at(3)];
    expect(newestEvents(events, T + 1000, T + 5000)).toEqual([at(1), at(3), at(5)]);
  });
  test("what came at one moment keeps its order", () => {
    const events = [at(1, "session.interval"), at(1, "session.timeout"), at(1, "session.paused")];
    expect(newestEvents(events, T, T + 9000)).toEqual(events);
  });
  test("of too many the newest", () => {
    const events = Array.from({ length: MOST_EVENTS + 5 }, (_, i) => at(i));
    expect(newestEvents(events, T, T + 1e9)).toEqual(events.slice(5));
  });
});
