import { expect, test } from "vitest";
import { MAX_RULES } from "./configuration.ts";
import { readRules } from "./signatures.ts";
import { refusalCodes, refusalReasons, sayRefusal } from "./wire/api-refusals.ts";

const rule = (sid: number): string => `alert tcp any any -> any 502 (msg:"r"; content:"a"; sid:${sid};)`;

test("OT-23 rules that are used are counted without variables, comments and refused lines; refused ones all", () => {
  const bad = Array.from({ length: 250 }, (_, i) => `alert http any any -> any any (sid:${i + 1000};)`);
  const text = ["# ours", "var PLC 10.0.0.1", rule(1), "", rule(2), ...bad].join("\r\n");
  const read = readRules(text);
  expect(read).toMatchObject({ rules: 2, unused: 250 });
  expect(read.refused).toHaveLength(100);
  expect(read.refused[0]).toEqual({ line: 6, code: "protocol", parameters: { protocol: "http" } });
  expect(readRules("")).toEqual({ rules: 0, unused: 0, refused: [] });
});

test("OT-23 what is beyond the most that a sensor takes is told with its line", () => {
  const text = Array.from({ length: MAX_RULES + 7 }, (_, i) => rule(i + 1)).join("\n");
  expect(readRules(`# head\n${text}`)).toEqual({
    rules: MAX_RULES,
    unused: 7,
    refused: [{ line: MAX_RULES + 2, code: "too-many", parameters: { limit: MAX_RULES } }],
  });
});

test("reasons are said in both languages, with the same parameters", () => {
  const named = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([name]) => name).toSorted();
  for (const code of refusalCodes) {
    const { en, ja } = refusalReasons[code];
    expect(named(ja), code).toEqual(named(en));
    expect(ja, code).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  }
  expect(sayRefusal("protocol", { protocol: "http" }, "ja")).toContain("プロトコル http");
});
