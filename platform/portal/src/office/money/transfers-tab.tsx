/** Claims assigned to a billing operator: the file that goes out, and the payment states that come back (UTM-53). */
import { useId, useState, type ReactNode } from "react";
import type { ClaimTransferItem, NewClaimTransfer, TransferStatesResult } from "@yagura/commerce/receivables/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckGroup, Form, TextField, useForm } from "../../parts/form.tsx";
import { Banner, Empty } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { providerApi, useServices } from "../data.ts";
import { actorColumn, countColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { moneyWords } from "../words/money.ts";

const TRANSFERS = providerApi("/claim-transfers");

export function TransfersTab(): ReactNode {
  const t = useWords(moneyWords);
  const query = useGet<{ readonly items: readonly ClaimTransferItem[] }>(TRANSFERS);
  const [open, setOpen] = useState<"new" | "states" | null>(null);
  const tools = (
    <>
      <Button onClick={() => setOpen("new")}>{t("transfer.new")}</Button>
      <Button onClick={() => setOpen("states")}>{t("transfer.states")}</Button>
    </>
  );
  return (
    <>
      <DataTable<ClaimTransferItem>
        id="claim-transfers"
        label={t("bank.transfers")}
        urlKey="t"
        rows={query.data?.items}
        error={query.error}
        rowKey={(row) => row.id}
        rowName={(row) => row.operator}
        sort="-at"
        tools={tools}
        rowActions={(row) => [
          {
            label: t("journal.csv"),
            run: () => void api.download(`${TRANSFERS}/${row.id}/csv`, { name: `claims-${row.operator}.csv` }),
          },
        ]}
        empty={
          <Empty title={t("transfer.none")} action={<div className="page-actions">{tools}</div>}>
            {t("transfer.noneText")}
          </Empty>
        }
        columns={[
          textColumn("operator", t("transfer.operator"), (row) => row.operator, { fill: true }),
          countColumn("claims", t("transfer.claims"), (row) => row.claims),
          yenColumn("total", t("file.total"), (row) => row.total),
          countColumn("paid", t("transfer.paid"), (row) => row.paid),
          countColumn("returned", t("transfer.returned"), (row) => row.returned),
          actorColumn("by", t("payment.by"), (row) => row.by),
          whenColumn("at", t("file.at"), (row) => row.at),
        ]}
      />
      {open === "new" ? <NewDialog close={() => setOpen(null)} /> : null}
      {open === "states" ? <StatesDialog close={() => setOpen(null)} /> : null}
    </>
  );
}

interface Props {
  readonly close: () => void;
}
function NewDialog({ close }: Props): ReactNode {
  const t = useWords(moneyWords);
  const refresh = useRefresh();
  const services = useServices();
  const form = useForm({
    initial: { operator: "", dueBy: dayIn("Asia/Tokyo"), services: [] as readonly string[] },
    rules: { operator: { maxLength: 120 }, dueBy: { pattern: /^\d{4}-\d{2}-\d{2}$/ } },
    check: (values) => (values.services.length === 0 ? { services: t("transfer.needsService") } : {}),
    submit: ({ operator, dueBy, services: chosen }) => {
      const body: Static<typeof NewClaimTransfer> = { operator: operator.trim(), dueBy, services: [...chosen] };
      return api.post(TRANSFERS, body);
    },
    done: () => {
      refresh([TRANSFERS, providerApi("/receivables")]);
      close();
    },
  });
  return (
    <Dialog title={t("transfer.new")} close={close}>
      <ul className="consequences">
        <li>{t("transfer.text")}</li>
      </ul>
      <Form form={form} action={t("transfer.new")} cancel={close}>
        <TextField form={form} name="operator" label={t("transfer.operator")} />
        <TextField form={form} name="dueBy" label={t("debit.dueBy")} type="date" />
        <CheckGroup
          form={form}
          name="services"
          label={t("claim.service")}
          options={services.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form>
    </Dialog>
  );
}

type Result = Static<typeof TransferStatesResult>;
function StatesDialog({ close }: Props): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const refresh = useRefresh();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const form = useForm({
    initial: {},
    submit: async () => {
      if (file === null) return;
      setResult(await api.post<Result>(`${TRANSFERS}/states`, { csv: await file.text() }));
      refresh([TRANSFERS, providerApi("/receivables")]);
    },
  });
  return (
    <Dialog title={t("transfer.states")} close={close}>
      <Form form={form} action={t("transfer.states")} cancel={close}>
        <div className="file-field">
          <label htmlFor={id}>{t("transfer.file")}</label>
          <input
            id={id}
            type="file"
            className="input"
            accept=".csv,text/csv"
            required
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </div>
        {result === null ? null : (
          <Banner state={result.problems.length === 0 ? "good" : "bad"}>
            <p>{t("transfer.read", { n: format.number(result.changed), same: format.number(result.unchanged) })}</p>
            <ul className="plain-list">
              {result.problems.map((problem) => (
                <li key={`${problem.line} ${problem.message}`}>
                  {problem.line}: {problem.message}
                </li>
              ))}
            </ul>
          </Banner>
        )}
      </Form>
    </Dialog>
  );
}
