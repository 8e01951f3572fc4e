/** Claims, payments and late interest of a file of facts. */
import { lastOfMonth, monthOf, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import type { ClaimFacts } from "./facts.ts";
import { allocate, lateInterest, type Allocated, type Paid } from "./interest.ts";
import { distinct, FactsInvalid, placed, type Issue } from "./issues.ts";
import type { ChargeLine, Interest } from "./lines.ts";
import type { PreviewDocument } from "./preview.ts";
import { claimsOf } from "./preview-claims.ts";
import type { PreviewFile } from "./preview-file.ts";
import type { Tables } from "./tables.ts";

export interface PreviewInterest extends Interest {
  /** COM-12: the claim is settled in this month, so that its interest can be billed; null: it waits for another charge (UTM-43). */
  readonly billMonth: YearMonth | null;
}

export interface PreviewMoney {
  /** Those of the file; where it names none but tells of payments, those that its invoices make. */
  readonly claims: readonly (ClaimFacts & { readonly paid: number; readonly open: number })[];
  readonly payments: { readonly allocated: readonly Allocated[]; readonly unapplied: number };
  readonly interest: readonly PreviewInterest[];
}

export function moneyOf(tables: Tables, file: PreviewFile, documents: readonly PreviewDocument[]): PreviewMoney {
  const claims = file.claims ?? claimsAsked(tables, file, documents);
  const payments = file.payments ?? [];
  const allocated = allocate(claims, payments);
  const used = allocated.reduce((total, { amount }) => total + amount, 0);
  const paidOn = (claim: string): Paid[] =>
    allocated
      .filter((one) => one.claim === claim)
      .flatMap(({ payment, amount }) => {
        const on = payments[payment]?.on;
        return on === undefined ? [] : [{ on, amount }];
      });
  return {
    claims: claims.map((claim) => {
      const paid = paidOn(claim.claim).reduce((total, { amount }) => total + amount, 0);
      return { ...claim, paid, open: claim.amount - paid };
    }),
    payments: { allocated, unapplied: payments.reduce((total, { amount }) => total + amount, 0) - used },
    interest: interestOf(
      tables,
      file,
      claims,
      paidOn,
      documents.flatMap(({ lines }) => lines),
    ),
  };
}

/** Claims that the file's own invoices make, where it tells of payments or asks for a day and names no claims itself. */
const claimsAsked = (tables: Tables, file: PreviewFile, documents: readonly PreviewDocument[]): ClaimFacts[] =>
  file.payments === undefined && file.until === undefined
    ? []
    : documents.flatMap((one) => claimsOf(tables, one.lines, one.totals));

function interestOf(
  tables: Tables,
  file: PreviewFile,
  claims: readonly ClaimFacts[],
  paidOn: (claim: string) => readonly Paid[],
  lines: readonly ChargeLine[],
): PreviewInterest[] {
  const until = file.until ?? lastOfMonth(`${file.to}-01`);
  const issues: Issue[] = [];
  const interest = claims.flatMap((claim, at) => {
    try {
      const paid = paidOn(claim.claim);
      const found = lateInterest(tables, claim, paid, until);
      if (found === null) return [];
      return [
        { ...found, billMonth: billMonthOf(found, lines, claim.service, monthOf(settledOn(claim, paid, until))) },
      ];
    } catch (error) {
      if (!(error instanceof FactsInvalid)) throw error;
      issues.push(...error.issues.map((issue) => placed(issue, `/claims/${at}`)));
      return [];
    }
  });
  if (issues.length > 0) throw new FactsInvalid("file", distinct(issues), "CHARGES_FILE_INVALID");
  return interest;
}

function settledOn({ amount }: ClaimFacts, paid: readonly Paid[], until: Day): Day {
  const sum = paid.reduce((total, one) => total + one.amount, 0);
  return sum >= amount ? paid.reduce((day, { on }) => (on > day ? on : day), "") : until;
}

/** The month of settlement, or, where interest may not stand alone, the next one that has a charge of the service. */
function billMonthOf(
  { alone }: Interest,
  lines: readonly ChargeLine[],
  service: string,
  settled: YearMonth,
): YearMonth | null {
  if (alone) return settled;
  const months = lines.flatMap((line) =>
    line.service === service && line.billMonth >= settled ? [line.billMonth] : [],
  );
  return months.toSorted()[0] ?? null;
}
