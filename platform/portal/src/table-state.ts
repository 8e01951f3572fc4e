/** Filter, sort and export of tables. Pure: the same functions make what is seen and what is saved. */

export interface TableColumn<Row> {
  readonly id: string;
  readonly head: string;
  /** What is filtered and exported; also sorts unless `sort` says otherwise. */
  readonly text: (row: Row) => string | number | null;
  readonly sort?: (row: Row) => string | number | null;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** `-at` is descending by `at`. */
export const readSort = (text: string): Sort =>
  text.startsWith("-") ? { column: text.slice(1), descending: true } : { column: text, descending: false };
export const writeSort = (sort: Sort): string => `${sort.descending ? "-" : ""}${sort.column}`;

/** Full-width and half-width, upper and lower case alike. */
export const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Rows in which every word of the filter occurs in some column. */
export function filterRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  filter: string,
): readonly Row[] {
  const words = fold(filter)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const line = fold(columns.map((column) => column.text(row) ?? "").join("\u0000"));
    return words.every((word) => line.includes(word));
  });
}

const collator = new Intl.Collator(["ja", "en"], { numeric: true, sensitivity: "base" });

/** Sorted copy. Rows without a value stand last in both directions; equals keep their order. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[], sort: Sort): readonly Row[] {
  const column = columns.find((each) => each.id === sort.column);
  if (column === undefined) return rows;
  const keyOf = column.sort ?? column.text;
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
    return sign * compare(a.key, b.key);
  });
  return keyed.map(({ row }) => row);
}

const compare = (a: string | number, b: string | number): number =>
  typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));

/** RFC 4180 with a byte-order mark, so that spreadsheets read Japanese. */
export function toCsv<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): string {
  const lines = [
    columns.map((column) => csvField(column.head)),
    ...rows.map((row) => columns.map((c) => csvField(c.text(row)))),
  ];
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

function csvField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  // A text that a spreadsheet would run as a formula is made a text (CWE-1236).
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
