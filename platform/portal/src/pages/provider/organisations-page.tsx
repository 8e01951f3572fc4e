/** All organisations: make, open, erase. */
import { useState, type ReactNode } from "react";
import type { Organisation } from "@yagura/server/shapes.ts";
import { api } from "../../api.ts";
import { homeOf, usePortal } from "../../frame/portal-context.ts";
import { useFormat, useLanguage, useWords, type Format } from "../../language.tsx";
import { providerWords } from "../../messages/provider.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, LanguageField, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { When } from "../../parts/when.tsx";
import { useAll, useRefresh } from "../../queries.ts";
import { useMe, useProvider } from "../../session.tsx";
import { useGo } from "../../url-state.ts";
import { EraseDialog } from "./erase-dialog.tsx";

const PATH = "/api/v1/organisations";
type Words = ReturnType<typeof useWords<typeof providerWords>>;

const columnsOf = (t: Words, format: Format): readonly Column<Organisation>[] => [
  {
    id: "name",
    head: t("organisations.name"),
    text: (row) => row.name,
    cell: (row) => (
      <>
        {row.name} {row.internal ? <span className="tag">{t("organisations.internal")}</span> : null}
      </>
    ),
  },
  {
    id: "corporateNumber",
    head: t("organisations.corporateNumber"),
    text: (row) => row.corporateNumber,
    cell: (row) => row.corporateNumber ?? <span className="soft">–</span>,
  },
  {
    id: "state",
    head: t("organisations.state"),
    text: (row) => t(`organisations.state.${row.state}`),
    cell: (row) => (
      <StateMark state={row.state === "active" ? "good" : "unknown"} label={t(`organisations.state.${row.state}`)} />
    ),
  },
  {
    id: "retentionDays",
    head: t("organisations.retention"),
    align: "end",
    text: (row) => row.retentionDays,
    cell: (row) => t("organisations.days", { n: format.number(row.retentionDays) }),
  },
  { id: "timeZone", head: t("organisations.zone"), text: (row) => row.timeZone, cell: (row) => row.timeZone },
  { id: "language", head: t("organisations.language"), text: (row) => row.language, cell: (row) => row.language },
  {
    id: "createdAt",
    head: t("organisations.created"),
    text: (row) => row.createdAt,
    cell: (row) => <When at={row.createdAt} />,
  },
];

export function Page(): ReactNode {
  const t = useWords(providerWords);
  const format = useFormat();
  const portal = usePortal();
  const me = useMe();
  const provider = useProvider();
  const list = useAll<Organisation>(PATH);
  const [making, setMaking] = useState(false);
  const [erasing, setErasing] = useState<Organisation | null>(null);
  const home = (row: Organisation): string | null =>
    row.state === "erased" ? null : homeOf(portal, row.id, (scope) => me.scopes.includes(scope));
  const make = provider.can("organisation.write") ? (
    <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
      {t("organisations.new")}
    </Button>
  ) : null;
  return (
    <Frame title={t("organisations.title")} lead={t("organisations.lead")} actions={make}>
      <DataTable
        id="organisations"
        label={t("organisations.title")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t, format)}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        sort="name"
        rowHref={home}
        total={list.total}
        cut={list.cut}
        {...(provider.can("organisation.erase")
          ? {
              rowActions: (row: Organisation) =>
                row.internal || row.state === "erased"
                  ? []
                  : [{ label: t("organisations.erase"), danger: true, run: () => setErasing(row) }],
            }
          : {})}
        empty={<Empty title={t("organisations.none")} action={make} />}
      />
      {making ? <MakeDialog close={() => setMaking(false)} /> : null}
      {erasing === null ? null : <EraseDialog organisation={erasing} close={() => setErasing(null)} />}
    </Frame>
  );
}

function MakeDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(providerWords);
  const { language } = useLanguage();
  const toast = useToast();
  const refresh = useRefresh();
  const go = useGo();
  const form = useForm({
    initial: { name: "", corporateNumber: "", language: language },
    rules: {
      name: { maxLength: 120 },
      corporateNumber: { pattern: /^[1-9][0-9]{12}$/, maxLength: 13, optional: true },
    },
    submit: async ({ name, corporateNumber, language: chosen }) => {
      const number = corporateNumber.trim();
      const made = await api.post<Organisation>(PATH, {
        name: name.trim(),
        language: chosen,
        ...(number === "" ? {} : { corporateNumber: number }),
      });
      toast(t("organisations.made", { name: made.name }));
      refresh([PATH, "/api/v1/me"]);
      close();
      go(`/o/${made.id}/members`);
    },
  });
  return (
    <Dialog title={t("organisations.new")} close={close}>
      <Form form={form} action={t("organisations.new")} cancel={close}>
        <TextField form={form} name="name" label={t("organisations.name")} />
        <TextField
          form={form}
          name="corporateNumber"
          label={t("organisations.corporateNumber")}
          hint={t("organisations.corporateHint")}
          inputMode="numeric"
          mono
        />
        <LanguageField form={form} label={t("organisations.language")} />
      </Form>
    </Dialog>
  );
}
