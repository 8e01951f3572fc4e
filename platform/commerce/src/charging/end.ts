/** How a contract comes to its end: what a request for cancellation leads to, and until when it had to be given (matrix 7.3). */
import { addDays, addMonths, type Day } from "@yagura/core/calendar.ts";
import type { Contract } from "./contract.ts";
import type { FactOf } from "./facts.ts";
import type { CancellationTerms } from "./tables.ts";
import { addBusinessDays } from "./business-days.ts";

type Request = FactOf<"cancellation-requested">;
type Ends = Pick<Contract, "tables" | "facts">;

/**
 * The last day on which notice for an end on `day` may be given: the corresponding day n months before, or the last one of a
 * shorter month (RNS-10, A-RNS-20); or n business days before (UTM-26). Null: no lead time.
 */
export function noticeBy(contract: Ends, { notice, activity }: CancellationTerms, day: Day): Day | null {
  if (notice.unit === "none" || notice.count === 0) return null;
  if (notice.unit === "month") return addMonths(day, -notice.count);
  return addBusinessDays(contract.tables, contract.facts.service, activity ?? "", day, -notice.count);
}

/**
 * C that follows from a request. UTM-27: the wish, or n business days after the check where the wish lies before the check's
 * end; the lead time is the customer's duty and moves nothing (A-UTM-4). Elsewhere a notice that comes late is met by the
 * earliest day for which it is in time (RNS-10).
 */
export function earliestEnd(contract: Ends, terms: CancellationTerms, request: Request): Day {
  const { desiredOn, checkedOn, on, by } = request;
  const moves = terms.movesAfterCheck;
  if (moves !== undefined) {
    if (checkedOn === undefined || desiredOn > addDays(checkedOn, -1)) return desiredOn;
    return addBusinessDays(
      contract.tables,
      contract.facts.service,
      terms.activity ?? "",
      checkedOn,
      moves.businessDays,
    );
  }
  if (by === "provider" || isInTime(contract, terms, desiredOn, on)) return desiredOn;
  return earliestInTime(contract, terms, on);
}

export function isInTime(contract: Ends, terms: CancellationTerms, day: Day, given: Day): boolean {
  const by = noticeBy(contract, terms, day);
  return by === null || given <= by;
}

/** The first day for which a notice given then is in time: about the lead time later, looked for day by day. */
function earliestInTime(contract: Ends, terms: CancellationTerms, given: Day): Day {
  const { count, unit } = terms.notice;
  let day = unit === "month" ? addDays(addMonths(given, count), -3) : given;
  while (!isInTime(contract, terms, day, given)) day = addDays(day, 1);
  return day;
}
