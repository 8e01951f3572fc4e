import { expect, test } from "vitest";
import { limitsOf, needNoSurplus, quotaOf, type QuotaRule } from "./quota.ts";

const v1: QuotaRule = { rule: "EXP-17", pooled: false, targetsPerAgent: 10, from: "" };
const v2: QuotaRule = { rule: "EXP-18", pooled: true, targetsPerAgent: 10, from: "2023-08-01" };

test("W-EXP-8 seven agents under the terms from 2023-08-01: 70 targets, 70 sessions; before, 10 per device", () => {
  const { targets, sessions } = limitsOf(v2, 7);
  expect([targets, sessions, v1.targetsPerAgent]).toEqual([70, 70, 10]);
});

test.each([
  { agents: 0, limit: 0 },
  { agents: 1, limit: 10 },
  { agents: 1000, limit: 10_000 },
])("EXP-18 EXP-19 $agents agents: $limit", ({ agents, limit }) => {
  expect(quotaOf(v2, { agents, targets: 3, sessions: 4 })).toEqual({
    agents,
    targets: { used: 3, limit },
    sessions: { used: 4, limit },
    rule: "EXP-18",
    ruleFrom: "2023-08-01",
  });
});

test.each([
  { name: "nothing above", after: { agents: 1, targets: 10, sessions: 10 }, refused: false },
  { name: "one target above", after: { agents: 1, targets: 11, sessions: 0 }, refused: true },
  { name: "one session above", after: { agents: 1, targets: 0, sessions: 11 }, refused: true },
  { name: "the last agent with targets left", after: { agents: 0, targets: 1, sessions: 0 }, refused: true },
  { name: "the last agent, nothing left", after: { agents: 0, targets: 0, sessions: 0 }, refused: false },
])("EXP-T05 removal by hand, $name", ({ after, refused }) => {
  const check = (): void => needNoSurplus(v2, { id: "", name: "東京" }, "PC-1", after);
  if (refused) expect(check).toThrow(expect.objectContaining({ code: "REMOVAL_BREAKS_QUOTA" }));
  else expect(check).not.toThrow();
});
