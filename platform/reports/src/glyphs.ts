/** Every text of a document is looked at before it is printed: a character without a glyph would come out as an empty box. */
import { documentFonts } from "./fonts.ts";
import { raise } from "./errors.ts";

const LINE_FEED = 0x0a;

/**
 * The content as it is printed: kana with a voicing mark of their own (か + U+3099, as some systems write names of files) become
 * the one character that they mean, tabs a space, line ends a line feed. Nothing else is changed: compatibility ideographs
 * in names stay what they are. DOCUMENT_CHARACTER_MISSING names the first character that the font lacks, and the field.
 */
export function printable<T>(content: T, field = ""): T {
  if (typeof content === "string") {
    const text = content
      .replace(/.[\u3099\u309a]/gu, (pair) => pair.normalize("NFC"))
      .replace(/\r\n?/g, "\n")
      .replace(/\t/g, " ");
    check(text, field);
    return text as T;
  }
  if (Array.isArray(content)) return content.map((one, index) => printable(one, `${field}[${index + 1}]`)) as T;
  if (typeof content === "object" && content !== null) {
    return Object.fromEntries(
      Object.entries(content).map(([key, value]) => [key, printable(value, field === "" ? key : `${field}.${key}`)]),
    ) as T;
  }
  return content;
}

function check(text: string, field: string): void {
  const { has } = documentFonts();
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code === LINE_FEED || has(code)) continue;
    throw raise("DOCUMENT_CHARACTER_MISSING", {
      character: /[\p{C}\p{Z}\p{M}]/u.test(character) ? " " : character,
      code: `U+${code.toString(16).toUpperCase().padStart(4, "0")}`,
      field,
    });
  }
}
