/** Lines of issued documents: what has a column of its own is there, the rest is one JSON text of short names. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { ChargeLine, Explanation, LineKind } from "../charging/lines.ts";
import type { TaxClass, Text } from "../charging/tables.ts";
import type { DraftLine } from "./documents.ts";

/** Lists instead of objects: a line is a third smaller, and a hundred thousand are written in a run. */
type Packed = readonly [
  contract: string,
  service: string,
  plan: string,
  description: readonly [ja: string, en: string],
  feeMonth: Day,
  period: readonly [from: Day, to: Day],
  quantity: number,
  unitPrice: number,
  supplyOn: Day,
  dueOn: Day | null,
  why: readonly [
    rule: string,
    version: string,
    basis: readonly string[],
    inputs: Explanation["inputs"],
    formula: string,
    sentence: readonly [ja: string, en: string],
  ],
  rate: string | null,
];

export const packLine = ({ line, rate }: Pick<DraftLine, "line" | "rate">): string => {
  const { why } = line;
  const packed: Packed = [
    line.contract,
    line.service,
    line.plan,
    [line.description.ja, line.description.en],
    line.feeMonth,
    [line.period.from, line.period.to],
    line.quantity,
    line.unitPrice,
    line.supplyOn,
    line.dueOn,
    [why.rule, why.version, why.basis, why.inputs, why.formula, [why.sentence.ja, why.sentence.en]],
    rate,
  ];
  return JSON.stringify(packed);
};

interface LineRow {
  position: number;
  contract: Uuid | null;
  month: Day;
  key: string;
  kind: LineKind;
  item: string;
  amount: string;
  tax: TaxClass;
  line: Packed;
}
const text = ([ja, en]: readonly [string, string]): Text => ({ ja, en });

export interface StoredLine extends ChargeLine {
  readonly position: number;
  readonly contractId: Uuid | null;
  /** Tax rate, e.g. `10%`; null where there is no tax. */
  readonly rate: string | null;
}

function unpack(row: LineRow): StoredLine {
  const [contract, service, plan, description, feeMonth, [from, to], quantity, unitPrice, supplyOn, dueOn, why, rate] =
    row.line;
  const [rule, version, basis, inputs, formula, sentence] = why;
  return {
    position: row.position,
    contractId: row.contract,
    key: row.key,
    contract,
    service,
    plan,
    kind: row.kind,
    item: row.item,
    description: text(description),
    feeMonth,
    billMonth: row.month.slice(0, 7),
    period: { from, to },
    quantity,
    unitPrice,
    amount: Number(row.amount),
    taxClass: row.tax,
    rate,
    supplyOn,
    dueOn,
    why: { rule, version, basis, inputs, formula, sentence: text(sentence) },
  };
}

const columns = sql`l.position, l.contract_id as contract, l.bill_month as month, l.key, l.kind, l.item, l.amount,
  l.tax_class as tax, l.line`;

/** Lines of a document after a position, at most `limit`. */
export async function linesOf(tx: Tx, invoice: Uuid, after = 0, limit = 1_000_000): Promise<StoredLine[]> {
  const { rows } = await sql<LineRow>`select ${columns} from commerce.invoice_line l
    where l.invoice_id = ${invoice} and l.position > ${after} order by l.position limit ${limit}`.execute(tx);
  return rows.map(unpack);
}

/** Keys of credit notes that reduce beside the rules: later adjustments leave them alone. */
export const BESIDE = "beside:";

/**
 * What stands on issued documents of the contracts, by contract: documents that a corrected one replaced do not count, nor do
 * reductions beside the rules.
 */
export async function billedLines(tx: Tx, contracts: readonly Uuid[], from: Day): Promise<Map<Uuid, ChargeLine[]>> {
  const found = new Map<Uuid, ChargeLine[]>();
  if (contracts.length === 0) return found;
  const { rows } = await sql<LineRow & { contract: Uuid }>`select ${columns} from commerce.invoice_line l
    where l.contract_id = any(${contracts}::uuid[]) and l.bill_month >= ${from}::date and l.key not like ${`${BESIDE}%`}
      and not exists (select from commerce.invoice i where i.corrects_id = l.invoice_id and i.kind = 'corrected')
    order by l.contract_id, l.bill_month, l.invoice_id, l.position`.execute(tx);
  for (const row of rows) {
    const lines = found.get(row.contract);
    if (lines === undefined) found.set(row.contract, [unpack(row)]);
    else lines.push(unpack(row));
  }
  return found;
}
