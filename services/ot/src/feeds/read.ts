/** Files that a provider loads: what each is, told by its content, and its facts. */
import type { SupportRow } from "../analysis/assets/end-of-support.ts";
import type { AdvisoryProduct, Exploited } from "../analysis/assets/vulnerabilities.ts";
import { isCsaf, readCsaf } from "./csaf.ts";
import { readRecords } from "./csv.ts";
import { supportOfJson, supportOfRecords } from "./support.ts";
import { readRegistry } from "./oui.ts";

export type Feed =
  /** Rows of some advisories, or of all of a listing. */
  | { readonly kind: "advisories"; readonly rows: readonly AdvisoryProduct[] }
  /** Vulnerabilities that are known to be exploited. */
  | { readonly kind: "exploited"; readonly rows: readonly Exploited[] }
  | { readonly kind: "support"; readonly rows: readonly SupportRow[] }
  /** Vendors by MAC prefix. */
  | { readonly kind: "oui"; readonly rows: ReadonlyMap<string, string> };

/** Null: no kind that is known. Throws nothing. */
export function readFeed(text: string): Feed | null {
  const start = text.slice(0, 4_096).trimStart();
  if (start.startsWith("{") || start.startsWith("[")) return readJson(text);
  const head = (start.replace(/^\ufeff/, "").split("\n")[0] ?? "").toLowerCase();
  if (head.startsWith("advisory\tcve\t")) return { kind: "advisories", rows: advisoriesOf(text) };
  if (head.startsWith("cveid,")) return { kind: "exploited", rows: exploitedOf(readRecords(text)) };
  if (head.startsWith("product\t") && head.includes("\tcycle"))
    return { kind: "support", rows: supportOfRecords(readRecords(text, "\t")) };
  if (head.startsWith("registry,assignment,") || /^OUI:[0-9A-F]+\*/m.test(start))
    return { kind: "oui", rows: new Map(readRegistry(text)) };
  return null;
}
function readJson(text: string): Feed | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  if (isCsaf(document)) return { kind: "advisories", rows: readCsaf(document) };
  const { vulnerabilities } = document as { vulnerabilities?: unknown };
  if (Array.isArray(vulnerabilities) && vulnerabilities.every((one) => typeof one?.cveID === "string")) {
    const records = vulnerabilities.map((one: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(one).map(([name, value]) => [name.toLowerCase(), String(value)])),
    );
    return { kind: "exploited", rows: exploitedOf(records) };
  }
  const rows = supportOfJson(document);
  return rows.length === 0 ? null : { kind: "support", rows };
}

/** Tab-separated rows: advisory, cve, cvss3, vendor, product, version_range. */
const advisoriesOf = (text: string): AdvisoryProduct[] =>
  text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [advisory = "", cve = "", score = "", vendor = "", product = "", versions = ""] = line
        .replace(/\r$/, "")
        .split("\t");
      if (advisory === "" || cve === "" || product === "") return [];
      const cvss = score === "" || Number.isNaN(Number(score)) ? null : Number(score);
      return [{ advisory, cve, cvss, vendor: vendor.trim(), product: product.trim(), versions: versions.trim() }];
    });
const exploitedOf = (records: readonly Readonly<Record<string, string>>[]): Exploited[] =>
  records.flatMap((row) => {
    const [cve, since] = [row["cveid"] ?? "", row["dateadded"] ?? ""];
    const ransomware = (row["knownransomwarecampaignuse"] ?? "").toLowerCase() === "known";
    return /^CVE-\d{4}-\d+$/.test(cve) ? [{ cve, since, ransomware }] : [];
  });
