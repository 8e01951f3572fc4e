import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { YaguraError } from "@yagura/core/errors.ts";
import { cases } from "@yagura/testkit/cases.ts";
import type { AccountKind, Consignor } from "./accounts.ts";
import { debitLayouts, readDebits, writeDebits, type DebitRecord } from "./debit.ts";
import { dayIn, movementLayouts, readDeposits, writeNotices, type Deposit } from "./deposits.ts";
import { writeFileOf, type Layout } from "./records.ts";
import { comparable, fromBytes, toBytes, toFileText } from "./text.ts";
import { readTransfers, transferLayouts, writeTransfers, type TransferRecord } from "./transfer.ts";

const kana = [..."ｱｲｳｶｷｸｻﾀﾅﾊﾏﾔﾗﾜﾝABCXYZ0123456789().-/,｢｣ "];
const name = (size: number) =>
  fc
    .array(fc.constantFrom(...kana), { maxLength: size })
    // What is right of the last character cannot be told from filling.
    .map((characters) => characters.join("").trimEnd());
const digits = (size: number) =>
  fc.array(fc.constantFrom(..."0123456789"), { minLength: size, maxLength: size }).map((d) => d.join(""));
const kind = fc.constantFrom<AccountKind>("ordinary", "current", "savings", "other");
const account = {
  bank: digits(4),
  bankName: name(15),
  branch: digits(3),
  branchName: name(15),
  accountKind: kind,
  accountNumber: digits(7),
};
const consignor: fc.Arbitrary<Consignor> = fc.record({ ...account, code: digits(10), name: name(40) });
const amount = fc.integer({ min: 0, max: 9_999_999_999 });
const monthDay = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(""));
const ends = fc.constantFrom("crlf" as const, "none" as const);

