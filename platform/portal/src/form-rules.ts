/** What a field may hold, checked while typing by the same limits as the API's schemas. Pure. */
import { countCharacters } from "@yagura/core/text.ts";

/** A subset of JSON Schema, so that a property of an API shape can be handed in as it is. */
export interface Rule {
  readonly type?: string;
  readonly minLength?: number;
  /** Code points, as ajv counts. */
  readonly maxLength?: number;
  /** User-perceived characters, where a limit is meant for people. */
  readonly characters?: number;
  readonly pattern?: string | RegExp;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** May stay empty. */
  readonly optional?: boolean;
}

export type Refusal =
  | { readonly key: "form.required" | "form.mail" | "form.pattern" | "form.integer" }
  | { readonly key: "form.maxLength"; readonly limit: number; readonly n: number }
  | { readonly key: "form.minLength"; readonly limit: number }
  | { readonly key: "form.between"; readonly least: number; readonly most: number };

/** A domain of at least two labels, or this machine. */
const MAIL = /^[^\s@]+@([^\s@.]+(\.[^\s@.]+)+|localhost)$/;

/** Why a value cannot be taken, or null. */
export function checkValue(rule: Rule, value: string): Refusal | null {
  const text = value.trim();
  if (text === "") return rule.optional === true ? null : { key: "form.required" };
  if (rule.type === "integer" || rule.type === "number" || rule.minimum !== undefined) return checkNumber(rule, text);
  const limit = lengthLimit(rule);
  if (limit !== null) {
    const n = lengthOf(rule, text);
    if (n > limit) return { key: "form.maxLength", limit, n };
  }
  if (rule.minLength !== undefined && [...text].length < rule.minLength) {
    return { key: "form.minLength", limit: rule.minLength };
  }
  if (rule.format === "email" && !MAIL.test(text)) return { key: "form.mail" };
  if (rule.pattern !== undefined && !new RegExp(rule.pattern, "u").test(text)) return { key: "form.pattern" };
  return null;
}

function checkNumber(rule: Rule, text: string): Refusal | null {
  const number = Number(text);
  if (!Number.isFinite(number) || (rule.type !== "number" && !Number.isInteger(number))) return { key: "form.integer" };
  const { minimum: least = -Infinity, maximum: most = Infinity } = rule;
  return number < least || number > most ? { key: "form.between", least, most } : null;
}

/** The longest text that a rule admits, in the unit that `lengthOf` counts. */
export const lengthLimit = (rule: Rule): number | null => rule.characters ?? rule.maxLength ?? null;
export const lengthOf = (rule: Rule, text: string): number =>
  rule.characters === undefined ? [...text].length : countCharacters(text);

/** Whether a refusal is told while the field is still being filled in: only when more typing makes it worse. */
export const toldAtOnce = (refusal: Refusal): boolean => refusal.key === "form.maxLength";
