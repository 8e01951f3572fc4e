import { expect, test } from "vitest";
import { createTurns, inTurn } from "./turns.ts";

test("a channel, an organisation and all together have their bounds, and an end gives the turn back", () => {
  const turns = createTurns({ all: 4, organisation: 3, channel: 2 });
  const ends = [turns("a", "a1"), turns("a", "a1")];
  expect(ends).not.toContain(null);
  expect(turns("a", "a1"), "the channel is full").toBeNull();
  ends.push(turns("a", "a2"));
  expect(turns("a", "a3"), "the organisation is full").toBeNull();
  ends.push(turns("b", "b1"));
  expect(turns("c", "c1"), "all is full").toBeNull();
  for (const end of ends) end?.();
  expect(turns("a", "a1")).not.toBeNull();
});

test("a failure gives its turn back", async () => {
  const turns = createTurns({ all: 1, organisation: 1, channel: 1 });
  await expect(inTurn(turns, "a", "x", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  expect(await inTurn(turns, "a", "x", async () => undefined)).toBe(true);
  const end = turns("b", "y");
  expect(await inTurn(turns, "a", "x", async () => undefined)).toBe(false);
  end?.();
});
