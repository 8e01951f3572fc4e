/** The order of the overview. */
import { expect, test } from "vitest";
import { settled, type Ranked } from "./order.ts";

const row = (id: string, state: Ranked["state"], value: number | null = null): Ranked => ({ id, state, value });
const ids = (rows: readonly Ranked[]): string => rows.map((each) => each.id).join("");

test("worst first; the unobserved between bad and notice", () => {
  const rows = [
    row("g", "good", 99),
    row("n", "notice", 60),
    row("u", "unknown"),
    row("b", "bad", 10),
    row("c", "bad", 5),
  ];
  expect(ids(settled(rows, []))).toBe("cbung");
});
test("wavering scores do not swap lines", () => {
  const before = settled([row("a", "good", 90), row("b", "good", 95)], []);
  expect(ids(settled([row("a", "good", 96), row("b", "good", 91)], before))).toBe("ab");
});
test("a row whose state changed moves at once, the others stay", () => {
  const before = settled([row("a", "good", 90), row("b", "good", 95), row("c", "good", 97)], []);
  expect(ids(settled([row("a", "good", 99), row("b", "good", 91), row("c", "bad", 20)], before))).toBe("cab");
});
test("a new row enters by its score", () => {
  const before = settled([row("a", "good", 90), row("c", "good", 97)], []);
  expect(ids(settled([row("a", "good", 90), row("b", "good", 95), row("c", "good", 97)], before))).toBe("abc");
});
test("10,000 rows are ordered at once and none is lost", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => row(`s${i}`, i % 7 === 0 ? "bad" : "good", (i * 37) % 100));
  const once = settled(rows, []);
  expect(new Set(settled(rows, once).map((each) => each.id)).size).toBe(10_000);
});
