/** Prints a bench's table and writes it as JSON; small statistics shared by the benches. */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { dirname } from "node:path";
import type { BenchResult } from "./result.ts";

/** Middle of the values (mean of the two middle ones when even); NaN of nothing. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Quantile by linear interpolation between closest ranks; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] as number;
  const high = sorted[Math.ceil(rank)] as number;
  return low + (high - low) * (rank - Math.floor(rank));
}

/** `2.6x`, or a dash when either is missing. */
export const ratio = (ours: number | null, theirs: number | null): string =>
  ours === null || theirs === null || theirs === 0 ? "–" : `${(ours / theirs).toPrecision(3)}x`;

/** A figure as people read it: thousands separated, three significant digits when small. */
export function figure(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

/** The table as lines of text: numbers to the right, then aims, then notes. */
export function formatTable(result: BenchResult): string {
  const cells = result.rows.map((row) => result.columns.map((column) => figure(row[column])));
  const widths = result.columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const numeric = result.columns.map((column) => result.rows.every((row) => typeof row[column] !== "string"));
  const line = (values: readonly string[]): string =>
    values
      .map((value, i) => (numeric[i] === true ? value.padStart(widths[i] ?? 0) : value.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const aims = result.reach.map(
    (aim) =>
      `  ${aim.met === null ? "?" : aim.met ? "reached" : "MISSED"}  ${aim.what}: ${aim.got} (wanted ${aim.wanted})`,
  );
  return [
    `## ${result.name}`,
    line(result.columns),
    line(widths.map((width) => "-".repeat(width))),
    ...cells.map(line),
    ...(aims.length > 0 ? ["", ...aims] : []),
    ...(result.notes.length > 0 ? ["", ...result.notes.map((note) => `  note: ${note}`)] : []),
    "",
  ].join("\n");
}

/** Where the figures were taken: they are worth nothing without it. */
export const machine = (): Readonly<Record<string, string | number>> => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  kernel: release(),
  node: process.version,
});

/** Writes the result with the machine and the time; JSON numbers are unrounded. */
export function writeJson(path: string, results: readonly BenchResult[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), results }, null, 2)}\n`);
}
