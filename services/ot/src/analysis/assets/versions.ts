/** Versions as vendors write them, and ranges of versions as advisories write them. */

/** Numbers and words in order: `V2.9.7` → [2, 9, 7], `15.2(6)E0a` → [15, 2, 6, "e", 0, "a"], `V3.0 SP1` → [3, 0, "sp", 1]. */
export type Version = readonly (number | string)[];

const MAX_PARTS = 12;
/** Null when the text does not begin like a version. */
export function parseVersion(text: string): Version | null {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^(firmware|fw|version|ver|rev|revision|release)[\s.:_]*/, "")
    .replace(/^[vr]\.?\s*(?=\d)/, "")
    .replace(/^\((.*)\)$/, "$1");
  if (!/^\d/.test(plain)) return null;
  const parts = (plain.match(/\d+|[a-z]+/g) ?? [])
    .slice(0, MAX_PARTS)
    .map((part) => (/\d/.test(part) ? Number(part) : part));
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return parts;
}
/** Below 0: `a` is older. What is missing is older than what is there; numbers are older than words. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]];
    // `V3.X.17`: any number in that place.
    if (left === right || left === "x" || right === "x") continue;
    // `2.9` and `2.9.0` are the same; `2.9` is older than `2.9.1` and `2.9 SP1`.
    if ((left ?? 0) === 0 && (right ?? 0) === 0) continue;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (typeof left === "number" && typeof right === "number") return left - right;
    if (typeof left === "string" && typeof right === "string") return left < right ? -1 : 1;
    return typeof left === "number" ? -1 : 1;
  }
  return 0;
}

interface Bound {
  readonly at: Version;
  readonly inclusive: boolean;
}
interface Interval {
  readonly from: Bound | null;
  readonly to: Bound | null;
}
/** `unclear`: says something that a firmware version cannot answer (serial numbers, BIOS, configurations). */
export type VersionRange = "all" | "unclear" | readonly Interval[];

/** Conditions beside the version: they make a range unclear. */
const beside =
  /serial|digits|bios|fpga|hw|hardware|config|default|with |when|only|using|optional|distributed|build|january|february|march|april|june|july|august|september|october|november|december|\bdate|tcu|\bip\b/i;
const comparison =
  /(>=|<=|<|>|==?)?\s*((?:v|r|version |firmware )?\.?\s?\d[\w.()]*(?:-\d+|[ -]?(?:sp|hf|upd(?:ate)?|p|patch|r)\s?\.?\d+)*)/gi;

/**
 * `< V2.9.7`, `>= V2.0 < V2.1.6`, `vers:all/<V3.0`, `>=1.0|<=1.1`, `1.0 | 1.1`, `4.2 and prior`, `V3.x`, `All versions`. A vers URI
 * (`vers:generic/…`) is read by its constraints. What cannot be read for sure is `unclear`, never guessed.
 */
export function parseRange(written: string): VersionRange {
  const text = written
    .trim()
    .replace(/^vers:[a-z]+\//i, "")
    .replaceAll("_", " ")
    .replaceAll("≤", "<=")
    .replaceAll("≥", ">=")
    .replace(/([<>=])\s*\(([^()]+)\)$/, "$1 $2")
    .replace(/^all(\s+(firmware\s+)?versions?)?(?=\s|$)[\s:,]*/i, "* ")
    .trim();
  if (text === "*" || text === "" || text === "* *") return written.trim() === "" ? "unclear" : "all";
  const body = text
    .replace(/^\*\s*/, "")
    .replaceAll(/(?:versions?\s+)?(?:prior to|before|earlier than)\s+/gi, "< ")
    .replaceAll(/([\w.()-]+)\s+(?:and|or)\s+(?:prior|earlier|below|older|previous)(?:\s+versions?)?/gi, "<= $1")
    .replaceAll(/([\w.()-]+)\s+(?:and|or)\s+(?:later|newer|above|higher)(?:\s+versions?)?/gi, ">= $1")
    .replaceAll(/(\d[\w.]*)\s+(?:to|through|up to)\s+(v?\d)/gi, ">= $1 <= $2");
  if (beside.test(body)) return "unclear";
  const intervals: Interval[] = [];
  let open: Bound | null = null;
  let read = 0;
  for (const found of body.matchAll(comparison)) {
    read += found[0].length;
    const step = interval(found[1] ?? "=", found[2] as string);
    if (step === null) return "unclear";
    if (step === "none") continue;
    if (step.to === null) {
      if (open !== null) intervals.push({ from: open, to: null });
      open = step.from;
    } else if (step.from === null && open !== null) {
      intervals.push({ from: open, to: step.to });
      open = null;
    } else intervals.push(step);
  }
  if (open !== null) intervals.push({ from: open, to: null });
  // Words between the comparisons that nobody read may change the meaning.
  const rest = body.replaceAll(comparison, "").replaceAll(/\b(and|or|versions?|firmware|series|v)\b|[\s|,;&*]+/gi, "");
  return intervals.length === 0 || read === 0 || rest !== "" ? "unclear" : intervals;
}

function interval(operator: string, text: string): Interval | "none" | null {
  const line = /^(.*?)[.]x+(?:\.x+)*$/i.exec(text.trim());
  const at = parseVersion(line === null ? text : (line[1] as string));
  if (at === null) return null;
  if (line !== null) {
    // All of a line: `V3.x` is from 3 on and before 4.
    const last = at.at(-1);
    if (typeof last !== "number") return null;
    const after: Version = [...at.slice(0, -1), last + 1];
    if (operator === "<") return { from: null, to: { at, inclusive: false } };
    const to: Bound = { at: after, inclusive: false };
    if (operator === "<=") return { from: null, to };
    return operator === ">=" ? { from: { at, inclusive: true }, to: null } : { from: { at, inclusive: true }, to };
  }
  const inclusive = operator !== "<" && operator !== ">";
  const bound: Bound = { at, inclusive };
  if (operator.startsWith("<")) return { from: null, to: bound };
  if (operator.startsWith(">")) return { from: bound, to: null };
  return { from: bound, to: bound };
}

/** Whether a version lies in the range; null when that cannot be said. */
export function inRange(version: string | null, range: VersionRange): boolean | null {
  if (range === "all") return true;
  if (range === "unclear" || version === null) return null;
  const parsed = parseVersion(version);
  if (parsed === null) return null;
  return range.some(({ from, to }) => {
    const low = from === null ? 1 : compareVersions(parsed, from.at);
    const high = to === null ? -1 : compareVersions(parsed, to.at);
    return (
      (low > 0 || (low === 0 && from?.inclusive !== false)) && (high < 0 || (high === 0 && to?.inclusive !== false))
    );
  });
}
