/** Each requirement of this version leads from its id to the code that keeps it and to a test. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSource, root, sourceFiles } from "./imports.ts";

const numbered = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${String(from + i).padStart(2, "0")}`);
/** Technical and commercial requirements of experience monitoring. */
const ids = [...numbered("EXP-T", 1, 10), ...numbered("EXP-", 2, 7), ...numbered("EXP-", 17, 22)];

const sources = sourceFiles()
  .filter((path) => existsSync(join(root, path)) && !path.startsWith("tests/architecture/"))
  .map((path) => ({ test: /\.test\.tsx?$/.test(path), text: readSource(path) }));

test.each(ids)("%s is kept by code and proved by a test", (id) => {
  const named = sources.filter(({ text }) => new RegExp(`\\b${id}\\b`).test(text));
  expect(named.some((file) => file.test)).toBe(true);
  expect(named.some((file) => !file.test)).toBe(true);
});
