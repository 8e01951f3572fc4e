/** Carries out the starts and ends that contracts have set for a day: by a job at 00:00 Asia/Tokyo, and by a daily sweep for what was missed. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import { carryOutDue, dueJob, lockContract, type HooksByService } from "./contracts.ts";

export const sweepJob = "commerce.contract-sweep";

export function contractJobs(hooks: HooksByService, devices: Devices): JobTable {
  return {
    handlers: {
      [dueJob]: async (payload, platform) => {
        await carryOut(
          platform,
          hooks,
          devices,
          payload["organisation"] as OrganisationId,
          payload["contract"] as Uuid,
        );
      },
      [sweepJob]: async (_payload, platform) => {
        await sweepContracts(platform, hooks, devices);
      },
    },
    // 15:05 UTC is 00:05 in Asia/Tokyo.
    schedule: { [sweepJob]: "5 15 * * *" },
  };
}

/** Carries out everything that is due by the platform's clock; each contract in its own transaction. */
export async function sweepContracts(platform: Platform, hooks: HooksByService, devices: Devices): Promise<number> {
  const today = dayOf(new Date(platform.clock.now()));
  const found = await platform.store.provider(
    async (tx) =>
      (
        await sql<{ id: Uuid; organisation: OrganisationId }>`select id, organisation_id as organisation
          from commerce.contract where (state = 'awaiting-start' and started_on <= ${today}::date)
            or (state = 'ending' and ended_on < ${today}::date) order by id`.execute(tx)
      ).rows,
  );
  for (const { organisation, id } of found) await carryOut(platform, hooks, devices, organisation, id);
  return found.length;
}

async function carryOut(
  platform: Platform,
  hooks: HooksByService,
  devices: Devices,
  organisation: OrganisationId,
  id: Uuid,
): Promise<void> {
  await platform.store.organisation(organisation, async (tx) => {
    const contract = await lockContract(tx, organisation, id);
    if (contract === null) return;
    const now = new Date(platform.clock.now());
    const actor = { kind: "system", name: "contract-dates" } as const;
    const after = await carryOutDue({ tx, now, actor, hooks, devices, platform }, contract);
    if (after.state === contract.state) return;
    await platform.audit(tx, actor, organisation, {
      action: after.state === "ended" ? "contract.end" : "contract.start",
      subject: id,
      details: { number: contract.number, state: after.state },
    });
    await platform.live.publish(tx, organisation, { topic: "contract", data: { id } });
  });
}
