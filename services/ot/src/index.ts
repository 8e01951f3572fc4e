/** OT security as one object of tables: sensors in factory networks and what they show. */
import type { Service } from "@yagura/service/service.ts";
import { findingKinds } from "./analysis/findings.ts";
import { otRoutes } from "./api/routes.ts";
import { offer } from "./charges.ts";
import { cli } from "./cli.ts";
import { contractHooks } from "./contracts.ts";
import { enforcementIngest } from "./enforcement-ingest.ts";
import { errors } from "./errors.ts";
import { otIngest } from "./ingest.ts";
import { otJobs } from "./jobs.ts";
import { erase, exportRows, retain } from "./organisation-data.ts";
import { scopes } from "./scopes.ts";
import { sensorEnrolled } from "./sensors.ts";
import { systemWork } from "./work.ts";

export const ot: Service = {
  id: "ot",
  migrations: {
    postgres: new URL("../migrations/postgres/", import.meta.url),
    clickhouse: new URL("../migrations/clickhouse/", import.meta.url),
  },
  errors,
  scopes,
  routes: otRoutes,
  ingest: [otIngest, enforcementIngest],
  jobs: otJobs,
  deviceEnrolled: async (tx, { device, organisation, subject }, devices, platform) => {
    if (subject.service !== "ot") return;
    await sensorEnrolled(systemWork(tx, organisation, devices, platform), subject.id, device);
  },
  findings: findingKinds,
  contracts: contractHooks,
  offer,
  retain,
  exportRows,
  erase,
  cli,
};
