import { expect, test } from "vitest";
import { flags } from "../wire/samples.ts";
import { BlockBuilder } from "./blocks.ts";
import type { Finished, Measured, Prober, Slot } from "./measured.ts";
import { gapsOf, samplesOf } from "./standalone.ts";
import { EARLY, GRACE, reasonIndex, Track } from "./track.ts";

const SECOND = 1_000_000;
const OFFSET = 1_795_000_000 * SECOND;
const session = "018f0000-0000-7000-8000-000000000001";
const ok: Measured = { outcome: "ok", method: "icmp-raw-kernel", rtt: 100, bound: 25 };

/** A track whose answers the test gives by hand. */
function setUp(interval = 1000) {
  const started: { slot: Slot; finish: (measured: Measured, at: number) => void }[] = [];
  const prober: Prober = {
    method: "icmp-raw-kernel",
    start: (slot: Slot, finished: Finished) => {
      slot.finalAt = slot.sent + 2 * SECOND;
      started.push({
        slot,
        finish: (measured, at) => {
          finished(slot, { ...measured });
          slot.finalAt = at;
        },
      });
    },
  };
  const configuration = { session, probe: { kind: "icmp" as const, host: "192.0.2.1" }, interval, timeout: 1000 };
  const track = new Track(configuration, prober, 0.25, 100 * SECOND, OFFSET);
  const blocks = new BlockBuilder();
  const bodies: ReturnType<BlockBuilder["take"]> = [];
  const settle = (now: number) => {
    track.settle(now, blocks);
    bodies.push(...blocks.take());
  };
  return {
    track,
    started,
    blocks,
    settle,
    samples: () => samplesOf(bodies, session),
    gaps: () =>
      gapsOf(bodies, session).map(({ from, to, reason }) => ({ from: from - OFFSET, to: to - OFFSET, reason })),
    bodies,
  };
}

test("the grid lies at phase + n intervals of the wall clock and does not drift, however late each wake-up is", () => {
  const { track, started } = setUp();
  for (let i = 0; i < 100; i++) track.begin(track.due + (i % 7) * 10_000, "agent-overloaded", false);
  const first = started[0]?.slot as Slot;
  expect((first.at - OFFSET) % SECOND).toBe(SECOND / 4);
  expect(started.map(({ slot }) => slot.at - first.at)).toEqual(started.map((_, i) => i * SECOND));
  expect(started[3]?.slot.sent).toBe((started[3]?.slot.due ?? 0) + 30_000);
});

test("slots that are far too late are not sent: not observed, never lost (overload)", () => {
  const { track, started, settle, samples, gaps } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  started[0]?.finish(ok, due + 100);
  track.begin(due + 5.2 * SECOND, "agent-overloaded", false);
  started[1]?.finish(ok, due + 5.3 * SECOND);
  settle(due + 6 * SECOND);
  expect(samples().map(({ at }) => (at - OFFSET - due) / SECOND)).toEqual([0, 5]);
  expect(gaps()).toEqual([{ from: due + SECOND, to: due + 5 * SECOND, reason: reasonIndex("agent-overloaded") }]);
});

test("passing over late slots never sends one before its time", () => {
  const { track, started } = setUp();
  const due = track.due;
  track.begin(due + 0.7 * SECOND, "agent-overloaded", false);
  expect(started).toHaveLength(0);
  expect(track.due).toBe(due + SECOND);
  track.begin(due + SECOND - EARLY, "agent-overloaded", false);
  expect(started).toHaveLength(1);
});

test("an answered slot waits for the unanswered one before it, and order is kept", () => {
  const { track, started, settle, samples } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  track.begin(due + SECOND, "agent-overloaded", false);
  started[1]?.finish(ok, due + SECOND);
  settle(due + 1.5 * SECOND);
  expect(samples()).toHaveLength(0);
  settle(due + 2.5 * SECOND);
  expect(samples().map(({ outcome }) => outcome)).toEqual(["lost", "ok"]);
});

test("reordered is the one that came after a later one (RFC 4737)", () => {
  const { track, started, settle, samples } = setUp();
  const due = track.due;
  for (let i = 0; i < 3; i++) track.begin(due + i * SECOND, "agent-overloaded", false);
  for (const i of [1, 0, 2]) started[i]?.finish(ok, due);
  settle(due + 3 * SECOND);
  expect(samples().map((sample) => sample.flags & flags.reordered)).toEqual([flags.reordered, 0, 0]);
});

