/** The provider's view: agents over all organisations, worst first. */
import { useMemo, type ReactNode } from "react";
import { stateOrder } from "@yagura/core/state.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Page } from "@yagura/portal/parts/page.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import { useAll } from "@yagura/portal/queries.ts";
import { useLive } from "@yagura/portal/session.tsx";
import type { Agent, Score } from "../wire/api.ts";
import { agentMark } from "./agent-state.ts";
import { agentCell, agoCell, figuresCell, scoreCell } from "./cells.tsx";
import "./experience.css";
import { tellReasons } from "./tell.ts";
import { words } from "./words.ts";
import { manageWords } from "./words-manage.ts";

interface ProviderAgent {
  readonly organisationId: string;
  readonly organisationName: string;
  readonly agent: Agent;
  readonly score: Score;
}
const PATH = "/api/v1/provider/experience/agents";

export function ProviderAgentsPage(): ReactNode {
  const t = useWords(words);
  const m = useWords(manageWords);
  const format = useFormat();
  const all = useAll<ProviderAgent>(PATH);
  useLive(["device"], { refresh: [PATH], gather: 10_000 });
  const columns = useMemo(
    (): readonly Column<ProviderAgent>[] => [
      {
        id: "score",
        head: t("score"),
        text: (row) => row.score.value ?? row.score.state,
        sort: (row) => stateOrder[row.score.state] * 1000 + (row.score.value ?? 0),
        cell: (row) => scoreCell(row.score, format),
      },
      {
        id: "organisation",
        head: t("organisation"),
        text: (row) => row.organisationName,
        cell: (row) => row.organisationName,
      },
      { id: "label", head: t("label"), text: (row) => row.agent.label, cell: (row) => row.agent.label },
      {
        id: "state",
        head: t("state"),
        text: (row) => t(`agent.${row.agent.state}`),
        sort: (row) => stateOrder[agentMark(row.agent.state)],
        cell: (row) => agentCell(row.agent.state, t),
      },
      {
        id: "why",
        head: t("why"),
        text: (row) => tellReasons(row.score, t, format),
        cell: (row) => tellReasons(row.score, t, format, 2),
      },
      {
        id: "contract",
        head: t("contractNumber"),
        text: (row) => row.agent.contractNumber,
        cell: (row) => figuresCell(row.agent.contractNumber),
      },
      {
        id: "seen",
        head: t("lastSeen"),
        text: (row) => row.agent.lastSeenAt,
        cell: (row) => agoCell(row.agent.lastSeenAt),
      },
    ],
    [t, format],
  );
  return (
    <Page title={t("nav.providerAgents")} lead={m("provider.lead")}>
      <DataTable<ProviderAgent>
        id="experience-provider-agents"
        label={t("nav.providerAgents")}
        rows={all.rows}
        error={all.error}
        retry={all.refetch}
        columns={columns}
        rowKey={(row) => row.agent.id}
        rowName={(row) => `${row.organisationName} ${row.agent.label}`}
        rowHref={(row) => `/o/${row.organisationId}/experience/agents/${row.agent.id}`}
        sort="score"
        total={all.total}
        cut={all.cut}
        empty={<Empty title={m("provider.empty")} />}
      />
    </Page>
  );
}
export { ProviderAgentsPage as Page };
