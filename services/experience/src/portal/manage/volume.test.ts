/** Data volume in the form of new sessions (EXP-T05). */
import { expect, test } from "vitest";
import { pairsOf, volumeOf } from "./volume.ts";

test("one ICMP session at one second takes 86,400 samples a day and stores 0.3 MB", () => {
  expect(volumeOf(["icmp"], 1000)).toEqual({ sessions: 1, samples: 86_400, traffic: 17_452_800, stored: 302_400 });
});
test("volume falls with the interval", () => {
  expect(volumeOf(["icmp", "http"], 60_000).traffic * 60).toBeCloseTo(volumeOf(["icmp", "http"], 1000).traffic);
});
test("EXP-T05: pairs that exist are not made again", () => {
  const existing = [{ agentId: "a", targetId: "x" }];
  expect(pairsOf(["a", "b"], ["x", "y"], existing)).toEqual({
    fresh: [
      { agentId: "a", targetId: "y" },
      { agentId: "b", targetId: "x" },
      { agentId: "b", targetId: "y" },
    ],
    known: 1,
  });
});
