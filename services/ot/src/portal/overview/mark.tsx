/** The state beside the overview's entry in the nav: open findings and sensors that do not hear. */
import type { ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Overview } from "../../wire/api.ts";

/** Pure. */
export function stateOf({ open, sensors }: Pick<Overview, "open" | "sensors">): State {
  const deaf = sensors.some(({ state, quality }) => state === "silent" || state === "offline" || quality === "bad");
  if (open.critical + open.bad > 0 || deaf) return "bad";
  return open.notice > 0 || sensors.some(({ quality }) => quality === "notice") ? "notice" : "good";
}

export function OverviewMark(): ReactNode {
  const here = useOrganisation();
  const path = here.api("/ot/overview");
  useLive(["ot.findings", "ot.sensor"], { refresh: [path], gather: 5_000 });
  const { data } = useGet<Overview>(path, undefined, { every: 60_000 });
  return data === undefined || data.sensors.length === 0 ? null : <StateMark state={stateOf(data)} quiet />;
}
