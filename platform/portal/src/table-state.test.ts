/** Filter, sort and export of tables. */
import { describe, expect, test } from "vitest";
import { filterRows, readSort, sortRows, toCsv, writeSort, type TableColumn } from "./table-state.ts";

interface Row {
  readonly name: string;
  readonly loss: number | null;
}
const rows: readonly Row[] = [
  { name: "営業 PC-10", loss: null },
  { name: "営業 PC-9", loss: 0.5 },
  { name: "ＡＢＣ 工場", loss: 0 },
];
const columns: readonly TableColumn<Row>[] = [
  { id: "name", head: "名前", text: (row) => row.name },
  { id: "loss", head: "Loss, %", text: (row) => row.loss },
];
const names = (found: readonly Row[]): string[] => found.map((row) => row.name);

describe("filter", () => {
  test.each([
    { filter: "", found: 3 },
    { filter: "営業", found: 2 },
    { filter: "pc 営業", found: 2 },
    { filter: "abc", found: 1 },
    { filter: "0.5", found: 1 },
    { filter: "営業 abc", found: 0 },
  ])("“$filter” finds $found", ({ filter, found }) => expect(filterRows(rows, columns, filter)).toHaveLength(found));
});

describe("sort", () => {
  test("numbers inside names count as numbers", () =>
    expect(names(sortRows(rows, columns, readSort("name"))).slice(-2)).toEqual(["営業 PC-9", "営業 PC-10"]));
  test.each(["loss", "-loss"])("%s leaves rows without a value last", (sort) =>
    expect(names(sortRows(rows, columns, readSort(sort))).at(-1)).toBe("営業 PC-10"),
  );
  test("descending", () => expect(sortRows(rows, columns, readSort("-loss"))[0]?.loss).toBe(0.5));
  test("an unknown column changes nothing", () => expect(sortRows(rows, columns, readSort("other"))).toBe(rows));
  test("equals keep their order", () => {
    const equal = Array.from({ length: 100 }, (_, index) => ({ name: String(index), loss: 1 }));
    expect(sortRows(equal, columns, readSort("-loss"))).toEqual(equal);
  });
  test.each(["name", "-loss"])("%s is written as it was read", (sort) => expect(writeSort(readSort(sort))).toBe(sort));
});

describe("export (RFC 4180)", () => {
  test("holds the columns and rows that are handed in", () =>
    expect(toCsv(rows.slice(1), columns)).toBe('\uFEFF名前,"Loss, %"\r\n営業 PC-9,0.5\r\nＡＢＣ 工場,0\r\n'));
  test.each([
    { name: 'say "hi"', field: '"say ""hi"""' },
    { name: "two\nlines", field: '"two\nlines"' },
    { name: "=1+1", field: "'=1+1" },
    { name: "@cmd", field: "'@cmd" },
    { name: "-5", field: "'-5" },
  ])("$name", ({ name, field }) => expect(toCsv([{ name, loss: null }], columns)).toContain(`\r\n${field},\r\n`));
  test("negative numbers stay numbers", () => expect(toCsv([{ name: "a", loss: -5 }], columns)).toContain("a,-5"));
});

test("10,000 rows are filtered and sorted", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    name: `PC-${(index * 7919) % 10_000}`,
    loss: index % 7,
  }));
  const found = sortRows(filterRows(many, columns, "pc-1"), columns, readSort("name"));
  expect(found).toHaveLength(1_111);
  expect(found[0]?.name).toBe("PC-1");
});
