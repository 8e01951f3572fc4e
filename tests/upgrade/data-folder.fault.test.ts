/**
 * A whole data folder of the time before charges, with its embedded engines, opened by today's control plane: it starts, its
 * contracts stand in the API, and once a price is set they are charged.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chargeContract } from "@yagura/commerce/charging/charge.ts";
import { writeContractNumber } from "@yagura/commerce/contracts/contract-number.ts";
import { contractsWithFacts } from "@yagura/commerce/contracts/fact-door.ts";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import type { OfferItem } from "@yagura/commerce/offers/shapes.ts";
import { loadTables } from "@yagura/commerce/terms/load.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { prepareJobs } from "@yagura/server/jobs.ts";
import { createPlatform } from "@yagura/server/platform.ts";
import { createToken, ensureFirstAdmin } from "@yagura/server/setup.ts";
import type { Page } from "@yagura/server/shapes.ts";
import { openStores } from "@yagura/store/open.ts";
import { startControlPlane, type ControlPlane } from "../../programs/control-plane/src/compose.ts";
import { readOptions } from "../../programs/control-plane/src/options.ts";
import { api, type Api } from "../flow/client.ts";
import { oldMigrations } from "./old-folder.ts";

const log = pino({ level: "silent" });
const data = mkdtempSync(join(tmpdir(), "yagura-upgrade-data-"));
const files = mkdtempSync(join(tmpdir(), "yagura-upgrade-files-"));
const customer = newId();
const number = writeContractNumber({ service: "EXP", yearMonth: "2608", counter: 1 });
let own: OrganisationId;
let plane: ControlPlane;
let client: Api;

beforeAll(async () => {
  await makeOldFolder();
  const options = readOptions(["--data", data, "--port", "0", "--plain-http"], {}, false);
  plane = await startControlPlane(options, log);
  const token = await createToken(plane.platform, plane.scopes, { role: "provider-admin" });
  client = api(plane.url, token);
}, 180_000);
afterAll(async () => {
  await plane?.stop();
  for (const folder of [data, files]) rmSync(folder, { recursive: true, force: true });
});

async function makeOldFolder(): Promise<void> {
  const stores = await openStores({
    dataFolder: data,
    migrations: oldMigrations(files),
    prepare: [(url) => prepareJobs(url, log)],
  });
  const platform = await createPlatform({ stores, dataFolder: data, publicUrl: () => "http://localhost", log });
  own = (await ensureFirstAdmin(platform)).organisation;
  const at = new Date("2026-08-01T00:00:00Z");
  await stores.store.provider(async (tx) => {
    await sql`insert into server.organisation (id, name, internal, language, created_at)
      values (${customer}, '株式会社以前', false, 'ja', ${at})`.execute(tx);
  });
  for (const [organisation, counter, charged] of [
    [customer, 1, true],
    [own, 2, false],
  ] as const) {
    await stores.store.organisation(organisation, async (tx) => {
      const id = newId();
      await sql`insert into commerce.contract (id, organisation_id, service, number, charged, state, started_on, created_at)
        values (${id}, ${organisation}, 'experience', ${writeContractNumber({ service: "EXP", yearMonth: "2608", counter })},
          ${charged}, 'active', '2026-08-10', ${at})`.execute(tx);
      await sql`insert into commerce.contract_event (id, organisation_id, contract_id, at, kind, actor, ground)
        values (${newId()}, ${organisation}, ${id}, ${at}, 'created', 'person:somebody', 'EXP-02'),
          (${newId()}, ${organisation}, ${id}, ${at}, 'started', 'person:somebody', 'EXP-02')`.execute(tx);
    });
  }
  await platform.close();
  await stores.stop();
}

test("it starts, and applies what is new and nothing again", () => {
  const { applied } = plane.stores;
  expect(applied.filter((name) => name.startsWith("commerce/")).length).toBeGreaterThanOrEqual(6);
  for (const old of ["server/0001", "devices/0001", "commerce/0003", "experience/0003"])
    expect(applied.filter((name) => name.startsWith(old))).toEqual([]);
});

test("contracts of customers and of the provider stand in the API as they were", async () => {
  for (const [organisation, charged] of [
    [customer, true],
    [own, false],
  ] as const) {
    const { items } = await client.get<Page<ContractItem>>(`/api/v1/organisations/${organisation}/contracts`);
    expect(items).toMatchObject([{ service: "experience", state: "active", startedOn: "2026-08-10", charged }]);
  }
});

test("COM-30 the provider's own organisation may use every service at once; customers see what is offered", async () => {
  const services = async (organisation: string) =>
    (await client.get<Page<OfferItem>>(`/api/v1/organisations/${organisation}/offers`)).items.map(
      ({ service }) => service,
    );
  expect(await services(own)).toEqual(["experience", "security", "remote", "ot", "utm"]);
  expect(await services(customer)).toEqual([]);
});

test("with a price the old contract is charged: the months after its first", async () => {
  await client.post("/api/v1/provider/prices", {
    service: "experience",
    plan: "agent",
    item: "agent",
    amount: 1_000,
    from: "2026-08-01",
    confirmPast: true,
  });
  const { items } = await client.get<Page<ContractItem>>(`/api/v1/organisations/${customer}/contracts`);
  expect(items[0]?.number).toBe(number);
  const charges = await plane.stores.store.organisation(customer, async (tx) => {
    const [contract] = await contractsWithFacts(tx, [items[0]?.id as Uuid]);
    if (contract === undefined) throw new Error("no contract");
    return chargeContract(await loadTables(tx), contract.facts, { from: "2026-08", to: "2026-10" });
  });
  expect(charges.lines.map(({ feeMonth, amount }) => [feeMonth, amount])).toEqual([
    ["2026-09-01", 1_000],
    ["2026-10-01", 1_000],
  ]);
});
