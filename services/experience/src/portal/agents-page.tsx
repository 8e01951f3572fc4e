/** Agents: the PCs that measure, with their contract numbers, holders and invitations. */
import { useMemo, type ReactNode } from "react";
import { stateOrder } from "@yagura/core/state.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Page } from "@yagura/portal/parts/page.tsx";
import { DataTable, type Column, type RowAction } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { agentMark } from "./agent-state.ts";
import { agentCell, agoCell, figuresCell } from "./cells.tsx";
import "./experience.css";
import { AddAgentDialog, ChangeAgentDialog, RemoveAgentDialog } from "./manage/agent-dialogs.tsx";
import { useAgents, useTenants, type Agent } from "./manage/data.ts";
import { InviteDialog, useInvitationText, WithdrawDialog } from "./manage/invitation.tsx";
import { useDialog } from "./manage/parts.tsx";
import { words } from "./words.ts";
import { manageWords } from "./words-manage.ts";

export function AgentsPage(): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const here = useOrganisation();
  const query = useAgents();
  const tenants = useTenants();
  useLive(["experience", "device"], { refresh: [here.api("/experience/agents")], gather: 3_000 });
  const dialog = useDialog<Agent>("agent");
  const may = here.can("experience.write");
  const columns = useColumns();
  const acts = (row: Agent): RowAction[] => [
    {
      label: m(row.invitation === null ? "invitation.send" : "invitation.reissue"),
      run: () => dialog.show("invite", row),
    },
    ...(row.invitation?.state === "open"
      ? [{ label: m("invitation.revoke"), run: () => dialog.show("withdraw", row) }]
      : []),
    { label: m("edit"), run: () => dialog.show("edit", row) },
    { label: m("remove"), run: () => dialog.show("remove", row), danger: true },
  ];
  const add = (
    <Button kind="primary" icon="plus" onClick={dialog.add}>
      {m("agents.add")}
    </Button>
  );
  const { open } = dialog;
  return (
    <Page title={t("nav.agents")} lead={m("agents.lead")} actions={may && add}>
      <DataTable<Agent>
        id="experience-agents"
        label={t("nav.agents")}
        rows={query.data}
        error={query.error}
        retry={() => void query.refetch()}
        rowKey={(row) => row.id}
        rowName={(row) => row.label}
        rowHref={(row) => here.path(`experience/agents/${row.id}`)}
        {...(may ? { rowActions: acts } : {})}
        sort="state"
        empty={
          <Empty title={m("agents.empty")} action={may && add}>
            {m("agents.emptyText")}
          </Empty>
        }
        columns={columns}
      />
      {dialog.adding && query.data && tenants.data && (
        <AddAgentDialog tenants={tenants.data} agents={query.data} close={dialog.close} />
      )}
      {open?.act === "invite" && <InviteDialog agent={open.row} close={dialog.close} />}
      {open?.act === "withdraw" && <WithdrawDialog agent={open.row} close={dialog.close} />}
      {open?.act === "edit" && <ChangeAgentDialog agent={open.row} close={dialog.close} />}
      {open?.act === "remove" && <RemoveAgentDialog agent={open.row} close={dialog.close} />}
    </Page>
  );
}
export { AgentsPage as Page };

function useColumns(): readonly Column<Agent>[] {
  const t = useWords(words);
  const m = useWords(manageWords);
  const format = useFormat();
  const invitationText = useInvitationText();
  const tenants = useTenants();
  return useMemo((): readonly Column<Agent>[] => {
    const tenantName = (id: string): string => tenants.data?.find((tenant) => tenant.id === id)?.name ?? "–";
    return [
      {
        id: "state",
        head: t("state"),
        text: (row) => t(`agent.${row.state}`),
        sort: (row) => stateOrder[agentMark(row.state)],
        cell: (row) => agentCell(row.state, t),
      },
      { id: "label", head: t("label"), text: (row) => row.label, cell: (row) => row.label },
      { id: "holder", head: t("holder"), text: (row) => row.holder.name, cell: (row) => row.holder.name },
      {
        id: "contract",
        head: t("contractNumber"),
        text: (row) => row.contractNumber,
        cell: (row) => figuresCell(row.contractNumber),
      },
      {
        id: "tenant",
        head: t("tenant"),
        text: (row) => tenantName(row.tenantId),
        cell: (row) => tenantName(row.tenantId),
      },
      {
        id: "sessions",
        head: t("nav.sessions"),
        align: "end",
        text: (row) => row.sessions,
        cell: (row) => format.number(row.sessions),
      },
      { id: "seen", head: t("lastSeen"), text: (row) => row.lastSeenAt, cell: (row) => agoCell(row.lastSeenAt) },
      { id: "invitation", head: m("invitation.title"), text: invitationText, cell: invitationText, hidden: true },
    ];
    // The sentence of an invitation depends on the words and the format only.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [t, m, format, tenants.data]);
}
