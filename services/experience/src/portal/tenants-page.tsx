/** Tenants: create, rename, join with the consequences in numbers; why a split is refused, said before anybody tries. */
import { useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { Banner, Empty } from "@yagura/portal/parts/notice.tsx";
import { Page } from "@yagura/portal/parts/page.tsx";
import { DataTable, type RowAction } from "@yagura/portal/parts/table.tsx";
import { useToast } from "@yagura/portal/parts/toast.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { whenCell } from "./cells.tsx";
import "./experience.css";
import { useService, useTenants, type Tenant } from "./manage/data.ts";
import { QuotaMeters, useDialog } from "./manage/parts.tsx";
import { words } from "./words.ts";
import { manageWords } from "./words-manage.ts";

export function TenantsPage(): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const here = useOrganisation();
  const query = useTenants();
  useLive(["experience"], { refresh: [here.api("/experience/tenants")], gather: 5_000 });
  const dialog = useDialog<Tenant>("tenant");
  const may = here.can("experience.write");
  const several = (query.data?.length ?? 0) > 1;
  const acts = (row: Tenant): RowAction[] => [
    { label: m("rename"), run: () => dialog.show("rename", row) },
    ...(several ? [{ label: m("tenants.join"), run: () => dialog.show("join", row) }] : []),
    { label: m("remove"), run: () => dialog.show("remove", row), danger: true },
  ];
  return (
    <Page
      title={t("nav.tenants")}
      lead={m("tenants.lead")}
      actions={
        may && (
          <Button kind="primary" icon="plus" onClick={dialog.add}>
            {m("tenants.add")}
          </Button>
        )
      }
    >
      <TenantTable
        rows={query.data}
        error={query.error}
        retry={() => void query.refetch()}
        acts={may ? acts : undefined}
        add={dialog.add}
      />
      <div className="ex-note">
        <Banner state="unknown" title={m("tenants.splitTitle")}>
          {m("tenants.split")}
        </Banner>
      </div>
      {dialog.adding && <NameDialog close={dialog.close} />}
      {dialog.open?.act === "rename" && <NameDialog tenant={dialog.open.row} close={dialog.close} />}
      {dialog.open?.act === "join" && <JoinDialog into={dialog.open.row} all={query.data ?? []} close={dialog.close} />}
      {dialog.open?.act === "remove" && <RemoveDialog tenant={dialog.open.row} close={dialog.close} />}
    </Page>
  );
}
export { TenantsPage as Page };

interface TableProps {
  readonly rows: readonly Tenant[] | undefined;
  readonly error: ReturnType<typeof useTenants>["error"];
  readonly retry: () => void;
  readonly acts: ((row: Tenant) => RowAction[]) | undefined;
  readonly add: () => void;
}
function TenantTable({ rows, error, retry, acts, add }: TableProps): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const format = useFormat();
  const of = (use: Tenant["quota"]["targets"]): string => `${format.number(use.used)} / ${format.number(use.limit)}`;
  return (
    <DataTable<Tenant>
      id="experience-tenants"
      label={t("nav.tenants")}
      rows={rows}
      error={error}
      retry={retry}
      rowKey={(row) => row.id}
      rowName={(row) => row.name}
      sort="name"
      {...(acts === undefined ? {} : { rowActions: acts })}
      empty={
        <Empty
          title={m("tenants.empty")}
          action={
            acts !== undefined && (
              <Button kind="primary" onClick={add}>
                {m("tenants.add")}
              </Button>
            )
          }
        >
          {m("tenants.emptyText")}
        </Empty>
      }
      columns={[
        { id: "name", head: m("name"), text: (row) => row.name, cell: (row) => row.name },
        {
          id: "agents",
          head: t("nav.agents"),
          align: "end",
          text: (row) => row.quota.agents,
          cell: (row) => format.number(row.quota.agents),
        },
        {
          id: "targets",
          head: t("nav.targets"),
          align: "end",
          text: (row) => row.quota.targets.used,
          cell: (row) => of(row.quota.targets),
        },
        {
          id: "sessions",
          head: t("nav.sessions"),
          align: "end",
          text: (row) => row.quota.sessions.used,
          cell: (row) => of(row.quota.sessions),
        },
        { id: "created", head: m("createdOn"), text: (row) => row.createdAt, cell: (row) => whenCell(row.createdAt) },
      ]}
    />
  );
}

