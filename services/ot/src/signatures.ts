/** A site's signatures: what each rule says of itself, and which lines no sensor can use. The matching is the sensor's. */
import type { RuleFacts } from "./analysis/detect/types.ts";
import { loadRules, type LoadedRules } from "./decode/rules/load.ts";

/** Texts whose rules are kept: reading 20,000 takes half a second. */
const MAX_KEPT = 16;
const kept = new Map<string, LoadedRules>();

function loaded(text: string): LoadedRules {
  const known = kept.get(text);
  if (known !== undefined) return known;
  if (kept.size >= MAX_KEPT) kept.clear();
  const rules = loadRules(text.split(/\r?\n/));
  kept.set(text, rules);
  return rules;
}

/** By `sid`. */
export const ruleFacts = (text: string): ReadonlyMap<number, RuleFacts> =>
  text === "" ? new Map<number, RuleFacts>() : loaded(text).facts;

export const refusedRules = (text: string): { readonly line: number; readonly reason: string }[] =>
  text === ""
    ? []
    : loaded(text)
        .refused.slice(0, 100)
        .map(({ line, reason }) => ({ line, reason }));
