/** What the alert pages share: marks of severity and state, the table of incidents. */
import type { ReactNode } from "react";
import type { Incident } from "@yagura/alerts/shapes.ts";
import type { State } from "@yagura/core/state.ts";
import { useWords } from "../language.tsx";
import { stateColumn, textColumn, whenColumn } from "../parts/columns.tsx";
import { Empty } from "../parts/notice.tsx";
import { StateMark } from "../parts/state-mark.tsx";
import { DataTable, type Column } from "../parts/table.tsx";
import type { AllResult } from "../queries.ts";
import { useOpenedList } from "./services.ts";
import { words } from "./words.ts";

export const severities = ["info", "notice", "bad", "critical"] as const;
type Severity = (typeof severities)[number];
const stateOf: Readonly<Record<Severity, State>> = { info: "good", notice: "notice", bad: "bad", critical: "bad" };

export function SeverityMark({ severity }: { readonly severity: Severity }): ReactNode {
  const t = useWords(words);
  return <StateMark state={stateOf[severity]} label={t(`severity.${severity}`)} />;
}

interface TableProps {
  readonly id: string;
  readonly label: string;
  /** As the server tells it: what only this browser can read is read here. */
  readonly list: AllResult<Incident>;
  /** Column of the organisation: for the provider's list over all of them. */
  readonly organisations: boolean;
  readonly tools?: ReactNode;
}
export function IncidentTable({ id, label, list: told, organisations, tools }: TableProps): ReactNode {
  const t = useWords(words);
  const list = useOpenedList(told);
  const columns: Column<Incident>[] = [
    stateColumn("severity", t("severity"), ({ severity, state }) => ({
      state: state === "closed" ? "unknown" : stateOf[severity],
      label: t(`severity.${severity}`),
      order: (state === "closed" ? 10 : 0) + severities.length - severities.indexOf(severity),
    })),
    textColumn("what", t("what"), (row) => row.title, { fill: true }),
    ...(organisations ? [textColumn<Incident>("organisation", t("organisation"), (row) => row.organisationName)] : []),
    textColumn("state", t("state"), (row) =>
      row.endedAt !== null && row.state !== "closed"
        ? `${t(`state.${row.state}`)} · ${t("ended")}`
        : t(`state.${row.state}`),
    ),
    textColumn("findings", t("findings"), (row) => String(row.findings), { align: "end" }),
    textColumn("assignee", t("assignee"), (row) => row.assignee),
    whenColumn("opened", t("opened"), (row) => row.openedAt),
    whenColumn("last", t("last"), (row) => row.lastAt),
    textColumn("number", t("number"), (row) => `#${row.number}`, { hidden: organisations }),
    textColumn("service", t("service"), (row) => row.service, { hidden: true }),
  ];
  return (
    <DataTable<Incident>
      id={id}
      label={label}
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      total={list.total}
      cut={list.cut}
      rowKey={(row) => row.id}
      rowName={(row) => row.title}
      rowHref={(row) => `/o/${row.organisation}/alerts/${row.id}`}
      sort="severity"
      empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
      tools={tools}
      columns={columns}
    />
  );
}
