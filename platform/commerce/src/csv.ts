/** CSV for spreadsheets: UTF-8 with a byte order mark, CR LF, and no cell that a spreadsheet would take for a formula. */
import { stringify } from "csv-stringify/sync";

export type Cell = string | number | null;

export const toCsv = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  stringify([header, ...rows] as Cell[][], { bom: true, record_delimiter: "windows", escape_formulas: true });
