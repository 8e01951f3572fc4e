/** Which table of telemetry each table of an upload goes to, and how each column is written there. */
import { tables, type ColumnKind, type TableName } from "../wire/metadata.ts";

/**
 * endpoint: its number, 0 for none. time: ms before the end of the interval. rtt: 4294967295 for none. low: 4294967296 for none,
 * so that the least of many is right. signed: −1 for none.
 */
export type Source = "endpoint" | "text" | "time" | "rtt" | "low" | "signed" | "u8" | "u16" | "u32" | "u64";
export interface Layout {
  readonly table: string;
  readonly from: TableName;
  readonly columns: readonly { readonly name: string; readonly column: string; readonly source: Source }[];
}

const names: Readonly<Partial<Record<TableName, string>>> = {
  conversations: "ot_conversation",
  commands: "ot_command",
  identities: "ot_identity",
  bindings: "ot_binding",
  lookups: "ot_lookup",
  cycles: "ot_cycle",
  weaknesses: "ot_weakness",
  weirds: "ot_weird",
  signatures: "ot_signature",
  transitions: "ot_transition",
  captures: "ot_capture",
};
const kinds: Readonly<Record<ColumnKind, Source>> = {
  text: "text",
  endpoint: "endpoint",
  time: "time",
  small: "u8",
  port: "u16",
  number: "u32",
  optional: "signed",
  counter: "u64",
  mac: "u64",
  vlan: "u16",
};
const special: Readonly<Record<string, Source>> = { rtt: "rtt", low: "low" };

/** `packetsOut` as `packets_out`. */
export const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const layouts: readonly Layout[] = (Object.keys(names) as TableName[]).map((from) => ({
  table: names[from] as string,
  from,
  columns: Object.entries(tables[from]).map(([column, kind]: [string, ColumnKind]) => ({
    name: snake(column),
    column,
    source: special[column] ?? kinds[kind],
  })),
}));
