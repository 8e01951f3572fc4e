/** Carries out the starts and ends that contracts have set for a day: by a job at 00:00 Asia/Tokyo, and by a daily sweep for what was missed. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import type { Offer } from "../charging/offer.ts";
import { dueJob, lockContract, type HooksByService } from "./contracts.ts";
import { carryOutDue } from "./due.ts";

const sweepJob = "commerce.contract-sweep";

export function contractJobs(hooks: HooksByService, devices: Devices, offers: readonly Offer[] = []): JobTable {
  return {
    handlers: {
      [dueJob]: async (payload, platform) => {
        await carryOut(
          platform,
          hooks,
          devices,
          offers,
          payload["organisation"] as OrganisationId,
          payload["contract"] as Uuid,
        );
      },
      [sweepJob]: async (_payload, platform) => {
        await sweepContracts(platform, hooks, devices, offers);
      },
    },
    // 15:05 UTC is 00:05 in Asia/Tokyo.
    schedule: { [sweepJob]: "5 15 * * *" },
  };
}

/** Carries out everything that is due by the platform's clock; each contract in its own transaction. */
export async function sweepContracts(
  platform: Platform,
  hooks: HooksByService,
  devices: Devices,
  offers: readonly Offer[] = [],
): Promise<number> {
  const today = dayOf(new Date(platform.clock.now()));
  const found = await platform.store.provider(
    async (tx) =>
      (
        await sql<{ id: Uuid; organisation: OrganisationId }>`select id, organisation_id as organisation
          from commerce.contract where (state = 'awaiting-start' and started_on <= ${today}::date)
            or (state = 'ending' and ended_on < ${today}::date)
            or (stopped is not null and stopped_until < ${today}::date)
            or (planned_stop is not null and (planned_stop ->> 'on')::date <= ${today}::date) order by id`.execute(tx)
      ).rows,
  );
  for (const { organisation, id } of found) await carryOut(platform, hooks, devices, offers, organisation, id);
  return found.length;
}

/** Name of the step in the audit, by the state that it led to. */
const audited: Readonly<Record<string, string>> = {
  active: "contract.start",
  ending: "contract.start",
  suspended: "contract.suspend",
  discontinued: "contract.discontinue",
  ended: "contract.end",
};

async function carryOut(
  platform: Platform,
  hooks: HooksByService,
  devices: Devices,
  offers: readonly Offer[],
  organisation: OrganisationId,
  id: Uuid,
): Promise<void> {
  await platform.store.organisation(organisation, async (tx) => {
    const contract = await lockContract(tx, organisation, id);
    if (contract === null) return;
    const now = new Date(platform.clock.now());
    const actor = { kind: "system", name: "contract-dates" } as const;
    const after = await carryOutDue({ tx, now, actor, hooks, devices, platform, offers }, contract);
    if (after.state === contract.state) return;
    await platform.audit(tx, actor, organisation, {
      action: audited[after.state] ?? "contract.change",
      subject: id,
      details: { number: contract.number, state: after.state },
    });
    await platform.live.publish(tx, organisation, { topic: "contract", data: { id } });
  });
}
