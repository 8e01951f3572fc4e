/**
 * Vendors by MAC prefix (MA-L 24, MA-M 28, MA-S and IAB 36 bits), packed into a text that is small in a repository and read at start.
 *
 * First line `oui DATE`, second line the frequent words, each written as one sign from U+0400 on. Then one line per vendor, sorted
 * by name: one digit (base 36) for how many characters it shares with the name before, the rest of the name, a tab, and its prefixes as
 * differences in base 64, those of 24 bits first, then after `/` those of 28 bits, after another those of 36 bits.
 */
import { isCanonicalVendor, vendorName } from "../analysis/assets/vendors.ts";

/** Names longer than this are cut. */
const MAX_NAME = 30;
/** Frequent words that get a sign of their own, and where those signs begin: letters that no name of the registry has. */
const WORDS = 120;
const FIRST_SIGN = 0x400;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/** Prefixes that the registry keeps private or hands out again in smaller parts. */
const noVendor = /^(private|ieee registration authority)$/i;
const sizes = [6, 7, 9] as const;

/** Prefix in hexadecimal (6, 7 or 9 digits, lower case) → vendor, of a listing: the registry's CSV, or the hwdb of systemd. */
export function* readRegistry(text: string): Generator<readonly [prefix: string, name: string]> {
  if (/^OUI:/m.test(text)) {
    for (const [, prefix = "", name = ""] of text.matchAll(/^OUI:([0-9A-F]+)\*\n ID_OUI_FROM_DATABASE=(.*)$/gm)) {
      yield* entry(prefix, name);
    }
    return;
  }
  for (const [, prefix = "", quoted, bare = ""] of text.matchAll(
    /^[^,\n]*,([0-9A-F]{6,9}),(?:"((?:[^"]|"")*)"|([^,\n]*)),/gm,
  )) {
    yield* entry(prefix, quoted?.replaceAll('""', '"') ?? bare);
  }
}
function* entry(prefix: string, written: string): Generator<readonly [prefix: string, name: string]> {
  const name = shortName(written);
  if (!(sizes as readonly number[]).includes(prefix.length) || name === "" || noVendor.test(name)) return;
  yield [prefix.toLowerCase(), name];
}
/** One spelling per vendor, without legal form; capitals where all are capitals. */
function shortName(written: string): string {
  const name = vendorName(written.replaceAll(/[\t\r\n\u0400-\u04ff]/g, " "));
  const calm = name === name.toUpperCase() && name.length > 5 && !/\d/.test(name) && !isCanonicalVendor(name);
  const text = calm ? name.toLowerCase().replaceAll(/(?<![a-z'])[a-z]/g, (letter) => letter.toUpperCase()) : name;
  return text.slice(0, MAX_NAME).trim();
}

const base64 = (number: number): string => {
  let text = "";
  for (let rest = number; rest > 0 || text === ""; rest = Math.floor(rest / 64))
    text = (alphabet[rest % 64] as string) + text;
  return text;
};
const fromBase64 = (text: string): number => {
  let number = 0;
  for (const digit of text) number = number * 64 + alphabet.indexOf(digit);
  return number;
};
/** Words behind a space that save most. */
function frequentWords(names: Iterable<string>): string[] {
  const saved = new Map<string, number>();
  for (const name of names) {
    for (const word of name.split(" ").slice(1)) saved.set(word, (saved.get(word) ?? 0) + word.length - 1);
  }
  return [...saved]
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, WORDS)
    .map(([word]) => word);
}

export function packOui(prefixes: ReadonlyMap<string, string>, date: string): string {
  const words = frequentWords(new Set(prefixes.values()));
  const sign = new Map(words.map((word, i) => [word, String.fromCharCode(FIRST_SIGN + i)]));
  const vendors = new Map<string, string[]>();
  for (const [prefix, name] of prefixes) {
    const [first = "", ...rest] = name.split(" ");
    const packed = first + rest.map((word) => sign.get(word) ?? ` ${word}`).join("");
    vendors.set(packed, (vendors.get(packed) ?? []).concat(prefix));
  }
  let before = "";
  const lines = [`oui ${date}`, words.join(" ")];
  for (const name of [...vendors.keys()].toSorted()) {
    let shared = 0;
    while (shared < 35 && shared < before.length && before[shared] === name[shared]) shared++;
    const groups = sizes.map((size) => {
      let last = 0;
      const numbers = (vendors.get(name) ?? [])
        .filter((prefix) => prefix.length === size)
        .map((prefix) => Number.parseInt(prefix, 16));
      return numbers
        .toSorted((a, b) => a - b)
        .map((number) => {
          const step = base64(number - last);
          last = number;
          return step;
        })
        .join(" ");
    });
    lines.push(`${shared.toString(36)}${name.slice(shared)}\t${groups.join("/").replace(/\/+$/, "")}`);
    before = name;
  }
  return `${lines.join("\n")}\n`;
}

export interface OuiTable {
  /** Day of the listing, ISO 8601. */
  readonly date: string;
  readonly size: number;
  /** Vendor of `aa:bb:cc:dd:ee:ff`, the longest prefix that fits; null for unknown ones and for MACs set by hand (U/L bit). */
  readonly vendorOf: (mac: string) => string | null;
}
/** Throws for a text that is no such table. Reading takes less than 0.1 s. */
export function openOui(text: string): OuiTable {
  const lines = text.split("\n");
  const date = /^oui (\d{4}-\d\d-\d\d)$/.exec(lines[0] ?? "")?.[1];
  if (date === undefined) throw new Error("not a table of MAC prefixes");
  const words = (lines[1] ?? "").split(" ");
  const vendors: string[] = [];
  // Prefix with its length in front, so that 24 and 28 bits never meet.
  const found = new Map<number, number>();
  let name = "";
  for (const line of lines.slice(2)) {
    const tab = line.indexOf("\t");
    if (tab < 1) continue;
    name = name.slice(0, Number.parseInt(line[0] as string, 36)) + line.slice(1, tab);
    const groups = line.slice(tab + 1).split("/");
    groups.forEach((group, i) => {
      let prefix = 0;
      for (const step of group === "" ? [] : group.split(" ")) {
        prefix += fromBase64(step);
        found.set(key(i, prefix), vendors.length);
      }
    });
    vendors.push(name.replaceAll(/[\u0400-\u04ff]/g, (one) => ` ${words[one.charCodeAt(0) - FIRST_SIGN] ?? ""}`));
  }
  const vendorOf = (mac: string): string | null => {
    const digits = mac.replaceAll(":", "");
    if (!/^[0-9a-f]{12}$/.test(digits) || (Number.parseInt(digits.slice(0, 2), 16) & 2) === 2) return null;
    for (let i = sizes.length - 1; i >= 0; i--) {
      const at = found.get(key(i, Number.parseInt(digits.slice(0, sizes[i]), 16)));
      if (at !== undefined) return vendors[at] ?? null;
    }
    return null;
  };
  return { date, size: found.size, vendorOf };
}
const key = (size: number, prefix: number): number => size * 2 ** 40 + prefix;
