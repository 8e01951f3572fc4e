/** Reads what other tools stored: Zeek's logs (with or without their header), tshark's fields, Suricata's events. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A row by the names of its columns; absent and unset fields are the empty text. */
export type Row = Readonly<Record<string, string>>;

const text = (path: string): string =>
  path.endsWith(".gz") ? gunzipSync(readFileSync(path)).toString("utf8") : readFileSync(path, "utf8");
const clean = (value: string | undefined): string => (value === undefined || value === "-" || value === "(empty)" ? "" : value); // prettier-ignore
const rowOf = (names: readonly string[], values: readonly string[]): Row =>
  Object.fromEntries(names.map((name, i) => [name, clean(values[i])]));

/** What logs without a header begin with; `columns` go on behind it. */
const ENDS = ["id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"];
const isTime = (value: string | undefined): boolean => /^(X+\.X+|\d{9,}\.\d+)$/.test(value ?? "");
const isUid = (value: string | undefined): boolean => /^C[A-Za-z0-9]{12,}$/.test(value ?? "");

/** A log of Zeek. Baselines of tests often lack the header: `columns` are those behind the four of the connection. */
export function readZeek(path: string, columns: readonly string[] = []): Row[] {
  const found: Row[] = [];
  let names: readonly string[] | null = null;
  for (const line of text(path).split("\n")) {
    if (line.startsWith("#fields")) names = line.replace(/^#fields\s+/, "").split(/\s+/);
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("ts\tuid\t")) {
      names = line.split("\t");
      continue;
    }
    if (names !== null) {
      // Tables in a README have their tabulators spread to blanks, and now and then a column is missing before the last two.
      const values =
        line.includes("\t") && line.split("\t").length >= names.length ? line.split("\t") : line.split(/\s+/);
      const row = rowOf(names, values);
      found.push(
        names.at(-1) === "ts_end" ? { ...row, line, number: values.at(-2) ?? "", ts_end: values.at(-1) ?? "" } : row,
      );
      continue;
    }
    const values = line.split("\t");
    if (isTime(values[0])) values.shift();
    if (isUid(values[0])) values.shift();
    found.push(rowOf([...ENDS, ...columns], values));
  }
  return found;
}

/** One row for each packet; several values of a field in one packet are joined by `;`. */
export function readFields(path: string): Row[] {
  const lines = text(path).split("\n");
  const names = (lines[0] ?? "").split("\t");
  return lines
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => Object.fromEntries(line.split("\t").map((value, i) => [names[i] ?? "", value])));
}

/** Values of a field of one packet. */
export const several = (value: string | undefined): string[] =>
  value === undefined || value === "" ? [] : value.split(";").filter((one) => one !== "");

export type Event = Readonly<Record<string, unknown>>;
export const readEvents = (path: string): Event[] =>
  text(path)
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Event);

/** A value deep in an event: `at(event, "modbus", "request", "function_raw")`. */
export function at(event: unknown, ...path: readonly string[]): unknown {
  let value = event;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
export const textAt = (event: unknown, ...path: readonly string[]): string => {
  const value = at(event, ...path);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};
