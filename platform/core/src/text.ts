/** Text as people count it: user-perceived characters (Unicode UAX #29 extended grapheme clusters) after NFC. */
const segmenter = new Intl.Segmenter("ja", { granularity: "grapheme" });

/** How many characters a person sees, full-width and half-width alike (EXP-T07, A-EXP-12). */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text.normalize("NFC"))) count++;
  return count;
}
