/** A fleet that grows over a limit: every running agent of every organisation is told the new pace, a few at a time. */
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { openHouse, type House } from "../../../tests/support/experience.ts";
import { createAgent } from "./agents.ts";
import { countFleet, fleetJobs, paceJob, tellChunk } from "./fleet.ts";
import { agentInstalled } from "./invitations.ts";
import { createSession } from "./sessions.ts";
import { createTarget } from "./targets.ts";
import { createTenant } from "./tenants.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => house.stop());
beforeEach(async () => {
  await asProvider(sql`delete from experience.fleet`);
  await asProvider(sql`delete from devices.device where subject_kind = 'crowd'`);
});

const asProvider = <T>(statement: ReturnType<typeof sql<T>>) =>
  house.stores.store.provider(async (tx) => (await statement.execute(tx)).rows);

interface Installed {
  readonly organisation: OrganisationId;
  readonly devices: readonly Uuid[];
}
/** An organisation with installed agents in two tenants, one session each. */
async function furnished(agents: number): Promise<Installed> {
  const organisation = await house.organisation();
  const devices: Uuid[] = [];
  for (let n = 0; n < agents; n++) {
    const { number: contractNumber } = await house.contract(organisation);
    const id = await house.as(organisation, async (work) => {
      const tenantId = await createTenant(work, { name: `tenant ${n}` });
      const agent = await createAgent(work, { tenantId, contractNumber, label: `PC-${n}`, holder: { name: "山田" } });
      const targetId = await createTarget(work, { tenantId, name: "web", probe: { kind: "icmp", host: "::1" } });
      await createSession(work, { agentId: agent, targetId });
      return agent;
    });
    const device = await house.device(organisation, id);
    await house.as(organisation, (work) => agentInstalled(work, id, device));
    devices.push(device);
  }
  return { organisation, devices };
}

/** Devices of others, so that the fleet counts so many in all. */
async function crowd(count: number): Promise<void> {
  const [{ there }] = (await asProvider(sql<{ there: number }>`
    select count(*)::int as there from devices.device where revoked_at is null`)) as [{ there: number }];
  await asProvider(sql`insert into devices.device (id, organisation_id, program, version, hostname, platform, public_key,
      subject_service, subject_kind, subject_id, enrolled_at)
    select gen_random_uuid(), ${newId()}, 'agent', '0', 'pc', 'linux', decode(md5(n::text) || md5(n::text || 'b'), 'hex'),
      'experience', 'crowd', gen_random_uuid(), now() from generate_series(1, ${count - there}::int) n`);
}

const told = async ({ devices }: Installed): Promise<{ upload: number; sessions: number; version: number }[]> =>
  asProvider(sql<{ upload: number; sessions: number; version: number }>`
    select (c.document->>'upload')::int as upload, jsonb_array_length(c.document->'sessions') as sessions,
      d.configuration_version as version
    from devices.configuration c join devices.device d on d.id = c.device_id
    where c.device_id = any(${[...devices]}::uuid[]) order by d.id`);
/** Organisations of earlier tests with agents that run. */
const others = async (known: readonly Installed[]): Promise<string[]> =>
  (
    await asProvider(sql<{ id: string }>`select distinct a.organisation_id as id from experience.agent a
      join devices.device d on d.id = a.device_id where d.revoked_at is null`)
  )
    .map(({ id }) => id)
    .filter((id) => known.every(({ organisation }) => organisation !== id));

/** Organisations whose agents are still to be told, in the order of their turns. */
const queued = async (): Promise<string[]> => {
  const client = new Client({ connectionString: house.stores.connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ key: string }>(
      "select key from graphile_worker.jobs where key like $1 order by run_at, key",
      [`${paceJob}:%`],
    );
    return rows.map(({ key }) => key.slice(paceJob.length + 1));
  } finally {
    await client.end();
  }
};

test("a small fleet uploads every 2 s, and nobody is told anything", async () => {
  const one = await furnished(1);
  expect(await countFleet(house.platform)).toMatchObject({ upload: 2_000 });
  expect(await queued()).toEqual([]);
  expect(await told(one)).toEqual([{ upload: 2_000, sessions: 1, version: 1 }]);
});

test("a fleet that crosses a tier re-publishes to all running agents, tenant by tenant, and to each once", async () => {
  const [one, two] = [await furnished(2), await furnished(1)];
  const [gone] = [...(await furnished(1)).devices];
  await asProvider(sql`update devices.device set revoked_at = now(), revoked_reason = 'lost' where id = ${gone}`);
  await countFleet(house.platform);
  await crowd(501);
  expect(await countFleet(house.platform)).toEqual({ devices: 501, upload: 5_000 });
  expect(new Set(await queued())).toEqual(new Set([one.organisation, two.organisation, ...(await others([one, two]))]));

  await tellChunk(house.platform, house.devices, one.organisation);
  expect((await told(one)).map(({ upload }) => upload).toSorted((a, b) => a - b)).toEqual([2_000, 5_000]);
  await tellChunk(house.platform, house.devices, one.organisation);
  await tellChunk(house.platform, house.devices, one.organisation);
  const after = { upload: 5_000, sessions: 1, version: 2 };
  expect(await told(one)).toEqual([after, after]);
  expect((await told(two))[0]?.upload).toBe(2_000);

  // By the table of jobs, as the worker does: counting again goes on where it was.
  const handler = fleetJobs(house.devices).handlers[paceJob];
  await handler?.({ organisation: two.organisation }, house.platform);
  expect(await told(two)).toEqual([{ upload: 5_000, sessions: 1, version: 2 }]);
  const [{ upload }] = (await asProvider(sql<{ upload: number }>`
    select (document->>'upload')::int as upload from devices.configuration where device_id = ${gone}`)) as [
    { upload: number },
  ];
  expect(upload).toBe(2_000);
});

test("an agent that is installed in a large fleet starts with its pace", async () => {
  await crowd(2_501);
  expect(await countFleet(house.platform)).toMatchObject({ upload: 10_000 });
  expect(await told(await furnished(1))).toEqual([{ upload: 10_000, sessions: 1, version: 1 }]);
});

test("a shrunken fleet goes back to the shorter interval", async () => {
  await crowd(501);
  await countFleet(house.platform);
  await asProvider(sql`delete from devices.device where subject_kind = 'crowd'`);
  expect(await countFleet(house.platform)).toMatchObject({ upload: 2_000 });
});

test("an organisation can read the fleet's size and not write it", async () => {
  await countFleet(house.platform);
  const organisation = await house.organisation();
  const as = (statement: ReturnType<typeof sql>) =>
    house.stores.store.organisation(organisation, async (tx) => (await statement.execute(tx)).rows);
  expect(await as(sql`select devices from experience.fleet`)).toHaveLength(1);
  await expect(as(sql`update experience.fleet set devices = 0`)).rejects.toThrow("permission denied");
});
