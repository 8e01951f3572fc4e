/** OT security in the portal: nav entries, lazy pages, search. */
import type { PortalRoute, PortalService } from "@yagura/portal/plugin.ts";
import { OverviewMark } from "./overview/mark.tsx";
import { words } from "./words.ts";

const read = "ot.read";
const route = (path: string, title: PortalRoute["title"], load: PortalRoute["load"]): PortalRoute => ({
  path,
  title,
  scope: read,
  load,
});

export const otPortal: PortalService = {
  id: "ot",
  name: words["service.name"],
  nav: [
    { path: "ot", label: words["nav.overview"], scope: read, Mark: OverviewMark },
    { path: "ot/findings", label: words["nav.findings"], scope: read },
    { path: "ot/assets", label: words["nav.assets"], scope: read },
    { path: "ot/map", label: words["nav.map"], scope: read },
    { path: "ot/traffic", label: words["nav.traffic"], scope: read },
    { path: "ot/ranking", label: words["nav.ranking"], scope: read },
    { path: "ot/comparison", label: words["nav.comparison"], scope: read },
    { path: "ot/permits", label: words["nav.permits"], scope: read },
    { path: "ot/rules", label: words["nav.rules"], scope: read },
    { path: "ot/blocks", label: words["nav.blocks"], scope: read },
    { path: "ot/learning", label: words["nav.learning"], scope: read },
    { path: "ot/zones", label: words["nav.zones"], scope: read },
    { path: "ot/register", label: words["nav.register"], scope: read },
    { path: "ot/captures", label: words["nav.captures"], scope: read },
    { path: "ot/parsers", label: words["nav.parsers"], scope: read },
    { path: "ot/sensors", label: words["nav.sensors"], scope: read },
    { path: "ot/settings", label: words["nav.settings"], scope: read },
  ],
  routes: [
    route("ot", words["nav.overview"], () => import("./overview/overview-page.tsx")),
    route("ot/assessment", words["title.assessment"], () => import("./report/assessment-page.tsx")),
    route("ot/findings", words["nav.findings"], () => import("./findings/findings-page.tsx")),
    route("ot/assets", words["nav.assets"], () => import("./assets/assets-page.tsx")),
    route("ot/assets/$asset", words["title.asset"], () => import("./assets/asset-page.tsx")),
    route("ot/map", words["nav.map"], () => import("./map/map-page.tsx")),
    route("ot/traffic", words["nav.traffic"], () => import("./traffic/traffic-page.tsx")),
    route("ot/ranking", words["nav.ranking"], () => import("./ranking/ranking-page.tsx")),
    route("ot/comparison", words["nav.comparison"], () => import("./comparison/comparison-page.tsx")),
    route("ot/permits", words["nav.permits"], () => import("./permits/permits-page.tsx")),
    route("ot/permits/$permit", words["title.permit"], () => import("./permits/permit-page.tsx")),
    route("ot/rules", words["nav.rules"], () => import("./rules/rules-page.tsx")),
    route("ot/blocks", words["nav.blocks"], () => import("./enforcement/blocks-page.tsx")),
    route("ot/learning", words["nav.learning"], () => import("./learning/learning-page.tsx")),
    route("ot/zones", words["nav.zones"], () => import("./zones/zones-page.tsx")),
    route("ot/register", words["nav.register"], () => import("./register/register-page.tsx")),
    route("ot/captures", words["nav.captures"], () => import("./captures/captures-page.tsx")),
    route("ot/captures/$capture", words["title.capture"], () => import("./captures/capture-page.tsx")),
    route("ot/parsers", words["nav.parsers"], () => import("./parsers/parsers-page.tsx")),
    route("ot/parsers/$parser", words["title.parser"], () => import("./parsers/parser-page.tsx")),
    route("ot/sensors", words["nav.sensors"], () => import("./sensors/sensors-page.tsx")),
    route("ot/sensors/$sensor", words["title.sensor"], () => import("./sensors/sensor-page.tsx")),
    route("ot/settings", words["nav.settings"], () => import("./settings/settings-page.tsx")),
  ],
  providerNav: [{ path: "ot/norms", label: words["nav.norms"], scope: read }],
  providerRoutes: [route("ot/norms", words["nav.norms"], () => import("./norms/overview-page.tsx"))],
  search: [
    {
      id: "ot",
      title: words["service.name"],
      scope: read,
      // The words of findings are many: they are loaded with the first search.
      find: async (query, where) => (await import("./search.ts")).find(query, where),
    },
  ],
  incidents: async () => (await import("./incidents/parts.tsx")).incidentParts,
};
