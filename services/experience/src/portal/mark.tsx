/** The state mark beside the overview's entry in the nav. */
import type { ReactNode } from "react";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Overview } from "../wire/api.ts";

/** The same query as the overview's: one load serves both. */
export function OverviewMark(): ReactNode {
  const here = useOrganisation();
  const { data } = useGet<Overview>(here.api("/experience/overview"), undefined, { every: 60_000 });
  return data === undefined || data.agents.length === 0 ? null : <StateMark state={data.score.state} quiet />;
}
