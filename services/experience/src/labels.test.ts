import { expect, test } from "vitest";
import { YaguraError } from "@yagura/core/errors.ts";
import { checkedLabel } from "./labels.ts";

const family = "👨‍👩‍👧‍👦";
test.each([
  { name: "15 full-width", text: "営業部東京本社窓口端末第一号機", count: 15 },
  { name: "15 half-width", text: "PC-tokyo-000001", count: 15 },
  { name: "15 half-width katakana", text: "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿ", count: 15 },
  { name: "15 families of seven code points each", text: family.repeat(15), count: 15 },
  { name: "15 flags", text: "🇯🇵".repeat(15), count: 15 },
  { name: "15 letters with a combining mark each", text: "か\u3099".repeat(15), count: 15 },
  { name: "15 letters outside the basic plane", text: "𠮷".repeat(15), count: 15 },
  { name: "blanks around are not counted", text: "  PC-tokyo-000001  ", count: 15 },
])("EXP-T07 EXP-03 accepted: $name", ({ text }) => {
  expect(checkedLabel(text, 15)).toBe(text.normalize("NFC").trim());
});

test.each([
  { name: "16 half-width", text: "PC-tokyo-0000001", code: "LABEL_TOO_LONG" },
  { name: "16 full-width", text: "営業部東京本社窓口端末第一〇号機", code: "LABEL_TOO_LONG" },
  { name: "16 families", text: family.repeat(16), code: "LABEL_TOO_LONG" },
  { name: "half-width voiced marks", text: "ｶﾞ".repeat(16), code: "LABEL_TOO_LONG" },
  { name: "empty", text: "", code: "LABEL_UNREADABLE" },
  { name: "blanks", text: " 　 ", code: "LABEL_UNREADABLE" },
  { name: "a line break", text: "a\nb", code: "LABEL_UNREADABLE" },
  { name: "NUL", text: "a\u0000", code: "LABEL_UNREADABLE" },
  { name: "turned direction", text: "a\u202eb", code: "LABEL_UNREADABLE" },
  { name: "only invisible signs", text: "\u200b\u200d", code: "LABEL_UNREADABLE" },
])("EXP-T07 EXP-03 refused: $name", ({ text, code }) => {
  expect(() => checkedLabel(text, 15)).toThrow(expect.objectContaining({ code }));
});

test("EXP-T07 the refusal says the numbers in both languages", () => {
  try {
    checkedLabel("1234567890123456", 15);
    expect.unreachable();
  } catch (error) {
    expect((error as YaguraError).say("en")).toContain("16 characters; at most 15");
    expect((error as YaguraError).say("ja")).toContain("16 文字あります");
  }
});
