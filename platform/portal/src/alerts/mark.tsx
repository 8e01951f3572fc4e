/** The state mark beside the entry of the nav: whether an incident waits for somebody. */
import type { ReactNode } from "react";
import type { IncidentCounts } from "@yagura/alerts/shapes.ts";
import { useWords } from "../language.tsx";
import { StateMark } from "../parts/state-mark.tsx";
import { useGet } from "../queries.ts";
import { useLive, useOrganisation } from "../session.tsx";
import { words } from "./words.ts";

export function AlertsMark(): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const path = here.api("/alerts/counts");
  useLive(["alerts"], { refresh: [path] });
  const { data } = useGet<IncidentCounts>(path, undefined, { every: 60_000 });
  if (data === undefined || data.open === 0) return null;
  const critical = data.critical > 0;
  return (
    <StateMark state={critical || data.bad > 0 ? "bad" : "notice"} label={t(critical ? "mark" : "mark.open")} quiet />
  );
}
