/** End dates as endoflife.date lists them, told in the names of systems that traffic shows. */
import type { SupportRow } from "../analysis/assets/end-of-support.ts";

/** A release as its listing writes it: product `windows`, cycle `11-24h2-e-lts`. */
interface Release {
  readonly product: string;
  readonly cycle: string;
  readonly ended: string;
  readonly paid: string | null;
}
const isDay = (text: unknown): text is string => typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text);

/** Rows with the columns product, cycle, eol, eoes. */
export const supportOfRecords = (records: readonly Readonly<Record<string, string>>[]): SupportRow[] =>
  rowsOf(
    records.flatMap((row) => {
      const { product = "", cycle = "", eol, eoes } = row;
      return isDay(eol) ? [{ product, cycle, ended: eol, paid: isDay(eoes) ? eoes : null }] : [];
    }),
  );
/** Answer of its interface for one product or all of them (`result.releases` or `result[].releases`, version 1). */
export function supportOfJson(document: unknown): SupportRow[] {
  const { result } = (document ?? {}) as { result?: unknown };
  const products = (Array.isArray(result) ? result : [result]) as readonly (
    | { name?: unknown; releases?: unknown }
    | undefined
  )[];
  const releases: Release[] = [];
  for (const product of products) {
    if (typeof product?.name !== "string" || !Array.isArray(product.releases)) continue;
    for (const release of product.releases as readonly Record<string, unknown>[]) {
      const { name, eolFrom, eoesFrom } = release;
      if (typeof name !== "string" || !isDay(eolFrom)) continue;
      releases.push({ product: product.name, cycle: name, ended: eolFrom, paid: isDay(eoesFrom) ? eoesFrom : null });
    }
  }
  return rowsOf(releases);
}

/** Of a system and edition the longest date counts: home and enterprise editions cannot be told apart from outside. */
function rowsOf(releases: readonly Release[]): SupportRow[] {
  const rows = new Map<string, SupportRow>();
  for (const release of releases) {
    const named = nameOf(release);
    if (named === null) continue;
    const [system, edition] = named;
    const key = `${system}|${edition}`;
    const known = rows.get(key);
    if (known === undefined || known.ended < release.ended)
      rows.set(key, { system, edition, ended: release.ended, paid: release.paid });
  }
  return [...rows.values()];
}

const clients: Readonly<Record<string, string>> = {
  "8.1": "Windows 8.1",
  "8": "Windows 8",
  "7": "Windows 7",
  "6": "Windows Vista",
  "5": "Windows XP",
};
const titled = (cycle: string): string =>
  cycle.replaceAll("-", " ").replaceAll(/\b(sp\d|r2)\b|\b[a-z]/g, (part) => part.toUpperCase());
/** Products whose cycles are the versions that traffic shows. */
const plain: Readonly<Record<string, string>> = {
  ubuntu: "Ubuntu",
  debian: "Debian",
  centos: "CentOS",
  rhel: "Red Hat Enterprise Linux",
  android: "Android",
  macos: "macOS",
};
function nameOf({ product, cycle }: Release): readonly [system: string, edition: string] | null {
  const low = cycle.toLowerCase();
  if (product === "windows") {
    const modern = /^(1[01])-(\w+)(?:-(?:(e|w|iot)(-lts)?|iot))?/.exec(low);
    if (modern !== null) {
      const [, version, release = "", edition, long] = modern;
      const name = `Windows ${version} ${release.toUpperCase()}`;
      return [name, long === undefined ? (edition === "iot" ? "IoT" : "") : edition === "iot" ? "IoT LTSC" : "LTSC"];
    }
    const named = low.replace(/-sp\d$/, "");
    const name = Object.hasOwn(clients, named) ? clients[named] : undefined;
    return name === undefined ? null : [name, ""];
  }
  if (product === "windows-server") {
    if (low.endsWith("-sac") || low.endsWith("-ac")) return null;
    return low === "2000" ? ["Windows 2000", ""] : [`Windows Server ${titled(low.replace(/-sp\d$/, ""))}`, ""];
  }
  if (product === "windows-embedded") {
    const name = titled(low.replace(/-sp\d$/, "")).replace("Posready", "POSReady");
    return [`Windows Embedded ${name}`, ""];
  }
  if (product === "freebsd") return /^\d+$/.test(low) ? [`FreeBSD ${low}`, ""] : null;
  const name = Object.hasOwn(plain, product) ? plain[product] : undefined;
  return name === undefined || !/^\d/.test(low) ? null : [`${name} ${cycle}`, ""];
}
