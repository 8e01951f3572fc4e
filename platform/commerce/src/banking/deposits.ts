/**
 * Money that came in: notices of transfers (振込入金通知, kind 01) and movements of an account (入出金取引明細, kind 03), 200 bytes
 * a record. Years are two digits, of the Japanese era with most banks.
 */
import { daysBetween, isDay, type Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import { raise } from "./errors.ts";
import { blank, c, checkTotal, n, readFileOf, writeFileOf, type FileLayouts, type LineEnds } from "./records.ts";

const opening = [
  n("class", 1, "データ区分"),
  n("kind", 2, "種別コード"),
  n("code", 1, "コード区分"),
  n("made", 6, "作成日"),
  n("from", 6, "勘定日(自)"),
  n("to", 6, "勘定日(至)"),
  n("bank", 4, "銀行コード"),
  c("bankName", 15, "銀行名", { cut: true }),
  n("branch", 3, "支店コード"),
  c("branchName", 15, "支店名", { cut: true }),
];

const noticeTotals = [
  n("count", 6, "振込合計件数"),
  n("total", 12, "振込合計金額"),
  n("cancelled", 6, "取消合計件数"),
  n("cancelledTotal", 12, "取消合計金額"),
] as const;
const noticeLayouts: FileLayouts = {
  kind: "01",
  header: [
    ...opening,
    n("accountKind", 1, "預金種目"),
    n("accountNumber", 7, "口座番号"),
    c("holder", 40, "口座名"),
    blank(93),
  ],
  data: [
    n("class", 1, "データ区分"),
    c("inquiry", 6, "照会番号"),
    n("on", 6, "勘定日"),
    n("valueOn", 6, "起算日", { blank: true }),
    n("amount", 10, "金額"),
    n("cheques", 10, "うち他店券金額", { blank: true }),
    c("payerCode", 10, "振込依頼人コード"),
    c("payer", 48, "振込依頼人名"),
    c("payerBank", 15, "仕向銀行名", { cut: true }),
    c("payerBranch", 15, "仕向店名", { cut: true }),
    c("cancel", 1, "取消区分"),
    c("edi", 20, "EDI情報"),
    blank(52),
  ],
  trailer: [n("class", 1, "データ区分"), ...noticeTotals, blank(163)],
};

const movementTotals = [
  n("inCount", 6, "入金件数"),
  n("inTotal", 13, "入金額合計"),
  n("outCount", 6, "出金件数"),
  n("outTotal", 13, "出金額合計"),
] as const;
const movementCount = n("records", 7, "データ・レコード件数");
export const movementLayouts: FileLayouts = {
  kind: "03",
  header: [
    ...opening,
    c("spare", 3, "ダミー"),
    n("accountKind", 1, "預金種目"),
    n("accountNumber", 10, "口座番号"),
    c("holder", 40, "口座名"),
    c("overdraft", 1, "貸越区分"),
    c("book", 1, "通帳・証書区分"),
    n("before", 14, "取引前残高", { blank: true }),
    blank(71),
  ],
  data: [
    n("class", 1, "データ区分"),
    c("inquiry", 8, "照会番号"),
    n("on", 6, "勘定日"),
    n("valueOn", 6, "預入・払出日", { blank: true }),
    n("direction", 1, "入払区分"),
    c("how", 2, "取引区分"),
    n("amount", 12, "取引金額"),
    n("cheques", 12, "うち他店券金額", { blank: true }),
    c("presented", 6, "交換呈示日"),
    c("dishonoured", 6, "不渡返還日"),
    c("paper", 1, "手形・小切手区分"),
    c("paperNumber", 7, "手形・小切手番号"),
    c("office", 3, "僚店番号"),
    c("payerCode", 10, "振込依頼人コード"),
    c("payer", 48, "振込依頼人名"),
    c("payerBank", 15, "仕向銀行名", { cut: true }),
    c("payerBranch", 15, "仕向店名", { cut: true }),
    c("remark", 20, "摘要内容"),
    c("edi", 20, "EDI情報"),
    blank(1),
  ],
  trailer: [
    n("class", 1, "データ区分"),
    ...movementTotals,
    c("overdraft", 1, "貸越区分"),
    n("after", 14, "取引後残高", { blank: true }),
    movementCount,
    blank(139),
  ],
};

export interface Deposit {
  readonly inquiry: string;
  readonly on: Day;
  readonly amount: Yen;
  /** As the bank gives it: half-width kana. */
  readonly payer: string;
  readonly payerCode: string;
  readonly edi: string;
  /** Remitting bank and branch. */
  readonly bank: string;
  /** True: the bank took an earlier one back. */
  readonly cancelled: boolean;
}
export interface DepositFile {
  readonly kind: "01" | "03";
  readonly bank: string;
  readonly branch: string;
  readonly accountNumber: string;
  readonly deposits: readonly Deposit[];
}

/** 11: by transfer; what else comes in (interest, the bank's own corrections) is no payment of a customer. */
const byTransfer = "11";

/**
 * Either kind. `today` decides what the two digits of a year mean: era or Christian year, whichever lies nearest.
 * Movements other than incoming transfers are counted in the totals and left out.
 */
export function readDeposits(bytes: Uint8Array, today: Day): DepositFile[] {
  const kind = Buffer.from(bytes.subarray(1, 3)).toString("latin1");
  if (kind !== "01" && kind !== "03") throw raise("ZENGIN_KIND", { found: kind, wanted: "01, 03" });
  const layouts = kind === "01" ? noticeLayouts : movementLayouts;
  return readFileOf(layouts, bytes).map((part) => {
    const rows = part.data.map(({ record, values }) => ({ values, deposit: depositOf(values, record, kind, today) }));
    const sum = (which: typeof rows): number => which.reduce((all, { deposit }) => all + deposit.amount, 0);
    const check = (fields: typeof noticeTotals, first: typeof rows, second: typeof rows): void => {
      [first.length, sum(first), second.length, sum(second)].forEach((counted, index) => {
        const field = fields[index];
        if (field !== undefined) checkTotal(part, field, counted);
      });
    };
    if (kind === "01") {
      const cancelled = rows.filter(({ deposit }) => deposit.cancelled);
      check(
        noticeTotals,
        rows.filter(({ deposit }) => !deposit.cancelled),
        cancelled,
      );
    } else {
      const incoming = rows.filter(({ values }) => values["direction"] === "1");
      check(
        movementTotals,
        incoming,
        rows.filter(({ values }) => values["direction"] !== "1"),
      );
      checkTotal(part, movementCount, rows.length);
    }
    return {
      kind,
      bank: part.header["bank"] ?? "",
      branch: part.header["branch"] ?? "",
      accountNumber: part.header["accountNumber"] ?? "",
      deposits: rows
        .filter(({ values }) => kind === "01" || (values["direction"] === "1" && values["how"] === byTransfer))
        .map(({ deposit }) => deposit),
    };
  });
}

function depositOf(values: Record<string, string>, record: number, kind: "01" | "03", today: Day): Deposit {
  return {
    inquiry: values["inquiry"] ?? "",
    on: dayIn(values["on"] ?? "", record, today),
    amount: Number(values["amount"]),
    payer: values["payer"] ?? "",
    payerCode: values["payerCode"] ?? "",
    edi: values["edi"] ?? "",
    bank: [values["payerBank"], values["payerBranch"]].filter(Boolean).join(" "),
    cancelled: kind === "01" && values["cancel"] === "1",
  };
}

/** First years of Reiwa and Heisei less one, and of the century. */
const eras = [2018, 1988, 2000] as const;

/** `080401` in 2026 is 2026-04-01 (Reiwa 8); `260401` is the same day by the Christian year. */
export function dayIn(text: string, record: number, today: Day): Day {
  const days = eras
    .map((era) => `${era + Number(text.slice(0, 2))}-${text.slice(2, 4)}-${text.slice(4, 6)}`)
    .filter(isDay)
    .toSorted((a, b) => Math.abs(daysBetween(a, today)) - Math.abs(daysBetween(b, today)));
  const nearest = days[0];
  if (nearest === undefined || Math.abs(daysBetween(nearest, today)) > 1500) {
    throw raise("ZENGIN_FIELD", { record, field: "勘定日", value: text, wanted: "YYMMDD" });
  }
  return nearest;
}

/** The day in the era's two digits. */
const eraDay = (day: Day): string =>
  String(Number(day.slice(0, 4)) - 2018).padStart(2, "0") + day.slice(5, 7) + day.slice(8, 10);

/** A notice of transfers as a bank writes it: for simulators and tests. */
export function writeNotices(file: Omit<DepositFile, "kind">, made: Day, ends: LineEnds = "crlf"): Buffer {
  const kept = file.deposits.filter(({ cancelled }) => !cancelled);
  const cancelled = file.deposits.filter((deposit) => deposit.cancelled);
  const sum = (list: readonly Deposit[]): string => String(list.reduce((all, { amount }) => all + amount, 0));
  const days = file.deposits.map(({ on }) => on).toSorted();
  return writeFileOf(
    noticeLayouts,
    {
      header: {
        made: eraDay(made),
        from: eraDay(days[0] ?? made),
        to: eraDay(days.at(-1) ?? made),
        bank: file.bank,
        branch: file.branch,
        accountKind: "1",
        accountNumber: file.accountNumber,
      },
      data: file.deposits.map((deposit) => ({
        inquiry: deposit.inquiry,
        on: eraDay(deposit.on),
        valueOn: eraDay(deposit.on),
        amount: String(deposit.amount),
        cheques: "0",
        payerCode: deposit.payerCode,
        payer: deposit.payer,
        payerBank: deposit.bank,
        cancel: deposit.cancelled ? "1" : "",
        edi: deposit.edi,
      })),
      trailer: {
        count: String(kept.length),
        total: sum(kept),
        cancelled: String(cancelled.length),
        cancelledTotal: sum(cancelled),
      },
    },
    ends,
  );
}
