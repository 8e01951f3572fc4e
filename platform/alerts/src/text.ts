/** The words of a finding: the service's table filled with the finding's parameters. */
import type { Language } from "@yagura/core/errors.ts";
import type { FindingKind, FindingKinds } from "@yagura/core/finding.ts";

export type Parameters = Readonly<Record<string, string | number>>;

/** Findings of all services by kind. */
export type Kinds = FindingKinds;

/** Of a kind that no service names any more: rows outlive tables. */
const gone = (kind: string): FindingKind => {
  const text = { en: kind, ja: kind };
  const nothing = { en: "", ja: "" };
  return { severity: "notice", title: text, normal: nothing, changed: nothing, advice: nothing };
};
export const kindOf = (kinds: Kinds, kind: string): FindingKind => kinds[kind] ?? gone(kind);

/** Letters of one parameter at most. */
const MOST = 1_000;
/**
 * Names come from networks: what breaks lines, or writes backwards (CVE-2021-42574), has no place in a subject or a sentence.
 */
const unfit = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const clean = (value: string | number): string => String(value).slice(0, MOST).replaceAll(unfit, " ");

/** `{name}` becomes the parameter, on one line; one that is missing is left out with its braces. */
export const fill = (text: string, parameters: Parameters): string =>
  text.replaceAll(/\{([A-Za-z0-9_]+)\}/g, (_, name: string) => clean(parameters[name] ?? "")).trim();

export interface Sentences {
  readonly title: string;
  readonly normal: string;
  readonly changed: string;
  readonly advice: string;
  readonly techniques: readonly string[];
}
export function sentences(kinds: Kinds, kind: string, parameters: Parameters, language: Language): Sentences {
  const row = kindOf(kinds, kind);
  return {
    title: fill(row.title[language], parameters),
    normal: fill(row.normal[language], parameters),
    changed: fill(row.changed[language], parameters),
    advice: fill(row.advice[language], parameters),
    techniques: row.techniques ?? [],
  };
}
