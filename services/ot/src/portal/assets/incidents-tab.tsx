/** Incidents that have findings about the device. */
import type { ReactNode } from "react";
import type { Incident } from "@yagura/alerts/shapes.ts";
import { IncidentTable } from "@yagura/portal/alerts/parts.tsx";
import { useWords } from "@yagura/portal/language.tsx";
import { useAll } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { assetWords } from "./words.ts";

export function IncidentsTab({ asset }: { readonly asset: string }): ReactNode {
  const t = useWords(assetWords);
  const here = useOrganisation();
  const path = here.api("/alerts");
  useLive(["alerts"], { refresh: [path] });
  // As it comes: the table itself reads what is under a key.
  const list = useAll<Incident>(path, { subject: `asset:${asset}` });
  return <IncidentTable id="ot-asset-incidents" label={t("tab.incidents")} list={list} organisations={false} />;
}
