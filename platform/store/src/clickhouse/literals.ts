/** Values and names written into ClickHouse statements. */
import type { QueryParameters } from "../store.ts";

type Value = QueryParameters[string];

/** A string literal. */
export const quote = (text: string): string =>
  `'${text.replace(/[\\']/g, "\\$&").replaceAll("\0", "\\0").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}'`;

/** A name (table, column). */
export const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, "\\$&")}\``;

/**
 * The text of a query parameter as `SET param_x` and the HTTP interface expect it: scalars escaped as in TabSeparated,
 * arrays as array literals of escaped elements.
 */
export function parameterText(value: Value): string {
  if (typeof value === "string") return escape(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  return `[${value.map((one) => (typeof one === "number" ? numberText(one) : quote(one))).join(",")}]`;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`not a number that can be asked for: ${value}`);
  return String(value);
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0" };
// oxlint-disable-next-line no-control-regex -- a zero byte is one of the five that TabSeparated escapes
const escape = (text: string): string => text.replace(/[\\\t\n\r\0]/g, (found) => escapes[found] ?? found);

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `SET param_a = '…', …` for the session of a query. Throws TypeError for a name that is none. */
export function setParameters(
  parameters: QueryParameters,
  settings: Readonly<Record<string, string | number>>,
): string {
  const parts = Object.entries(settings).map(
    ([name, value]) => `${name} = ${typeof value === "number" ? value : quote(value)}`,
  );
  for (const [name, value] of Object.entries(parameters)) {
    if (!NAME.test(name)) throw new TypeError(`not a parameter name: ${JSON.stringify(name)}`);
    parts.push(`param_${name} = ${quote(parameterText(value))}`);
  }
  return parts.length === 0 ? "" : `SET ${parts.join(", ")};\n`;
}
