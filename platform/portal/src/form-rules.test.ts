/** What fields take, by the same limits as the API. */
import { describe, expect, test } from "vitest";
import { Mail, Name } from "@yagura/server/shapes.ts";
import { checkValue, type Rule } from "./form-rules.ts";

describe("rules", () => {
  test.each<{ name: string; rule: Rule; value: string; refused: string | null }>([
    { name: "an empty field that is needed", rule: {}, value: "  ", refused: "form.required" },
    { name: "an empty field that is optional", rule: { optional: true, minLength: 3 }, value: "", refused: null },
    { name: "15 full-width characters (EXP-T07)", rule: { characters: 15 }, value: "あ".repeat(15), refused: null },
    {
      name: "16 half-width characters (EXP-T07)",
      rule: { characters: 15 },
      value: "a".repeat(16),
      refused: "form.maxLength",
    },
    { name: "families of emoji count as one", rule: { characters: 1 }, value: "👨‍👩‍👧", refused: null },
    { name: "code points above the basic plane count as one", rule: { maxLength: 2 }, value: "𠮷野", refused: null },
    { name: "too short", rule: { minLength: 12 }, value: "short", refused: "form.minLength" },
    { name: "a mail address", rule: Mail, value: "taro@example.jp", refused: null },
    { name: "a mail address without a dot", rule: Mail, value: "taro@example", refused: "form.mail" },
    { name: "an API schema's limit", rule: Name, value: "x".repeat(121), refused: "form.maxLength" },
    { name: "a mail address of this machine", rule: Mail, value: "yagura@localhost", refused: null },
    {
      name: "a corporate number",
      rule: { pattern: "^[1-9][0-9]{12}$" },
      value: "0123456789012",
      refused: "form.pattern",
    },
    { name: "a number in range", rule: { type: "integer", minimum: 1, maximum: 3660 }, value: "400", refused: null },
    {
      name: "a number out of range",
      rule: { type: "integer", minimum: 1, maximum: 3660 },
      value: "0",
      refused: "form.between",
    },
    {
      name: "a fraction where an integer is meant",
      rule: { type: "integer", minimum: 1 },
      value: "1.5",
      refused: "form.integer",
    },
    { name: "not a number", rule: { type: "number" }, value: "ten", refused: "form.integer" },
  ])("$name", ({ rule, value, refused }) => expect(checkValue(rule, value)?.key ?? null).toBe(refused));
});
