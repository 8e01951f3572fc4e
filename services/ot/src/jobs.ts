/** The service's jobs. */
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable } from "@yagura/server/route.ts";
import { captureJobs } from "./captures.ts";
import { normJobs } from "./norms/job.ts";
import { watchJobs } from "./watch/due.ts";
import { whatIfJobs } from "./what-if.ts";

export function otJobs(devices: Devices): JobTable {
  const tables: readonly JobTable[] = [watchJobs(devices), captureJobs(), whatIfJobs(), normJobs()];
  return {
    handlers: Object.assign({}, ...tables.map(({ handlers }) => handlers)) as JobTable["handlers"],
    schedule: Object.assign({}, ...tables.map(({ schedule }) => schedule)) as NonNullable<JobTable["schedule"]>,
  };
}