function NameDialog({ tenant, close }: { readonly tenant?: Tenant; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService<Tenant>();
  const title = m(tenant === undefined ? "tenants.add" : "rename");
  const form = useForm({
    initial: { name: tenant?.name ?? "" },
    rules: { name: { minLength: 1, maxLength: 120 } },
    submit: ({ name }) =>
      service.mutateAsync(
        tenant === undefined
          ? { method: "post", path: "/tenants", body: { name: name.trim() } }
          : { method: "patch", path: `/tenants/${tenant.id}`, body: { name: name.trim() } },
      ),
    done: () => {
      toast(m(tenant === undefined ? "created" : "saved"));
      close();
    },
  });
  return (
    <Dialog title={title} close={close}>
      <Form form={form} action={title} cancel={close} label={title}>
        <TextField form={form} name="name" label={m("name")} />
        {tenant !== undefined && <QuotaMeters quota={tenant.quota} />}
      </Form>
    </Dialog>
  );
}

interface JoinProps {
  readonly into: Tenant;
  readonly all: readonly Tenant[];
  readonly close: () => void;
}
function JoinDialog({ into, all, close }: JoinProps): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService<Tenant>();
  const others = all.filter((tenant) => tenant.id !== into.id);
  const [chosen, choose] = useState(others[0]?.id ?? "");
  const from = others.find((tenant) => tenant.id === chosen);
  if (from === undefined) return null;
  return (
    <ConfirmDialog
      title={m("tenants.joinTitle", { name: into.name })}
      consequences={joinConsequences(into, from, m)}
      action={m("tenants.joinDo")}
      typed={from.name}
      close={close}
      run={async () => {
        await service.mutateAsync({ method: "post", path: `/tenants/${into.id}/join`, body: { tenantId: from.id } });
        toast(m("tenants.joined"));
      }}
    >
      <label className="field">
        {m("tenants.joinWhich")}
        <select className="input" value={chosen} onChange={(event) => choose(event.target.value)}>
          {others.map((tenant) => (
            <option key={tenant.id} value={tenant.id}>
              {tenant.name}
            </option>
          ))}
        </select>
      </label>
    </ConfirmDialog>
  );
}

function joinConsequences(into: Tenant, from: Tenant, m: ReturnType<typeof useWords<typeof manageWords>>): string[] {
  const [a, b] = [into.quota, from.quota];
  return [
    m("tenants.joinMoves", {
      from: from.name,
      to: into.name,
      agents: b.agents,
      targets: b.targets.used,
      sessions: b.sessions.used,
    }),
    m("tenants.joinAfter", {
      targets: a.targets.used + b.targets.used,
      targetLimit: a.targets.limit + b.targets.limit,
      sessions: a.sessions.used + b.sessions.used,
      sessionLimit: a.sessions.limit + b.sessions.limit,
    }),
    m("tenants.joinGone", { from: from.name }),
  ];
}

function RemoveDialog({ tenant, close }: { readonly tenant: Tenant; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService();
  const { agents, targets, sessions } = tenant.quota;
  const empty = agents + targets.used + sessions.used === 0;
  return (
    <ConfirmDialog
      title={m("tenants.removeTitle", { name: tenant.name })}
      consequences={[
        empty
          ? m("tenants.removeEmpty")
          : m("tenants.removeText", { agents, targets: targets.used, sessions: sessions.used }),
      ]}
      action={m("remove")}
      close={close}
      run={async () => {
        await service.mutateAsync({ method: "delete", path: `/tenants/${tenant.id}` });
        toast(m("removed"));
      }}
    />
  );
}
