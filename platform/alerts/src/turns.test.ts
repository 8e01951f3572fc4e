import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("of one organisation one at a time, few in all, and a failure gives its turn back", async () => {
  const inTurn = createTurns(2);
  const ends: (() => void)[] = [];
  const wait = (): Promise<void> => new Promise((resolve) => void ends.push(resolve));
  const first = inTurn("a", wait);
  expect(await inTurn("a", wait)).toBe(false);
  const second = inTurn("b", wait);
  expect(await inTurn("c", wait)).toBe(false);
  for (const end of ends) end();
  expect(await Promise.all([first, second])).toEqual([true, true]);
  await expect(inTurn("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  expect(await inTurn("a", async () => undefined)).toBe(true);
});
