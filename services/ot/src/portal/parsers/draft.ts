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

/** Columns up to which an object or a list stands in one line. */
const LINE = 110;

/** JSON as people write it: what is short in one line, the rest line by line. */
export const writeDraft = (description: DeclaredDescription): string => `${written(description, "")}\n`;

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;
/** Entries of an object, items of a list; each with what stands before it. */
const partsOf = (value: object): readonly (readonly [before: string, inner: unknown])[] =>
  Array.isArray(value)
    ? value.map((inner: unknown) => ["", inner] as const)
    : Object.entries(value).map(([name, inner]) => [`${JSON.stringify(name)}: `, inner] as const);

function inline(value: unknown): string {
  if (!isNested(value)) return JSON.stringify(value);
  const text = partsOf(value)
    .map(([before, inner]) => before + inline(inner))
    .join(", ");
  return Array.isArray(value) ? `[${text}]` : `{ ${text} }`;
}

function written(value: unknown, indent: string): string {
  const line = inline(value);
  if (!isNested(value)) return line;
  const rows = indent === "" || (Array.isArray(value) && value.some(isNested));
  if (!rows && line.length <= LINE) return line;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const deeper = `${indent}  `;
  const lines = partsOf(value).map(([before, inner]) => deeper + before + written(inner, deeper));
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}
