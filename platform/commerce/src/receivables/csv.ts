/** CSV files that are read in: payments, results of operators. */
import { parse } from "csv-parse/sync";
import type { YaguraError } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";

/** A row of a file with the number of its line. */
export interface CsvRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/** Rows by the names in the first line. IMPORT_CSV when it is no CSV or lacks one of the columns. */
export function fromCsv(text: string, columns: readonly string[]): CsvRow[] {
  interface Parsed {
    record: Record<string, string>;
    info: { lines: number };
  }
  let parsed: Parsed[];
  try {
    parsed = parse<Parsed>(text, { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    const { lines = 1, message } = error as { lines?: number; message: string };
    throw raise("IMPORT_CSV", { line: lines, reason: message }, { cause: error });
  }
  const [first] = parsed;
  const missing = first === undefined ? undefined : columns.find((column) => !(column in first.record));
  if (missing !== undefined) throw raise("IMPORT_CSV", { line: 1, reason: `column ${missing}` });
  return parsed.map(({ record, info }) => ({ line: info.lines, values: record }));
}

/** What is wrong with a line of an import, in the reader's language. */
export interface LineProblem {
  readonly line: number;
  readonly message: string;
}
export const problemOf = (line: number, error: YaguraError, language: "ja" | "en"): LineProblem => ({
  line,
  message: error.say(language),
});
