/** Zeek's log format: tabulators between fields, `#` lines that name them; `zeek-cut` and scripts that read such logs take it. */

/** Zeek's types of fields that are used here. */
export type ZeekType = "time" | "string" | "addr" | "port" | "enum" | "interval" | "count" | "bool";
export type ZeekValue = string | number | null;
export type ZeekRow = Readonly<Record<string, ZeekValue>>;

export interface ZeekLog {
  /** Name without `.log`. */
  readonly path: string;
  readonly fields: Readonly<Record<string, ZeekType>>;
  readonly rows: readonly ZeekRow[];
}

/** Zeek writes bytes outside the printable ASCII as `\xNN`; a lone `-` would be an unset field. */
function escaped(text: string): string {
  if (text === "") return "(empty)";
  if (text === "-") return "\\x2d";
  return text.replaceAll(/[\t\n\r\\]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function valueText(value: ZeekValue | undefined, type: ZeekType): string {
  if (value === null || value === undefined) return "-";
  if (typeof value === "string") return escaped(value);
  return type === "time" || type === "interval" ? value.toFixed(6) : String(value);
}

const stamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");

/** A whole log file. `open` and `close` are milliseconds since the epoch. */
export function zeekText({ path, fields, rows }: ZeekLog, open: number, close: number): string {
  const names = Object.keys(fields);
  const types = Object.values(fields);
  return `${[
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    `#path\t${path}`,
    `#open\t${stamp(open)}`,
    `#fields\t${names.join("\t")}`,
    `#types\t${types.join("\t")}`,
    ...rows.map((row) => names.map((name, i) => valueText(row[name], types[i] as ZeekType)).join("\t")),
    `#close\t${stamp(close)}`,
  ].join("\n")}\n`;
}