const caught = (work: () => unknown): YaguraError => {
  try {
    work();
  } catch (error) {
    if (error instanceof YaguraError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("direct debit (kind 91)", () => {
  const record: fc.Arbitrary<DebitRecord> = fc.record({
    ...account,
    holder: name(30),
    amount,
    newCode: fc.constantFrom("0" as const, "1" as const, "2" as const),
    customer: digits(20),
    result: fc.constantFrom("0", "1", "2", "3", "4", "8", "9"),
  });
  test("what is written is read back, with any line ends; records have 120 bytes", () => {
    fc.assert(
      fc.property(consignor, monthDay, fc.array(record, { maxLength: 30 }), ends, (by, on, records, lineEnds) => {
        const what = records.some(({ result }) => result !== "0") ? "results" : "request";
        const bytes = writeDebits({ consignor: by, monthDay: on, records }, lineEnds, what);
        expect(bytes.length).toBe((records.length + 3) * (lineEnds === "crlf" ? 122 : 120));
        expect(readDebits(bytes, what)).toEqual([{ consignor: by, monthDay: on, records }]);
      }),
      cases(500),
    );
  });

  const example: DebitRecord = {
    bank: "0001",
    bankName: "ミズホ",
    branch: "123",
    branchName: "ﾎﾝﾃﾝ",
    accountKind: "ordinary",
    accountNumber: "0123456",
    holder: "カ）ヤマダショウカイ",
    amount: 2750,
    newCode: "1",
    customer: "00000000000000000012",
    result: "0",
  };
  const by: Consignor = {
    code: "1234567890",
    name: "ヤグラ（カ",
    bank: "0009",
    bankName: "ミツイスミトモ",
    branch: "001",
    branchName: "トウキョウ",
    accountKind: "current",
    accountNumber: "7654321",
  };

  test("a record, column by column", () => {
    const bytes = writeDebits({ consignor: by, monthDay: "1127", records: [example] }, "none");
    const lines = [0, 1, 2, 3].map((index) => fromBytes(bytes.subarray(index * 120, index * 120 + 120), index + 1));
    expect(lines[0]).toBe(
      `19101234567890${"ﾔｸﾞﾗ(ｶ".padEnd(40)}11270009${"ﾐﾂｲｽﾐﾄﾓ".padEnd(15)}001${"ﾄｳｷﾖｳ".padEnd(15)}27654321${" ".repeat(17)}`,
    );
    expect(lines[1]).toBe(
      `20001${"ﾐｽﾞﾎ".padEnd(15)}123${"ﾎﾝﾃﾝ".padEnd(15)}    10123456${"ｶ)ﾔﾏﾀﾞｼﾖｳｶｲ".padEnd(30)}00000027501000000000000000000120${" ".repeat(8)}`,
    );
    expect(lines[2]).toBe(`8000001000000002750${"0".repeat(36)}${" ".repeat(65)}`);
    expect(lines[3]).toBe(`9${" ".repeat(119)}`);
  });

  test("a trailer that does not add up is refused with its record and field", () => {
    const bytes = writeDebits({ consignor: by, monthDay: "1127", records: [example, example] }, "none");
    // The second record's amount.
    const at = 2 * 120 + 80;
    expect(fromBytes(bytes.subarray(at, at + 10), 3)).toBe("0000002750");
    toBytes("0000002751").copy(bytes, at);
    expect(caught(() => readDebits(bytes, "request"))).toMatchObject({
      code: "ZENGIN_TOTAL",
      parameters: { record: 4, field: "合計金額", trailer: 5500, counted: 5501 },
    });
  });

  test("results are checked against the counts of debited and not debited", () => {
    const results = [example, { ...example, customer: "2".repeat(20), result: "1" }];
    const bytes = writeDebits({ consignor: by, monthDay: "1127", records: results }, "crlf", "results");
    expect(readDebits(bytes, "results")[0]?.records.map(({ result }) => result)).toEqual(["0", "1"]);
    const text = bytes.toString("latin1").replace(/\r\n8.{18}000001/, (found) => `${found.slice(0, -6)}000002`);
    expect(caught(() => readDebits(Buffer.from(text, "latin1"), "results"))).toMatchObject({
      code: "ZENGIN_TOTAL",
      parameters: { field: "振替済件数" },
    });
  });

  test.each([
    { name: "a record is short", change: (b: Buffer) => b.subarray(0, 359), code: "ZENGIN_LENGTH", record: 3 },
    {
      name: "the trailer is missing",
      change: (b: Buffer) => Buffer.concat([b.subarray(0, 240), b.subarray(360)]),
      code: "ZENGIN_ORDER",
      record: 3,
    },
    { name: "the end is missing", change: (b: Buffer) => b.subarray(0, 360), code: "ZENGIN_ORDER", record: 4 },
    {
      name: "something follows the end",
      change: (b: Buffer) => Buffer.concat([b, b.subarray(0, 120)]),
      code: "ZENGIN_ORDER",
      record: 5,
    },
    {
      name: "letters where digits must be",
      change: (b: Buffer) => Buffer.concat([b.subarray(0, 200), Buffer.from("X"), b.subarray(201)]),
      code: "ZENGIN_FIELD",
      record: 2,
    },
    {
      name: "a byte that the code does not have",
      change: (b: Buffer) => Buffer.concat([b.subarray(0, 170), Buffer.from([0x81]), b.subarray(171)]),
      code: "ZENGIN_BYTE",
      record: 2,
    },
    {
      name: "an unknown result",
      change: (b: Buffer) => Buffer.concat([b.subarray(0, 231), Buffer.from("7"), b.subarray(232)]),
      code: "ZENGIN_FIELD",
      record: 2,
    },
  ])("a bad file is refused with its record: $name", ({ change, code, record }) => {
    const bytes = writeDebits({ consignor: by, monthDay: "1127", records: [example] }, "none");
    expect(caught(() => readDebits(change(Buffer.from(bytes)), "request"))).toMatchObject({
      code,
      parameters: { record },
    });
  });

  test("another kind of file and EBCDIC are refused by name", () => {
    const bytes = writeDebits({ consignor: by, monthDay: "1127", records: [] }, "none");
    expect(caught(() => readTransfers(bytes))).toMatchObject({
      code: "ZENGIN_KIND",
      parameters: { found: "91", wanted: "21" },
    });
    bytes[3] = 0x31;
    expect(caught(() => readDebits(bytes, "request"))).toMatchObject({
      code: "ZENGIN_FIELD",
      parameters: { field: "コード区分" },
    });
  });

  test("what the format cannot hold is refused with the field's name", () => {
    const write = (change: Partial<DebitRecord>) => () =>
      writeDebits({ consignor: by, monthDay: "1127", records: [{ ...example, ...change }] });
    expect(caught(write({ holder: "山田商会" }))).toMatchObject({
      code: "ZENGIN_CHARACTER",
      parameters: { field: "預金者名", character: "山" },
    });
    expect(caught(write({ holder: "ガ".repeat(16) }))).toMatchObject({
      code: "ZENGIN_TOO_LONG",
      parameters: { field: "預金者名", length: 32, limit: 30 },
    });
    expect(caught(write({ amount: 10_000_000_000 }))).toMatchObject({
      code: "ZENGIN_FIELD",
      parameters: { record: 2, field: "引落金額" },
    });
    // Names of banks are cut: they are for people, the number decides.
    expect(
      readDebits(
        writeDebits({ consignor: by, monthDay: "1127", records: [{ ...example, bankName: "ア".repeat(20) }] }),
        "request",
      )[0]?.records[0]?.bankName,
    ).toBe("ｱ".repeat(15));
  });
});

describe("bulk transfers (kind 21)", () => {
  const record: fc.Arbitrary<TransferRecord> = fc.record({ ...account, holder: name(30), amount, edi: name(20) });
  test("what is written is read back", () => {
    fc.assert(
      fc.property(consignor, monthDay, fc.array(record, { maxLength: 30 }), ends, (by, on, records, lineEnds) => {
        const bytes = writeTransfers({ consignor: by, monthDay: on, records }, lineEnds);
        expect(bytes.length).toBe((records.length + 3) * (lineEnds === "crlf" ? 122 : 120));
        expect(readTransfers(bytes)).toEqual([{ consignor: by, monthDay: on, records }]);
      }),
      cases(300),
    );
  });
});

describe("deposits (kinds 01 and 03)", () => {
  const deposit: fc.Arbitrary<Deposit> = fc.record({
    inquiry: digits(6),
    on: fc.integer({ min: 1, max: 28 }).map((day) => `2026-11-${String(day).padStart(2, "0")}`),
    amount,
    payer: name(48),
    payerCode: digits(10),
    edi: name(20),
    bank: name(15).map((text) => text.replaceAll(" ", "")),
    cancelled: fc.boolean(),
  });
  test("notices of transfers: what a bank writes is read; 200 bytes a record", () => {
    fc.assert(
      fc.property(
        digits(4),
        digits(3),
        digits(7),
        fc.array(deposit, { maxLength: 20 }),
        ends,
        (bank, branch, number, deposits, lineEnds) => {
          const bytes = writeNotices({ bank, branch, accountNumber: number, deposits }, "2026-11-30", lineEnds);
          expect(bytes.length).toBe((deposits.length + 3) * (lineEnds === "crlf" ? 202 : 200));
          expect(readDeposits(bytes, "2026-12-01")).toEqual([
            { kind: "01", bank, branch, accountNumber: number, deposits },
          ]);
        },
      ),
      cases(300),
    );
  });

  test("movements of an account: incoming transfers are kept, everything is counted", () => {
    const row = (direction: string, how: string, money: number, payer: string) => ({
      inquiry: "00000001",
      on: "081120",
      valueOn: "081120",
      direction,
      how,
      amount: String(money),
      cheques: "0",
      payer,
    });
    const file = (inTotal: number) =>
      writeFileOf(
        movementLayouts,
        {
          header: {
            made: "081121",
            from: "081120",
            to: "081120",
            bank: "0009",
            branch: "001",
            spare: "000",
            accountKind: "1",
            accountNumber: "1234567",
            before: "1000",
          },
          data: [row("1", "11", 110_000, "ｶ)ﾔﾏﾀﾞ"), row("1", "18", 5, "ﾘｿｸ"), row("2", "14", 3_000, "")],
          trailer: {
            inCount: "2",
            inTotal: String(inTotal),
            outCount: "1",
            outTotal: "3000",
            after: "108005",
            records: "3",
          },
        },
        "crlf",
      );
    expect(readDeposits(file(110_005), "2026-11-21")).toEqual([
      {
        kind: "03",
        bank: "0009",
        branch: "001",
        accountNumber: "0001234567",
        deposits: [
          {
            inquiry: "00000001",
            on: "2026-11-20",
            amount: 110_000,
            payer: "ｶ)ﾔﾏﾀﾞ",
            payerCode: "",
            edi: "",
            bank: "",
            cancelled: false,
          },
        ],
      },
    ]);
    expect(caught(() => readDeposits(file(110_004), "2026-11-21"))).toMatchObject({
      code: "ZENGIN_TOTAL",
      parameters: { field: "入金額合計", counted: 110_005 },
    });
  });

  test.each([
    { text: "081120", day: "2026-11-20" },
    { text: "261120", day: "2026-11-20" },
    { text: "080101", day: "2026-01-01" },
  ])("two digits of a year mean the nearest: $text is $day", ({ text, day }) => {
    expect(dayIn(text, 1, "2026-11-21")).toBe(day);
  });
  test("a day that is none is refused", () => {
    expect(caught(() => dayIn("081332", 7, "2026-11-21"))).toMatchObject({
      code: "ZENGIN_FIELD",
      parameters: { record: 7 },
    });
  });
});

describe("text", () => {
  test.each([
    { text: "カ）ヤマダショウカイ", written: "ｶ)ﾔﾏﾀﾞｼﾖｳｶｲ" },
    { text: "ゲキヤススーパー", written: "ｹﾞｷﾔｽｽ-ﾊﾟ-" },
    { text: "ｶﾞｯｺｳ", written: "ｶﾞﾂｺｳ" },
    { text: "やまだ　たろう", written: "ﾔﾏﾀﾞ ﾀﾛｳ" },
    { text: "ＡＢｃ１２３", written: "ABC123" },
    { text: "ヲグラ・ヴィラ", written: "ｵｸﾞﾗ.ｳﾞｲﾗ" },
    { text: "「ミセ」", written: "｢ﾐｾ｣" },
    { text: "ハ゛ス", written: "ﾊﾞｽ" },
  ])("$text becomes $written", ({ text, written }) => {
    expect(toFileText(text, "x")).toBe(written);
    // A second time it changes nothing, and bytes give it back.
    expect(toFileText(written, "x")).toBe(written);
    expect(fromBytes(toBytes(written), 1)).toBe(written);
  });
  test.each(["山", "&", "é", "😀", "@", "＋"])("%s is refused", (character) => {
    expect(caught(() => toFileText(`ア${character}`, "預金者名")).code).toBe("ZENGIN_CHARACTER");
  });
  test("names are compared without marks of companies and blanks", () => {
    expect(comparable("カ）ヤマダ　ショウカイ")).toBe(comparable("ﾔﾏﾀﾞｼﾖｳｶｲ(ｶ"));
    expect(comparable("ユ）ヤマダ")).toBe(comparable("ヤマダ"));
    expect(comparable("ヤマダ")).not.toBe(comparable("ヤマタ"));
  });
  test("every layout is as long as its format says", () => {
    const length = (layout: Layout) => layout.reduce((sum, { size }) => sum + size, 0);
    for (const { header, data, trailer } of [debitLayouts, transferLayouts])
      expect([header, data, trailer].map(length)).toEqual([120, 120, 120]);
    expect([movementLayouts.header, movementLayouts.data, movementLayouts.trailer].map(length)).toEqual([
      200, 200, 200,
    ]);
  });
});
