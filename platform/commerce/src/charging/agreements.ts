/**
 * Special agreements (COM-21): `parameter-agreed` facts set single parameters of a plan's terms, named by JSON pointer, for a
 * range of days. The terms of a day are the version in force (COM-02) with the agreements of that day written over them.
 */
import type { Day } from "@yagura/core/calendar.ts";
import type { FactOf } from "./facts.ts";
import type { PlanTerms } from "./tables.ts";

export type Agreement = FactOf<"parameter-agreed">;

export const isAgreedOn = ({ on, until }: { on: Day; until?: Day }, day: Day): boolean =>
  on <= day && (until === undefined || day <= until);

/** Where a pointer leads, or undefined. */
export function at(terms: PlanTerms, pointer: string): unknown {
  let here: unknown = terms;
  for (const name of names(pointer)) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

/** The terms with the agreed values. The later of two agreements on one parameter wins. Nothing is changed in place. */
export const agreedTerms = (terms: PlanTerms, agreements: readonly Agreement[]): PlanTerms =>
  agreements.reduce((sum, { parameter, value }) => set(sum, names(parameter), value) as PlanTerms, terms);

function set(here: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(here)) return here.map((one, at) => (String(at) === name ? set(one, rest, value) : one));
  const object = here as Record<string, unknown>;
  return { ...object, [name]: set(object[name], rest, value) };
}

/** The unescaped steps of a pointer (RFC 6901). */
const names = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
