import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { openHouse, type House } from "../../../../tests/support/experience.ts";
import { contractById, dueJob } from "./contracts.ts";
import { contractJobs } from "./jobs.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse("2026-11-20T03:00:00Z");
});
afterAll(async () => house.stop());

async function jobs(): Promise<{ key: string; runAt: string }[]> {
  const client = new Client({ connectionString: house.stores.connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ key: string; run_at: Date }>(
      "select key, run_at from graphile_worker.jobs where task_identifier = $1 order by key",
      [dueJob],
    );
    return rows.map(({ key, run_at }) => ({ key, runAt: run_at.toISOString() }));
  } finally {
    await client.end();
  }
}
const run = (organisation: OrganisationId, contract: Uuid) =>
  contractJobs({}, house.devices).handlers[dueJob]?.({ organisation, contract }, house.platform);
const state = async (organisation: OrganisationId, id: Uuid) =>
  (await house.stores.store.organisation(organisation, (tx) => contractById(tx, organisation, id)))?.state;

test("a start and an end set for a day are jobs at 00:00 Asia/Tokyo; a moved end replaces its job; run early or twice they do nothing", async () => {
  const organisation = await house.organisation();
  const { id } = await house.contract(organisation, "2026-12-01");
  await house.end(organisation, id, "2026-12-24");
  await house.end(organisation, id, "2026-12-31");
  expect(await jobs()).toEqual([
    { key: `contract-end-${id}`, runAt: "2026-12-31T15:00:00.000Z" },
    { key: `contract-start-${id}`, runAt: "2026-11-30T15:00:00.000Z" },
  ]);
  const steps = [
    { at: "2026-11-30T14:59:59Z", state: "awaiting-start" },
    { at: "2026-11-30T15:00:00Z", state: "ending" },
    { at: "2026-12-31T14:59:59Z", state: "ending" },
    { at: "2026-12-31T15:00:00Z", state: "ended" },
  ];
  for (const step of steps) {
    house.clock.set(step.at);
    await run(organisation, id);
    await run(organisation, id);
    expect(await state(organisation, id), step.at).toBe(step.state);
  }
});

test("after an outage over both days one run starts and ends the contract", async () => {
  house.clock.set("2026-11-20T03:00:00Z");
  const organisation = await house.organisation();
  const { id } = await house.contract(organisation, "2026-12-01");
  await house.end(organisation, id, "2026-12-05");
  house.clock.set("2027-01-01T00:00:00Z");
  await run(organisation, id);
  expect(await state(organisation, id)).toBe("ended");
});
