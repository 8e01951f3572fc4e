import { expect, test } from "vitest";
import { MAX_BLOCKS, MAX_SAMPLES_PER_BLOCK, SamplesBody } from "../wire/samples.ts";
import { Check } from "typebox/value";
import { BlockBuilder, MAX_SAMPLES_PER_BODY } from "./blocks.ts";
import { Slot, type Measured } from "./measured.ts";
import { samplesOf } from "./standalone.ts";

const session = "018f0000-0000-7000-8000-000000000001";
const track = { session, interval: 1_000_000 };
const start = 1_795_000_000_000_000;
const ok: Measured = { outcome: "ok", method: "icmp-raw-kernel", rtt: 12.4, bound: 24.2 };
const slot = (n: number, late = 0): Slot => new Slot(n, start + n * 1_000_000, n * 1_000_000, n * 1_000_000 + late);

function blocks(samples: readonly [Slot, Measured][]) {
  const builder = new BlockBuilder();
  for (const [at, measured] of samples) builder.add(track, at, measured);
  const bodies = builder.take();
  for (const body of bodies) expect(Check(SamplesBody, body)).toBe(true);
  expect(builder.empty).toBe(true);
  return bodies;
}

test("equal columns become one integer, and every slot after the other becomes [1]", () => {
  const [body] = blocks([0, 1, 2].map((n) => [slot(n, 300), ok]));
  expect(body?.blocks).toEqual([
    {
      session,
      method: 0,
      start,
      interval: 1_000_000,
      count: 3,
      slot: [1],
      delay: [300],
      rtt: [12],
      outcome: [0],
      flags: [0],
      bound: [25],
    },
  ]);
});

test.each([
  { name: "one sample", slots: [4], want: [0] },
  { name: "a hole", slots: [4, 5, 7], want: [0, 1, 2] },
  { name: "every second", slots: [4, 6, 8], want: [0, 2, 2] },
])("slots of $name", ({ slots, want }) => {
  const bodies = blocks(slots.map((n) => [slot(n), ok]));
  expect(bodies[0]?.blocks[0]?.slot).toEqual(want);
  expect(samplesOf(bodies, session).map((sample) => (sample.at - start) / 1_000_000)).toEqual(slots);
});

test("another method, a clock that was set, and a full block each begin a new block", () => {
  const moved = new Slot(2, start + 1_234_567, 0, 0);
  const bodies = blocks([
    [slot(0), ok],
    [slot(1), { ...ok, method: "icmp-dgram-user" }],
    [moved, ok],
  ]);
  expect(bodies[0]?.blocks).toHaveLength(3);
  const many = blocks(Array.from({ length: MAX_SAMPLES_PER_BLOCK + 1 }, (_, n) => [slot(n), ok]));
  expect(many.flatMap((body) => body.blocks.map((block) => block.count))).toEqual([MAX_SAMPLES_PER_BLOCK, 1]);
});

test("bodies are bounded in blocks, samples and gaps", () => {
  const builder = new BlockBuilder();
  for (let i = 0; i < 2 * MAX_BLOCKS + 1; i++) {
    const each = { session: `018f0000-0000-7000-8000-${String(i).padStart(12, "0")}`, interval: 1_000_000 };
    for (let n = 0; n < 20; n++) builder.add(each, slot(n), ok);
    builder.gap(each.session, { from: start, to: start + 5, reason: 0 });
  }
  const bodies = builder.take();
  for (const body of bodies) {
    expect(body.blocks.length).toBeLessThanOrEqual(MAX_BLOCKS);
    expect(body.gaps.length).toBeLessThanOrEqual(MAX_BLOCKS);
    expect(body.blocks.reduce((sum, block) => sum + block.count, 0)).toBeLessThanOrEqual(MAX_SAMPLES_PER_BODY);
  }
  expect(bodies.flatMap((body) => body.blocks)).toHaveLength(2 * MAX_BLOCKS + 1);
  expect(bodies.flatMap((body) => body.gaps)).toHaveLength(2 * MAX_BLOCKS + 1);
});

test("values beyond their column are cut to its ends; an answer of less than half a microsecond is 1, not none", () => {
  const bodies = blocks([[slot(0, 9e12), { ...ok, rtt: 0.2, bound: 1e6 }]]);
  expect(samplesOf(bodies, session)).toMatchObject([{ delay: 2_147_483_647, rtt: 1, bound: 65_535 }]);
});

test("flags and phases", () => {
  const phases = { resolve: 1, connect: 2, tls: 3, firstByte: 4, transfer: 5, status: 200 };
  const bodies = blocks([
    [slot(0), { ...ok, method: "http-user", duplicate: true, reordered: true, phases }],
    [slot(1), { ...ok, method: "http-user", outcome: "lost", rtt: 0 }],
  ]);
  const [first, second] = samplesOf(bodies, session);
  expect(first).toMatchObject({ flags: 3, phases });
  expect(second).toMatchObject({ outcome: "lost", rtt: 0, phases: { resolve: 0, status: 0 } });
});
