/**
 * What a later truth changes in months that are already billed: one adjustment line for each fee month, item and kind whose sum
 * is another now. An issued document never changes; the difference stands on the next bill, with the tax rate of its own supply.
 */
import type { YearMonth } from "@yagura/core/calendar.ts";
import { grouped, type Yen } from "@yagura/core/yen.ts";
import { enMonth, enYen, jaMonth, jaYen } from "./explain.ts";
import type { ChargeLine } from "./lines.ts";

/**
 * Lines that bring what was billed (earlier adjustments among it) to what is right now; empty when nothing differs. `on` is the
 * month whose bill carries them; absent, the month that they correct. Applied once, a second comparison gives nothing.
 */
export function differences(billed: readonly ChargeLine[], now: readonly ChargeLine[], on?: YearMonth): ChargeLine[] {
  const groups = new Map<string, Group>();
  for (const line of billed) add(groups, line, "billed");
  for (const line of now) add(groups, line, "right");
  return [...groups.values()].filter(({ sums }) => sums.billed !== sums.right).map((group) => adjustment(group, on));
}

interface Group {
  readonly key: string;
  /** The newest true line of the group, or the line that was billed. */
  line: ChargeLine;
  readonly sums: { billed: Yen; right: Yen };
}

/** Adjustment lines remember what they correct in their key: `adjustment/<key>`. */
const PREFIX = "adjustment/";
/** What is compared: lines of one contract, item, kind and fee month, and the adjustments of these. */
export const keyOf = (line: ChargeLine): string =>
  line.kind === "adjustment" && line.key.startsWith(PREFIX)
    ? line.key.slice(PREFIX.length).replace(/@[^@]*$/, "")
    : `${line.contract}|${line.item}|${line.kind}|${line.feeMonth}|${line.taxClass}`;

function add(groups: Map<string, Group>, line: ChargeLine, side: "billed" | "right"): void {
  const key = keyOf(line);
  const group = groups.get(key) ?? { key, line, sums: { billed: 0, right: 0 } };
  groups.set(key, group);
  group.sums[side] += line.amount;
  // The day of supply stays that of the line that was billed, so that its tax comes back at its own rate.
  if (side === "billed" && group.line.kind === "adjustment" && line.kind !== "adjustment") group.line = line;
}

function adjustment({ key, line, sums }: Group, on: YearMonth | undefined): ChargeLine {
  const amount = sums.right - sums.billed;
  const month = line.feeMonth.slice(0, 7);
  return {
    ...line,
    key: `${PREFIX}${key}@${on ?? line.billMonth}:${sums.billed}>${sums.right}`,
    kind: "adjustment",
    billMonth: on ?? line.billMonth,
    quantity: 1,
    unitPrice: amount,
    amount,
    dueOn: null,
    why: {
      rule: line.why.rule,
      version: line.why.version,
      basis: [...line.why.basis, `corrects ${month}`],
      inputs: { billed: sums.billed, right: sums.right, feeMonth: line.feeMonth },
      formula: `${grouped(sums.right)} − ${grouped(sums.billed)} = ${grouped(amount)}`,
      sentence: {
        ja: `${jaMonth(month)}分の「${line.description.ja}」を訂正します。請求済み ${jaYen(sums.billed)}、正しくは ${jaYen(sums.right)}です。`,
        en: `Correction of ${line.description.en} for ${enMonth(month)}: ${enYen(sums.billed)} was billed, ${enYen(sums.right)} is right.`,
      },
    },
  };
}
