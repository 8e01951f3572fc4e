/** Canonical JSON (RFC 8785, JCS): one text for one value, so that its hash can be computed again from the parts. */

/**
 * The canonical text. Object keys are sorted by UTF-16 code units and numbers are written as ECMAScript does (sections 3.2.2.3
 * and 3.2.3). Members that are `undefined` are left out. Text is made storable first: NUL is dropped, since PostgreSQL
 * holds none, and lone surrogates become U+FFFD. Throws a TypeError for a number that JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(storable(value));
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError("canonical JSON holds finite numbers only");
    return JSON.stringify(value);
  }
  if (typeof value === "bigint") return canonicalJson(String(value));
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]): [string, unknown] => [storable(key), member])
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
  }
  throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
}

const storable = (text: string): string => text.replaceAll("\u0000", "").toWellFormed();
