import { expect, test } from "vitest";
import { sampleInvoice } from "../../../tests/support/documents.ts";
import { pdfPages } from "../../testkit/src/pdf-text.ts";
import { printDocument } from "./documents.ts";
import { printable } from "./glyphs.ts";

const named = (name: string) => ({ ...sampleInvoice, recipient: { ...sampleInvoice.recipient, name } });

test.each(["髙﨑商店", "㈱①②", "〒100-0001", "𠮷野家", "神﨑", "ｶﾅ", "①～③", "¥1,000", "Ærø", "令和㋿"])(
  "“%s” is printed as it is written",
  async (name) => {
    const pages = pdfPages(await printDocument("invoice", named(name), "ja"));
    expect(pages[0]?.text).toContain(name);
  },
);

test.each([
  { name: "山间商事", character: "间", code: "U+95F4" },
  { name: "株式会社🙂", character: "🙂", code: "U+1F642" },
  { name: "葛\u{e0100}城市", character: " ", code: "U+E0100" },
  { name: "bell\u0007", character: " ", code: "U+0007" },
])("$code is refused before anything is printed, with the field that holds it", async ({ name, character, code }) => {
  const refused = printDocument("invoice", named(name), "ja");
  await expect(refused).rejects.toMatchObject({
    code: "DOCUMENT_CHARACTER_MISSING",
    parameters: { character, code, field: "recipient.name" },
  });
});

test("the field is named inside lists too", () => {
  const content = { groups: [{ lines: [{ description: "ok" }, { description: { ja: "间", en: "x" } }] }] };
  expect(() => printable(content)).toThrow("groups[1].lines[2].description.ja");
});

test("kana written in two parts become one character; compatibility ideographs in names stay", () => {
  expect(printable("か\u3099き\u3099 は\u309a\t\r\n\ufa19")).toBe("がぎ ぱ \n\ufa19");
});

test("text of a document is text: it names no file, address or picture that would be fetched", async () => {
  const name = "{image: 'file:///etc/passwd'} data:image/png;base64,AA https://example.jp/x.png";
  const pages = pdfPages(await printDocument("invoice", named(name), "ja"));
  expect(pages[0]?.text.replaceAll(/\s/g, "")).toContain("file:///etc/passwd");
});
