/** State marks beside entries of the nav: what waits for somebody. */
import type { ReactNode } from "react";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import type { Task } from "@yagura/commerce/contracts/shapes.ts";
import type { CustomerReceivables } from "@yagura/commerce/receivables/shapes.ts";
import type { Page } from "@yagura/server/shapes.ts";
import { useWords } from "../language.tsx";
import { StateMark } from "../parts/state-mark.tsx";
import { useGet } from "../queries.ts";
import { useOrganisation } from "../session.tsx";
import { dayIn } from "../zoned.ts";
import { navWords } from "./words/nav.ts";

/** Milliseconds between looks. */
const EVERY = 300_000;

/** Applications wait for a decision. */
export function QueueMark(): ReactNode {
  const t = useWords(navWords);
  const asked = { state: "received", limit: 1 };
  const { data } = useGet<Page<Application>>("/api/v1/provider/applications", asked, { every: EVERY });
  return data === undefined || data.items.length === 0 ? null : (
    <StateMark state="notice" label={t("mark.queue")} quiet />
  );
}

/** A task of the staff is past its day. */
export function TasksMark(): ReactNode {
  const t = useWords(navWords);
  const { data } = useGet<readonly Task[]>("/api/v1/provider/tasks", { state: "open" }, { every: EVERY });
  const late = data?.some((task) => task.dueOn < dayIn("Asia/Tokyo"));
  return late === true ? <StateMark state="bad" label={t("mark.tasks")} quiet /> : null;
}

/** The customer owes something past its due date. */
export function AccountMark(): ReactNode {
  const t = useWords(navWords);
  const here = useOrganisation();
  const { data } = useGet<CustomerReceivables>(here.api("/receivables"), undefined, { every: EVERY });
  return data !== undefined && data.ageing.overdue > 0 ? (
    <StateMark state="bad" label={t("mark.overdue")} quiet />
  ) : null;
}
