/** A description while it is written: what is wrong with it, and where. */
import type { Language } from "@yagura/core/errors.ts";
import { checkDescription } from "../../wire/declared-check.ts";
import { sayProblem } from "../../wire/declared-words.ts";
import type { DeclaredDescription } from "../../wire/declared.ts";

export interface Draft {
  readonly description: DeclaredDescription | null;
  /** Sentences; empty when it can be saved. */
  readonly problems: readonly string[];
  /** What JSON itself has to say, when it is none. */
  readonly syntax: string | null;
}

export function readDraft(text: string, language: Language): Draft {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { description: null, problems: [], syntax: error instanceof Error ? error.message : String(error) };
  }
  const { description, problems } = checkDescription(value);
  return { description, problems: problems.map((one) => sayProblem(one, language)), syntax: null };
}

export const writeDraft = (description: DeclaredDescription): string => `${JSON.stringify(description, null, 2)}\n`;
