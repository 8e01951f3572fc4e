/** Wide numbers as small ones. */
import { expect, test } from "vitest";
import { Numbering } from "./numbering.ts";

test("numbers in the order in which keys come up, the same for the same key, over every growth", () => {
  const numbering = new Numbering();
  const known = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    // Keys that differ in their low bits only, in their high bits only, and at both ends of what is allowed.
    const key = [i % 700, (i % 900) * 4_294_967_296, Number.MAX_SAFE_INTEGER - (i % 3_000)][i % 3] as number;
    if (!known.has(key)) {
      expect(numbering.find(key)).toBe(-1);
      known.set(key, known.size);
    }
    expect(numbering.of(key)).toBe(known.get(key));
    expect(numbering.find(key)).toBe(known.get(key));
  }
  expect(numbering.size).toBe(known.size);
  for (const [key, number] of known) expect(numbering.key(number)).toBe(key);
});

test("0 is a key as any other", () => {
  const numbering = new Numbering();
  expect([numbering.size, numbering.find(0), numbering.of(7), numbering.find(0), numbering.of(0)]).toEqual([
    0, -1, 0, -1, 1,
  ]);
});
