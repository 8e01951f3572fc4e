/** Each requirement of this version leads from its id to the code that keeps it and to a test. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSource, root, sourceFiles } from "./imports.ts";

const numbered = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${String(from + i).padStart(2, "0")}`);
/** Technical requirements of experience monitoring, and the commercial ones of the five services, by section. */
const sections = {
  technical: numbered("EXP-T", 1, 10),
  common: numbered("COM-", 1, 32),
  experience: numbered("EXP-", 1, 24),
  security: [...numbered("SEC-", 1, 27), ...numbered("SEC-", 30, 42), ...numbered("SEC-", 50, 73)],
  remote: [...numbered("RNS-", 1, 33), ...numbered("RNS-", 40, 50), ...numbered("RNS-", 60, 66)],
  ot: numbered("OST-", 1, 24),
  utm: numbered("UTM-", 1, 59),
} as const;
const ids = Object.values(sections).flat();

const sources = sourceFiles()
  .filter((path) => existsSync(join(root, path)) && !path.startsWith("tests/architecture/"))
  .map((path) => ({ test: /\.test\.tsx?$/.test(path), text: readSource(path) }));

test.each(ids)("%s is kept by code and proved by a test", (id) => {
  const named = sources.filter(({ text }) => new RegExp(`\\b${id}\\b`).test(text));
  expect(named.some((file) => file.test)).toBe(true);
  expect(named.some((file) => !file.test)).toBe(true);
});
