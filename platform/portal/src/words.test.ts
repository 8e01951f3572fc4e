/** Every sentence of the portal exists in both languages, with the same placeholders. */
import { describe, expect, test } from "vitest";
import { accountWords } from "./messages/account.ts";
import { officeWords } from "./messages/office.ts";
import { providerWords } from "./messages/provider.ts";
import { shell } from "./messages/shell.ts";
import { signInWords } from "./messages/sign-in.ts";
import { placeholders, sayer, sentence, type Catalogue, type Text } from "./words.ts";

const catalogues: Readonly<Record<string, Catalogue>> = {
  accountWords,
  officeWords,
  providerWords,
  shell,
  signInWords,
};
const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
const forms = (text: Text): string[] => (typeof text.en === "string" ? [text.en] : Object.values(text.en));

describe.each(Object.entries(catalogues))("%s", (_, messages) => {
  test.each(Object.entries(messages))("%s", (_key, text) => {
    expect(text.ja.trim()).not.toBe("");
    for (const english of forms(text)) {
      expect(english.trim()).not.toBe("");
      expect(japanese.test(english)).toBe(false);
      expect(placeholders(english)).toEqual(placeholders(text.ja));
    }
    // Half-width commas and full stops in a Japanese sentence are a sign of translation by machine.
    expect(text.ja).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff][,.!](\s|$)/);
  });
});

test("parameters are put in, the plural is chosen", () => {
  const text = { ja: "{n} 件", en: { one: "{n} row", other: "{n} rows" } };
  expect(sentence(text, "en", { n: 1 })).toBe("1 row");
  expect(sentence(text, "en", { n: 0 })).toBe("0 rows");
  expect(sentence(text, "ja", { n: 1 })).toBe("1 件");
});
test("an unknown parameter stays visible", () => expect(sentence({ ja: "{a}", en: "{a}" }, "en")).toBe("{a}"));
test("a sayer speaks one language", () => expect(sayer(shell, "ja")("table.rows", { n: "1,234" })).toBe("1,234 件"));
