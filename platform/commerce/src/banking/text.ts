/**
 * Text as the banks' files hold it: JIS X 0201, one byte a character, half-width kana without small ones. What has an equal
 * there is converted (full-width, hiragana, small kana, the long-vowel mark); anything else is refused with the field's name.
 */
import { raise } from "./errors.ts";

const full = [..."アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"];
const half = [..."ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"];
const small = [..."ァィゥェォャュョッヮヵヶ"];
const large = [..."ｱｲｳｴｵﾔﾕﾖﾂﾜｶｹ"];

const equals = new Map<string, string>([
  ...full.map((character, index): [string, string] => [character, half[index] ?? ""]),
  ...small.map((character, index): [string, string] => [character, large[index] ?? ""]),
  // Most banks' list of characters has no ヲ.
  ["ヲ", "ｵ"],
  ["\u3099", "ﾞ"],
  ["\u309A", "ﾟ"],
  ["「", "｢"],
  ["」", "｣"],
  ["・", "."],
  ["、", ","],
  ["。", "."],
  ["¥", "\\"],
  ...[..."ー‐‑‒–—―−ｰ"].map((character): [string, string] => [character, "-"]),
  ...[...half, ..."ﾞﾟ｢｣"].map((character): [string, string] => [character, character]),
]);
const plain = /^[ 0-9A-Z()\-.,/\\]$/;

/** The text in the file's characters. ZENGIN_CHARACTER names the field and the first character that it cannot hold. */
export function toFileText(text: string, field: string): string {
  // The free-standing voicing marks would decompose into a space and a combining mark.
  const decomposed = text.replaceAll("゛", "\u3099").replaceAll("゜", "\u309A").normalize("NFKD").toUpperCase();
  let written = "";
  for (const character of decomposed) {
    const kana = inKatakana(character);
    const equal = plain.test(kana) ? kana : equals.get(kana);
    if (equal === undefined) throw raise("ZENGIN_CHARACTER", { field, character: character.normalize("NFKC") });
    written += equal;
  }
  return written;
}

/** Hiragana stands 0x60 before katakana. */
const inKatakana = (character: string): string =>
  character >= "ぁ" && character <= "ゖ" ? String.fromCharCode(character.charCodeAt(0) + 0x60) : character;

/** The same, for comparing: blank where a character has no equal, companies' marks and blanks taken off. */
export function comparable(text: string): string {
  let written = "";
  for (const character of text) {
    try {
      written += toFileText(character, "");
    } catch {
      written += " ";
    }
  }
  return written
    .replaceAll(/^(ｶ|ﾕ|ﾄﾞ|ｼﾔ|ｻﾞｲ|ｲ|ﾒ|ｼ)\)|\((ｶ|ﾕ|ﾄﾞ|ｼﾔ|ｻﾞｲ|ｲ|ﾒ|ｼ)\)?$|^(ｶﾌﾞｼｷｶﾞｲｼﾔ|ﾕｳｹﾞﾝｶﾞｲｼﾔ|ｺﾞｳﾄﾞｳｶﾞｲｼﾔ)/gu, "")
    .replaceAll(/[ \-.,()]/g, "");
}

/** One byte a character. The text must come from `toFileText`. */
export function toBytes(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (character) => {
      const code = character.charCodeAt(0);
      // Half-width forms U+FF61 to U+FF9F are 0xA1 to 0xDF.
      return code >= 0xff61 ? code - 0xff61 + 0xa1 : code;
    }),
  );
}

/** ZENGIN_BYTE for bytes that JIS X 0201 does not have. */
export function fromBytes(bytes: Uint8Array, record: number): string {
  let text = "";
  for (const [index, byte] of bytes.entries()) {
    if (byte >= 0x20 && byte <= 0x7e) text += String.fromCharCode(byte);
    else if (byte >= 0xa1 && byte <= 0xdf) text += String.fromCharCode(byte - 0xa1 + 0xff61);
    else throw raise("ZENGIN_BYTE", { record, byte: `0x${byte.toString(16).padStart(2, "0")}`, position: index + 1 });
  }
  return text;
}
