/**
 * The dated tables, indexed for reading. One index per `Tables` object, kept as long as that object lives: a bill run asks the
 * same tables a million times. Tables are never changed in place; who loads them anew gets a new index.
 */
import type { Day } from "@yagura/core/calendar.ts";
import type { Activity, InForce, PlanTerms, Price, Setting, Tables, TaxClass, TermsVersion } from "./tables.ts";

export interface TermsOn {
  /** Code of the version. */
  readonly version: string;
  readonly plan: PlanTerms;
}

export interface Index {
  readonly tables: Tables;
  /** The version of a service's terms on a day, or undefined. */
  readonly terms: (service: string, day: Day) => TermsVersion | undefined;
  /** A plan's terms on a day; undefined where no version is in force or it does not have the plan. */
  readonly plan: (service: string, plan: string, day: Day) => TermsOn | undefined;
  /** Codes of the items that a plan has in any version. */
  readonly items: (service: string, plan: string) => ReadonlySet<string>;
  /** Every version of a service, oldest first. */
  readonly versions: (service: string) => readonly TermsVersion[];
  /** Price rows of an item, oldest first. */
  readonly prices: (service: string, plan: string, item: string) => readonly Price[];
  /** A service's own setting on a day, else the one for every service; undefined when there is none. */
  readonly setting: (service: string, key: string, day: Day) => unknown;
  /** e.g. `10%`; undefined when no rate is in force. */
  readonly taxRate: (taxClass: TaxClass, day: Day) => string | undefined;
  readonly statutoryRate: (day: Day) => string | undefined;
  readonly activity: (service: string, activity: string, day: Day) => Activity | undefined;
  /** Why the day is closed for a service, or undefined. */
  readonly closed: (service: string, day: Day) => readonly ("national-holiday" | "designated")[] | undefined;
  /** Whether any day at all is known to be closed: without, business days cannot be counted. */
  readonly hasHolidays: boolean;
}

const indexes = new WeakMap<Tables, Index>();

export function index(tables: Tables): Index {
  const known = indexes.get(tables);
  if (known !== undefined) return known;
  const made = make(tables);
  indexes.set(tables, made);
  return made;
}

/** A value under a name that came from outside: what every object inherits is no value of a table. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

/** Half-open: from the first day in force to before the first day no longer in force. */
export const inForce = ({ from, until }: InForce, day: Day): boolean =>
  (from === null || from <= day) && (until === null || day < until);

/** Undefined in a hole. The newest row that holds wins where a caller gave overlapping rows. */
function on<T extends InForce>(rows: readonly T[] | undefined, day: Day): T | undefined {
  if (rows === undefined) return undefined;
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = rows[at];
    if (row !== undefined && inForce(row, day)) return row;
  }
  return undefined;
}

const oldestFirst = (a: InForce, b: InForce): number => {
  const [left, right] = [a.from ?? "", b.from ?? ""];
  return left < right ? -1 : left > right ? 1 : 0;
};

function group<T extends InForce>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = key(row);
    const rest = groups.get(name);
    if (rest === undefined) groups.set(name, [row]);
    else rest.push(row);
  }
  for (const rest of groups.values()) rest.sort(oldestFirst);
  return groups;
}

function make(tables: Tables): Index {
  const terms = group(tables.terms, ({ service }) => service);
  const prices = group(tables.prices, ({ service, plan, item }) => `${service}|${plan}|${item}`);
  const settings = group<Setting>(tables.settings, ({ service, key }) => `${service ?? ""}|${key}`);
  const taxes = group(tables.taxRates, (row) => row.class);
  const statutory = tables.statutoryRates.toSorted(oldestFirst);
  const activities = group(tables.calendars.activities, (row) => `${row.service}|${row.activity}`);
  const closed = new Map<string, ("national-holiday" | "designated")[]>();
  for (const { service, day, kind } of tables.calendars.closed) {
    const name = `${service ?? ""}|${day}`;
    closed.set(name, [...(closed.get(name) ?? []), kind]);
  }
  const plans = new Map<TermsVersion, Map<string, TermsOn>>(
    tables.terms.map((version) => [
      version,
      new Map(Object.entries(version.plans).map(([name, plan]) => [name, { version: version.code, plan }])),
    ]),
  );
  const items = new Map<string, ReadonlySet<string>>();
  return {
    tables,
    terms: (service, day) => on(terms.get(service), day),
    plan: (service, plan, day) => {
      const version = on(terms.get(service), day);
      return version === undefined ? undefined : plans.get(version)?.get(plan);
    },
    items: (service, plan) => {
      const key = `${service}|${plan}`;
      const known = items.get(key);
      if (known !== undefined) return known;
      const found = new Set(
        (terms.get(service) ?? []).flatMap((version) => Object.keys(own(version.plans, plan)?.items ?? {})),
      );
      items.set(key, found);
      return found;
    },
    versions: (service) => terms.get(service) ?? [],
    prices: (service, plan, item) => prices.get(`${service}|${plan}|${item}`) ?? [],
    setting: (service, key, day) =>
      (on(settings.get(`${service}|${key}`), day) ?? on(settings.get(`|${key}`), day))?.value,
    taxRate: (taxClass, day) => on(taxes.get(taxClass), day)?.rate,
    statutoryRate: (day) => on(statutory, day)?.rate,
    activity: (service, activity, day) => on(activities.get(`${service}|${activity}`), day),
    closed: (service, day) => {
      const [own, all] = [closed.get(`${service}|${day}`), closed.get(`|${day}`)];
      return own === undefined ? all : all === undefined ? own : [...own, ...all];
    },
    hasHolidays: tables.calendars.closed.length > 0,
  };
}