test("sleep: what was under way and the first losses after it are not observed; an answer ends that", () => {
  const { track, started, settle, samples, gaps, blocks } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  started[0]?.finish(ok, due);
  track.begin(due + SECOND, "agent-overloaded", false);
  // Slept for an hour; the wall clock went on.
  const hour = 3600 * SECOND;
  const now = due + 1.5 * SECOND;
  track.slept(now, OFFSET + hour, blocks);
  for (const [i, answered] of [
    [2, false],
    [3, false],
    [4, true],
    [5, false],
  ] as const) {
    track.begin(due + i * SECOND, "agent-overloaded", false);
    if (answered) started.at(-1)?.finish(ok, due + i * SECOND);
  }
  settle(due + 20 * SECOND);
  expect(samples().map(({ at, outcome }) => [(at - OFFSET - due) / SECOND, outcome])).toEqual([
    [0, "ok"],
    [3604, "ok"],
    [3605, "lost"],
  ]);
  expect(gaps()).toEqual([{ from: due + SECOND, to: due + hour + 4 * SECOND, reason: reasonIndex("sleep") }]);
  // The answer to the slot from before the sleep comes to nothing.
  started[1]?.finish(ok, now);
  settle(due + 21 * SECOND);
  expect(samples()).toHaveLength(3);
});

test.each([13, 59, 643, 1055])("a sleep of %i s brings no loss, whatever the network does on waking", (seconds) => {
  const { track, started, settle, samples, gaps, blocks } = setUp();
  const due = track.due;
  const slept = seconds * SECOND;
  track.begin(due, "agent-overloaded", false);
  track.slept(due + 100, OFFSET + slept, blocks);
  for (let i = 1; i <= 10; i++) track.begin(due + i * SECOND, "agent-overloaded", false);
  track.begin(due + 11 * SECOND, "agent-overloaded", false);
  started.at(-1)?.finish(ok, due + 11 * SECOND);
  settle(due + 30 * SECOND);
  expect(samples().map(({ outcome }) => outcome)).toEqual(["ok"]);
  expect(gaps().reduce((sum, gap) => sum + gap.to - gap.from, 0)).toBe(slept + 11 * SECOND);
});

test("what was answered before the sleep counts, and the gap begins with the first slot that was not", () => {
  const { track, started, settle, samples, gaps, blocks } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  // Answered, but duplicates are still watched for.
  started[0]?.finish(ok, due + SECOND);
  track.slept(due + 1000, OFFSET + 60 * SECOND, blocks);
  track.begin(due + SECOND, "agent-overloaded", false);
  started[1]?.finish(ok, due + SECOND);
  settle(due + 2 * SECOND);
  expect(samples().map(({ at }) => (at - OFFSET - due) / SECOND)).toEqual([0, 61]);
  expect(gaps()).toEqual([{ from: due + SECOND, to: due + 61 * SECOND, reason: reasonIndex("sleep") }]);
});

test("after the time of grace a loss is a loss", () => {
  const { track, settle, samples } = setUp();
  const due = track.due;
  track.networkChanged(due);
  track.begin(due + GRACE + SECOND, "agent-overloaded", false);
  settle(due + 60 * SECOND);
  expect(samples().map(({ outcome }) => outcome)).toEqual(["lost"]);
});

test("a change of network makes losses of before and just after unobserved, but keeps answers", () => {
  const { track, started, settle, samples, gaps } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  track.begin(due + SECOND, "agent-overloaded", false);
  track.networkChanged(due + 1.1 * SECOND);
  started[0]?.finish(ok, due + 1.2 * SECOND);
  track.begin(due + 2 * SECOND, "agent-overloaded", false);
  track.begin(due + 3 * SECOND, "agent-overloaded", false);
  started[3]?.finish(ok, due + 3 * SECOND);
  settle(due + 10 * SECOND);
  expect(samples().map(({ at }) => (at - OFFSET - due) / SECOND)).toEqual([0, 3]);
  expect(gaps()).toEqual([{ from: due + SECOND, to: due + 3 * SECOND, reason: reasonIndex("network-change") }]);
});

test("without a network nothing is lost, and what failed just before it was noticed neither", () => {
  const { track, started, settle, samples, blocks } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  started[0]?.finish({ ...ok, outcome: "failed", rtt: 0 }, due);
  track.networkLost();
  track.begin(due + SECOND, "agent-overloaded", true);
  settle(due + 10 * SECOND);
  expect(samples()).toEqual([]);
  track.stop(due + 10 * SECOND, blocks);
  expect(gapsOf(blocks.take(), session)).toEqual([
    { session, from: due + OFFSET, to: due + 2 * SECOND + OFFSET, reason: reasonIndex("no-network") },
  ]);
});

test("the clock was set: the pace stays, the dates follow", () => {
  const { track, started } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  track.redate(OFFSET - 86_400 * SECOND);
  track.begin(due + SECOND, "agent-overloaded", false);
  expect((started[1]?.slot.due ?? 0) - due).toBe(SECOND);
  expect((started[1]?.slot.at ?? 0) - (started[0]?.slot.at ?? 0)).toBe(SECOND - 86_400 * SECOND);
});

test("stopping hands over what is known and nothing else", () => {
  const { track, started, blocks } = setUp();
  const due = track.due;
  track.begin(due, "agent-overloaded", false);
  track.begin(due + SECOND, "agent-overloaded", false);
  started[0]?.finish(ok, due + 5 * SECOND);
  track.stop(due + SECOND, blocks);
  expect(samplesOf(blocks.take(), session).map(({ outcome }) => outcome)).toEqual(["ok"]);
});
