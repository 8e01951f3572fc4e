/** Tables of functions written as rows: code, name in the specification, what it does. */
import type { CommandClass } from "../../wire/vocabulary.ts";
import type { FunctionTable } from "../dissector.ts";

export type FunctionRow = readonly [code: number, name: string, does: CommandClass];

export const functionTable = (rows: Iterable<FunctionRow>): FunctionTable =>
  new Map(Array.from(rows, ([code, name, does]) => [code, { name, class: does }]));

/** The same rows under a prefix: service 0x5a with sub-functions 1, 2 … becomes 0x5a01, 0x5a02 … */
export const under = (prefix: number, rows: readonly FunctionRow[]): FunctionRow[] =>
  rows.map(([code, name, does]) => [prefix * 256 + code, name, does]);
