/** Incidents of an organisation, the worst first. */
import type { ReactNode } from "react";
import type { Incident } from "@yagura/alerts/shapes.ts";
import { useWords } from "../language.tsx";
import { Page as Frame } from "../parts/page.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { useAll } from "../queries.ts";
import { useLive, useOrganisation } from "../session.tsx";
import { IncidentTable } from "./parts.tsx";
import { words } from "./words.ts";

export function Page(): ReactNode {
  const t = useWords(words);
  const tab = (state: "active" | "closed") => ({
    id: state,
    label: t(state),
    content: <List state={state} />,
  });
  return (
    <Frame title={t("incidents")} lead={t("lead")}>
      <Tabs tabs={[tab("active"), tab("closed")]} label={t("state")} />
    </Frame>
  );
}

function List({ state }: { readonly state: "active" | "closed" }): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const path = here.api("/alerts");
  useLive(["alerts"], { refresh: [path] });
  return (
    <IncidentTable id="alerts" label={t("incidents")} list={useAll<Incident>(path, { state })} organisations={false} />
  );
}
