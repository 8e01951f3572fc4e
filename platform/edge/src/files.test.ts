/** Files that are whole or not there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readJson, replaceFile, writeWhole } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string): string => join(folder, name, "file.json");
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test.each([
  { name: "durable", write: writeWhole },
  { name: "quick", write: replaceFile },
])("$name: made with its folder, closed to others, replaced as a whole", ({ name, write }) => {
  const path = place(name);
  write(path, '{"n":1}');
  write(path, '{"n":2}');
  expect(readJson(path)).toEqual({ n: 2 });
  expect(modeOf(path)).toBe(0o600);
});

test("a file for everybody has that mode, whatever stood in its way", () => {
  const path = place("mode");
  writeWhole(`${path}.new`, "left over by a crash, and longer than what comes");
  writeWhole(path, "short", 0o644);
  expect(readFileSync(path, "utf8")).toBe("short");
  expect(modeOf(path)).toBe(0o644);
});

test.each([
  { name: "durable", write: writeWhole },
  { name: "quick", write: replaceFile },
])("$name: when the new one cannot be written the old one stays", ({ name, write }) => {
  const path = place(`${name}-old`);
  write(path, "old");
  mkdirSync(`${path}.new`);
  expect(() => write(path, "new")).toThrow("EISDIR");
  expect(readFileSync(path, "utf8")).toBe("old");
});
