/** Shows a body as people read it: each table in the words of the vocabulary. Nothing is left out, nothing is added (OT-N1). */
import type { Dissector } from "../protocols/dissector.ts";
import { dissectors } from "../protocols/registry.ts";
import { writeMac } from "../wire/addresses.ts";
import { rowsOf, tableNames, tables, type ColumnKind, type MetadataBody, type TableName } from "../wire/metadata.ts";
import {
  attributes,
  bindings,
  commonWeirds,
  FIRST_OWN_WEIRD,
  protocols,
  transports,
  weaknesses,
} from "../wire/vocabulary.ts";

const protocolTitle: ReadonlyMap<number, string> = new Map(
  Object.values(protocols).map(({ id, title }) => [id, title]),
);
const dissectorOf: ReadonlyMap<number, Dissector> = new Map(
  dissectors.map((dissector) => [protocols[dissector.protocol].id, dissector]),
);

/** A body as text: a head, then each table with a line for each row. */
export function* previewLines(body: MetadataBody): Generator<string> {
  const time = (microseconds: number): string => new Date(microseconds / 1000).toISOString();
  const { number, previous } = body.ledger;
  yield `upload ${number}  ${time(body.from)} … ${time(body.to)}${body.urgent ? "  urgent" : ""}`;
  yield `follows ${previous.slice(0, 16)}…  tokens: ${body.tokens === null ? "none" : `key ${body.tokens.check}`}`;
  for (const table of tableNames) {
    const lines = [...tableLines(body, table)];
    if (lines.length > 1) yield* ["", `${table} (${lines.length - 1})`, ...columns(lines)];
  }
  yield "";
}

function* tableLines(body: MetadataBody, table: TableName): Generator<readonly string[]> {
  const kinds: Readonly<Record<string, ColumnKind>> = tables[table];
  yield Object.keys(kinds);
  const endpoints = [...rowsOf(body, "endpoints")].map(
    ({ mac, vlan, address }) => `${textOf(body, address) || writeMac(mac)}${vlan === 0 ? "" : ` vlan ${vlan}`}`,
  );
  for (const row of rowsOf(body, table)) {
    const values = row as unknown as Readonly<Record<string, number>>;
    yield Object.entries(kinds).map(([column, kind]) => {
      const value = values[column] as number;
      switch (kind) {
        case "text":
          return textOf(body, value);
        case "endpoint":
          return endpoints[value] ?? "-";
        case "mac":
          return value === 0 ? "-" : writeMac(value);
        case "time":
          return `${value < 0 ? "" : "+"}${(value / 1000).toFixed(3)} s`;
        case "optional":
          return value === -1 ? "-" : String(value);
        default:
          return word(table, column, value, values);
      }
    });
  }
}

const textOf = (body: MetadataBody, index: number): string => body.texts[index] ?? "";

/** The vocabulary's word for a number, where it has one. */
function word(table: TableName, column: string, value: number, row: Readonly<Record<string, number>>): string {
  const dissector = dissectorOf.get(row["protocol"] ?? -1);
  switch (`${table}.${column}`) {
    case "conversations.transport":
      return transports[value] ?? String(value);
    case "commands.code":
    case "transitions.fromCode":
    case "transitions.toCode": {
      const known = dissector?.functions?.get(value);
      return known === undefined ? `0x${value.toString(16)}` : `${known.name} (${known.class})`;
    }
    case "commands.object":
      return value === 0 ? "-" : (dissector?.objects?.get(value) ?? String(value));
    case "identities.attribute":
      return attributes[value] ?? String(value);
    case "bindings.kind":
      return bindings[value] ?? String(value);
    case "weaknesses.kind":
      return weaknesses[value] ?? String(value);
    case "weirds.kind":
      return (
        (value >= FIRST_OWN_WEIRD ? dissector?.weirds?.[value - FIRST_OWN_WEIRD] : commonWeirds[value]) ?? String(value)
      );
    default:
      return column === "protocol" ? (protocolTitle.get(value) ?? String(value)) : String(value);
  }
}

/** Columns as wide as their widest cell (in characters of one width; Japanese ones count two). */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? ""))));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - width(cell))).join("  ")}`.trimEnd(),
  );
}
const width = (text: string): number =>
  [...text].reduce((sum, character) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1), 0); // prettier-ignore
