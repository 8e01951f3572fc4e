import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { openHouse, type House } from "../../../../tests/support/experience.ts";
import { contractById, type ContractRow } from "./contracts.ts";
import { readContractNumber } from "./contract-number.ts";
import { sweepContracts } from "./jobs.ts";
import { versionOn, versionsOf } from "../rules.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse("2026-11-20T03:00:00Z");
});
afterAll(async () => house.stop());

const show = async (organisation: OrganisationId, id: Uuid): Promise<ContractRow> => {
  const row = await house.stores.store.organisation(organisation, (tx) => contractById(tx, organisation, id));
  if (row === null) throw new Error("no such contract");
  return row;
};
const sweep = () => sweepContracts(house.platform, {}, house.devices);

describe("terms by date", () => {
  test("COM-02 the seeded terms: EXP-v1 until 2023-07-31, EXP-v2 from 2023-08-01", async () => {
    const versions = await house.stores.store.provider((tx) => versionsOf(tx, "experience"));
    expect(versions.map(({ code, from, until }) => ({ code, from, until }))).toEqual([
      { code: "EXP-v1", from: null, until: "2023-08-01" },
      { code: "EXP-v2", from: "2023-08-01", until: null },
    ]);
    expect(versions.map(({ labels }) => labels["dashboard"]?.ja)).toEqual([
      "モニタリング結果参照サイト",
      "ダッシュボード",
    ]);
    expect(versions[0]?.parameters["quota"]).toEqual({ rule: "EXP-17", pooled: false, targetsPerAgent: 10 });
    expect(versions[1]?.parameters["charge-period"]).toEqual({ rule: "EXP-12", startMonth: "FREE" });
  });

  test.each([
    { range: "[2023-07-31,2023-08-02)", why: "over the change" },
    { range: "[2099-01-01,)", why: "beside an open end" },
    { range: "(,)", why: "for ever" },
  ])("COM-02 two versions can never both be in force: $why", async ({ range }) => {
    const insert = house.stores.store.provider((tx) =>
      sql`insert into commerce.service_version (id, service, code, in_force, source_document, text_hash)
        values (${newId()}, 'experience', ${range}, ${range}::daterange, 'x', ${"0".repeat(64)})`.execute(tx),
    );
    await expect(insert).rejects.toMatchObject({ constraint: "service_version_one_in_force" });
  });

  test("another service has its own versions, and a hole has none", async () => {
    await house.stores.store.provider((tx) =>
      sql`insert into commerce.service_version (id, service, code, in_force, source_document, text_hash)
        values (${newId()}, 'sample', 'S-1', daterange('2026-01-01', '2026-02-01'), 'x', ${"0".repeat(64)})`.execute(
        tx,
      ),
    );
    await expect(house.stores.store.provider((tx) => versionOn(tx, "sample", "2026-01-31"))).resolves.toMatchObject({
      code: "S-1",
    });
    await expect(house.stores.store.provider((tx) => versionOn(tx, "sample", "2026-02-01"))).rejects.toMatchObject({
      code: "TERMS_MISSING",
      parameters: { service: "sample", day: "2026-02-01" },
    });
  });

  test("customers read terms and cannot write them", async () => {
    const organisation = await house.organisation();
    const read = await house.stores.store.organisation(organisation, (tx) => versionsOf(tx, "experience"));
    expect(read).toHaveLength(2);
    const write = house.stores.store.organisation(organisation, (tx) =>
      sql`update commerce.rule_parameter set value = '{}'`.execute(tx),
    );
    await expect(write).rejects.toMatchObject({ code: "42501" });
  });
});

