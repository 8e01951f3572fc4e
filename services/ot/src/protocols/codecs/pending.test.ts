import { expect, test } from "vitest";
import { Pending, QUEUE } from "./pending.ts";

test("a request is taken by its number once; the same number again replaces it", () => {
  const pending = new Pending();
  pending.put(7, 1, 0, -1, -1, -1);
  pending.put(7, 2, 5, 10, 19, 3);
  expect(pending.take(7)).toBe(true);
  expect(pending).toMatchObject({ code: 2, object: 5, low: 10, high: 19, unit: 3 });
  expect(pending.take(7)).toBe(false);
});

test("without numbers, requests of one packet are answered in order, and a lost one does not shift the answers", () => {
  const pending = new Pending();
  pending.queue(100, 1, 0, -1, -1, -1);
  pending.queue(100, 2, 0, -1, -1, -1);
  expect([pending.take(QUEUE), pending.code]).toEqual([true, 1]);
  pending.queue(200, 3, 0, -1, -1, -1);
  expect([pending.take(QUEUE), pending.code]).toEqual([true, 3]);
  expect(pending.take(QUEUE)).toBe(false);
});

test("the oldest request is forgotten when too many wait", () => {
  const pending = new Pending();
  for (let id = 1; id <= 20; id++) pending.put(id, id, 0, -1, -1, -1);
  expect([pending.take(1), pending.take(4), pending.take(5), pending.take(20)]).toEqual([false, false, true, true]);
});
