/** Cases of disclosure, confidentiality, deletion and data use: each step is kept (COM-25). */
import { useState, type ReactNode } from "react";
import type { CaseDetail, CaseItem, CaseKind, NewCase, NewCaseStep } from "@yagura/commerce/notices/shapes.ts";
import type { Organisation } from "@yagura/server/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useAll, useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { providerApi } from "../data.ts";
import { stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { caseWords } from "../words/cases.ts";
import { navWords } from "../words/nav.ts";

const CASES = providerApi("/cases");
const marks = {
  open: { state: "bad", order: 0 },
  "identity-checked": { state: "notice", order: 1 },
  approved: { state: "notice", order: 2 },
  answered: { state: "notice", order: 3 },
  closed: { state: "good", order: 4 },
  refused: { state: "unknown", order: 5 },
} as const;
const kinds = ["disclosure", "confidentiality", "deletion", "data-use"] as const;
const steps = [
  "identity-checked",
  "identity-refused",
  "answered",
  "fee-billed",
  "delivered",
  "instructed",
  "certified",
  "approval-asked",
  "approved",
  "rejected",
  "carried-out",
  "refused",
  "closed",
  "note",
] as const;

export function Page(): ReactNode {
  const t = useWords(caseWords);
  const n = useWords(navWords);
  const { can } = useProvider();
  const list = useAll<CaseItem>(CASES);
  const [open, setOpen] = useState<"new" | CaseItem | null>(null);
  const make = can("notice.write") ? (
    <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
      {t("new")}
    </Button>
  ) : null;
  return (
    <Frame title={n("cases")} lead={t("lead")} actions={make}>
      <DataTable<CaseItem>
        id="cases"
        label={n("cases")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.subject}
        onOpen={setOpen}
        sort="state"
        empty={
          <Empty title={t("none")} action={make}>
            {t("noneText")}
          </Empty>
        }
        columns={[
          textColumn("subject", t("subject"), (row) => row.subject, { fill: true }),
          textColumn("kind", t("kind"), (row) => t(`kind.${row.kind}`)),
          textColumn("customer", t("customer"), (row) => row.organisationName),
          stateColumn("state", t("state"), (row) => ({ ...marks[row.state], label: t(`state.${row.state}`) })),
          textColumn("rule", t("rule"), (row) => row.rule),
          whenColumn("opened", t("opened"), (row) => row.openedAt),
          whenColumn("closed", t("closed"), (row) => row.closedAt, { hidden: true }),
        ]}
      />
      {open === "new" ? <NewDialog close={() => setOpen(null)} /> : null}
      {open === null || open === "new" ? null : <CaseDialog item={open} close={() => setOpen(null)} />}
    </Frame>
  );
}

function NewDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(caseWords);
  const refresh = useRefresh();
  const customers = useAll<Organisation>("/api/v1/organisations");
  const form = useForm({
    initial: { kind: "disclosure", organisation: "", subject: "", request: "" },
    rules: { organisation: {}, subject: { maxLength: 200 }, request: { maxLength: 2000, optional: true } },
    submit: ({ kind, organisation, subject, request }) => {
      const body: Static<typeof NewCase> = {
        kind: kind as CaseKind,
        organisation,
        subject: subject.trim(),
        ...(request.trim() === "" ? {} : { request: { text: request.trim() } }),
      };
      return api.post(CASES, body);
    },
    done: () => {
      refresh([CASES]);
      close();
    },
  });
  const living = (customers.rows ?? []).filter((each) => each.state === "active");
  return (
    <Dialog title={t("new")} close={close}>
      <Form form={form} action={t("new")} cancel={close}>
        <SelectField
          form={form}
          name="kind"
          label={t("kind")}
          options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <SelectField
          form={form}
          name="organisation"
          label={t("customer")}
          options={[{ value: "", label: "–" }, ...living.map((each) => ({ value: each.id, label: each.name }))]}
        />
        <TextField form={form} name="subject" label={t("subject")} />
        <TextField form={form} name="request" label={t("request")} multiline />
      </Form>
    </Dialog>
  );
}

function CaseDialog({ item, close }: { readonly item: CaseItem; readonly close: () => void }): ReactNode {
  const t = useWords(caseWords);
  const format = useFormat();
  const { can } = useProvider();
  const query = useGet<CaseDetail>(`${CASES}/${item.id}`);
  const over = item.state === "closed" || item.state === "refused";
  return (
    <Dialog title={item.subject} close={close} wide>
      <Loaded query={query} rows={6}>
        {(detail) => (
          <Facts
            facts={detail.steps.map((step) => ({
              name: format.instant(step.at),
              value: t(`step.${step.kind}`),
              note: [step.by.replace(/^user:/, ""), ...Object.values(step.detail).map(String)].join(" · "),
            }))}
          />
        )}
      </Loaded>
      {can("notice.write") && !over ? <StepForm item={item} /> : null}
    </Dialog>
  );
}

function StepForm({ item }: { readonly item: CaseItem }): ReactNode {
  const t = useWords(caseWords);
  const refresh = useRefresh();
  const form = useForm({
    initial: { kind: "note", held: false, note: "" },
    rules: { note: { maxLength: 2000, optional: true } },
    submit: ({ kind, held, note }) => {
      const body: Static<typeof NewCaseStep> = {
        kind: kind as Static<typeof NewCaseStep>["kind"],
        ...(kind === "answered" ? { held } : {}),
        ...(note.trim() === "" ? {} : { note: note.trim() }),
      };
      return api.post(`${CASES}/${item.id}/steps`, body);
    },
    done: () => refresh([CASES]),
  });
  return (
    <Form form={form} action={t("step.add")} label={t("step.add")}>
      <SelectField
        form={form}
        name="kind"
        label={t("step")}
        options={steps.map((kind) => ({ value: kind, label: t(`step.${kind}`) }))}
      />
      {form.values.kind === "answered" ? <CheckField form={form} name="held" label={t("held")} /> : null}
      <TextField form={form} name="note" label={t("note")} multiline />
    </Form>
  );
}
