/** The buffers from which the tables of an upload are made. */
import { expect, test } from "vitest";
import { MAX_ROWS } from "../wire/metadata.ts";
import { Numbering } from "./numbering.ts";
import { Rows } from "./rows.ts";

test("rows become columns, in order of two columns and else as they came", () => {
  const rows = new Rows(["a", "b", "c"]);
  for (const row of [[2, 1, 0], [1, 9, 1], [2, 0, 2], [1, 9, 3], [2, 0x1_0000, 4]]) rows.add(row); // prettier-ignore
  expect(rows.columns(null)).toEqual({ a: [2, 1, 2, 1, 2], b: [1, 9, 0, 9, 65_536], c: [0, 1, 2, 3, 4] });
  expect(rows.columns(rows.order("a", "b"))).toEqual({
    a: [1, 1, 2, 2, 2],
    b: [9, 9, 0, 65_536, 1],
    c: [1, 3, 2, 4, 0],
  });
  rows.count = 0;
  rows.add([7, 8, 2 ** 48]);
  expect(rows.columns(rows.order("a", "b"))).toEqual({ a: [7], b: [8], c: [2 ** 48] });
});

test("no table has more than MAX_ROWS", () => {
  const rows = new Rows(["a"]);
  for (let i = 0; i < MAX_ROWS; i++) expect(rows.add([i])).toBe(true);
  expect(rows.add([0])).toBe(false);
  expect(rows.columns(null)["a"]?.at(-1)).toBe(MAX_ROWS - 1);
});

test("a numbering begins anew after it was emptied", () => {
  const numbering = new Numbering(10);
  expect(numbering.get(4)).toBe(-1);
  numbering.set(4, 0);
  numbering.set(9, 1);
  expect([numbering.get(4), numbering.get(9), numbering.count]).toEqual([0, 1, 2]);
  numbering.clear();
  expect([numbering.get(4), numbering.get(9), numbering.count]).toEqual([-1, -1, 0]);
});
