/** The text that tells one PC from another (EXP-T07, EXP-03): at most 15 user-perceived characters, whatever their width. */
import { countCharacters } from "@yagura/core/text.ts";
import { raise } from "./errors.ts";

// Control characters, and signs that turn the writing direction of what stands beside the label.
const unreadable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** The label in NFC without blanks around it. LABEL_TOO_LONG with the numbers, LABEL_UNREADABLE. */
export function checkedLabel(text: string, limit: number): string {
  const label = text.normalize("NFC").trim();
  if (unreadable.test(label) || !/[\p{L}\p{N}\p{P}\p{S}]/u.test(label)) throw raise("LABEL_UNREADABLE");
  const count = countCharacters(label);
  if (count > limit) throw raise("LABEL_TOO_LONG", { count, limit });
  return label;
}
