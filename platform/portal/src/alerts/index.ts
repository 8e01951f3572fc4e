/** Alerts in the portal: incidents of an organisation, how it is told of them, and incidents of all organisations. */
import type { PortalArea } from "../plugin.ts";
import { AlertsMark } from "./mark.tsx";
import { words } from "./words.ts";

const read = "alert.read";

export const alertArea: PortalArea = {
  id: "alerts",
  title: words.alerts,
  nav: [
    { path: "alerts", label: words.incidents, scope: read, Mark: AlertsMark },
    { path: "alert-settings", label: words.settings, scope: read },
  ],
  routes: [
    { path: "alerts", title: words.incidents, scope: read, load: () => import("./list-page.tsx") },
    { path: "alerts/$incident", title: words.incidents, scope: read, load: () => import("./incident-page.tsx") },
    { path: "alert-settings", title: words.settings, scope: read, load: () => import("./settings-page.tsx") },
  ],
};

export const alertProviderArea: PortalArea = {
  id: "provider-alerts",
  title: words.alerts,
  nav: [{ path: "alerts", label: words.allIncidents, scope: read }],
  routes: [{ path: "alerts", title: words.allIncidents, scope: read, load: () => import("./all-page.tsx") }],
};
