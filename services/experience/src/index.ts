/** Experience monitoring as one object of tables: how well this place reaches what its people use. */
import type { Service } from "@yagura/service/service.ts";
import { agentRoutes } from "./api/agents.ts";
import { measurementRoutes } from "./api/measurements.ts";
import { overviewRoutes } from "./api/overview.ts";
import { sessionRoutes } from "./api/sessions.ts";
import { targetRoutes } from "./api/targets.ts";
import { tenantRoutes } from "./api/tenants.ts";
import { offer } from "./charges.ts";
import { cli } from "./cli.ts";
import { contractHooks, systemWork } from "./contracts.ts";
import { demo } from "./demo.ts";
import { errors } from "./errors.ts";
import { findings } from "./findings.ts";
import { fleetJobs } from "./fleet.ts";
import { experienceIngest } from "./ingest.ts";
import { agentInstalled } from "./invitations.ts";
import { erase, exportRows, retain } from "./organisation-data.ts";
import { scopes } from "./scopes.ts";
import { troubleJobs } from "./trouble.ts";

export const experience: Service = {
  id: "experience",
  migrations: {
    postgres: new URL("../migrations/postgres/", import.meta.url),
    clickhouse: new URL("../migrations/clickhouse/", import.meta.url),
  },
  errors,
  scopes,
  routes: (devices) => [
    ...tenantRoutes(devices),
    ...targetRoutes(devices),
    ...agentRoutes(devices),
    ...sessionRoutes(devices),
    ...measurementRoutes,
    ...overviewRoutes,
  ],
  ingest: [experienceIngest],
  jobs: (devices) => {
    const fleet = fleetJobs(devices);
    return {
      handlers: { ...fleet.handlers, ...troubleJobs.handlers },
      schedule: { ...fleet.schedule, ...troubleJobs.schedule },
    };
  },
  findings,
  deviceEnrolled: async (tx, { device, organisation, subject }, devices, platform) => {
    if (subject.service !== "experience") return;
    await agentInstalled(systemWork(tx, organisation, devices, platform), subject.id, device);
  },
  contracts: contractHooks,
  offer,
  retain,
  exportRows,
  erase,
  cli,
  demo,
};
