/** Why a customer's bill differs from the one of the month before: what a clerk looks at before bills are issued. Pure. */
import type { ChargeLine, LineKind } from "../charging/lines.ts";
import type { YearMonth } from "@yagura/core/calendar.ts";
import type { Reason, ReasonCode } from "./shapes.ts";

/** What a line must tell to be compared. */
export type Compared = Pick<ChargeLine, "contract" | "item" | "kind" | "amount" | "billMonth">;

export interface Side {
  readonly lines: readonly Compared[];
  readonly total: number;
}

/** Reasons kept for a customer. */
const KEPT = 5;

const ofKind: Readonly<Record<Exclude<LineKind, "recurring">, ReasonCode>> = {
  "one-off": "one-off",
  credit: "credit",
  waiver: "credit",
  "early-termination": "early-termination",
  refund: "credit",
  surcharge: "one-off",
  damage: "one-off",
  document: "one-off",
  "late-interest": "late-interest",
  adjustment: "adjustment",
};

/** The largest differences first, their sum with `tax` being the difference of the totals (where none had to be left out). */
export function reasonsFor(last: Side, current: Side, month: YearMonth): Reason[] {
  const [had, has] = [contractsOf(last), contractsOf(current)];
  const sums = new Map<string, Reason>();
  const add = (code: ReasonCode, contract: string, item: string, amount: number): void => {
    const key = `${code} ${contract} ${item}`;
    const known = sums.get(key);
    sums.set(key, { code, contract, item, delta: (known?.delta ?? 0) + amount });
  };
  const put = ({ contract, item, kind, amount, billMonth }: Compared, sign: 1 | -1): void => {
    if (sign === 1 && billMonth < month && kind !== "adjustment") return add("earlier-month", contract, item, amount);
    if (kind !== "recurring") return add(ofKind[kind], contract, item, sign * amount);
    const code = !had.has(contract)
      ? "new-contract"
      : !has.has(contract)
        ? "ended-contract"
        : !had.get(contract)?.has(item)
          ? "new-item"
          : has.get(contract)?.has(item) === true
            ? "amount-changed"
            : "item-gone";
    return add(code, contract, item, sign * amount);
  };
  for (const line of current.lines) put(line, 1);
  for (const line of last.lines) put(line, -1);
  const differing = [...sums.values()].filter(({ delta }) => delta !== 0);
  const tax = current.total - last.total - differing.reduce((sum, { delta }) => sum + delta, 0);
  if (tax !== 0) differing.push({ code: "tax", contract: null, item: null, delta: tax });
  return differing.toSorted((a, b) => Math.abs(b.delta) - Math.abs(a.delta)).slice(0, KEPT);
}

function contractsOf({ lines }: Side): Map<string, Set<string>> {
  const items = new Map<string, Set<string>>();
  for (const { contract, item, kind } of lines) {
    if (kind !== "recurring") continue;
    const known = items.get(contract);
    if (known === undefined) items.set(contract, new Set([item]));
    else known.add(item);
  }
  return items;
}
