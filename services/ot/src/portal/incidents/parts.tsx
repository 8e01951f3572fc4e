/** What OT security adds to the pages of incidents: the finding, its devices, and names under the customer's own key. */
import type { ReactNode } from "react";
import type { IncidentDetail, IncidentFinding } from "@yagura/alerts/shapes.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import type { IncidentParts } from "@yagura/portal/plugin.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { FindingView } from "../../wire/api-findings.ts";
import { AssetLink } from "../parts/asset-link.tsx";
import { useGet } from "../queries.ts";
import { SiteKey } from "../tokens/key-button.tsx";
import { heldCheck, heldTokens, subscribe } from "../tokens/key.ts";
import { words } from "../words.ts";
import { sitesOf } from "../tokens/sites.ts";
import { readIncident, siteOf } from "./read.ts";
import "../ot.css";

/** Findings of one incident that are asked for: as many as it keeps one by one. */
const MOST = 200;

interface LinksProps {
  readonly incident: IncidentDetail;
  readonly finding: IncidentFinding;
}
function Links({ incident, finding }: LinksProps): ReactNode {
  const t = useWords(words);
  const here = useOrganisation();
  const { data } = useGet<{ readonly items: readonly FindingView[] }>(
    here.api("/ot/findings"),
    { site: siteOf(incident), group: incident.group, limit: MOST },
    { enabled: here.can("ot.read") },
  );
  // Newest first: of a trouble that came again after a decision, the last.
  const found = data?.items.find(({ key }) => key === finding.key);
  const { kind, id } = finding.subject;
  if (kind === "sensor") return <Link href={here.path(`ot/sensors/${id}`)}>{t("title.sensor")}</Link>;
  if (found === undefined)
    return kind === "asset" ? <Link href={here.path(`ot/assets/${id}`)}>{t("title.asset")}</Link> : "–";
  return (
    <ul className="plain-list">
      {found.assets.map((asset) => (
        <li key={asset.id}>
          <AssetLink asset={asset} />
        </li>
      ))}
      <li>
        <Link href={here.path(`ot/findings?site=${found.siteId}&finding=${found.id}`)}>{t("toFinding")}</Link>
      </li>
    </ul>
  );
}

const Tools = ({ incident }: { readonly incident: IncidentDetail }): ReactNode => <SiteKey site={siteOf(incident)} />;

export const incidentParts: IncidentParts = {
  Links,
  Tools,
  reader: {
    subscribe,
    state: heldCheck,
    open: async (incident, language) => {
      const tokens = await heldTokens();
      if (tokens === null) return incident;
      return readIncident(incident, { tokens, sites: await sitesOf(incident.organisation).catch(() => []), language });
    },
  },
};
