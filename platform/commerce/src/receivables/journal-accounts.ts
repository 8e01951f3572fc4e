/** Accounts of the journal, by code and name: setting `journal-accounts` of the provider overrides any of them. */
import type { Day } from "@yagura/core/calendar.ts";
import type { Index } from "../charging/index.ts";

export const accountKeys = [
  "receivable",
  "bank",
  "cash",
  "operator",
  "advance",
  "sales",
  "otherIncome",
  "lateInterest",
  "tax",
] as const;
export type AccountKey = (typeof accountKeys)[number];
export interface Account {
  readonly code: string;
  readonly name: string;
}

/** As a small company's chart of accounts has them. */
const defaultAccounts: Readonly<Record<AccountKey, Account>> = {
  receivable: { code: "1152", name: "売掛金" },
  bank: { code: "1112", name: "普通預金" },
  cash: { code: "1111", name: "現金" },
  operator: { code: "1173", name: "未収入金" },
  advance: { code: "2116", name: "前受金" },
  sales: { code: "4111", name: "売上高" },
  otherIncome: { code: "4191", name: "雑収入" },
  lateInterest: { code: "4192", name: "受取遅延損害金" },
  tax: { code: "2155", name: "仮受消費税" },
};

/** Parts that the setting does not name, or names wrongly, keep their default. */
export function accountsOn(tables: Index, on: Day): Readonly<Record<AccountKey, Account>> {
  const set = tables.setting("*", "journal-accounts", on);
  const given = typeof set === "object" && set !== null ? (set as Record<string, unknown>) : {};
  return Object.fromEntries(accountKeys.map((key) => [key, accountIn(given[key]) ?? defaultAccounts[key]])) as Record<
    AccountKey,
    Account
  >;
}

function accountIn(value: unknown): Account | null {
  if (typeof value !== "object" || value === null) return null;
  const { code, name } = value as Record<string, unknown>;
  return typeof code === "string" && typeof name === "string" ? { code, name } : null;
}
