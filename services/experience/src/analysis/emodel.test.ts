/** G.107 against published and independently computed vectors. */
import { describe, expect, test } from "vitest";
import { codecs, emodel, mosOf, voice, voiceDelay, type Codec } from "./emodel.ts";

describe("G.107 defaults", () => {
  const result = emodel();
  test.each([
    ["Ro", result.Ro, "94.769"],
    ["Is", result.Is, "1.414"],
    ["Id", result.Id, "0.149"],
    ["R", result.R, "93.206"],
    ["MOS", result.mos, "4.409"],
  ] as const)("%s", (_, got, want) => expect(got.toFixed(3)).toBe(want));
  test("the published figures, R 93.2 and MOS 4.41", () => {
    expect(Number(result.R.toFixed(1))).toBe(93.2);
    expect(Number(result.mos.toFixed(2))).toBe(4.41);
  });
});

describe("R to MOS (G.107 Annex B)", () => {
  test.each([
    [-5, 1],
    [0, 1],
    [3, 1],
    [50, 2.575],
    [60, 3.1],
    [70, 3.597],
    [80, 4.024],
    [90, 4.339],
    [100, 4.5],
    [120, 4.5],
  ])("R %d is MOS %d", (r, mos) => expect(mosOf(r)).toBeCloseTo(mos, 3));
  test("never falls when R rises", () => {
    for (let r = -10; r < 110; r += 0.25) expect(mosOf(r + 0.25)).toBeGreaterThanOrEqual(mosOf(r));
  });
});

test.each([
  [100, 90.66],
  [150, 89.54],
  [200, 85.8],
  [250, 79.18],
  [300, 72.67],
  [400, 62.25],
  [500, 54.8],
])("one-way delay %d ms gives R %d", (delay, r) => {
  expect(emodel({ T: delay, Ta: delay, Tr: 2 * delay }).R).toBeCloseTo(r, 1);
});

test.each<[Codec, number, number, number | null]>([
  ["G.711 with concealment", 1, 89.57, 4.33],
  ["G.711 with concealment", 3, 83.06, 4.13],
  ["G.711 with concealment", 5, 77.43, 3.92],
  ["G.711 with concealment", 10, 66.14, 3.41],
  ["G.711 with concealment", 20, 51.08, 2.63],
  ["G.729A with VAD", 1, 78.01, null],
  ["G.729A with VAD", 3, 70.75, null],
  ["G.729A with VAD", 5, 64.71, null],
  ["G.711", 1, 75.28, null],
  ["G.711", 5, 42.13, null],
])("%s with %d %% loss gives R %d", (codec, Ppl, r, mos) => {
  const result = emodel({ ...codecs[codec], Ppl });
  expect(result.R).toBeCloseTo(r, 1);
  if (mos !== null) expect(result.mos).toBeCloseTo(mos, 2);
});

test.each([
  [1, 83.06],
  [2, 82.49],
  [4, 82.18],
])("3 %% loss with burst ratio %d gives R %d", (BurstR, r) => {
  expect(emodel({ ...codecs["G.711 with concealment"], Ppl: 3, BurstR }).R).toBeCloseTo(r, 1);
});

describe("voice over a measured path", () => {
  test("half the round trip, 20 ms of packet, twice the jitter", () => {
    expect(voiceDelay({ rttUs: 60_000, jitterUs: 5_000 })).toBe(30 + 20 + 10);
    expect(voiceDelay({ rttUs: 0, jitterUs: 1_000_000 })).toBe(220);
  });
  test("5 % loss costs 15.8 of R, not the 0.125 of the common shortcut", () => {
    const path = { rttUs: 20_000, jitterUs: 500, burstRatio: 1 };
    const cost = voice({ ...path, loss: 0 }).r - voice({ ...path, loss: 0.05 }).r;
    expect(cost).toBeCloseTo(15.78, 1);
  });
  test("a dead path is R 0, MOS 1, never less", () => {
    expect(voice({ rttUs: 9e6, jitterUs: 9e5, loss: 1, burstRatio: 1 })).toEqual({ r: 0, mos: 1 });
  });
});
