/** What dates bring to entitlements by themselves. */
import type { JobTable } from "@yagura/server/route.ts";
import { sweepEndedContracts } from "./returns.ts";

const returnSweepJob = "commerce.equipment-returns";

export const entitlementJobs: JobTable = {
  handlers: {
    [returnSweepJob]: async (_payload, platform) => {
      await sweepEndedContracts(platform);
    },
  },
  // 15:20 UTC is 00:20 in Asia/Tokyo: after the contracts that end with the day have ended.
  schedule: { [returnSweepJob]: "20 15 * * *" },
};
