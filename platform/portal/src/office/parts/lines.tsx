/** Charge lines with the reason of each, and the totals below them. */
import { useMemo, type ReactNode } from "react";
import type { DocumentTotals, LineKind } from "@yagura/commerce/charging/shapes.ts";
import { useWords } from "../../language.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { partWords } from "../words/parts.ts";
import { useFormula } from "./formula.ts";
import { useName } from "./name.ts";
import { countColumn, dayColumn, textColumn } from "../../parts/columns.tsx";
import { yenColumn } from "./columns.tsx";
import { Amount, type ShownLine } from "./why.tsx";
import { Yen } from "./yen.tsx";

interface LinesProps {
  /** Undefined while loading. */
  readonly lines: readonly ShownLine[] | undefined;
  /** Name of the exported file. */
  readonly id: string;
  readonly urlKey?: string;
  /** A few lines need no tool bar. */
  readonly plain?: boolean;
  /** Where all lines are of one contract, its number is in the heading. */
  readonly ofOneContract?: boolean;
  readonly empty?: ReactNode;
}

export function LinesTable({ lines, id, urlKey, plain, ofOneContract = false, empty }: LinesProps): ReactNode {
  const t = useWords(partWords);
  const columns = useLineColumns(ofOneContract);
  return (
    <div className="lines">
      <DataTable<ShownLine>
        id={id}
        label={t("lines.label")}
        rows={lines}
        columns={columns}
        rowKey={(line) => `${line.contract} ${line.key}`}
        rowName={(line) => line.key}
        sort="contract"
        {...(urlKey === undefined ? {} : { urlKey })}
        {...(plain === undefined ? {} : { plain })}
        empty={empty ?? <Empty title={t("lines.none")} />}
      />
    </div>
  );
}

function useLineColumns(ofOneContract: boolean): readonly Column<ShownLine>[] {
  const t = useWords(partWords);
  const say = useName();
  return useMemo(() => {
    const amount: Column<ShownLine> = {
      ...yenColumn<ShownLine>("amount", t("lines.amount"), (line) => line.amount),
      cell: (line) => <Amount of={line} />,
    };
    return [
      ...(ofOneContract ? [] : [textColumn<ShownLine>("contract", t("lines.contract"), (line) => line.contract)]),
      textColumn("item", t("lines.item"), (line) => say(line.description), { fill: true }),
      textColumn("kind", t("lines.kind"), (line) => t(`kind.${line.kind as LineKind}`), { hidden: true }),
      dayColumn("from", t("lines.from"), (line) => line.period.from),
      dayColumn("to", t("lines.to"), (line) => line.period.to),
      countColumn("quantity", t("lines.quantity"), (line) => line.quantity),
      // A sum that no price made, such as what a credit note gives back, has none to show.
      yenColumn("unitPrice", t("lines.unitPrice"), (line) =>
        line.unitPrice === 0 && line.amount !== 0 ? null : line.unitPrice,
      ),
      amount,
      textColumn("tax", t("lines.tax"), (line) => t(`tax.${line.taxClass}`), { hidden: true }),
      textColumn("rule", t("lines.rule"), (line) => line.why.rule, { hidden: true }),
    ];
  }, [t, say, ofOneContract]);
}

export type Summed = Pick<DocumentTotals, "subtotals" | "tax" | "total">;
/** Sum per rate, tax once per rate, the whole (COM-08). */
export function Totals({ totals, note = true }: { readonly totals: Summed; readonly note?: boolean }): ReactNode {
  const t = useWords(partWords);
  return (
    <div className="totals">
      <dl>
        {totals.subtotals.map((each) => (
          <Subtotal key={`${each.class} ${each.rate ?? ""}`} of={each} />
        ))}
        <div className="totals-total">
          <dt>{t("totals.total")}</dt>
          <dd>
            <Yen amount={totals.total} />
          </dd>
        </div>
      </dl>
      {note && totals.tax !== 0 ? <p className="soft small">{t("totals.note")}</p> : null}
    </div>
  );
}

function Subtotal({ of }: { readonly of: DocumentTotals["subtotals"][number] }): ReactNode {
  const t = useWords(partWords);
  const tell = useFormula();
  return (
    <>
      <div>
        <dt>{of.rate === null ? t("totals.untaxed") : t("totals.base", { rate: of.rate })}</dt>
        <dd>
          <Yen amount={of.base} />
        </dd>
      </div>
      {of.rate === null ? null : (
        <div>
          <dt>
            {t("totals.tax", { rate: of.rate })}
            <span className="fact-note">{tell(of.formula)}</span>
          </dt>
          <dd>
            <Yen amount={of.tax} />
          </dd>
        </div>
      )}
    </>
  );
}
