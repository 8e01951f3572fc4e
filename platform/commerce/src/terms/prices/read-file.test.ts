import { expect, test } from "vitest";
import { exportBook } from "./export-book.ts";
import { readPriceFile } from "./read-file.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const head = "service,plan,item,amount,with_tax,from,last_day\n";

test("CSV and YAML say the same", () => {
  const csv = readPriceFile(
    bytes(`${head}# a remark\nsample,basic,seat,"1,800",1980,2027-04-01,\nsample,basic,old,end,,2027/4/1,\n`),
  );
  const yaml = readPriceFile(
    bytes(`book: list-2027
service: sample
plan: basic
from: 2027-04-01
prices:
  - { item: seat, amount: 1800, with_tax: 1980 }
  - { item: old, amount: end }
`),
  );
  const rows = [
    { service: "sample", plan: "basic", item: "seat", amount: 1800, display: 1980, from: "2027-04-01", lastDay: null },
    { service: "sample", plan: "basic", item: "old", amount: null, display: null, from: "2027-04-01", lastDay: null },
  ];
  expect(csv).toMatchObject({ book: null, rows, refused: [] });
  expect(csv.rows.map(({ line }) => line)).toEqual([3, 4]);
  expect(yaml).toMatchObject({ book: "list-2027", rows, refused: [] });
  expect(yaml.rows.map(({ line }) => line)).toEqual([6, 7]);
});

test("a sheet with Japanese columns, saved in Shift_JIS", () => {
  // サービス,プラン,品目,税抜金額,適用開始日 in the encoding that spreadsheets write.
  const shiftJis = Uint8Array.from([
    0x83,
    0x54,
    0x81,
    0x5b,
    0x83,
    0x72,
    0x83,
    0x58,
    0x2c,
    0x83,
    0x76,
    0x83,
    0x89,
    0x83,
    0x93,
    0x2c,
    0x95,
    0x69,
    0x96,
    0xda,
    0x2c,
    0x90,
    0xc5,
    0x94,
    0xb2,
    0x8b,
    0xe0,
    0x8a,
    0x7a,
    0x2c,
    0x93,
    0x4b,
    0x97,
    0x70,
    0x8a,
    0x4a,
    0x8e,
    0x6e,
    0x93,
    0xfa,
    0x0d,
    0x0a,
    ...bytes("sample,basic,seat,200,2027-04-01\r\n"),
  ]);
  expect(readPriceFile(shiftJis)).toMatchObject({ rows: [{ item: "seat", amount: 200 }], refused: [] });
});

test.each([
  { name: "an amount with a fraction", row: "sample,basic,seat,10.5,,2027-04-01,", column: "amount", says: /10\.5/ },
  { name: "a negative amount", row: "sample,basic,seat,-1,,2027-04-01,", column: "amount", says: /-1/ },
  { name: "no amount", row: "sample,basic,seat,,,2027-04-01,", column: "amount", says: /empty/ },
  { name: "a day that is none", row: "sample,basic,seat,1,,2027-02-29,", column: "from", says: /2027-02-29/ },
  { name: "the last day first", row: "sample,basic,seat,1,,2027-04-01,2027-03-31", column: "last_day", says: /before/ },
  { name: "a code in capitals", row: "Sample,basic,seat,1,,2027-04-01,", column: "service", says: /Sample/ },
])("$name is refused with its line and column", ({ row, column, says }) => {
  const { rows, refused } = readPriceFile(bytes(`${head}${row}\n`));
  expect(rows).toEqual([]);
  expect(refused).toMatchObject([{ line: 2, column }]);
  expect(refused[0]?.reason.en).toMatch(says);
  expect(refused[0]?.reason.ja).toMatch(/[ぁ-ん]/);
});

test("the same item twice on one day, a column that is none, one that is missing", () => {
  const twice = "sample,basic,seat,1,,2027-04-01,\n";
  expect(readPriceFile(bytes(head + twice + twice)).refused).toMatchObject([{ line: 3, column: "from" }]);
  expect(readPriceFile(bytes("service,plan,item,price,from\n")).refused).toMatchObject([
    { line: 1, column: "price" },
    { line: 1, column: "amount" },
  ]);
  const yaml = "prices:\n  - { service: sample, plan: basic, item: seat, amount: 1, from: 2027-04-01, price: 2 }\n";
  expect(readPriceFile(bytes(yaml)).refused).toMatchObject([{ line: 2, column: "price" }]);
});

test.each([
  { name: "nothing", text: "" },
  { name: "YAML that breaks off", text: "prices:\n  - { item: seat" },
  { name: "no list", text: "book: x\n" },
  { name: "nesting without an end", text: "[".repeat(1_000_000) },
  { name: "nesting with words between", text: "{a: ".repeat(250_000) },
  { name: "nesting of lists", text: `prices:\n${"- ".repeat(500_000)}` },
  { name: "an open quote", text: `${head}"sample,basic\n` },
])("$name is no price book", ({ text }) => {
  expect(() => readPriceFile(bytes(text))).toThrow(expect.objectContaining({ code: "PRICE_BOOK_UNREADABLE" }));
});

test("a file of very many keys is looked through at once, and long values are told back cut", () => {
  const keys = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join("\n");
  const since = performance.now();
  expect(() => readPriceFile(bytes(keys))).toThrow(expect.objectContaining({ code: "PRICE_BOOK_UNREADABLE" }));
  // Compared each with every other they took minutes.
  expect(performance.now() - since).toBeLessThan(20_000);
  const row = "  - { plan: basic, item: seat, amount: 1, from: 2027-04-01 }\n";
  const { refused } = readPriceFile(bytes(`service: [${"x".repeat(50_000)}]\nprices:\n${row}`));
  expect(refused).toMatchObject([{ column: "service" }]);
  expect(refused[0]?.reason.en.length).toBeLessThan(300);
  for (const doubled of [`book: a\nbook: b\nprices:\n${row}`, "prices:\n  - { item: seat, item: chair }\n"]) {
    expect(() => readPriceFile(bytes(doubled))).toThrow(/twice/);
  }
});

test("bytes that are no text are no price book", () => {
  expect(() => readPriceFile(Uint8Array.from([0xff, 0xfe, 0x00, 0x81]))).toThrow(
    expect.objectContaining({ code: "PRICE_BOOK_UNREADABLE" }),
  );
});

test.each(["csv", "yaml"] as const)("what is exported as %s can be read again", (format) => {
  const price = { service: "sample", plan: "basic", item: "seat", amount: 200, display: 220, book: "x" };
  const prices = [
    { ...price, from: "2025-01-01", until: "2027-04-01" },
    { ...price, amount: 250, display: null, from: "2027-04-01", until: null },
    { ...price, item: "gone", from: "2020-01-01", until: "2021-01-01" },
  ];
  const { rows, refused } = readPriceFile(bytes(exportBook(prices, null, "2026-11-20", format)), format);
  expect(refused).toEqual([]);
  expect(rows.map(({ item, amount, display, from, lastDay }) => ({ item, amount, display, from, lastDay }))).toEqual([
    { item: "seat", amount: 200, display: 220, from: "2025-01-01", lastDay: "2027-03-31" },
    { item: "seat", amount: 250, display: null, from: "2027-04-01", lastDay: null },
  ]);
});
