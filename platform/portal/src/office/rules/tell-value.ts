/** Values of settings in words: what a clerk reads, never the JSON of it where it can be said. */
import { useCallback } from "react";
import type { SettingItem } from "@yagura/commerce/terms/shapes.ts";
import { useFormat, useWords, type Format } from "../../language.tsx";
import { useName } from "../parts/name.ts";
import { ruleWords } from "../words/rules.ts";
import { valueWords } from "../words/values.ts";

type Unit = "days" | "months" | "yen" | "megabytes" | "tickets" | "dayOfMonth";
const units: Readonly<Record<string, Unit>> = {
  anchor: "dayOfMonth",
  "return-months": "months",
  "underbilling-threshold": "yen",
  postage: "yen",
  "log-retention": "days",
  "quarantine-days": "days",
  "quarantine-size": "megabytes",
  "included-tickets": "tickets",
};
export const unitOf = (key: string): Unit | undefined => (key.endsWith("-notice-days") ? "days" : units[key]);

type Words = ReturnType<typeof useWords<typeof valueWords>>;
export const partName = (t: Words, part: string): string =>
  `part.${part}` in valueWords ? t(`part.${part}` as "part.url") : part;
const codeName = (t: Words, code: string): string =>
  `code.${code}` in valueWords ? t(`code.${code}` as "code.provider") : code;

export interface Due {
  readonly monthsAfter: number;
  readonly day: number | "last";
  readonly shift?: "none" | "next" | "previous";
}
interface Hours {
  readonly weekdays: readonly number[];
  readonly opens: string;
  readonly closes: string;
  readonly closedOn: readonly ("national-holiday" | "designated")[];
  readonly yearEnd?: { readonly from: string; readonly to: string } | null;
}
type Value = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Value =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isDue = (value: unknown): value is Due => isObject(value) && "monthsAfter" in value && "day" in value;
const isHours = (value: unknown): value is Hours => isObject(value) && "weekdays" in value && "opens" in value;
const isPlain = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";
/** Figures or codes by name, such as tickets by their kind. */
export const isParts = (value: unknown): value is Readonly<Record<string, string | number>> =>
  isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isPlain);

function tellDue(t: Words, { monthsAfter: n, day, shift }: Due): string {
  const on = day === "last" ? t("due.last") : t("due.dayOf", { n: day });
  const said = n <= 2 ? t(`due.${n as 0 | 1 | 2}`, { day: on }) : t("due.n", { n, day: on });
  return shift === undefined || shift === "none" ? said : `${said}, ${t("due.shift")}: ${t(`shift.${shift}`)}`;
}

type RuleWords = ReturnType<typeof useWords<typeof ruleWords>>;
function tellYearEnd(t: Words, { from, to }: { readonly from: string; readonly to: string }): string {
  const [a, b] = [from, to].map((each) => {
    const [month = "", day = ""] = each.split("-");
    return t("monthDay", { month: month.replace(/^0/, ""), day: day.replace(/^0/, "") });
  });
  return t("yearEnd", { from: a ?? from, to: b ?? to });
}
function tellHours(t: Words, r: RuleWords, hours: Hours): string {
  const names = hours.weekdays.map((day) => r(`weekday.${day as 1}`));
  const whole = hours.weekdays.every((day, at) => at === 0 || day === (hours.weekdays[at - 1] ?? 0) + 1);
  const days =
    whole && names.length > 2 ? t("hours.days", { from: names[0] ?? "", to: names.at(-1) ?? "" }) : names.join(" ");
  const closed = [
    ...hours.closedOn.map((kind) => r(`closed.${kind}`)),
    ...(hours.yearEnd === undefined || hours.yearEnd === null ? [] : [tellYearEnd(t, hours.yearEnd)]),
  ];
  const open = `${days} ${hours.opens}–${hours.closes}`;
  return closed.length === 0 ? open : `${open} / ${t("hours.closed", { days: closed.join(r("and")) })}`;
}

function tellNumber(t: Words, format: Format, unit: Unit | undefined, n: number): string {
  if (unit === "yen") return format.yen(n);
  return unit === undefined ? format.number(n) : t(`told.${unit}`, { n });
}

/** The rate in words, what else the rule says by its names. */
function tellInterest(t: Words, rate: string, own: Value): string {
  const said = rate === "statutory" ? t("interest.statutory") : t("interest.rate", { rate });
  const others = Object.entries(own).filter(([name]) => name !== "rate");
  return [said, ...others.map(([name, each]) => t("pair", { name, value: String(each) }))].join(" / ");
}

function tellAny(t: Words, r: RuleWords, format: Format, key: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return tellNumber(t, format, unitOf(key), value);
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (value === "off" && key === "late-interest") return t("interest.off");
  if (typeof value === "string") return codeName(t, value);
  if (Array.isArray(value)) {
    if (value.length === 0) return t("none");
    return value.every(isPlain) ? value.map(String).join(r("and")) : JSON.stringify(value);
  }
  if (isDue(value)) return tellDue(t, value);
  if (isHours(value)) return tellHours(t, r, value);
  const own = value as Value;
  if (key === "late-interest" && typeof own["rate"] === "string") return tellInterest(t, own["rate"], own);
  const yearEnd = own["yearEnd"];
  if (isObject(yearEnd) && Object.keys(own).length === 1)
    return tellYearEnd(t, yearEnd as { readonly from: string; readonly to: string });
  if (isParts(value)) {
    return Object.entries(value)
      .map(([part, each]) => t("pair", { name: partName(t, part), value: tellAny(t, r, format, key, each) }))
      .join(r("and"));
  }
  return JSON.stringify(value);
}

/** `tell(key, value, choices)`: the value of a setting in the reader's words. */
export function useTellValue(): (key: string, value: unknown, choices?: SettingItem["choices"]) => string {
  const t = useWords(valueWords);
  const r = useWords(ruleWords);
  const format = useFormat();
  const say = useName();
  return useCallback(
    (key, value, choices = []) => {
      const choice = choices.find((each) => each.value === value);
      return choice === undefined ? tellAny(t, r, format, key, value) : say(choice.text);
    },
    [t, r, format, say],
  );
}
