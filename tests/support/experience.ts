/** For tests: the stores, the platform and the inventory's verbs over a fresh database, with a clock that the test sets. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { pino } from "pino";
import type { Clock } from "@yagura/core/clock.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Contract } from "@yagura/commerce/commerce.ts";
import { createContract, endContract, lockContract, type ContractWork } from "@yagura/commerce/contracts/contracts.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import { offer } from "@yagura/experience/charges.ts";
import { contractHooks } from "@yagura/experience/contracts.ts";
import type { Work } from "@yagura/experience/work.ts";
import { prepareJobs } from "@yagura/server/jobs.ts";
import { serverMigrations } from "@yagura/server/migrations.ts";
import { createPlatform, type ServerPlatform } from "@yagura/server/platform.ts";
import type { Tx } from "@yagura/store/store.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";

const folder = (path: string): URL => new URL(`../../${path}/`, import.meta.url);

/** Every room that a host needs, in the order in which they stand. */
export const migrations = [
  serverMigrations,
  { room: "devices", postgres: folder("platform/devices/migrations") },
  { room: "commerce", postgres: folder("platform/commerce/migrations") },
  { room: "alerts", postgres: folder("platform/alerts/migrations") },
  {
    room: "experience",
    postgres: folder("services/experience/migrations/postgres"),
    clickhouse: folder("services/experience/migrations/clickhouse"),
  },
];

/** A clock that stands still until the test sets it. */
export interface TestClock extends Clock {
  set(time: string): void;
}

export function testClock(start: string): TestClock {
  let at = Date.parse(start);
  return {
    now: () => at,
    monotonic: () => at,
    set: (time) => {
      at = Date.parse(time);
    },
  };
}

export interface House {
  readonly stores: TestStores;
  readonly platform: ServerPlatform;
  readonly devices: Devices;
  readonly clock: TestClock;
  /** Runs verbs in a transaction of the organisation, as a request would. */
  as<T>(organisation: OrganisationId, verb: (work: Work) => Promise<T>): Promise<T>;
  organisation(
    facts?: Partial<{ name: string; internal: boolean; language: "ja" | "en"; owner: string }>,
  ): Promise<OrganisationId>;
  contract(organisation: OrganisationId, startedOn?: string): Promise<Contract>;
  end(organisation: OrganisationId, contract: Uuid, on: string): Promise<void>;
  /** A device as if it had enrolled. */
  device(organisation: OrganisationId, agent: Uuid): Promise<Uuid>;
  stop(): Promise<void>;
}

export async function openHouse(start = "2026-11-20T03:00:00.000Z"): Promise<House> {
  const clock = testClock(start);
  const stores = await testStores({ migrations, prepare: [prepareJobs] });
  const dataFolder = mkdtempSync(join(tmpdir(), "yagura-house-"));
  const platform = await createPlatform({
    stores,
    dataFolder,
    publicUrl: "http://localhost:8480",
    log: pino({ level: "silent" }),
    clock,
  });
  const devices = createDevices({ clock, fingerprint: () => null });
  const actor = { kind: "system", name: "test" } as const;
  const workOf = (tx: Tx, organisation: OrganisationId): Work => ({
    tx,
    organisation,
    now: new Date(clock.now()),
    devices,
    platform,
    actor: "test",
    audit: (entry) => platform.audit(tx, actor, organisation, entry),
  });
  const contractWork = (tx: Tx): ContractWork => ({
    tx,
    now: new Date(clock.now()),
    actor,
    hooks: { experience: contractHooks },
    offers: [offer],
    devices,
    platform,
  });
  return {
    stores,
    platform,
    devices,
    clock,
    as: (organisation, verb) => stores.store.organisation(organisation, (tx) => verb(workOf(tx, organisation))),
    organisation: (facts = {}) => addOrganisation(stores, clock, facts),
    contract: (organisation, startedOn) =>
      stores.store.organisation(organisation, (tx) =>
        createContract(contractWork(tx), {
          organisation,
          service: "experience",
          charged: true,
          ...(startedOn === undefined ? {} : { startedOn }),
        }),
      ),
    end: (organisation, contract, on) =>
      stores.store.organisation(organisation, async (tx) => {
        const row = await lockContract(tx, organisation, contract);
        if (row === null) throw new Error("no such contract");
        await endContract(contractWork(tx), row, on);
      }),
    device: (organisation, agent) => addDevice(stores, clock, organisation, agent),
    stop: async () => {
      await platform.close();
      await stores.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function addOrganisation(
  stores: TestStores,
  clock: Clock,
  facts: Partial<{ name: string; internal: boolean; language: "ja" | "en"; owner: string }>,
): Promise<OrganisationId> {
  const id = newId();
  const at = new Date(clock.now());
  await stores.store.provider(async (tx) => {
    await sql`insert into server.organisation (id, name, internal, language, created_at)
      values (${id}, ${facts.name ?? "株式会社テスト"}, ${facts.internal ?? false}, ${facts.language ?? "ja"}, ${at})`.execute(
      tx,
    );
    if (facts.owner === undefined) return;
    await sql`insert into server.membership (id, organisation_id, mail, name, role, language, created_at)
      values (${newId()}, ${id}, ${facts.owner}, 'Owner', 'owner', ${facts.language ?? "ja"}, ${at})`.execute(tx);
  });
  return id;
}

async function addDevice(stores: TestStores, clock: Clock, organisation: OrganisationId, agent: Uuid): Promise<Uuid> {
  const id = newId();
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32)));
  await stores.store.provider((tx) =>
    sql`insert into devices.device (id, organisation_id, program, version, hostname, platform, public_key, subject_service,
        subject_kind, subject_id, enrolled_at)
      values (${id}, ${organisation}, 'agent', '0', 'pc', 'linux x64', ${key}, 'experience', 'agent', ${agent},
        ${new Date(clock.now())})`.execute(tx),
  );
  return id;
}
