/** A site's signatures: what each rule says of itself, and which lines no sensor can use. The matching is the sensor's. */
import type { RuleFacts } from "./analysis/detect/types.ts";
import { isRuleLine, MAX_RULES } from "./configuration.ts";
import { loadRules, type LoadedRules } from "./decode/rules/load.ts";
import { Refused, refusalOf, type Refusal } from "./decode/rules/rule.ts";
import type { Signatures } from "./wire/api-rules.ts";

/** Texts whose rules are kept: reading 20,000 takes half a second. */
const MAX_KEPT = 16;
/** Refused lines that are told one by one; how many there are is told besides. */
const MAX_TOLD = 100;

interface Read extends LoadedRules {
  /** Rules that are not used: each refused one, and all beyond what a sensor takes. */
  readonly unused: number;
}
const kept = new Map<string, Read>();

/** Lines up to the last rule that a sensor is given. */
function usedLines(lines: readonly string[]): number {
  let rules = 0;
  const beyond = lines.findIndex((line) => isRuleLine(line) && ++rules > MAX_RULES);
  return beyond < 0 ? lines.length : beyond;
}

function loaded(text: string): Read {
  const known = kept.get(text);
  if (known !== undefined) return known;
  if (kept.size >= MAX_KEPT) kept.clear();
  const lines = text.split(/\r?\n/);
  const used = usedLines(lines);
  const rules = loadRules(lines.slice(0, used));
  const left = lines.slice(used).filter(isRuleLine).length;
  const over = left === 0 ? [] : [refusalOf(new Refused("too-many", { limit: MAX_RULES }), used + 1, null)];
  const read: Read = { ...rules, refused: [...rules.refused, ...over], unused: rules.refused.length + left };
  kept.set(text, read);
  return read;
}

/** By `sid`. */
export const ruleFacts = (text: string): ReadonlyMap<number, RuleFacts> =>
  text === "" ? new Map<number, RuleFacts>() : loaded(text).facts;

/** How many rules the sensors of a site use, and which lines are of no use and why. */
export function readRules(text: string): Pick<Signatures, "rules" | "unused" | "refused"> {
  if (text === "") return { rules: 0, unused: 0, refused: [] };
  const { facts, unused, refused } = loaded(text);
  const told = refused.toSorted((a: Refusal, b: Refusal) => a.line - b.line).slice(0, MAX_TOLD);
  return { rules: facts.size, unused, refused: told.map(({ line, code, parameters }) => ({ line, code, parameters })) };
}
