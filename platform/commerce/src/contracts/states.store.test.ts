/** COM-17: every state against every other one, in the database and in code; and no state without an event. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { openHouse, type House } from "../../../../tests/support/experience.ts";
import { transitions } from "./states.ts";
import { contractStates, type ContractState } from "./shapes.ts";

let house: House;
let organisation: OrganisationId;
beforeAll(async () => {
  house = await openHouse("2026-11-20T03:00:00Z");
  organisation = await house.organisation();
});
afterAll(async () => house.stop());

const stoppedBy: Partial<Record<ContractState, string>> = { suspended: "suspension", discontinued: "discontinuance" };
const isFinal = (state: ContractState): boolean => transitions[state].length === 0;

/** A contract put into a state, past the machine: rows of a restored backup come in like this. */
async function contractIn(state: ContractState): Promise<Uuid> {
  const id = newId();
  await house.stores.store.provider((tx) =>
    sql`insert into commerce.contract (id, organisation_id, service, plan, items, number, charged, state, stopped, started_on, ended_on,
        ended_at, created_at)
      values (${id}, ${organisation}, 'experience', 'agent', '{"agent": 1}', ${`EXP-2611-${id}`}, true, ${state},
        ${stoppedBy[state] ?? null}, '2026-11-01', ${state === "ending" || isFinal(state) ? "2026-11-30" : null}::date,
        ${isFinal(state) ? new Date() : null}, now())`.execute(tx),
  );
  return id;
}

const move = (id: Uuid, to: ContractState, tell = true): Promise<void> =>
  house.stores.store.organisation(organisation, async (tx) => {
    await sql`update commerce.contract set state = ${to}, stopped = ${stoppedBy[to] ?? null},
        ended_on = case when ${to === "ending" || isFinal(to)} then date '2026-11-30' else ended_on end,
        ended_at = ${isFinal(to) ? new Date() : null} where id = ${id}`.execute(tx);
    if (!tell) return;
    await sql`insert into commerce.contract_event (id, organisation_id, contract_id, at, kind, actor, ground, to_state)
      values (${newId()}, ${organisation}, ${id}, now(), 'test', 'test', 'COM-17', ${to})`.execute(tx);
  });

const pairs = contractStates.flatMap((from) => contractStates.filter((to) => to !== from).map((to) => ({ from, to })));

describe("the table of steps", () => {
  test("COM-17 the database and the code hold the same table", async () => {
    const { rows } = await house.stores.store.provider((tx) =>
      sql<{
        pair: string;
      }>`select from_state || ' → ' || to_state as pair from commerce.contract_transition order by 1`.execute(tx),
    );
    const inCode = Object.entries(transitions).flatMap(([from, all]) => all.map((to) => `${from} → ${to}`));
    expect(rows.map(({ pair }) => pair).toSorted()).toEqual(inCode.toSorted());
    expect(pairs).toHaveLength(56);
  });

  test.each(pairs)("COM-17 $from → $to", async ({ from, to }) => {
    const id = await contractIn(from);
    const moved = move(id, to);
    if (transitions[from].includes(to)) await moved;
    else await expect(moved).rejects.toMatchObject({ constraint: "contract_transition" });
  });

  test("COM-17 a step without an event of its own is refused when the transaction ends", async () => {
    const id = await contractIn("active");
    await expect(move(id, "suspended", false)).rejects.toMatchObject({ constraint: "contract_step_recorded" });
    const { rows } = await house.stores.store.provider((tx) =>
      sql<{ state: string }>`select state from commerce.contract where id = ${id}`.execute(tx),
    );
    expect(rows[0]?.state).toBe("active");
  });

  test("customers cannot change the table, nor a fact, nor who held a contract", async () => {
    const attempts = [
      sql`insert into commerce.contract_transition values ('ended', 'active')`,
      sql`update commerce.contract_fact set payload = '{"amount": 1}'`,
      sql`update commerce.contract_holder set holder = '{}'`,
      sql`insert into commerce.application_queue values ('ot', 1, ${newId()}, now())`,
      sql`delete from commerce.held_value`,
    ];
    for (const attempt of attempts) {
      await expect(house.stores.store.organisation(organisation, (tx) => attempt.execute(tx))).rejects.toMatchObject({
        code: "42501",
      });
    }
  });
});
