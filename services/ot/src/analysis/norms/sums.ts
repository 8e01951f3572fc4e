/**
 * Sums over organisations (OT-N9), made so that they tell of many and of nobody: a subject is told from NORM_K organisations on that
 * have it, and what it does from NORM_K organisations on that see it; figures are rounded down to multiples of NORM_STEP; of one
 * organisation MOST_SITES count at most, so that its coming or going moves a figure by one step at most.
 */
import { subjectKey, type Subject } from "./subjects.ts";

/** Organisations from which on anything is told. */
export const NORM_K = 5;
export const NORM_STEP = 5;
/** Sites of one organisation that count, for each subject: the first ones that have it. */
export const MOST_SITES = 5;
/** Of the newest telemetry, days. */
export const NORM_DAYS = 30;

export const normKinds = ["function", "class", "serves", "uses"] as const;
export type NormKind = (typeof normKinds)[number];
/** Something that devices do. */
export interface Habit {
  readonly kind: NormKind;
  /** Number of wire/vocabulary.ts. */
  readonly protocol: number;
  /** Of the protocol's specification; index of commandClasses for `class`; 0 for protocols. */
  readonly code: number;
}
export const habitKey = ({ kind, protocol, code }: Habit): string => `${kind}|${protocol}|${code}`;
export function habitOf(key: string): Habit {
  const [kind, protocol, code] = key.split("|");
  return { kind: kind as NormKind, protocol: Number(protocol), code: Number(code) };
}

/** One site: each subject that it has by `subjectKey`, and what its devices do by `habitKey`. */
export type SiteShare = ReadonlyMap<string, { readonly subject: Subject; readonly habits: ReadonlySet<string> }>;

interface Tally {
  organisations: number;
  sites: number;
}
export interface Norm extends Readonly<Tally> {
  readonly habit: Habit;
}
export interface SubjectNorms extends Readonly<Tally> {
  readonly subject: Subject;
  readonly norms: readonly Norm[];
}

/** Rounded down to a multiple of NORM_STEP. */
export const coarse = (count: number): number => Math.floor(count / NORM_STEP) * NORM_STEP;

/** What one organisation gives: of its sites that count, how many have a subject, and how many of them each habit. */
export type Share = ReadonlyMap<
  string,
  { readonly subject: Subject; readonly sites: number; readonly habits: ReadonlyMap<string, number> }
>;

/** Sites in an order that stays: the first MOST_SITES that have a subject count. */
export function shareOf(sites: readonly SiteShare[]): Share {
  const share = new Map<string, { subject: Subject; sites: number; habits: Map<string, number> }>();
  for (const site of sites) {
    for (const [key, { subject, habits }] of site) {
      const known = share.get(key) ?? { subject, sites: 0, habits: new Map<string, number>() };
      if (known.sites === MOST_SITES) continue;
      share.set(key, known);
      known.sites++;
      for (const habit of habits) known.habits.set(habit, (known.habits.get(habit) ?? 0) + 1);
    }
  }
  return share;
}

interface Sum extends Tally {
  readonly subject: Subject;
  readonly habits: Map<string, Tally>;
}
const count = (tally: Tally, sites: number): void => {
  tally.organisations++;
  tally.sites += sites;
};

/** What is published of organisations. */
export function sumsOf(shares: Iterable<Share>): readonly SubjectNorms[] {
  const sums = new Map<string, Sum>();
  for (const share of shares) {
    for (const [key, { subject, sites, habits }] of share) {
      const sum = sums.get(key) ?? { subject, organisations: 0, sites: 0, habits: new Map<string, Tally>() };
      sums.set(key, sum);
      count(sum, sites);
      for (const [habit, of] of habits) {
        const tally = sum.habits.get(habit) ?? { organisations: 0, sites: 0 };
        sum.habits.set(habit, tally);
        count(tally, of);
      }
    }
  }
  return [...sums.values()]
    .filter((sum) => sum.organisations >= NORM_K)
    .map((sum) => ({ ...coarseTally(sum), subject: sum.subject, norms: normsOf(sum.habits) }))
    .toSorted((a, b) => (subjectKey(a.subject) < subjectKey(b.subject) ? -1 : 1));
}

const coarseTally = ({ organisations, sites }: Tally): Tally => ({
  organisations: coarse(organisations),
  sites: coarse(sites),
});
const normsOf = (habits: ReadonlyMap<string, Tally>): Norm[] =>
  [...habits]
    .filter(([, tally]) => tally.organisations >= NORM_K)
    .map(([key, tally]) => ({ habit: habitOf(key), ...coarseTally(tally) }))
    .toSorted((a, b) => (habitKey(a.habit) < habitKey(b.habit) ? -1 : 1));

export type Verdict = "usual" | "some" | "rare";
/** From this share of the sites on something is usual for a subject. */
const USUAL = 0.5;
/** What figures mean; null: fewer than NORM_K organisations. */
export const verdictOf = (of: { readonly sites: number }, seen: { readonly sites: number } | null): Verdict =>
  seen === null ? "rare" : seen.sites >= of.sites * USUAL ? "usual" : "some";
