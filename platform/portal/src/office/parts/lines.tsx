/** Charge lines with the reason of each, and the totals below them. */
import { useMemo, type ReactNode } from "react";
import type { ChargeLine, DocumentTotals } from "@yagura/commerce/charging/shapes.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { Day } from "../../parts/when.tsx";
import { partWords } from "../words/parts.ts";
import { Amount } from "./why.tsx";
import { Yen } from "./yen.tsx";

interface LinesProps {
  /** Undefined while loading. */
  readonly lines: readonly ChargeLine[] | undefined;
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
    <DataTable<ChargeLine>
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
  );
}

function useLineColumns(ofOneContract: boolean): readonly Column<ChargeLine>[] {
  const t = useWords(partWords);
  const say = useSay();
  const format = useFormat();
  return useMemo(() => {
    const contract: Column<ChargeLine> = {
      id: "contract",
      head: t("lines.contract"),
      text: (line) => line.contract,
      cell: (line) => <span className="figures">{line.contract}</span>,
    };
    return [
      ...(ofOneContract ? [] : [contract]),
      {
        id: "item",
        head: t("lines.item"),
        fill: true,
        text: (line) => say(line.description),
        cell: (line) => say(line.description),
      },
      {
        id: "kind",
        head: t("lines.kind"),
        hidden: true,
        text: (line) => t(`kind.${line.kind}`),
        cell: (line) => t(`kind.${line.kind}`),
      },
      {
        id: "from",
        head: t("lines.from"),
        text: (line) => line.period.from,
        cell: (line) => <Day day={line.period.from} />,
      },
      { id: "to", head: t("lines.to"), text: (line) => line.period.to, cell: (line) => <Day day={line.period.to} /> },
      {
        id: "quantity",
        head: t("lines.quantity"),
        align: "end",
        text: (line) => line.quantity,
        cell: (line) => format.number(line.quantity),
      },
      {
        id: "unitPrice",
        head: t("lines.unitPrice"),
        align: "end",
        text: (line) => line.unitPrice,
        cell: (line) => <Yen amount={line.unitPrice} />,
      },
      {
        id: "amount",
        head: t("lines.amount"),
        align: "end",
        descending: true,
        text: (line) => line.amount,
        cell: (line) => <Amount of={line} />,
      },
      {
        id: "tax",
        head: t("lines.tax"),
        hidden: true,
        text: (line) => t(`tax.${line.taxClass}`),
        cell: (line) => t(`tax.${line.taxClass}`),
      },
      { id: "rule", head: t("lines.rule"), hidden: true, text: (line) => line.why.rule, cell: (line) => line.why.rule },
    ];
  }, [t, say, format, ofOneContract]);
}

/** Sum per rate, tax once per rate, the whole (COM-08). */
export function Totals({
  totals,
  note = true,
}: {
  readonly totals: DocumentTotals;
  readonly note?: boolean;
}): ReactNode {
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
  return (
    <>
      <div>
        <dt>{of.rate === null ? t("totals.untaxed") : t("totals.base", { rate: of.rate })}</dt>
        <dd>
          <Yen amount={of.base} />
        </dd>
      </div>
      {of.rate === null ? null : (
        <div title={of.formula}>
          <dt>{t("totals.tax", { rate: of.rate })}</dt>
          <dd>
            <Yen amount={of.tax} />
          </dd>
        </div>
      )}
    </>
  );
}
