/**
 * A data folder made when contracts had no facts, terms no plans and there were no prices: its database as it was then, with
 * organisations, contracts and events in it, taken through today's migrations and today's start.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chargeContract } from "@yagura/commerce/charging/charge.ts";
import { contractById, type ContractRow } from "@yagura/commerce/contracts/contracts.ts";
import { writeContractNumber } from "@yagura/commerce/contracts/contract-number.ts";
import { contractsWithFacts } from "@yagura/commerce/contracts/fact-door.ts";
import { sweepContracts } from "@yagura/commerce/contracts/jobs.ts";
import { versionOn } from "@yagura/commerce/rules.ts";
import { loadTables } from "@yagura/commerce/terms/load.ts";
import { shipOffers } from "@yagura/commerce/terms/ship.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import { prepareJobs } from "@yagura/server/jobs.ts";
import { createPlatform, type ServerPlatform } from "@yagura/server/platform.ts";
import { migratePostgres, withMigrationLock } from "@yagura/store/migrations/postgres.ts";
import { migrationsOf } from "@yagura/store/migrations/read.ts";
import { storeMigrations } from "@yagura/store/open.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { testClock } from "@yagura/testkit/server.ts";
import { services } from "../../programs/control-plane/src/compose.ts";
import { rooms } from "../../programs/control-plane/src/rooms.ts";
import { offers } from "../support/offers.ts";
import { oldMigrations } from "./old-folder.ts";

/** Contracts as the program of then wrote them: state, first day, last day, moment of the end. */
const written = [
  { name: "active", state: "active", from: "2026-09-10", to: null, ended: null },
  { name: "of version 1", state: "active", from: "2023-07-20", to: null, ended: null },
  { name: "to come", state: "awaiting-start", from: "2026-12-01", to: null, ended: null },
  { name: "ending", state: "ending", from: "2026-08-05", to: "2026-12-31", ended: null },
  { name: "ended", state: "ended", from: "2026-08-20", to: "2026-10-05", ended: "2026-10-05T15:00:00Z" },
  { name: "never begun", state: "ended", from: null, to: "2026-08-31", ended: "2026-08-31T15:00:00Z" },
] as const;
type Name = (typeof written)[number]["name"];

const clock = testClock(Date.parse("2026-11-20T03:00:00Z"));
const folder = mkdtempSync(join(tmpdir(), "yagura-upgrade-"));
const organisation = newId();
const own = newId();
const ids = new Map<Name, Uuid>();
let stores: TestStores;
let platform: ServerPlatform;

