/** Values and names in ClickHouse statements. */
import { describe, expect, test } from "vitest";
import { parameterText, quote, quoteName, setParameters } from "./literals.ts";

test.each([
  { text: "plain", literal: "'plain'" },
  { text: "it's", literal: String.raw`'it\'s'` },
  { text: "a\\b", literal: String.raw`'a\\b'` },
  { text: "a\nb\tc\r\0", literal: String.raw`'a\nb\tc\r\0'` },
  { text: "櫓", literal: "'櫓'" },
  { text: "'); DROP TABLE x; --", literal: String.raw`'\'); DROP TABLE x; --'` },
])("the literal of $text", ({ text, literal }) => {
  expect(quote(text)).toBe(literal);
});

test("a name keeps its quotes inside", () => {
  expect(quoteName("a`b\\c")).toBe("`a\\`b\\\\c`");
});

describe("the text of a parameter", () => {
  test.each([
    { value: "a\tb", text: String.raw`a\tb` },
    { value: "a\\b'c", text: String.raw`a\\b'c` },
    { value: 1.5e-7, text: "1.5e-7" },
    { value: true, text: "1" },
    { value: ["a'b", "c"], text: String.raw`['a\'b','c']` },
    { value: [1, 2], text: "[1,2]" },
    { value: [], text: "[]" },
  ])("$value", ({ value, text }) => {
    expect(parameterText(value)).toBe(text);
  });
  test("a number that is none is refused", () => {
    expect(() => parameterText(Number.NaN)).toThrow(TypeError);
    expect(() => parameterText([Infinity])).toThrow(TypeError);
  });
});

test("settings and parameters of a session", () => {
  expect(setParameters({}, {})).toBe("");
  expect(setParameters({ a: "x", n: 3 }, { max_execution_time: 2, mode: "throw" })).toBe(
    "SET max_execution_time = 2, mode = 'throw', param_a = 'x', param_n = '3';\n",
  );
  expect(() => setParameters({ "a = 1, b": "x" }, {})).toThrow("not a parameter name");
});
