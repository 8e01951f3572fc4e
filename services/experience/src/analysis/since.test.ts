/** Since when a trouble lasts. */
import { describe, expect, test } from "vitest";
import { sessionScore } from "./score.ts";
import { sinceOf, withSince, type Piece } from "./since.ts";

/** One letter a minute: `.` calm, `x` 10 % lost, `-` not observed. */
const minutes = (text: string): Piece[] =>
  [...text].map((letter, i) => ({
    at: i * 60_000,
    sent: letter === "-" ? 0 : 60,
    lost: letter === "x" ? 6 : 0,
    late: 0,
    refused: 0,
    p95Us: letter === "-" ? null : letter === "x" ? 400_000 : 10_000,
    jitterUs: null,
  }));
const calm = ".".repeat(10);

describe("loss since", () => {
  test.each([
    { name: "never troubled", text: calm + calm, want: null },
    { name: "from the middle on", text: `${calm}xxxxx`, want: 10 },
    { name: "from the first minute: then or earlier", text: "xxxxx", want: 0 },
    { name: "with breaths in between", text: `x${calm}x..x...xx.....x`, want: 11 },
    { name: "over for ten minutes", text: `xxxx${calm}`, want: null },
    { name: "quiet for nine minutes only", text: `..xxxx.........`, want: 2 },
    { name: "not observed is neither calm nor trouble", text: `x----------x`, want: 0 },
    { name: "nothing observed", text: "-----", want: null },
    { name: "no time at all", text: "", want: null },
  ])("$name", ({ text, want }) => {
    expect(sinceOf("loss", "icmp", minutes(text))).toBe(want === null ? null : want * 60_000);
  });
});

test("each reason has its own beginning; what the pieces cannot tell stays open", () => {
  const figures = { probe: "icmp", sent: 900, lost: 30, late: 0, refused: 0, observed: 1, lastAt: 900_000 } as const;
  const score = sessionScore({ ...figures, p95Us: 400_000, jitterUs: 30_000 });
  const dated = withSince(score, "icmp", minutes(`${calm}xxxxx`));
  expect(Object.fromEntries(dated.reasons.map(({ kind, since }) => [kind, since]))).toEqual({
    latency: "1970-01-01T00:10:00.000Z",
    loss: "1970-01-01T00:10:00.000Z",
    jitter: null,
  });
  expect(dated.value).toBe(score.value);
});
