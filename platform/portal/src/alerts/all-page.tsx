/** Incidents of all organisations: what the night operator looks at. */
import type { ReactNode } from "react";
import type { Incident } from "@yagura/alerts/shapes.ts";
import { useWords } from "../language.tsx";
import { Page as Frame } from "../parts/page.tsx";
import { useAll } from "../queries.ts";
import { useLive } from "../session.tsx";
import { IncidentTable } from "./parts.tsx";
import { words } from "./words.ts";

const PATH = "/api/v1/provider/alerts";

export function Page(): ReactNode {
  const t = useWords(words);
  useLive(["alerts"], { refresh: [PATH] });
  const list = useAll<Incident>(PATH, { state: "active" });
  return (
    <Frame title={t("allIncidents")} lead={t("lead")}>
      <IncidentTable id="all-alerts" label={t("allIncidents")} list={list} organisations />
    </Frame>
  );
}