beforeAll(async () => {
  stores = await testStores({ migrations: oldMigrations(folder), prepare: [prepareJobs] });
  await writeOldRows();
  await withMigrationLock(stores.connectionString, (owner) =>
    migratePostgres(owner, migrationsOf("postgres", [storeMigrations, ...rooms(services)])),
  );
  platform = await createPlatform({
    stores,
    dataFolder: folder,
    publicUrl: () => "https://yagura.test",
    log: pino({ level: "silent" }),
    clock,
  });
});
afterAll(async () => {
  await platform.close();
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function writeOldRows(): Promise<void> {
  const at = new Date("2026-08-01T00:00:00Z");
  await stores.store.provider(async (tx) => {
    for (const [id, internal] of [
      [organisation, false],
      [own, true],
    ] as const)
      await sql`insert into server.organisation (id, name, internal, language, created_at)
        values (${id}, ${`organisation ${id}`}, ${internal}, 'ja', ${at})`.execute(tx);
  });
  await stores.store.organisation(organisation, async (tx) => {
    for (const [index, { name, state, from, to, ended }] of written.entries()) {
      const id = newId();
      ids.set(name, id);
      const number = writeContractNumber({ service: "EXP", yearMonth: "2608", counter: index + 1 });
      await sql`insert into commerce.contract (id, organisation_id, service, number, charged, state, started_on, ended_on,
          ended_at, created_at)
        values (${id}, ${organisation}, 'experience', ${number}, true, ${state}, ${from}::date,
          ${to}::date, ${ended === null ? null : new Date(ended)}, ${at})`.execute(tx);
      const kinds = ["created", ...(from !== null && state !== "awaiting-start" ? ["started"] : [])];
      for (const kind of [...kinds, ...(to === null ? [] : ["end-requested"]), ...(ended === null ? [] : ["ended"])])
        await sql`insert into commerce.contract_event (id, organisation_id, contract_id, at, kind, actor, ground, payload)
          values (${newId()}, ${organisation}, ${id}, ${at}, ${kind}, 'person:somebody', 'EXP-02', '{}')`.execute(tx);
    }
  });
}

const contract = (name: Name): Promise<ContractRow> =>
  stores.store.organisation(organisation, async (tx) => {
    const found = await contractById(tx, organisation, ids.get(name) as Uuid);
    if (found === null) throw new Error(`no contract ${name}`);
    return found;
  });

/** Months of the contract's monthly lines, with their amounts. */
const charged = (name: Name, from: string, to: string): Promise<[string, number][]> =>
  stores.store.organisation(organisation, async (tx) => {
    const [found] = await contractsWithFacts(tx, [ids.get(name) as Uuid]);
    if (found === undefined) throw new Error(`no contract ${name}`);
    const { lines } = chargeContract(await loadTables(tx), found.facts, { from, to });
    return lines.map(({ feeMonth, amount }) => [feeMonth, amount]);
  });

test("COM-02 EXP-01 the terms of experience monitoring keep their rows and parameters, and gain what they lacked, once", async () => {
  const read = () =>
    stores.store.provider(
      async (tx) =>
        (
          await sql<{ id: string; code: string; orderable: string[]; keys: string[] }>`select v.id, v.code, v.orderable,
            array(select key from commerce.rule_parameter p where p.version_id = v.id order by key) as keys
          from commerce.service_version v where v.service = 'experience' order by v.code`.execute(tx)
        ).rows,
    );
  const before = await read();
  expect(before.map(({ code, keys }) => [code, keys])).toEqual([
    ["EXP-v1", ["charge-period", "label", "quota"]],
    ["EXP-v2", ["charge-period", "label", "quota"]],
  ]);
  expect(await shipOffers(platform, offers)).toBeGreaterThan(100);
  const after = await read();
  expect(after.map(({ id, code, keys, orderable }) => [id, code, keys, orderable])).toEqual([
    [before[0]?.id, "EXP-v1", ["charge-period", "label", "plan:agent", "quota"], ["agent"]],
    [before[1]?.id, "EXP-v2", ["charge-period", "label", "plan:agent", "quota"], ["agent"]],
  ]);
  // The next start writes nothing.
  expect(await shipOffers(platform, offers)).toBe(0);
});

test("EXP-17 EXP-18 quotas and labels say the same in the old parameters and in the offer", async () => {
  const [experience] = offers;
  for (const [index, day] of ["2023-07-31", "2023-08-01"].entries()) {
    const version = await stores.store.provider((tx) => versionOn(tx, "experience", day));
    expect(version.parameters["quota"]).toEqual(experience?.terms[index]?.plans["agent"]?.quota);
    expect(version.parameters["label"]).toEqual({ rule: "EXP-03", characters: 15 });
    expect(version.labels).toEqual(experience?.terms[index]?.labels);
  }
});

test("contracts live on: state, days and history are as they were", async () => {
  for (const { name, state, from, to } of written) {
    const found = await contract(name);
    expect([found.state, found.startedOn, found.endedOn]).toEqual([state, from, to]);
  }
  const events = await stores.store.organisation(
    organisation,
    async (tx) =>
      (await sql<{ n: number }>`select count(*)::int as n from commerce.contract_event`.execute(tx)).rows[0]?.n,
  );
  // Six made, four started, three asked to end, two ended.
  expect(events).toBe(15);
});

test("their starts and ends became facts, each once", async () => {
  const facts = await stores.store.organisation(organisation, async (tx) => {
    const found = await contractsWithFacts(tx, [...ids.values()]);
    return found.map(({ facts: { facts: list } }) => list.map(({ kind, on }) => `${kind} ${on}`));
  });
  expect(facts).toEqual([
    ["started 2026-09-10"],
    ["started 2023-07-20"],
    [],
    ["started 2026-08-05", "cancelled 2026-12-31"],
    ["started 2026-08-20", "cancelled 2026-10-05"],
    [],
  ]);
});

test("EXP-11 EXP-12 EXP-14 once a price is set they are charged, each by the terms of its own days", async () => {
  await stores.store.provider(async (tx) => {
    const book = newId();
    await sql`insert into commerce.price_book (id, code, source, loaded_by, loaded_at)
      values (${book}, 'test', 'test', 'test', now())`.execute(tx);
    await sql`insert into commerce.price (id, book_id, service, plan, item, amount, in_force)
      values (${newId()}, ${book}, 'experience', 'agent', 'agent', 1000, daterange(null, null))`.execute(tx);
  });
  expect(await charged("active", "2026-09", "2026-11")).toEqual([
    ["2026-10-01", 1_000],
    ["2026-11-01", 1_000],
  ]);
  expect(await charged("of version 1", "2023-07", "2023-09")).toEqual([
    ["2023-07-01", 1_000],
    ["2023-08-01", 1_000],
    ["2023-09-01", 1_000],
  ]);
  expect(await charged("ended", "2026-08", "2026-12")).toEqual([
    ["2026-09-01", 1_000],
    ["2026-10-01", 1_000],
  ]);
  expect(await charged("ending", "2026-12", "2027-02")).toEqual([["2026-12-01", 1_000]]);
  expect(await charged("to come", "2026-11", "2027-02")).toEqual([]);
  expect(await charged("never begun", "2026-08", "2026-12")).toEqual([]);
});

test("what was set for a day to come is carried out on its day", async () => {
  const devices = createDevices({ clock, fingerprint: () => null });
  clock.advance(Date.parse("2027-01-02T03:00:00Z") - clock.now());
  await sweepContracts(platform, { experience: {} }, devices, offers);
  expect((await contract("to come")).state).toBe("active");
  expect((await contract("ending")).state).toBe("ended");
  expect(await charged("to come", "2026-12", "2027-01")).toEqual([["2027-01-01", 1_000]]);
});
