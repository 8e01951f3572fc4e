/** What the staff have to do about contracts, by due day. */
import { useState, type ReactNode } from "react";
import type { Task } from "@yagura/commerce/contracts/shapes.ts";
import { api } from "../../api.ts";
import { useSay, useWords } from "../../language.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useList, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { officePath, providerApi } from "../data.ts";
import { dayColumn, stateColumn, textColumn, type Stated } from "../../parts/columns.tsx";
import { daysTo } from "../parts/timeline-order.ts";
import { contractWords } from "../words/contracts.ts";
import { moneyWords } from "../words/money.ts";

const TASKS = providerApi("/tasks");

export function TaskTable(): ReactNode {
  const t = useWords(moneyWords);
  const c = useWords(contractWords);
  const say = useSay();
  const { can } = useProvider();
  const refresh = useRefresh();
  const list = useList<Task>(TASKS);
  const [open, setOpen] = useState<{ readonly task: Task; readonly state: "done" | "dropped" } | null>(null);
  const today = dayIn("Asia/Tokyo");
  const stateOf = (task: Task): Stated => {
    if (task.state !== "open")
      return { state: task.state === "done" ? "good" : "unknown", label: c(`taskState.${task.state}`), order: 9 };
    const late = daysTo(task.dueOn, today);
    if (late > 0) return { state: "bad", label: t("overdueBy", { n: late }), order: -late };
    return { state: "notice", label: c("taskState.open"), order: 1 };
  };
  return (
    <>
      <DataTable<Task>
        id="staff-tasks"
        label={t("tab.tasks")}
        urlKey="t"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => say(row.title)}
        rowHref={(row) =>
          row.contractId === null ? null : officePath(row.organisationId, `contracts/${row.contractId}`)
        }
        sort="state"
        {...(can("fact.write")
          ? {
              rowActions: (task: Task) =>
                task.state === "open"
                  ? [
                      { label: t("task.done"), run: () => setOpen({ task, state: "done" }) },
                      { label: t("task.dropped"), run: () => setOpen({ task, state: "dropped" }) },
                    ]
                  : [],
            }
          : {})}
        empty={<Empty title={t("task.none")}>{t("task.noneText")}</Empty>}
        columns={[
          textColumn("what", t("task.what"), (row) => say(row.title), { fill: true }),
          textColumn("contract", t("proposal.contract"), (row) => row.contractNumber),
          dayColumn("due", t("task.due"), (row) => row.dueOn, { descending: false }),
          stateColumn("state", t("proposal.state"), stateOf),
          textColumn("rule", t("proposal.ground"), (row) => row.rule),
        ]}
      />
      {open === null ? null : (
        <ConfirmDialog
          title={t(open.state === "done" ? "task.done" : "task.dropped")}
          consequences={[t("task.closed", { task: say(open.task.title) })]}
          action={t(open.state === "done" ? "task.done" : "task.dropped")}
          danger={false}
          close={() => setOpen(null)}
          run={async () => {
            await api.post(`${TASKS}/${open.task.id}/close`, { state: open.state });
            refresh([TASKS]);
          }}
        />
      )}
    </>
  );
}
