/** Lays rows over the shipped tables: over its own days a row takes the place of what stood there. */
import type { Day } from "@yagura/core/calendar.ts";
import { FactsInvalid } from "./issues.ts";
import type { PreviewTables } from "./preview-file.ts";
import type { InForce, Tables, TermsVersion } from "./tables.ts";

/** The tables with the rows of a file. FactsInvalid when a row names a version that there is not. */
export function override(tables: Tables, rows: PreviewTables): Tables {
  const prices = (rows.prices ?? []).map(({ book, ...price }) => ({
    ...price,
    ...ranged(price),
    display: null,
    book: book ?? "file",
  }));
  const activities = (rows.activities ?? []).map((one) => ({
    ...one,
    ...ranged(one),
    name: one.name ?? { ja: one.activity, en: one.activity },
    yearEnd: one.yearEnd ?? null,
  }));
  const closed = (rows.closedDays ?? []).map((one) => ({
    ...one,
    name: { ja: one.name ?? "", en: one.name ?? "" },
    service: one.service ?? null,
  }));
  return {
    terms: lay(
      tables.terms,
      (rows.terms ?? []).map((row, at) => termsOf(tables, row, at)),
      ({ service }) => service,
    ),
    prices: lay(tables.prices, prices, ({ service, plan, item }) => `${service}|${plan}|${item}`),
    taxRates: lay(
      tables.taxRates,
      (rows.taxRates ?? []).map((one) => ({ ...one, ...ranged(one) })),
      (row) => row.class,
    ),
    statutoryRates: lay(
      tables.statutoryRates,
      (rows.statutoryRates ?? []).map((one) => ({ ...one, ...ranged(one) })),
      () => "",
    ),
    calendars: {
      closed: [...tables.calendars.closed, ...closed],
      activities: lay(tables.calendars.activities, activities, ({ service, activity }) => `${service}|${activity}`),
    },
    settings: lay(
      tables.settings,
      (rows.settings ?? []).map((one) => ({ ...one, ...ranged(one), service: one.service ?? null })),
      ({ service, key }) => `${service ?? ""}|${key}`,
    ),
  };
}

const ranged = ({ from, until }: { from?: Day | null; until?: Day | null }): InForce => ({
  from: from ?? null,
  until: until ?? null,
});

type TermsRow = NonNullable<PreviewTables["terms"]>[number];
function termsOf(tables: Tables, row: TermsRow, at: number): TermsVersion {
  const like = tables.terms.find(({ service, code }) => service === row.service && code === row.like);
  if (like !== undefined) return { service: row.service, code: row.code, ...ranged(row), plans: like.plans };
  const known = tables.terms.filter(({ service }) => service === row.service).map(({ code }) => code);
  throw new FactsInvalid(
    "file",
    [
      {
        pointer: `/tables/terms/${at}/like`,
        text: {
          en: `The service ${row.service} has no version “${row.like}”. It has: ${known.join(", ")}.`,
          ja: `サービス ${row.service} に「${row.like}」という版はありません。指定できる版: ${known.join(", ")}`,
        },
      },
    ],
    "CHARGES_FILE_INVALID",
  );
}

function lay<T extends InForce>(shipped: readonly T[], rows: readonly T[], key: (row: T) => string): T[] {
  let left: readonly T[] = shipped;
  const laid: T[] = [];
  for (const row of rows) {
    const cut = (list: readonly T[]): T[] => list.flatMap((one) => (key(one) === key(row) ? without(one, row) : [one]));
    left = cut(left);
    // The later of two rows of a file wins over their common days.
    laid.splice(0, laid.length, ...cut(laid), row);
  }
  return [...left, ...laid];
}

/** What is left of a row outside the days of another. */
function without<T extends InForce>(row: T, other: InForce): T[] {
  const left: T[] = [];
  if (other.from !== null) left.push({ ...row, until: earlier(row.until, other.from) });
  if (other.until !== null) left.push({ ...row, from: later(row.from, other.until) });
  return left.filter(({ from, until }) => from === null || until === null || from < until);
}
const earlier = (a: Day | null, b: Day): Day => (a === null || b < a ? b : a);
const later = (a: Day | null, b: Day): Day => (a === null || b > a ? b : a);
