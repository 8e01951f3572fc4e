/** The service's jobs. */
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable } from "@yagura/server/route.ts";
import { watchJobs } from "./watch/due.ts";

export function otJobs(devices: Devices): JobTable {
  const tables = [watchJobs(devices)];
  return {
    handlers: Object.assign({}, ...tables.map(({ handlers }) => handlers)) as JobTable["handlers"],
    schedule: Object.assign({}, ...tables.map(({ schedule }) => schedule)) as NonNullable<JobTable["schedule"]>,
  };
}
