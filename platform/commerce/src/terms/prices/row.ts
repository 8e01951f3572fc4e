/** One row of a price book's file: what it must say, and why it is refused. */
import { isDay, type Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import type { Text } from "../../charging/tables.ts";
import type { PriceRefusal } from "../shapes.ts";

export interface FileRow {
  /** Line of the file. */
  readonly line: number;
  readonly service: string;
  readonly plan: string;
  readonly item: string;
  /** Null: no price from that day. */
  readonly amount: Yen | null;
  readonly display: Yen | null;
  readonly from: Day;
  /** Last day, or null. */
  readonly lastDay: Day | null;
}

/** Columns of the file, with the names that a Japanese sheet gives them. */
export const columns = {
  service: "サービス",
  plan: "プラン",
  item: "品目",
  amount: "税抜金額",
  with_tax: "税込表示",
  from: "適用開始日",
  last_day: "最終日",
} as const;
export type Column = keyof typeof columns;
export const columnNames = Object.keys(columns) as readonly Column[];
export const neededColumns: readonly Column[] = ["service", "plan", "item", "amount", "from"];

/** Nothing in a row is longer; what is, is cut before it is told back, since it may stand in each of many rows. */
const LONGEST = 100;
/** More than any price here; the database takes as much. */
const MAX_YEN = 1_000_000_000_000;

export const reasons = {
  column: (name: string): Text => ({
    en: `There is no column “${name}”. Columns: ${columnNames.join(", ")}.`,
    ja: `「${name}」という列はありません。使える列: ${Object.values(columns).join("、")}`,
  }),
  missingColumn: (name: Column): Text => ({
    en: `The column “${name}” is missing.`,
    ja: `「${columns[name]}」の列がありません。`,
  }),
  empty: (name: Column): Text => ({ en: `${name} is empty.`, ja: `${columns[name]}が空です。` }),
  code: (value: string): Text => ({
    en: `“${value}” is not a code: small letters, digits and hyphens, at most 40.`,
    ja: `「${value}」はコードとして使えません。半角の英小文字・数字・ハイフンを40文字以内で指定してください。`,
  }),
  yen: (value: string): Text => ({
    en: `“${value}” is not an amount: whole yen from 0 to ${MAX_YEN}, or “end” for no price any more.`,
    ja: `「${value}」は金額ではありません。0以上${MAX_YEN}以下の整数（円）、または販売終了を表す end を指定してください。`,
  }),
  day: (value: string): Text => ({
    en: `“${value}” is not a day of the calendar such as 2027-04-01.`,
    ja: `「${value}」は暦にない日付です。2027-04-01 の形で指定してください。`,
  }),
  order: (from: Day, lastDay: Day): Text => ({
    en: `The last day ${lastDay} lies before the first day ${from}.`,
    ja: `最終日 ${lastDay} が適用開始日 ${from} より前です。`,
  }),
  twice: (line: number): Text => ({
    en: `The same item on the same day stands in line ${line}.`,
    ja: `同じ品目・同じ日の行が ${line} 行目にもあります。`,
  }),
  service: (value: string, known: readonly string[]): Text => ({
    en: `There is no service “${value}”. Services: ${known.join(", ")}.`,
    ja: `「${value}」というサービスはありません。サービス: ${known.join("、")}`,
  }),
  plan: (value: string, known: readonly string[]): Text => ({
    en: `The terms know no plan “${value}”. Plans: ${known.join(", ")}.`,
    ja: `「${value}」というプランは約款にありません。プラン: ${known.join("、")}`,
  }),
  item: (value: string, known: readonly string[]): Text => ({
    en: `The terms know no item “${value}” in this plan. Items: ${known.join(", ")}.`,
    ja: `「${value}」という品目はこのプランの約款にありません。品目: ${known.join("、")}`,
  }),
} as const;

/** The row, or why not. */
export function readRow(record: Readonly<Record<string, unknown>>, line: number): FileRow | PriceRefusal[] {
  const refused: PriceRefusal[] = [];
  const refuse = (column: Column, reason: Text): null => {
    refused.push({ line, column, reason });
    return null;
  };
  const text = (column: Column): string => {
    const value = record[column];
    if (value === null || value === undefined) return "";
    // A nested value of a YAML file is no text: it is shown as it stands, and refused.
    const told = typeof value === "string" || typeof value === "number" ? String(value).trim() : JSON.stringify(value);
    return told.length <= LONGEST ? told : `${told.slice(0, LONGEST)}…`;
  };
  const code = (column: "service" | "plan" | "item"): string => {
    const value = text(column);
    if (value === "") refuse(column, reasons.empty(column));
    else if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(value)) refuse(column, reasons.code(value));
    return value;
  };
  const yen = (column: "amount" | "with_tax"): Yen | null => {
    const value = text(column);
    const amount = readYen(value);
    return amount === null ? refuse(column, value === "" ? reasons.empty(column) : reasons.yen(value)) : amount;
  };
  const day = (column: "from" | "last_day"): Day | null => {
    const value = text(column);
    return readDay(value) ?? refuse(column, value === "" ? reasons.empty(column) : reasons.day(value));
  };
  const [service, plan, item] = [code("service"), code("plan"), code("item")];
  const ends = ["end", "終了"].includes(text("amount"));
  const amount = ends ? null : yen("amount");
  const display = ends || text("with_tax") === "" ? null : yen("with_tax");
  const from = day("from");
  const lastDay = text("last_day") === "" ? null : day("last_day");
  if (from !== null && lastDay !== null && lastDay < from) refuse("last_day", reasons.order(from, lastDay));
  if (refused.length > 0 || from === null) return refused;
  return { line, service, plan, item, amount, display, from, lastDay };
}

/** `1800`, `1,800`, `¥1,800`; null for anything else. */
function readYen(text: string): Yen | null {
  const match = /^[¥￥]?(\d{1,3}(?:,\d{3})+|\d{1,13})円?$/.exec(text);
  if (match === null) return null;
  const amount = Number(match[1]?.replaceAll(",", ""));
  return amount <= MAX_YEN ? amount : null;
}

/** `2027-04-01`, and `2027/4/1` as spreadsheets write it; null for anything else. */
function readDay(text: string): Day | null {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
  if (match === null) return null;
  const [, year = "", month = "", day = ""] = match;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDay(iso) ? iso : null;
}
