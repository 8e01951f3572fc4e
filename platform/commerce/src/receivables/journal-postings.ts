/**
 * What accounting has to know of each document, as one signed sum per account (above zero: debit). Pure. The sums of a document
 * add up to nothing, so that every entry made of them, or of the difference between two states of them, balances.
 */
import type { AccountKey } from "./journal-accounts.ts";

/** `account` or `account|rate`, e.g. `sales|10%`. */
export type PostingKey = string;
export type Postings = Readonly<Record<PostingKey, number>>;

const posting = (account: AccountKey, rate?: string | null): PostingKey =>
  rate === undefined || rate === null ? account : `${account}|${rate}`;

const add = (postings: Record<PostingKey, number>, key: PostingKey, amount: number): void => {
  const sum = (postings[key] ?? 0) + amount;
  if (sum === 0) delete postings[key];
  else postings[key] = sum;
};

export interface InvoiceSums {
  readonly subtotals: readonly {
    readonly class: string;
    readonly rate: string | null;
    readonly base: number;
    readonly tax: number;
  }[];
  /** Late interest among the lines, by tax class. Where the provider has it taxed, it is part of the sales of its rate. */
  readonly interest: Readonly<Record<string, number>>;
  /** A credit note says what is taken off, whatever sign its figures bear. */
  readonly sign: 1 | -1;
}

/** Receivable to sales of each rate, tax received of each rate, late interest, and what is outside the scope of tax. */
export function invoicePostings({ subtotals, interest, sign }: InvoiceSums): Postings {
  const postings: Record<PostingKey, number> = {};
  for (const { class: taxClass, rate, base, tax } of subtotals) {
    add(postings, "receivable", sign * (base + tax));
    add(postings, posting("tax", rate), -sign * tax);
    if (taxClass === "taxable") {
      add(postings, posting("sales", rate), -sign * base);
      continue;
    }
    const late = interest[taxClass] ?? 0;
    add(postings, posting("lateInterest"), -sign * late);
    add(postings, posting("otherIncome"), -sign * (base - late));
  }
  return postings;
}

/** Money that came in, or a credit note's rest, to what it paid and what lies on account. */
export function paymentPostings(payment: {
  readonly way: string;
  readonly amount: number;
  readonly allocated: number;
}): Postings {
  const postings: Record<PostingKey, number> = {};
  const from: AccountKey = payment.way === "credit-note" ? "receivable" : payment.way === "cash" ? "cash" : "bank";
  add(postings, from, payment.amount);
  add(postings, "receivable", -payment.allocated);
  add(postings, "advance", payment.allocated - payment.amount);
  return postings;
}

export const refundPostings = (amount: number): Postings => ({ advance: amount, bank: -amount });
export const assignmentPostings = (amount: number): Postings => ({ operator: amount, receivable: -amount });
export const operatorPaidPostings = (amount: number): Postings => ({ bank: amount, operator: -amount });

/** What is to be posted so that what was posted becomes what is wanted; empty when nothing is missing. */
export function difference(wanted: Postings, posted: Postings): Postings {
  const postings: Record<PostingKey, number> = { ...wanted };
  for (const [key, amount] of Object.entries(posted)) add(postings, key, -amount);
  return postings;
}

/** 0 for every set of postings that may be exported. */
export const imbalance = (postings: Postings): number =>
  Object.values(postings).reduce((sum, amount) => sum + amount, 0);
