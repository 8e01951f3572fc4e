/** Why charges cannot be computed: one sentence per field, in both languages. */
import { YaguraError, type Language } from "@yagura/core/errors.ts";
import { errors } from "./errors.ts";
import type { Text } from "./tables.ts";

export interface Issue {
  /** JSON pointer into the contract facts (`/facts/3/on`) or, where a table lacks something, into the tables (`/tables/prices`). */
  readonly pointer: string;
  readonly text: Text;
}

/** 422 CHARGES_FACTS_INVALID with the issues in both languages; `fields` holds the English ones. */
export class FactsInvalid extends YaguraError {
  readonly issues: readonly Issue[];
  constructor(
    contract: string,
    issues: readonly Issue[],
    code: "CHARGES_FACTS_INVALID" | "CHARGES_FILE_INVALID" = "CHARGES_FACTS_INVALID",
  ) {
    super(code, errors[code], { contract, count: issues.length }, fieldsIn("en", issues));
    this.name = "FactsInvalid";
    this.issues = issues;
  }
  /** The same as field errors in a language. */
  fieldsIn(language: Language): { readonly pointer: string; readonly message: string }[] {
    return fieldsIn(language, this.issues);
  }
}

const fieldsIn = (language: Language, issues: readonly Issue[]): { pointer: string; message: string }[] =>
  issues.map(({ pointer, text }) => ({ pointer, message: text[language] }));

/** The same, seen from a file: tables are the file's own, everything else lies below its contract or claim. */
export const placed = ({ pointer, text }: Issue, below: string): Issue => ({
  pointer: pointer.startsWith("/tables") ? pointer : `${below}${pointer}`,
  text,
});
/** Each complaint once: contracts of one file may lack the same price. */
export const distinct = (issues: readonly Issue[]): Issue[] =>
  issues.filter(
    (one, at) => issues.findIndex((other) => other.pointer === one.pointer && other.text.en === one.text.en) === at,
  );
