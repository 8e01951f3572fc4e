/** OT security in the portal: nav entries, lazy pages, search. */
import type { PortalService } from "@yagura/portal/plugin.ts";
import { words } from "./words.ts";

const read = "ot.read";

export const otPortal: PortalService = {
  id: "ot",
  name: words["service.name"],
  nav: [
    { path: "ot/assets", label: words["nav.assets"], scope: read },
    { path: "ot/map", label: words["nav.map"], scope: read },
    { path: "ot/findings", label: words["nav.findings"], scope: read },
    { path: "ot/sensors", label: words["nav.sensors"], scope: read },
  ],
  routes: [
    { path: "ot/assets", title: words["nav.assets"], scope: read, load: () => import("./assets/assets-page.tsx") },
    {
      path: "ot/assets/$asset",
      title: words["nav.assets"],
      scope: read,
      load: () => import("./assets/asset-page.tsx"),
    },
    { path: "ot/map", title: words["nav.map"], scope: read, load: () => import("./map/map-page.tsx") },
    {
      path: "ot/findings",
      title: words["nav.findings"],
      scope: read,
      load: () => import("./findings/findings-page.tsx"),
    },
    { path: "ot/sensors", title: words["nav.sensors"], scope: read, load: () => import("./sensors/sensors-page.tsx") },
    {
      path: "ot/sensors/$sensor",
      title: words["nav.sensors"],
      scope: read,
      load: () => import("./sensors/sensor-page.tsx"),
    },
  ],
};
