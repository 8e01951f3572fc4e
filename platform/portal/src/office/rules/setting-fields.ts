/** How the value of a setting is entered: fields by its shape, JSON only where nothing simpler fits. Pure. */
import type { Rule } from "../../form-rules.ts";
import { isDue, isParts } from "./tell-value.ts";

export type Entry = "choice" | "number" | "yes-no" | "due" | "lines" | "parts" | "text" | "json";

/** Keys whose value is a list of texts even while it is empty. */
const LISTS: ReadonlySet<string> = new Set(["areas"]);
/** Keys whose value may have several shapes. */
const MIXED: ReadonlySet<string> = new Set(["late-interest"]);

export function entryOf(key: string, value: unknown, choices: number): Entry {
  if (choices > 0) return "choice";
  if (MIXED.has(key)) return "json";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "yes-no";
  if (typeof value === "string") return "text";
  if (isDue(value)) return "due";
  const texts = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
  if (LISTS.has(key) || texts) return "lines";
  return isParts(value) ? "parts" : "json";
}

export type Fields = Readonly<Record<string, string>>;
const PART = "part:";
export const partsOf = (fields: Fields): readonly string[] =>
  Object.keys(fields).filter((name) => name.startsWith(PART));
export const partOf = (name: string): string => name.slice(PART.length);

export function fieldsOf(entry: Entry, value: unknown): Fields {
  if (entry === "due" && isDue(value))
    return { months: String(value.monthsAfter), day: String(value.day), shift: value.shift ?? "none" };
  if (entry === "lines") return { value: Array.isArray(value) ? value.join("\n") : "" };
  if (entry === "parts" && isParts(value))
    return Object.fromEntries(Object.entries(value).map(([part, each]) => [`${PART}${part}`, String(each)]));
  if (entry === "json") return { value: JSON.stringify(value ?? null) };
  if (value === null || value === undefined) return { value: "" };
  return { value: typeof value === "string" ? value : JSON.stringify(value) };
}

const LARGEST = 1_000_000_000_000;
const whole: Rule = { type: "integer", minimum: 0, maximum: LARGEST };
export function rulesOf(entry: Entry, value: unknown): Readonly<Record<string, Rule>> {
  if (entry === "due") return { months: { type: "integer", minimum: 0, maximum: 12 } };
  if (entry === "number") return { value: whole };
  if (entry === "parts" && isParts(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([part, each]) => [
        `${PART}${part}`,
        typeof each === "number" ? whole : { maxLength: 200 },
      ]),
    );
  }
  return { value: { maxLength: 60_000 } };
}

/** The value that the fields say; parts keep the type they had. */
export function valueOf(entry: Entry, fields: Fields, before: unknown): unknown {
  const { value = "" } = fields;
  switch (entry) {
    case "number":
      return Number(value);
    case "yes-no":
      return value === "true";
    case "json":
      return JSON.parse(value) as unknown;
    case "lines":
      return value
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    case "due": {
      const { months = "0", day = "last", shift = "none" } = fields;
      const due = { monthsAfter: Number(months), day: day === "last" ? day : Number(day) };
      return shift === "none" ? due : { ...due, shift };
    }
    case "parts": {
      const old = isParts(before) ? before : {};
      return Object.fromEntries(
        partsOf(fields).map((name) => {
          const part = partOf(name);
          return [part, typeof old[part] === "number" ? Number(fields[name]) : fields[name]];
        }),
      );
    }
    default:
      return value;
  }
}
