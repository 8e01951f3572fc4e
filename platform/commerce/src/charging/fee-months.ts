/** Fee months of a contract (COM-05): from an anchor day to the day before the next one, without gap or overlap. */
import {
  addDays,
  anchorIn,
  daysIn,
  feeMonthFrom,
  feeMonthOf,
  monthOf,
  nextMonth,
  type Day,
  type YearMonth,
} from "@yagura/core/calendar.ts";
import type { ContractFacts } from "./facts.ts";

export interface FeeMonth {
  readonly from: Day;
  readonly to: Day;
  /**
   * Days that a whole month has: the divisor of every proration. Only the short month that ends where a moved anchor begins
   * has fewer days than that, so that it is charged by its days and no day is charged twice.
   */
  readonly whole: number;
  /** The calendar month in which it ends: the bill that carries it. */
  readonly billMonth: YearMonth;
}

const month = (from: Day, to: Day, whole: number): FeeMonth => ({ from, to, whole, billMonth: monthOf(to) });

const calendarMonths = new Map<YearMonth, FeeMonth>();
/** Months kept; a bill run needs a few, and a century has 1,200. */
const KEPT = 2400;

function calendarMonth(name: YearMonth): FeeMonth {
  const kept = calendarMonths.get(name);
  if (kept !== undefined) return kept;
  const { from, to } = feeMonthFrom(`${name}-01`, 1);
  const made = month(from, to, daysIn({ from, to }));
  if (calendarMonths.size >= KEPT) calendarMonths.clear();
  calendarMonths.set(name, made);
  return made;
}

/** Fee months that end in the calendar months from `from` to `to`, both in. */
export function feeMonths(
  facts: ContractFacts,
  kind: "anchor" | "calendar",
  from: YearMonth,
  to: YearMonth,
): FeeMonth[] {
  const moves = facts.facts.filter((fact) => fact.kind === "anchor");
  const anchor = facts.anchor ?? 1;
  if (kind === "calendar" || (anchor === 1 && moves.length === 0)) {
    const months: FeeMonth[] = [];
    for (let name = from; name <= to; name = nextMonth(name)) months.push(calendarMonth(name));
    return months;
  }
  const first = moves.reduce((day, { on }) => (on < day ? on : day), `${from}-01`);
  // Two months before anything that is asked or moved, the first anchor still holds.
  const start = feeMonthOf(addDays(first, -62), anchor).from;
  return walk(start, anchor, movesOf(moves), to).filter(({ billMonth }) => billMonth >= from && billMonth <= to);
}

/** The fee month that holds a day. */
export function feeMonthHolding(facts: ContractFacts, kind: "anchor" | "calendar", day: Day): FeeMonth {
  const months = feeMonths(facts, kind, monthOf(day), nextMonth(monthOf(day)));
  const found = months.find((one) => one.from <= day && day <= one.to);
  if (found === undefined) throw new RangeError(`no fee month holds ${day}`);
  return found;
}

/** Every fee month from an anchor day on until the calendar month is passed; an anchor moves on its first new day. */
function walk(start: Day, anchor: number, moves: readonly Move[], to: YearMonth): FeeMonth[] {
  const months: FeeMonth[] = [];
  let [here, present, next] = [start, anchor, 0];
  while (monthOf(here) <= to) {
    let move = moves[next];
    if (move !== undefined && move.begins <= here) {
      present = move.anchor;
      next += 1;
      move = moves[next];
    }
    const usual = feeMonthFrom(here, present);
    const end = move !== undefined && move.begins <= usual.to ? addDays(move.begins, -1) : usual.to;
    months.push(month(here, end, daysIn(usual)));
    here = addDays(end, 1);
  }
  return months;
}

interface Move {
  /** First day of the first fee month with the new anchor. */
  readonly begins: Day;
  readonly anchor: number;
}

/** Moves in order; one that another overtakes before it took hold never happened. */
function movesOf(facts: readonly { readonly on: Day; readonly day: number }[]): Move[] {
  const moves = facts
    .toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
    .map(({ on, day }) => ({ on, begins: firstAnchorDay(on, day), anchor: day }));
  return moves.filter(({ begins }, at) => !moves.slice(at + 1).some(({ on }) => on <= begins));
}

/** The first day on or after the day that is an anchor day. */
function firstAnchorDay(day: Day, anchor: number): Day {
  const here = anchorIn(monthOf(day), anchor);
  return here >= day ? here : anchorIn(nextMonth(monthOf(day)), anchor);
}
