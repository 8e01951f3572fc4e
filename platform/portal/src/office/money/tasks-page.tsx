/** What the staff have to do about contracts: those past their day first. */
import type { ReactNode } from "react";
import { useWords } from "../../language.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { moneyWords } from "../words/money.ts";
import { navWords } from "../words/nav.ts";
import { TaskTable } from "./task-table.tsx";

export function Page(): ReactNode {
  const t = useWords(moneyWords);
  const n = useWords(navWords);
  return (
    <Frame title={n("tasks")} lead={t("task.lead")}>
      <TaskTable />
    </Frame>
  );
}
