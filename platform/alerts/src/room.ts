/** Alerts as one object of tables: what the control plane composes. */
import type { FindingKinds } from "@yagura/core/finding.ts";
import type { JobTable, Route, ScopeTable } from "@yagura/server/route.ts";
import { alertJobs } from "./jobs.ts";
import { eraseAlerts, exportAlerts } from "./organisation-data.ts";
import type { Reach } from "./reach.ts";
import { alertRoutes, scopes } from "./routes.ts";

export interface AlertsRoom {
  readonly routes: readonly Route[];
  readonly scopes: ScopeTable;
  readonly jobs: readonly JobTable[];
  readonly exporter: typeof exportAlerts;
  readonly eraser: typeof eraseAlerts;
}

/** `findings`: the tables of all services; two that name one kind are a mistake of the programmer. */
export function alertsRoom(findings: readonly FindingKinds[], reach: Reach): AlertsRoom {
  const kinds: Record<string, FindingKinds[string]> = {};
  for (const table of findings)
    for (const [kind, row] of Object.entries(table)) {
      if (kind in kinds) throw new Error(`the finding ${kind} is declared twice`);
      kinds[kind] = row;
    }
  const telling = { kinds, reach };
  return {
    routes: alertRoutes(telling),
    scopes,
    jobs: [alertJobs(telling)],
    exporter: exportAlerts,
    eraser: eraseAlerts,
  };
}
