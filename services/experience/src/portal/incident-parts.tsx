/** What experience monitoring adds to the pages of incidents: the session, its figures over time. */
import type { ReactNode } from "react";
import type { IncidentFinding } from "@yagura/alerts/shapes.ts";
import { Link } from "@yagura/portal/parts/link.tsx";
import type { IncidentParts } from "@yagura/portal/plugin.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { linkOf } from "./incident-link.ts";

function Links({ finding }: { readonly finding: IncidentFinding }): ReactNode {
  const here = useOrganisation();
  const link = linkOf(finding);
  return link === null ? "–" : <Link href={here.path(link.page)}>{link.label}</Link>;
}

export const incidentParts: IncidentParts = { Links };
