/** Claims, the worst first; late interest explains itself. */
import { useState, type ReactNode } from "react";
import type { ClaimDetail, ClaimItem, InterestShown } from "@yagura/commerce/receivables/shapes.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useGet, type AllResult } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useServiceName } from "../data.ts";
import { dayColumn, stateColumn, textColumn, type Stated } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { useFormula } from "../parts/formula.ts";
import { Yen } from "../parts/yen.tsx";
import { moneyWords } from "../words/money.ts";

export function ClaimTable({ list, id }: { readonly list: AllResult<ClaimItem>; readonly id: string }): ReactNode {
  const t = useWords(moneyWords);
  const here = useOrganisation();
  const nameOf = useServiceName();
  const [open, setOpen] = useState<ClaimItem | null>(null);
  const stateOf = (row: ClaimItem): Stated => {
    if (row.state === "open" && row.daysOverdue > 0)
      return { state: "bad", label: t("overdueBy", { n: row.daysOverdue }), order: -row.daysOverdue };
    const state = row.state === "open" ? "notice" : row.state === "paid" ? "good" : "unknown";
    return { state, label: t(`claimState.${row.state}`), order: row.state === "open" ? 1 : 2 };
  };
  return (
    <>
      <DataTable<ClaimItem>
        id={id}
        label={t("tab.claims")}
        urlKey="c"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.number}
        rowHref={(row) => (row.invoiceId === null ? null : here.path(`office/invoices/${row.invoiceId}`))}
        rowActions={(row) =>
          row.bearsInterest && (row.interestDue !== null || row.daysOverdue > 0)
            ? [{ label: t("claim.interest"), run: () => setOpen(row) }]
            : []
        }
        sort="state"
        total={list.total}
        cut={list.cut}
        empty={<Empty title={t("claims.none")}>{t("claims.noneText")}</Empty>}
        columns={[
          textColumn("number", t("claim.number"), (row) => row.number),
          yenColumn("left", t("claim.left"), (row) => row.left),
          dayColumn("due", t("claim.due"), (row) => row.dueOn),
          stateColumn("state", t("claim.state"), stateOf),
          yenColumn("amount", t("claim.amount"), (row) => row.amount),
          yenColumn("paid", t("claim.paid"), (row) => row.paid),
          textColumn("service", t("claim.service"), (row) => nameOf(row.service)),
          yenColumn("interest", t("claim.interest"), (row) => row.interestDue, { hidden: true }),
          dayColumn("settled", t("claim.settled"), (row) => row.settledOn, { hidden: true }),
        ]}
      />
      {open === null ? null : <InterestDialog claim={open} close={() => setOpen(null)} />}
    </>
  );
}

function InterestDialog({ claim, close }: { readonly claim: ClaimItem; readonly close: () => void }): ReactNode {
  const t = useWords(moneyWords);
  const here = useOrganisation();
  const query = useGet<ClaimDetail>(here.api(`/claims/${claim.id}`));
  return (
    <Dialog title={t("claim.interestTitle", { number: claim.number })} close={close} wide>
      <Loaded query={query} rows={5}>
        {({ interest }) => (interest === null ? <p>–</p> : <InterestWhy interest={interest} />)}
      </Loaded>
    </Dialog>
  );
}

/** Why this much: so many days on so much, at this rate, by this rule. */
function InterestWhy({ interest }: { readonly interest: InterestShown }): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const say = useSay();
  const tell = useFormula();
  return (
    <div className="why">
      <p className="why-amount">
        <span>
          {interest.rule} · {interest.rate}
        </span>
        <Yen amount={interest.amount} />
      </p>
      <p>
        {say(interest.sentence)} {interest.accruing ? t("claim.accruing") : ""}
      </p>
      <code className="why-formula" tabIndex={0}>
        {tell(interest.formula)}
      </code>
      <ul className="plain-list">
        {interest.segments.map((segment) => (
          <li key={segment.from}>
            {t("claim.segments", {
              from: format.day(segment.from),
              to: format.day(segment.to),
              days: format.number(segment.days),
              base: format.yen(segment.base),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}
