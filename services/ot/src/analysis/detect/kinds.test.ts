import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandClasses, criticalFrom } from "../../wire/vocabulary.ts";
import { findingKinds } from "../findings.ts";
import { detectionsPage } from "./docs.ts";
import { techniques } from "./kinds/techniques.ts";
import { verbOf } from "./kinds/verbs.ts";

describe("OT-33 OT-N12 every kind of finding", () => {
  test.each(Object.entries(findingKinds))("%s answers the four questions in both languages", (kind, one) => {
    expect(kind).toMatch(/^ot(\.[a-z0-9-]+)+$/);
    for (const text of [one.title, one.normal, one.changed, one.advice]) {
      expect(text.en).toMatch(/\S/);
      expect(text.ja).toMatch(/[ぁ-んァ-ン一-龠]|^\{adviceJa\}$/);
      // Both languages speak of the same things.
      const names = (sentence: string) =>
        new Set([...sentence.matchAll(/\{(\w+?)(?:En|Ja)?\}/g)].map((match) => match[1]));
      expect(names(text.ja)).toEqual(names(text.en));
    }
    expect(one.changed.en).toContain("{sure} %");
    for (const id of one.techniques ?? []) expect(techniques).toHaveProperty([id]);
    // A bad mirror and a full list are no attack.
    expect((one.techniques ?? []).length > 0).toBe(!["ot.capture.bad", "ot.devices.full"].includes(kind));
  });
  test("every critical class of commands has its finding", () => {
    for (const name of commandClasses.slice(criticalFrom)) expect(findingKinds).toHaveProperty([verbOf[name] ?? ""]);
  });
  test("docs/detections.md is made from the table (`npx vitest run -u` accepts)", async () => {
    const path = join(import.meta.dirname, "../../../../../docs/detections.md");
    await expect(detectionsPage()).toMatchFileSnapshot(path);
  });
});
