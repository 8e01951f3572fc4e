/** Bulk transfers (総合振込, kind 21): refunds to customers. 120 bytes a record. */
import type { Yen } from "@yagura/core/yen.ts";
import { codeOfKind, headerOf, kindOfCode, requestHeader, type AccountKind, type Consignor } from "./accounts.ts";
import { blank, c, checkTotal, n, readFileOf, writeFileOf, type FileLayouts, type LineEnds } from "./records.ts";

const count = n("count", 6, "合計件数");
const total = n("total", 12, "合計金額");

export const transferLayouts: FileLayouts = {
  kind: "21",
  header: requestHeader,
  data: [
    n("class", 1, "データ区分"),
    n("bank", 4, "被仕向銀行番号"),
    c("bankName", 15, "被仕向銀行名", { cut: true }),
    n("branch", 3, "被仕向支店番号"),
    c("branchName", 15, "被仕向支店名", { cut: true }),
    n("clearingHouse", 4, "手形交換所番号", { blank: true }),
    n("accountKind", 1, "預金種目"),
    n("accountNumber", 7, "口座番号"),
    c("holder", 30, "受取人名"),
    n("amount", 10, "振込金額"),
    n("newCode", 1, "新規コード", { blank: true }),
    // 顧客コード1, 2 of ten each, or the EDI information where the next column but one is Y.
    c("edi", 20, "EDI情報"),
    n("speed", 1, "振込指定区分", { blank: true }),
    c("mark", 1, "識別表示"),
    blank(7),
  ],
  trailer: [n("class", 1, "データ区分"), count, total, blank(101)],
};

export interface TransferRecord {
  readonly bank: string;
  readonly bankName: string;
  readonly branch: string;
  readonly branchName: string;
  readonly accountKind: AccountKind;
  readonly accountNumber: string;
  readonly holder: string;
  readonly amount: Yen;
  /** Told to the payee where not empty. */
  readonly edi: string;
}
export interface TransferFile {
  readonly consignor: Consignor;
  readonly monthDay: string;
  readonly records: readonly TransferRecord[];
}

const sum = (records: readonly TransferRecord[]): number => records.reduce((all, { amount }) => all + amount, 0);

export function writeTransfers(file: TransferFile, ends: LineEnds = "crlf"): Buffer {
  return writeFileOf(
    transferLayouts,
    {
      header: headerOf(file.consignor, file.monthDay),
      data: file.records.map((record) => ({
        ...record,
        accountKind: codeOfKind(record.accountKind),
        amount: String(record.amount),
        clearingHouse: "0",
        newCode: "0",
        // 7: by telegraph, as all transfers are today.
        speed: "7",
        mark: record.edi === "" ? "" : "Y",
      })),
      trailer: { count: String(file.records.length), total: String(sum(file.records)) },
    },
    ends,
  );
}

export function readTransfers(bytes: Uint8Array): TransferFile[] {
  return readFileOf(transferLayouts, bytes).map((part) => {
    const records = part.data.map(({ record, values }): TransferRecord => ({
      bank: values["bank"] ?? "",
      bankName: values["bankName"] ?? "",
      branch: values["branch"] ?? "",
      branchName: values["branchName"] ?? "",
      accountKind: kindOfCode(values["accountKind"] ?? "", record),
      accountNumber: values["accountNumber"] ?? "",
      holder: values["holder"] ?? "",
      amount: Number(values["amount"]),
      edi: values["edi"] ?? "",
    }));
    checkTotal(part, count, records.length);
    checkTotal(part, total, sum(records));
    const header = part.header;
    return {
      consignor: {
        code: header["consignor"] ?? "",
        name: header["consignorName"] ?? "",
        bank: header["bank"] ?? "",
        bankName: header["bankName"] ?? "",
        branch: header["branch"] ?? "",
        branchName: header["branchName"] ?? "",
        accountKind: kindOfCode(header["accountKind"] ?? "", 1),
        accountNumber: header["accountNumber"] ?? "",
      },
      monthDay: header["on"] ?? "",
      records,
    };
  });
}
