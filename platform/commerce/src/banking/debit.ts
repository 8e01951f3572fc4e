/**
 * Direct debit (預金口座振替, kind 91): the request that we send to the bank, and the same records with a result that come back.
 * 120 bytes a record.
 */
import type { Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import type { AccountKind, Consignor } from "./accounts.ts";
import { codeOfKind, headerOf, kindOfCode, requestHeader } from "./accounts.ts";
import { blank, c, checkTotal, n, readFileOf, writeFileOf, type FileLayouts, type LineEnds } from "./records.ts";
import { raise } from "./errors.ts";

const trailer = [
  n("class", 1, "データ区分"),
  n("count", 6, "合計件数"),
  n("total", 12, "合計金額"),
  n("debited", 6, "振替済件数", { blank: true }),
  n("debitedTotal", 12, "振替済金額", { blank: true }),
  n("failed", 6, "振替不能件数", { blank: true }),
  n("failedTotal", 12, "振替不能金額", { blank: true }),
  blank(65),
] as const;

export const debitLayouts: FileLayouts = {
  kind: "91",
  header: requestHeader,
  data: [
    n("class", 1, "データ区分"),
    n("bank", 4, "引落銀行番号"),
    c("bankName", 15, "引落銀行名", { cut: true }),
    n("branch", 3, "引落支店番号"),
    c("branchName", 15, "引落支店名", { cut: true }),
    blank(4),
    n("accountKind", 1, "預金種目"),
    n("accountNumber", 7, "口座番号"),
    c("holder", 30, "預金者名"),
    n("amount", 10, "引落金額"),
    n("newCode", 1, "新規コード"),
    c("customer", 20, "顧客番号"),
    n("result", 1, "振替結果コード", { blank: true }),
    blank(8),
  ],
  trailer,
};

export interface DebitRecord {
  readonly bank: string;
  readonly bankName: string;
  readonly branch: string;
  readonly branchName: string;
  readonly accountKind: AccountKind;
  readonly accountNumber: string;
  readonly holder: string;
  readonly amount: Yen;
  /** 1: the first request for this account, 2: the account changed, 0: else. */
  readonly newCode: "0" | "1" | "2";
  /** At most 20 digits or letters; comes back with the result. */
  readonly customer: string;
  /** `0` in a request. */
  readonly result: string;
}
export interface DebitFile {
  readonly consignor: Consignor;
  /** `MMDD`: the file knows no year. */
  readonly monthDay: string;
  readonly records: readonly DebitRecord[];
}

/** What the banks answer. */
export const debitResults: Readonly<Record<string, { readonly ja: string; readonly en: string }>> = {
  "0": { ja: "振替済み", en: "debited" },
  "1": { ja: "資金不足", en: "not enough money" },
  "2": { ja: "預金取引なし", en: "no such account" },
  "3": { ja: "預金者の都合による振替停止", en: "stopped by the account's holder" },
  "4": { ja: "預金口座振替依頼書なし", en: "no mandate at the bank" },
  "8": { ja: "委託者の都合による振替停止", en: "stopped by the consignor" },
  "9": { ja: "その他", en: "other reason" },
};

export const monthDayOf = (day: Day): string => day.slice(5, 7) + day.slice(8, 10);

/** A request, or (for simulators) its results. Refuses what the format cannot hold, with the field's name. */
export function writeDebits(file: DebitFile, ends: LineEnds = "crlf", what: "request" | "results" = "request"): Buffer {
  const sums = sumsOf(file.records);
  return writeFileOf(
    debitLayouts,
    {
      header: headerOf(file.consignor, file.monthDay),
      data: file.records.map((record) => ({
        ...record,
        accountKind: codeOfKind(record.accountKind),
        amount: String(record.amount),
      })),
      trailer: Object.fromEntries(
        Object.entries(sums).map(([name, sum]) => [
          name,
          what === "results" || name === "count" || name === "total" ? String(sum) : "0",
        ]),
      ),
    },
    ends,
  );
}

const sumsOf = (records: readonly DebitRecord[]) => {
  const debited = records.filter(({ result }) => result === "0");
  const sum = (list: readonly DebitRecord[]): number => list.reduce((total, { amount }) => total + amount, 0);
  return {
    count: records.length,
    total: sum(records),
    debited: debited.length,
    debitedTotal: sum(debited),
    failed: records.length - debited.length,
    failedTotal: sum(records) - sum(debited),
  };
};

/** A request file as it was written; `results` also checks the counts of what was debited and what was not. */
export function readDebits(bytes: Uint8Array, what: "request" | "results"): DebitFile[] {
  return readFileOf(debitLayouts, bytes).map((part) => {
    const records = part.data.map(({ record, values }): DebitRecord => {
      const result = values["result"] === "" ? "0" : (values["result"] ?? "0");
      if (debitResults[result] === undefined) {
        throw raise("ZENGIN_FIELD", {
          record,
          field: "振替結果コード",
          value: result,
          wanted: Object.keys(debitResults).join(", "),
        });
      }
      return {
        bank: values["bank"] ?? "",
        bankName: values["bankName"] ?? "",
        branch: values["branch"] ?? "",
        branchName: values["branchName"] ?? "",
        accountKind: kindOfCode(values["accountKind"] ?? "", record),
        accountNumber: values["accountNumber"] ?? "",
        holder: values["holder"] ?? "",
        amount: Number(values["amount"]),
        newCode: (values["newCode"] ?? "0") as DebitRecord["newCode"],
        customer: values["customer"] ?? "",
        result,
      };
    });
    const sums: Record<string, number> = sumsOf(records);
    for (const field of trailer) {
      if (field.name === "" || field.name === "class") continue;
      if (what === "request" && field.name !== "count" && field.name !== "total") continue;
      checkTotal(part, field, sums[field.name] ?? 0);
    }
    return { consignor: consignorIn(part.header, 1), monthDay: part.header["on"] ?? "", records };
  });
}

const consignorIn = (header: Record<string, string>, record: number): Consignor => ({
  code: header["consignor"] ?? "",
  name: header["consignorName"] ?? "",
  bank: header["bank"] ?? "",
  bankName: header["bankName"] ?? "",
  branch: header["branch"] ?? "",
  branchName: header["branchName"] ?? "",
  accountKind: kindOfCode(header["accountKind"] ?? "", record),
  accountNumber: header["accountNumber"] ?? "",
});