describe("contracts", () => {
  test("EXP-T09 EXP-02 two hundred contracts made in parallel have two hundred numbers", async () => {
    const organisations = [await house.organisation(), await house.organisation()];
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, index) => house.contract(organisations[index % 2] as OrganisationId)),
    );
    expect(new Set(made.map(({ number }) => number)).size).toBe(200);
    for (const { number } of made) {
      expect(readContractNumber(number)).toMatchObject({ service: "EXP", yearMonth: "2611" });
    }
  });

  test("EXP-T09 a number that was drawn is never used again, also after a rollback", async () => {
    const organisation = await house.organisation();
    const drawn: number[] = [];
    const draw = async (fail: boolean): Promise<void> => {
      await house.stores.store
        .organisation(organisation, async (tx) => {
          const { rows } = await sql<{ n: string }>`select nextval('commerce.contract_counter') as n`.execute(tx);
          drawn.push(Number(rows[0]?.n));
          if (fail) throw new Error("given up");
        })
        .catch(() => undefined);
    };
    await draw(true);
    await draw(false);
    expect(new Set(drawn).size).toBe(2);
  });

  test.each([
    { instant: "2023-07-31T14:59:59Z", yearMonth: "2307", startedOn: "2023-07-31" },
    { instant: "2023-07-31T15:00:00Z", yearMonth: "2308", startedOn: "2023-08-01" },
  ])("COM-04 a contract of $instant starts on $startedOn", async ({ instant, yearMonth, startedOn }) => {
    house.clock.set(instant);
    const organisation = await house.organisation();
    const contract = await house.contract(organisation);
    expect(readContractNumber(contract.number)?.yearMonth).toBe(yearMonth);
    expect(contract.startedOn).toBe(startedOn);
    house.clock.set("2026-11-20T03:00:00Z");
  });

  test.each([
    { name: "today: at once", on: "2026-11-20", state: "ended" },

    { name: "a later day: then", on: "2026-11-21", state: "ending" },
  ])("ended on $name", async ({ on, state }) => {
    const organisation = await house.organisation();
    const contract = await house.contract(organisation);
    await house.end(organisation, contract.id, on);
    expect(await show(organisation, contract.id)).toMatchObject({ state, endedOn: on, startedOn: "2026-11-20" });
  });

  test("a set end can be moved until it is carried out; an ended contract does not change", async () => {
    const organisation = await house.organisation();
    const contract = await house.contract(organisation);
    await house.end(organisation, contract.id, "2026-12-31");
    await house.end(organisation, contract.id, "2026-11-30");
    expect(await show(organisation, contract.id)).toMatchObject({ state: "ending", endedOn: "2026-11-30" });
    await house.end(organisation, contract.id, "2026-11-20");
    await expect(house.end(organisation, contract.id, "2026-12-31")).rejects.toMatchObject({
      code: "CONTRACT_ENDED",
      parameters: { number: contract.number, endedOn: "2026-11-20" },
    });
  });

  test.each([
    { on: "2026-11-19", code: "CONTRACT_END_BEFORE_START" },
    { on: "2026-02-30", code: "CONTRACT_DAY_INVALID" },
  ])("an end on $on is refused: $code", async ({ on, code }) => {
    const organisation = await house.organisation();
    const contract = await house.contract(organisation);
    await expect(house.end(organisation, contract.id, on)).rejects.toMatchObject({ code });
    expect(await show(organisation, contract.id)).toMatchObject({ state: "active", endedOn: null });
  });

  test("a contract for a later day starts on that day, and one ended before it began was never in force", async () => {
    const organisation = await house.organisation();
    const [later, never] = [
      await house.contract(organisation, "2026-12-01"),
      await house.contract(organisation, "2026-12-01"),
    ];
    expect(later).toMatchObject({ state: "awaiting-start" });
    await house.end(organisation, never.id, "2026-11-20");
    expect(await show(organisation, never.id)).toMatchObject({ state: "ended", startedOn: null });
    house.clock.set("2026-11-30T14:59:59Z");
    await sweep();
    expect(await show(organisation, later.id)).toMatchObject({ state: "awaiting-start" });
    house.clock.set("2026-11-30T15:00:00Z");
    await sweep();
    expect(await show(organisation, later.id)).toMatchObject({ state: "active" });
    house.clock.set("2026-11-20T03:00:00Z");
  });

  test("COM-17 each step is kept with who, when and why, and history is written once", async () => {
    const organisation = await house.organisation();
    const contract = await house.contract(organisation);
    await house.end(organisation, contract.id, "2026-11-20");
    const events = await house.stores.store.organisation(
      organisation,
      async (tx) =>
        (
          await sql<{ kind: string; actor: string; ground: string }>`select kind, actor, ground
        from commerce.contract_event where contract_id = ${contract.id} order by ordinal`.execute(tx)
        ).rows,
    );
    expect(events).toEqual([
      { kind: "created", actor: "system:test", ground: "COM-17" },
      { kind: "started", actor: "system:test", ground: "COM-17" },
      { kind: "end-requested", actor: "system:test", ground: "COM-17" },
      { kind: "ended", actor: "system:test", ground: "COM-17" },
    ]);
    const rewrite = house.stores.store.organisation(organisation, (tx) =>
      sql`update commerce.contract_event set actor = 'somebody else'`.execute(tx),
    );
    await expect(rewrite).rejects.toMatchObject({ code: "42501" });
  });
});
