/** The four sentences of a finding in the reader's language. */
import type { Language } from "@yagura/portal/words.ts";
import { findingKinds } from "../../analysis/findings.ts";
import type { FindingView } from "../../wire/api-findings.ts";

export interface Sentences {
  readonly title: string;
  readonly normal: string;
  readonly changed: string;
  readonly advice: string;
}
/** `{name}` becomes the parameter; one that is missing leaves nothing. */
export const fill = (text: string, parameters: FindingView["parameters"]): string =>
  text.replaceAll(/\{([A-Za-z0-9_]+)\}/g, (_, name: string) => String(parameters[name] ?? "")).trim();

/** A kind that this portal does not know (older rows) is told by its name. */
export function sentencesOf(
  { kind, parameters }: Pick<FindingView, "kind" | "parameters">,
  language: Language,
): Sentences {
  const row = findingKinds[kind];
  if (row === undefined) return { title: kind, normal: "", changed: "", advice: "" };
  return {
    title: fill(row.title[language], parameters),
    normal: fill(row.normal[language], parameters),
    changed: fill(row.changed[language], parameters),
    advice: fill(row.advice[language], parameters),
  };
}
