/** What experience monitoring adds to the pages of incidents: the session, its figures over time. */
import type { ReactNode } from "react";
import type { IncidentFinding } from "@yagura/alerts/shapes.ts";
import { Link } from "@yagura/portal/parts/link.tsx";
import type { IncidentParts } from "@yagura/portal/plugin.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";

function Links({ finding }: { readonly finding: IncidentFinding }): ReactNode {
  const here = useOrganisation();
  const { subject, parameters } = finding;
  return (
    <Link href={here.path(`experience/sessions/${subject.id}`)}>
      {parameters["agent"]} → {parameters["target"]}
    </Link>
  );
}

export const incidentParts: IncidentParts = { Links };
