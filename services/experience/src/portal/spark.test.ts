/** The line in a cell. */
import { expect, test } from "vitest";
import { sparkShape } from "./spark.tsx";

test.each([
  { name: "nothing observed is one hatched stretch", values: [null, null], path: "", gaps: [[0, 20]], dots: 0 },
  { name: "a line", values: [0, 10], path: "M5 8.5L15 1.5", gaps: [], dots: 0 },
  { name: "a gap breaks the line", values: [10, 10, null, 10, 10], path: /^M.*L.*M.*L/, gaps: [[8, 4]], dots: 0 },
  {
    name: "a lone minute is a dot",
    values: [null, 5, null, 5, 5],
    path: /^M[^M]*$/,
    gaps: [
      [0, 4],
      [8, 4],
    ],
    dots: 1,
  },
])("$name", ({ values, path, gaps, dots }) => {
  const shape = sparkShape(values, 20, 10);
  if (typeof path === "string") expect(shape.path).toBe(path);
  else expect(shape.path).toMatch(path);
  expect(shape.gaps).toEqual(gaps);
  expect(shape.dots.length).toBe(dots);
});
