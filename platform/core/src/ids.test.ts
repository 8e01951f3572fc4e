import { expect, test } from "vitest";
import { isUuid, newId, newIds } from "./ids.ts";

test("many ids at once are as good as one: well-formed, of now, never twice", () => {
  const before = newId();
  const ids = newIds(13_000);
  expect(ids).toHaveLength(13_000);
  expect(new Set(ids).size).toBe(13_000);
  expect(ids.every(isUuid)).toBe(true);
  const millisecond = (id: string): number => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  for (const id of ids) expect(millisecond(id)).toBeGreaterThanOrEqual(millisecond(before));
  expect(newIds(0)).toEqual([]);
});
