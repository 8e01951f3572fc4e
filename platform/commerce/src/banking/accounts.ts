/** What the files of requests have in common: kinds of account and the header that names the consignor. */
import { raise } from "./errors.ts";
import { blank, c, n, type Layout, type Values } from "./records.ts";

export type AccountKind = "ordinary" | "current" | "savings" | "other";
const codes: Readonly<Record<AccountKind, string>> = { ordinary: "1", current: "2", savings: "4", other: "9" };

export const codeOfKind = (kind: AccountKind): string => codes[kind];
/** Kind 3 (tax reserve) and others that are seldom are `other`. */
export function kindOfCode(code: string, record: number): AccountKind {
  const found = Object.entries(codes).find(([, one]) => one === code)?.[0];
  if (found !== undefined) return found as AccountKind;
  if (code === "3") return "other";
  throw raise("ZENGIN_FIELD", { record, field: "預金種目", value: code, wanted: "1, 2, 3, 4, 9" });
}

/** Who asks, and the account that the money comes to or goes from. */
export interface Consignor {
  /** 10 digits, given by the bank. */
  readonly code: string;
  readonly name: string;
  readonly bank: string;
  readonly bankName: string;
  readonly branch: string;
  readonly branchName: string;
  readonly accountKind: AccountKind;
  readonly accountNumber: string;
}

export const requestHeader: Layout = [
  n("class", 1, "データ区分"),
  n("kind", 2, "種別コード"),
  n("code", 1, "コード区分"),
  n("consignor", 10, "委託者コード"),
  c("consignorName", 40, "委託者名"),
  n("on", 4, "指定日"),
  n("bank", 4, "取引銀行番号"),
  c("bankName", 15, "取引銀行名", { cut: true }),
  n("branch", 3, "取引支店番号"),
  c("branchName", 15, "取引支店名", { cut: true }),
  n("accountKind", 1, "預金種目"),
  n("accountNumber", 7, "口座番号"),
  blank(17),
];

export const headerOf = (consignor: Consignor, monthDay: string): Values => ({
  consignor: consignor.code,
  consignorName: consignor.name,
  on: monthDay,
  bank: consignor.bank,
  bankName: consignor.bankName,
  branch: consignor.branch,
  branchName: consignor.branchName,
  accountKind: codeOfKind(consignor.accountKind),
  accountNumber: consignor.accountNumber,
});
