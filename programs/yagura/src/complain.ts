/** What a terminal shows of an error: its code and sentence, and one line for each field of a file that is wrong. */
import type { FieldError, Language, YaguraError } from "@yagura/core/errors.ts";

type Bilingual = YaguraError & { readonly fieldsIn: (language: Language) => readonly FieldError[] };
const isBilingual = (error: YaguraError): error is Bilingual => "fieldsIn" in error;

export function complain(error: YaguraError, language: Language): string {
  const fields = isBilingual(error) ? error.fieldsIn(language) : error.fields;
  return [
    `${error.code}: ${error.say(language)}`,
    ...fields.map(({ pointer, message }) => `  ${pointer}: ${message}`),
  ].join("\n");
}
