/** The facts that amounts rest on, voided ones too; the staff record, correct and void them. */
import { useState, type ReactNode } from "react";
import type { ContractDetail, StoredFact } from "@yagura/commerce/contracts/shapes.ts";
import { useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable, type RowAction } from "../../parts/table.tsx";
import { useOrganisation } from "../../session.tsx";
import { actorColumn, dayColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { factWords } from "../words/facts.ts";
import { CorrectFactDialog, NewFactDialog, VoidFactDialog } from "./fact-dialog.tsx";
import { factFields, ofTheState } from "./fact-fields.ts";
import { useFactName, useFactText } from "./fact-text.ts";

interface TabProps {
  readonly contract: ContractDetail;
  readonly path: string;
}
/** A set end that has not come is moved by a new request; only that of a contract that is over is put right here. */
function isCorrectable(contract: ContractDetail, { fact: { kind } }: StoredFact): boolean {
  if (kind === "cancelled") return contract.state === "ended";
  return kind in factFields;
}

type Open = "new" | { readonly act: "void" | "correct"; readonly fact: StoredFact } | null;

export function FactsTab({ contract, path }: TabProps): ReactNode {
  const t = useWords(factWords);
  const nameOf = useFactName();
  const textOf = useFactText(contract);
  const here = useOrganisation();
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const may = here.can("contract.write");
  const add = here.can("fact.write") ? <Button onClick={() => setOpen("new")}>{t("facts.new")}</Button> : null;
  const stateOf = (row: StoredFact) =>
    row.voidedAt === null
      ? ({ state: "good", label: t("facts.valid") } as const)
      : ({ state: "unknown", label: t("facts.void", { reason: row.voidReason ?? "" }) } as const);
  const actionsOf = (row: StoredFact): readonly RowAction[] => {
    if (row.voidedAt !== null) return [];
    return [
      ...(isCorrectable(contract, row)
        ? [{ label: t("facts.correct"), run: () => setOpen({ act: "correct", fact: row }) }]
        : []),
      ...(ofTheState.has(row.fact.kind)
        ? []
        : [{ label: t("facts.voidIt"), danger: true, run: () => setOpen({ act: "void", fact: row }) }]),
    ];
  };
  return (
    <div className="stack-wide">
      <p className="soft">{t("facts.lead")}</p>
      <DataTable<StoredFact>
        id={`${contract.number}-facts`}
        label={t("facts.kind")}
        urlKey="f"
        rows={contract.facts}
        rowKey={(row) => row.id}
        rowName={(row) => nameOf(row.fact.kind)}
        sort="-on"
        tools={add}
        {...(may ? { rowActions: actionsOf } : {})}
        empty={
          <Empty title={t("facts.none")} action={add}>
            {t("facts.noneText")}
          </Empty>
        }
        columns={[
          dayColumn("on", t("facts.on"), (row) => row.fact.on),
          textColumn("kind", t("facts.kind"), (row) => nameOf(row.fact.kind)),
          textColumn("payload", t("facts.payload"), textOf, { fill: true }),
          stateColumn("state", t("facts.state"), stateOf),
          textColumn("source", t("facts.source"), (row) => row.source),
          actorColumn("by", t("facts.by"), (row) => row.recordedBy, { hidden: true }),
          whenColumn("at", t("facts.at"), (row) => row.recordedAt),
        ]}
      />
      {open === "new" ? <NewFactDialog contract={contract} path={path} close={close} /> : null}
      {open === null || open === "new" ? null : open.act === "void" ? (
        <VoidFactDialog fact={open.fact} path={path} close={close} />
      ) : (
        <CorrectFactDialog contract={contract} fact={open.fact} path={path} close={close} />
      )}
    </div>
  );
}
