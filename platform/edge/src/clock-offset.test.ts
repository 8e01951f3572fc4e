/** The offset filter against clocks whose truth is known, and the waits of the back-off. */
import { describe, expect, test } from "vitest";
import { createBackoff } from "./backoff.ts";
import { createOffsetFilter } from "./clock-offset.ts";
import { readRefusal, readRetryAfter } from "./refusal.ts";

function clockAt(start: number) {
  let [wall, monotonic] = [start, 0];
  return {
    now: () => wall,
    monotonic: () => monotonic,
    pass: (milliseconds: number) => void ((wall += milliseconds), (monotonic += milliseconds)),
    set: (milliseconds: number) => void (wall += milliseconds),
  };
}

describe("clock offset", () => {
  const exchange = (at: number, truth: number, out: number, back: number, work = 5_000) => ({
    sentAt: at,
    receivedAt: at + out + truth,
    answeredAt: at + out + work + truth,
    heardAt: at + out + work + back,
  });

  test.each([
    { name: "the same way both ways", out: 10_000, back: 10_000 },
    { name: "all the delay on the way out", out: 20_000, back: 0 },
    { name: "all the delay on the way back", out: 0, back: 20_000 },
  ])("$name: the truth lies within the stated bound", ({ out, back }) => {
    const clock = clockAt(1_000_000);
    const filter = createOffsetFilter(clock);
    const truth = -86_400_000_000;
    filter.add(exchange(1e15, truth, out, back));
    const { offset, bound } = filter.current() ?? { offset: 0, bound: 0 };
    expect(Math.abs(offset - truth)).toBeLessThanOrEqual(bound);
    expect(bound).toBeLessThanOrEqual(11_000);
  });

  test("the exchange with the least round trip is believed, until it is old", () => {
    const clock = clockAt(0);
    const filter = createOffsetFilter(clock);
    filter.add(exchange(1e15, 500, 1_000, 1_000));
    for (let i = 0; i < 10; i++) {
      clock.pass(60_000);
      filter.add(exchange(1e15, 500, 400_000, 0));
    }
    expect(Math.abs((filter.current()?.offset ?? 0) - 500)).toBeLessThan(2);
    clock.pass(25 * 60_000);
    expect(Math.abs((filter.current()?.offset ?? 0) - 500)).toBeGreaterThan(100_000);
  });

  test("a clock that is set makes what was measured void; time that passes does not", () => {
    const clock = clockAt(0);
    const filter = createOffsetFilter(clock);
    filter.add(exchange(1e15, 500, 1_000, 1_000));
    clock.pass(600_000);
    expect(filter.current()).not.toBe(null);
    clock.set(-3_600_000);
    expect(filter.current()).toBe(null);
  });

  test("an answer that came before its question (a server that lies or stepped) is not believed", () => {
    const filter = createOffsetFilter(clockAt(0));
    filter.add({ sentAt: 1e15, heardAt: 1e15 + 1_000, receivedAt: 1e15, answeredAt: 1e15 + 900_000 });
    expect(filter.current()).toBe(null);
  });
});

describe("back-off", () => {
  test("doubles up to its cap, starts anew after success, and never spins", () => {
    const backoff = createBackoff(1_000, 60_000, () => 0.999_999);
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 6e4, 6e4]);
    backoff.reset();
    expect(backoff.next()).toBe(1_000);
    expect(createBackoff(1_000, 60_000, () => 0).next()).toBe(100);
  });
  test("full jitter: a thousand programs are spread over the whole span", () => {
    const waits = Array.from({ length: 1_000 }, (_, i) => {
      const backoff = createBackoff(1_000, 60_000, () => i / 1_000);
      for (let n = 0; n < 5; n++) backoff.next();
      return backoff.next();
    });
    for (let tenth = 0; tenth < 10; tenth++) {
      const inside = waits.filter((wait) => wait >= tenth * 3_200 && wait < (tenth + 1) * 3_200);
      expect(inside.length).toBeGreaterThan(90);
    }
  });
  test("what the server asks for is kept to, spread over half of it again", () => {
    const at = (random: number): number => createBackoff(1_000, 60_000, () => random).next(10_000);
    expect([at(0), at(0.5), at(0.999_999)]).toEqual([10_000, 12_500, 15_000]);
  });
});

describe("refusals", () => {
  const problem = (code: string, status = 403) => ({
    status,
    headers: { "content-type": "application/problem+json" },
    text: JSON.stringify({ code, detail: "d", serverTime: 5 }),
  });
  test.each([
    { name: "revoked", answer: problem("DEVICE_REVOKED"), reaction: "stop" },
    { name: "wrong clock", answer: problem("SIGNATURE_TIME", 401), reaction: "clock" },
    { name: "bad batch", answer: problem("BATCH_MALFORMED", 400), reaction: "aside" },
    { name: "a code of a newer server about the batch", answer: problem("BATCH_HAUNTED", 422), reaction: "aside" },
    { name: "a code of a newer server about the way", answer: problem("TOO_EARLY", 425), reaction: "again" },
    { name: "old program", answer: problem("WIRE_TOO_OLD", 426), reaction: "wait" },
    {
      name: "a proxy's 403 page",
      answer: { status: 403, headers: { "content-type": "text/html" }, text: "DEVICE_REVOKED" },
      reaction: "again",
    },
    {
      name: "a proxy's 400 page",
      answer: { status: 400, headers: { "content-type": "text/html" }, text: "no" },
      reaction: "again",
    },
    { name: "a broken problem document", answer: { ...problem("x"), text: "{" }, reaction: "again" },
    { name: "bad gateway", answer: { status: 502, headers: {}, text: "" }, reaction: "again" },
  ])("$name: $reaction", ({ answer, reaction }) => {
    expect(readRefusal(answer, 0).reaction).toBe(reaction);
  });
  test.each([
    { value: "7", wait: 7_000 },
    { value: "Thu, 01 Jan 1970 00:01:40 GMT", wait: 40_000 },
    { value: "999999", wait: 3_600_000 },
    { value: "soon", wait: 0 },
    { value: undefined, wait: 0 },
  ])("Retry-After $value", ({ value, wait }) => {
    expect(readRetryAfter(value, 60_000)).toBe(wait);
  });
});
