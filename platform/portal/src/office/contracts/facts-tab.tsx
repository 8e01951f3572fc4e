/** The facts that amounts rest on, voided ones too; the staff record and void them. */
import { useState, type ReactNode } from "react";
import type { ContractDetail, NewFact, StoredFact } from "@yagura/commerce/contracts/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { useItemName } from "../offers.ts";
import { actorColumn, dayColumn, stateColumn, textColumn, whenColumn } from "../parts/columns.tsx";
import { contractWords } from "../words/contracts.ts";

interface TabProps {
  readonly contract: ContractDetail;
  readonly path: string;
}
const named = [
  "applied",
  "accepted",
  "started",
  "inspected",
  "cancellation-requested",
  "cancelled",
  "suspended",
  "resumed",
  "quantity",
  "option-started",
  "option-ended",
  "ancillary-started",
  "ancillary-ended",
  "anchor",
  "attribute",
  "price-agreed",
  "parameter-agreed",
] as const;

export function useFactName(): (kind: string) => string {
  const t = useWords(contractWords);
  return (kind) => (`fact.${kind}` in contractWords ? t(`fact.${kind}` as "fact.started") : kind);
}

/** The fields of a fact beside its kind and day, as one line; items by their names. */
function usePayload(contract: ContractDetail): (row: StoredFact) => string {
  const t = useWords(contractWords);
  const itemName = useItemName(contract.service, contract.plan);
  const named = (name: string): string =>
    `payload.${name}` in contractWords ? t(`payload.${name}` as "payload.item") : name;
  return ({ fact }) => {
    const { kind: _kind, on: _on, id: _id, recordedOn: _recorded, ...rest } = fact as Record<string, unknown>;
    return Object.entries(rest)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        return `${named(name)}: ${name === "item" ? itemName(text) : text}`;
      })
      .join(" / ");
  };
}

export function FactsTab({ contract, path }: TabProps): ReactNode {
  const t = useWords(contractWords);
  const nameOf = useFactName();
  const payloadOf = usePayload(contract);
  const here = useOrganisation();
  const [voiding, setVoiding] = useState<StoredFact | null>(null);
  const [making, setMaking] = useState(false);
  const may = here.can("contract.write");
  const add = may ? <Button onClick={() => setMaking(true)}>{t("facts.new")}</Button> : null;
  const stateOf = (row: StoredFact) =>
    row.voidedAt === null
      ? ({ state: "good", label: t("facts.valid") } as const)
      : ({ state: "unknown", label: t("facts.void", { reason: row.voidReason ?? "" }) } as const);
  return (
    <div className="stack-wide">
      <p className="soft">{t("facts.lead")}</p>
      <DataTable<StoredFact>
        id={`${contract.number}-facts`}
        label={t("tab.facts")}
        urlKey="f"
        rows={contract.facts}
        rowKey={(row) => row.id}
        rowName={(row) => nameOf(row.fact.kind)}
        sort="-on"
        tools={add}
        {...(may
          ? {
              rowActions: (row: StoredFact) =>
                row.voidedAt === null ? [{ label: t("facts.voidIt"), danger: true, run: () => setVoiding(row) }] : [],
            }
          : {})}
        empty={
          <Empty title={t("facts.none")} action={add}>
            {t("facts.noneText")}
          </Empty>
        }
        columns={[
          dayColumn("on", t("facts.on"), (row) => row.fact.on),
          textColumn("kind", t("facts.kind"), (row) => nameOf(row.fact.kind)),
          textColumn("payload", t("facts.payload"), payloadOf, { fill: true }),
          stateColumn("state", t("facts.state"), stateOf),
          textColumn("source", t("facts.source"), (row) => row.source),
          actorColumn("by", t("facts.by"), (row) => row.recordedBy, { hidden: true }),
          whenColumn("at", t("facts.at"), (row) => row.recordedAt),
        ]}
      />
      {voiding === null ? null : <VoidDialog fact={voiding} path={path} close={() => setVoiding(null)} />}
      {making ? <FactDialog path={path} close={() => setMaking(false)} /> : null}
    </div>
  );
}

function useRecorded(close: () => void): () => void {
  const t = useWords(contractWords);
  const toast = useToast();
  const refresh = useRefresh();
  const here = useOrganisation();
  return () => {
    toast(t("act.done"));
    refresh([here.api("/contracts"), here.api("/next-bill")]);
    close();
  };
}

interface VoidProps {
  readonly fact: StoredFact;
  readonly path: string;
  readonly close: () => void;
}
function VoidDialog({ fact, path, close }: VoidProps): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const nameOf = useFactName();
  const done = useRecorded(close);
  const form = useForm({
    initial: { reason: "" },
    rules: { reason: { maxLength: 2000 } },
    submit: ({ reason }) => api.post(`${path}/facts/${fact.id}/void`, { reason: reason.trim() }),
    done,
  });
  return (
    <Dialog
      title={t("facts.voidTitle", { fact: `${nameOf(fact.fact.kind)} ${format.day(fact.fact.on)}` })}
      close={close}
    >
      <ul className="consequences">
        <li>{t("facts.voidText")}</li>
      </ul>
      <Form form={form} action={t("facts.voidIt")} kind="danger" cancel={close}>
        <TextField form={form} name="reason" label={t("reason")} multiline />
      </Form>
    </Dialog>
  );
}

function FactDialog({ path, close }: { readonly path: string; readonly close: () => void }): ReactNode {
  const t = useWords(contractWords);
  const nameOf = useFactName();
  const done = useRecorded(close);
  const form = useForm({
    initial: { kind: "quantity", on: dayIn("Asia/Tokyo"), json: "{}", reason: "" },
    rules: {
      on: { pattern: /^\d{4}-\d{2}-\d{2}$/ },
      json: { maxLength: 4000 },
      reason: { maxLength: 2000, optional: true },
    },
    check: ({ json }) => (readJson(json) === undefined ? { json: t("facts.jsonBad") } : {}),
    submit: ({ kind, on, json, reason }) => {
      const fact = { ...readJson(json), kind, on } as NewFact["fact"];
      return api.post(`${path}/facts`, { fact, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) });
    },
    done,
  });
  return (
    <Dialog title={t("facts.new")} close={close}>
      <Form form={form} action={t("facts.new")} cancel={close}>
        <SelectField
          form={form}
          name="kind"
          label={t("facts.kind")}
          options={named.map((kind) => ({ value: kind, label: nameOf(kind) }))}
        />
        <TextField form={form} name="on" label={t("facts.on")} type="date" />
        <TextField form={form} name="json" label={t("facts.json")} hint={t("facts.jsonHint")} multiline mono />
        <TextField form={form} name="reason" label={t("reason")} />
      </Form>
    </Dialog>
  );
}

function readJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
