import { expect, test } from "vitest";
import { kindName, kindNames } from "./kinds.ts";

test("every kind has a name of its own in both languages, without gaps", () => {
  for (const language of ["ja", "en"] as const) {
    const names = kindNames.map((kind) => kindName(kind, language));
    expect(names.filter((name) => name.includes("{") || name === "")).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  }
  expect(kindName("ot.volume.high", "en")).toBe("Much more traffic than usual");
});

test("a kind of a later version is told by its id", () => {
  expect(kindName("ot.later.kind", "ja")).toBe("ot.later.kind");
});
