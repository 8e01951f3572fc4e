/** How days, amounts and texts are written on documents, per language. */
import type { Language } from "@yagura/core/errors.ts";
import { grouped, type Yen } from "@yagura/core/yen.ts";
import type { Words } from "./shapes.ts";

export const say = (words: Words, language: Language): string => (typeof words === "string" ? words : words[language]);

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `2026年11月20日`, `20 Nov 2026`. */
export function day(iso: string, language: Language): string {
  const [year = "", month = "", date = ""] = iso.split("-");
  return language === "ja"
    ? `${Number(year)}年${Number(month)}月${Number(date)}日`
    : `${Number(date)} ${months[Number(month) - 1]} ${Number(year)}`;
}

/** For columns: `2026/11/01`, `01 Nov 2026`. */
export function shortDay(iso: string, language: Language): string {
  const [year = "", month = "", date = ""] = iso.split("-");
  return language === "ja" ? `${year}/${month}/${date}` : `${date} ${months[Number(month) - 1]} ${year}`;
}

export const period = ({ from, to }: { from: string; to: string }, language: Language): string =>
  from === to ? day(from, language) : `${day(from, language)}${language === "ja" ? "～" : " – "}${day(to, language)}`;

/** For columns, without what both days share: `2026/11/01～11/30`, `1 – 30 Nov 2026`. */
export function shortPeriod({ from, to }: { from: string; to: string }, language: Language): string {
  if (from === to) return shortDay(from, language);
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  if (language === "ja") {
    const last = shortDay(to, language);
    return sameYear ? `${shortDay(from, language)}～${last.slice(5)}` : `${shortDay(from, language)}～\n${last}`;
  }
  const first = shortDay(from, language);
  const kept = from.slice(0, 7) === to.slice(0, 7) ? first.slice(0, 2) : sameYear ? first.slice(0, 6) : first;
  return `${kept} –${sameYear ? " " : "\n"}${shortDay(to, language)}`;
}

/** `1,234`; below zero as bookkeepers write it: `▲1,234`, `-1,234`. */
export const figure = (amount: Yen, language: Language): string =>
  amount < 0 ? `${language === "ja" ? "▲" : "-"}${grouped(-amount)}` : grouped(amount);

/** `¥1,234`. */
export const yen = (amount: Yen, language: Language): string =>
  amount < 0 ? `${language === "ja" ? "▲" : "-"}¥${grouped(-amount)}` : `¥${grouped(amount)}`;

/** A tax rate as it stands in a column. */
export function rateName(rate: string, language: Language): string {
  if (rate === "out-of-scope") return language === "ja" ? "対象外" : "no tax";
  if (rate === "exempt") return language === "ja" ? "非課税" : "exempt";
  return rate;
}

/** 御中 or 様, and the way a person of a company is addressed. */
export const honorific = (kind: "company" | "person", language: Language): string =>
  language === "en" ? "" : kind === "company" ? " 御中" : " 様";
