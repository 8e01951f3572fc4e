/** OT security in the portal: nav entries, lazy pages, search. */
import type { PortalService } from "@yagura/portal/plugin.ts";
import { words } from "./words.ts";

const read = "ot.read";

export const otPortal: PortalService = {
  id: "ot",
  name: words["service.name"],
  nav: [{ path: "ot/map", label: words["nav.map"], scope: read }],
  routes: [{ path: "ot/map", title: words["nav.map"], scope: read, load: () => import("./map/map-page.tsx") }],
};
