/** Text of a file that a spreadsheet saved: UTF-8 or UTF-16 by their marks, else UTF-8, else Shift_JIS. Pure. */

/** Null: none of them. */
export function decodeText(bytes: Uint8Array): string | null {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
  for (const encoding of marked === null ? ["utf-8", "shift_jis"] : [marked]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes("\u0000") ? null : text;
    } catch {
      // Not of this encoding: the next is tried.
    }
  }
  return null;
}
