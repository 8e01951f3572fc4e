/** What is found because nothing came: pairs that fell silent ("the line stopped"), usual traffic that is missing. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import { silence } from "../analysis/detect/silence.ts";
import type { Baseline } from "../analysis/detect/types.ts";
import { needBaselines } from "./memory.ts";
import { assetsOf, conditionsOf, storeOutput } from "./pass.ts";
import { watchOf } from "./watch.ts";
import { DUE_SLACK } from "./write-learned.ts";

export const dueJob = "ot.due";
/** Items looked at in one transaction. */
const AT_ONCE = 2_000;

export const watchJobs = (_devices: Devices): JobTable => ({
  handlers: {
    [dueJob]: async (_payload, platform) => {
      await watchOf(platform).sweep();
      await lookAtDue(platform);
    },
  },
  schedule: { [dueJob]: "* * * * *" },
});

/** Looks at every site of which something is due. */
export async function lookAtDue(platform: Platform): Promise<void> {
  const before = new Date(platform.clock.now() - DUE_SLACK);
  const { rows } = await platform.store.provider((tx) =>
    sql<{ organisation: OrganisationId; site: Uuid }>`select distinct organisation_id as organisation, site_id as site
      from ot.baseline where due_at < ${before}`.execute(tx),
  );
  for (const place of rows) {
    await lookAtSite(platform, place, before).catch((error: unknown) => {
      platform.log.error({ err: error, site: place.site }, "what is due at a site could not be looked at");
    });
  }
}

async function lookAtSite(
  platform: Platform,
  place: { organisation: OrganisationId; site: Uuid },
  before: Date,
): Promise<void> {
  await watchOf(platform).within(place, async (tx, memory, news) => {
    const due = await sql<{ key: string }>`select key from ot.baseline
      where site_id = ${place.site} and due_at < ${before} order by due_at limit ${AT_ONCE}`.execute(tx);
    const keys = due.rows.map(({ key }) => key);
    await needBaselines(tx, memory, keys);
    const heard = await sql<{
      at: Date | null;
    }>`select last_at as at from ot.watch where site_id = ${place.site}`.execute(tx);
    const now = platform.clock.now();
    const output = silence({
      ...conditionsOf(memory),
      baselines: keys.map((key) => memory.baselines.get(key) ?? null).filter((one): one is Baseline => one !== null),
      assets: assetsOf(memory),
      heard: heard.rows[0]?.at?.getTime() ?? 0,
      now,
    });
    const writing = { tx, memory, now: new Date(now) };
    await storeOutput(writing, now, { ...output, learned: [] }, news);
    await moveDue(tx, place.site, keys, memory.baselines);
  });
}

/** What is due later by what is remembered is written so, else it would be asked for each minute. */
async function moveDue(
  tx: Parameters<typeof needBaselines>[0],
  site: Uuid,
  keys: readonly string[],
  baselines: ReadonlyMap<string, Baseline | null>,
): Promise<void> {
  const rows = keys.map((key) => {
    const baseline = baselines.get(key) ?? null;
    const due = baseline?.due ?? null;
    return { key, due: due === null ? null : new Date(due).toISOString(), document: baseline };
  });
  await sql`update ot.baseline b set due_at = x.due, document = coalesce(nullif(x.document, 'null'::jsonb), b.document)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (key text, due timestamptz, document jsonb)
    where b.site_id = ${site} and b.key = x.key`.execute(tx);
}
