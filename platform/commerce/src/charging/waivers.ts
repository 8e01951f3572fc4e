/** COM-29: a waiver that names a one-off item takes its part off each line of that item; fees by the month see recurring-lines.ts. */
import { grouped, rational, times, toYen } from "@yagura/core/yen.ts";
import { isAgreedOn } from "./agreements.ts";
import type { Contract } from "./contract.ts";
import { enYen, jaYen } from "./explain.ts";
import type { ChargeLine, LineKind } from "./lines.ts";

/** Charges; not lumps, damages or corrections. */
const waivable: ReadonlySet<LineKind> = new Set(["one-off", "document", "surcharge"]);

/** Waiver lines for one-off lines, to stand behind them; the largest waiver of the day holds. */
export function waivedLines(contract: Contract, lines: readonly ChargeLine[]): ChargeLine[] {
  const waivers = contract.of("waiver").filter(({ fact }) => fact.item !== undefined);
  if (waivers.length === 0) return [];
  return lines.flatMap((line) => {
    if (!waivable.has(line.kind) || line.amount <= 0) return [];
    const found = waivers
      .filter(({ fact }) => fact.item === line.item && isAgreedOn(fact, line.supplyOn))
      .toSorted((a, b) => b.fact.percent - a.fact.percent)[0]?.fact;
    if (found === undefined) return [];
    const left = toYen(times(rational(line.amount), rational(100 - found.percent, 100)));
    return [waived(line, line.amount - left, found.percent, found.reference)];
  });
}

const waived = (line: ChargeLine, amount: number, percent: number, reference: string): ChargeLine => ({
  ...line,
  key: `${line.key}/waiver`,
  kind: "waiver",
  description: { ja: `${line.description.ja}（減免）`, en: `${line.description.en}: waived` },
  amount: -amount,
  why: {
    rule: "COM-29",
    version: line.why.version,
    basis: [reference],
    inputs: { percent, charge: line.amount },
    formula: `−(${grouped(line.amount)} − floor(${grouped(line.amount)} × ${100 - percent} ÷ 100)) = −${grouped(amount)}`,
    sentence: {
      ja: `災害などに伴う料金の減免（${reference}）により ${jaYen(amount)}を差し引きます。`,
      en: `A published reduction of charges (${reference}) takes off ${enYen(amount)}.`,
    },
  },
});
