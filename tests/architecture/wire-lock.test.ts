/**
 * The lock on the wire: its shapes may not change without a new number. When this fails, the change was either not meant, or
 * WIRE_VERSION needs the next number and a line in its history; then the new hash is written beside that number here.
 */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { OLDEST_WIRE_VERSION, WIRE_VERSION } from "@yagura/wire/version.ts";

const root = join(import.meta.dirname, "..", "..");
/** SHA-256 of each version's shapes. Append only. */
const locked = JSON.parse(readFileSync(join(import.meta.dirname, "wire-lock.json"), "utf8")) as Record<string, string>;

/** What crosses between edge programs and the control plane: this room, and each service's shapes but those of its API. */
async function wireShapes(): Promise<Record<string, unknown>> {
  const files = globSync(["platform/wire/src/*.ts", "services/*/src/wire/*.ts"], { cwd: root })
    .filter((file) => !/(\.test|\/api(-[a-z]+)?|\/version|\/problem)\.ts$/.test(file))
    .sort();
  const shapes: Record<string, unknown> = {};
  for (const file of files) {
    const exported = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      if (typeof value !== "function") shapes[`${file}#${name}`] = value;
    }
  }
  return shapes;
}

/** The same shapes give the same text: keys in order, words for readers left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([key]) => key !== "description" && !key.startsWith("~"))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}
const hashOf = (shapes: unknown): string => createHash("sha256").update(canonical(shapes)).digest("hex");

describe("the wire", () => {
  test("its shapes are those that were locked for this version", async () => {
    expect(hashOf(await wireShapes())).toBe(locked[WIRE_VERSION]);
  });

  test("the lock sees shapes of the platform and of every service with an edge", async () => {
    const files = Object.keys(await wireShapes());
    expect(files.some((name) => name.includes("envelope.ts#EnrolRequest"))).toBe(true);
    expect(files.some((name) => name.includes("experience/src/wire/samples.ts#SamplesBody"))).toBe(true);
  });

  test.each([
    { name: "a field's bound", change: (shape: Record<string, never>) => ({ ...shape, maximum: 7 }) },
    { name: "a field more", change: (shape: Record<string, never>) => ({ ...shape, properties: { more: {} } }) },
  ])("a planted change is seen: $name", async ({ change }) => {
    const shapes = await wireShapes();
    const [name] = Object.keys(shapes).filter((key) => key.endsWith("#Health")) as [string];
    const planted = { ...shapes, [name]: change(shapes[name] as Record<string, never>) };
    expect(hashOf(planted)).not.toBe(hashOf(shapes));
  });

  test("words for readers do not count as a change", () => {
    expect(hashOf({ type: "string", description: "one" })).toBe(hashOf({ type: "string", description: "two" }));
  });

  test("its history has a dated line for each number, and the last is the version", () => {
    const text = readFileSync(join(root, "platform/wire/src/version.ts"), "utf8");
    const lines = [...text.matchAll(/^ \* (\d+) {2}(\d{4}-\d{2}-\d{2}) {2}\S.*$/gm)];
    expect(lines.map(([, number]) => Number(number))).toEqual(Array.from({ length: WIRE_VERSION }, (_, i) => i + 1));
    const dates = lines.map(([, , date]) => date as string);
    expect(dates).toEqual([...dates].sort());
    expect(OLDEST_WIRE_VERSION).toBeLessThanOrEqual(WIRE_VERSION);
    expect(Object.keys(locked).map(Number)).toEqual(Array.from({ length: WIRE_VERSION }, (_, i) => i + 1));
  });
});
