/** Sessions: many at once from agents and targets, with their volume in plain words; pause, change, remove, compare. */
import { useMemo, useState, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, useForm } from "@yagura/portal/parts/form.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Page } from "@yagura/portal/parts/page.tsx";
import { DataTable, type RowAction } from "@yagura/portal/parts/table.tsx";
import { useToast } from "@yagura/portal/parts/toast.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useGo } from "@yagura/portal/url-state.ts";
import "./experience.css";
import { useAgents, useService, useSessions, useTargets, useTenants, type Session } from "./manage/data.ts";
import { NewSessions } from "./manage/new-sessions.tsx";
import { PaceFields, paceOf, usePaceCheck } from "./manage/pace.tsx";
import { useDialog } from "./manage/parts.tsx";
import { tellInterval, tellPaused, tellProbe } from "./tell.ts";
import { words } from "./words.ts";
import { manageWords } from "./words-manage.ts";

const nameOf = (session: Session): string => `${session.agentLabel} → ${session.targetName}`;

export function SessionsPage(): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const here = useOrganisation();
  const query = useSessions();
  const lists = { tenants: useTenants().data, agents: useAgents().data, targets: useTargets().data };
  useLive(["experience"], { refresh: [here.api("/experience/sessions")], gather: 5_000 });
  const dialog = useDialog<Session>("sessions");
  const may = here.can("experience.write");
  const add = (
    <Button kind="primary" icon="plus" onClick={dialog.add}>
      {m("sessions.add")}
    </Button>
  );
  return (
    <Page title={t("nav.sessions")} lead={m("sessions.lead")} actions={may && add}>
      <SessionTable
        query={query}
        show={may ? dialog.show : undefined}
        empty={
          <Empty title={m("sessions.empty")} action={may && add}>
            {m("sessions.emptyText")}
          </Empty>
        }
      />
      {dialog.adding && lists.tenants && lists.agents && lists.targets && query.data && (
        <NewSessions
          tenants={lists.tenants}
          agents={lists.agents}
          targets={lists.targets}
          sessions={query.data}
          close={dialog.close}
        />
      )}
      {dialog.open?.act === "edit" && <IntervalDialog session={dialog.open.row} close={dialog.close} />}
      {dialog.open?.act === "remove" && <RemoveDialog session={dialog.open.row} close={dialog.close} />}
    </Page>
  );
}
export { SessionsPage as Page };

interface TableProps {
  readonly query: ReturnType<typeof useSessions>;
  readonly show: ((act: string, row: Session) => void) | undefined;
  readonly empty: ReactNode;
}
function SessionTable({ query, show, empty }: TableProps): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const here = useOrganisation();
  const go = useGo();
  const toast = useToast();
  const service = useService<Session>();
  const tenants = useTenants();
  const tenantName = useMemo(() => {
    const names = new Map(tenants.data?.map((tenant) => [tenant.id, tenant.name]));
    return (id: string): string => names.get(id) ?? "–";
  }, [tenants.data]);
  const pause = (row: Session): void =>
    service.mutate(
      { method: "patch", path: `/sessions/${row.id}`, body: { paused: !row.paused } },
      { onSuccess: () => toast(m(row.paused ? "resumed" : "paused")), onError: (error) => toast(error.detail) },
    );
  const acts = (row: Session): RowAction[] => [
    { label: m("sessions.compare"), run: () => go(here.path(`experience/sessions/compare?sessions=${row.id}`)) },
    ...(show === undefined
      ? []
      : [
          { label: m(row.paused ? "resume" : "pause"), run: () => pause(row) },
          { label: m("sessions.change"), run: () => show("edit", row) },
          { label: m("remove"), run: () => show("remove", row), danger: true },
        ]),
  ];
  return (
    <DataTable<Session>
      id="experience-sessions"
      label={t("nav.sessions")}
      rows={query.data}
      error={query.error}
      retry={() => void query.refetch()}
      rowKey={(row) => row.id}
      rowName={nameOf}
      rowHref={(row) => here.path(`experience/sessions/${row.id}`)}
      rowActions={acts}
      sort="agent"
      empty={empty}
      columns={[
        { id: "agent", head: t("agent"), text: (row) => row.agentLabel, cell: (row) => row.agentLabel },
        { id: "target", head: t("target"), text: (row) => row.targetName, cell: (row) => row.targetName },
        {
          id: "probe",
          head: m("targets.what"),
          text: (row) => tellProbe(row.probe),
          cell: (row) => tellProbe(row.probe),
        },
        {
          id: "interval",
          head: m("sessions.every"),
          align: "end",
          text: (row) => row.interval / 1000,
          cell: (row) => tellInterval(row.interval, t),
        },
        {
          id: "tenant",
          head: t("tenant"),
          text: (row) => tenantName(row.tenantId),
          cell: (row) => tenantName(row.tenantId),
        },
        {
          id: "state",
          head: t("state"),
          text: (row) => tellPaused(row, t),
          cell: (row) => tellPaused(row, t),
        },
      ]}
    />
  );
}

function IntervalDialog({ session, close }: { readonly session: Session; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService<Session>();
  const [initial] = useState(() => ({
    interval: String(session.interval / 1000),
    timeout: String(session.timeout / 1000),
  }));
  const form = useForm({
    initial,
    check: usePaceCheck(),
    submit: (values) => service.mutateAsync({ method: "patch", path: `/sessions/${session.id}`, body: paceOf(values) }),
    done: () => {
      toast(m("saved"));
      close();
    },
  });
  return (
    <Dialog title={`${m("sessions.change")}: ${nameOf(session)}`} close={close}>
      <Form form={form} action={m("edit")} cancel={close} label={m("sessions.change")}>
        <PaceFields form={form} />
      </Form>
    </Dialog>
  );
}

function RemoveDialog({ session, close }: { readonly session: Session; readonly close: () => void }): ReactNode {
  const m = useWords(manageWords);
  const toast = useToast();
  const service = useService();
  return (
    <ConfirmDialog
      title={m("sessions.removeTitle")}
      consequences={[m("sessions.removeText", { name: nameOf(session) }), m("sessions.removeData")]}
      action={m("remove")}
      close={close}
      run={async () => {
        await service.mutateAsync({ method: "delete", path: `/sessions/${session.id}` });
        toast(m("removed"));
      }}
    />
  );
}
