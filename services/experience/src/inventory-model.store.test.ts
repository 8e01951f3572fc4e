import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { YaguraError } from "@yagura/core/errors.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { randomFrom, seedOf } from "@yagura/testkit/random.ts";
import { openHouse, type House } from "../../../tests/support/experience.ts";
import { createAgent, removeAgent } from "./agents.ts";
import { listAgents, listSessions, listTargets, listTenants } from "./inventory.ts";
import { agentInstalled } from "./invitations.ts";
import { changeSession, createSession, removeSession } from "./sessions.ts";
import { changeTarget, createTarget, removeTarget } from "./targets.ts";
import { createTenant, joinTenants } from "./tenants.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => house.stop());

/** What a random hand may do, four at a time. */
function hand(organisation: OrganisationId, random: () => number) {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const idOf = async (read: Promise<readonly { readonly id: Uuid }[]>): Promise<Uuid> =>
    pick(await read)?.id ?? organisation;
  const inOrganisation = <T>(verb: Parameters<typeof house.as<T>>[1]): Promise<T> => house.as(organisation, verb);
  const tenant = () => idOf(inOrganisation(({ tx, now }) => listTenants(tx, organisation, now)));
  const target = () => idOf(inOrganisation(({ tx }) => listTargets(tx, organisation)));
  const agents = () => inOrganisation(({ tx, now }) => listAgents(tx, organisation, now));
  const session = () => idOf(inOrganisation(({ tx }) => listSessions(tx, organisation)));
  const probe = { kind: "icmp", host: "192.0.2.1" } as const;
  const addTarget = async (): Promise<unknown> => {
    const tenantId = await tenant();
    return inOrganisation((work) => createTarget(work, { tenantId, name: "t", probe }));
  };
  const addSession = async (): Promise<unknown> => {
    const [agentId, targetId] = [await idOf(agents()), await target()];
    return inOrganisation((work) => createSession(work, { agentId, targetId }));
  };
  const addAgent = async (): Promise<unknown> => {
    const [tenantId, { number: contractNumber }] = [await tenant(), await house.contract(organisation)];
    const id = await inOrganisation((work) =>
      createAgent(work, { tenantId, contractNumber, label: "PC", holder: { name: "x" } }),
    );
    const device = await house.device(organisation, id);
    return inOrganisation((work) => agentInstalled(work, id, device));
  };
  const endContract = async (): Promise<unknown> => {
    const number = pick(await agents())?.contractNumber ?? "";
    const found = await inOrganisation(({ tx }) =>
      sql<{ id: Uuid }>`select id from commerce.contract where number = ${number}`.execute(tx),
    );
    const contract = found.rows[0]?.id;
    return contract === undefined ? undefined : house.end(organisation, contract, "2026-11-20");
  };
  const changes: readonly (() => Promise<unknown>)[] = [
    addTarget,
    addTarget,
    addTarget,
    addSession,
    addSession,
    addSession,
    addSession,
    addAgent,
    addAgent,
    endContract,
    async () => {
      const id = await idOf(agents());
      return inOrganisation((work) => removeAgent(work, id));
    },
    async () => {
      const [id, paused] = [await session(), random() < 0.5];
      return inOrganisation((work) => changeSession(work, id, { paused }));
    },
    async () => {
      const [id, paused] = [await target(), random() < 0.5];
      return inOrganisation((work) => changeTarget(work, id, { paused }));
    },
    async () => {
      const id = await session();
      return random() < 0.5 ? inOrganisation((work) => removeSession(work, id)) : undefined;
    },
    async () => {
      const id = await target();
      return random() < 0.3 ? inOrganisation((work) => removeTarget(work, id)) : undefined;
    },
    async () => {
      const [into, from] = [await tenant(), await tenant()];
      return random() < 0.2 ? inOrganisation((work) => joinTenants(work, into, from)) : undefined;
    },
    async () => (random() < 0.3 ? inOrganisation((work) => createTenant(work, { name: "n" })) : undefined),
  ];
  return async (): Promise<void> => {
    try {
      await pick(changes)?.();
    } catch (error) {
      // Refusals are part of the play; anything else is not.
      if (!(error instanceof YaguraError) || error.status >= 500) throw error;
    }
  };
}

async function check(organisation: OrganisationId): Promise<void> {
  const seen = await house.as(organisation, async ({ tx, now }) => ({
    tenants: await listTenants(tx, organisation, now),
    agents: await listAgents(tx, organisation, now),
    targets: await listTargets(tx, organisation),
    sessions: await listSessions(tx, organisation),
    configurations: (
      await sql<{
        agent: Uuid;
        sessions: { session: Uuid }[];
      }>`select a.id as agent, c.document -> 'sessions' as sessions
        from experience.agent a join devices.configuration c on c.device_id = a.device_id and c.service = 'experience'
        where a.ended_at is null`.execute(tx)
    ).rows,
  }));
  for (const { quota } of seen.tenants) {
    expect(quota.targets.used).toBeLessThanOrEqual(quota.targets.limit);
    expect(quota.sessions.used).toBeLessThanOrEqual(quota.sessions.limit);
  }
  const tenantOf = new Map([...seen.agents, ...seen.targets].map(({ id, tenantId }) => [id, tenantId]));
  for (const { agentId, targetId, tenantId } of seen.sessions) {
    expect([tenantOf.get(agentId), tenantOf.get(targetId)]).toEqual([tenantId, tenantId]);
  }
  for (const { agent, sessions } of seen.configurations) {
    const running = seen.sessions.filter(({ agentId, paused }) => agentId === agent && !paused).map(({ id }) => id);
    expect(sessions.map(({ session }) => session).sort()).toEqual(running.sort());
  }
}

test("EXP-17 to EXP-22 whatever four hands do at once, quotas hold, tenants are whole, and devices are told exactly what runs", async () => {
  const seed = seedOf("YAGURA_SEED");
  console.log(`seed ${seed} (YAGURA_SEED)`);
  const random = randomFrom(seed);
  const organisation = await house.organisation({ owner: "owner@example.jp" });
  for (const name of ["東京", "大阪"]) await house.as(organisation, (work) => createTenant(work, { name }));
  const play = hand(organisation, random);
  for (let start = 0; start < 40; start++) await play();
  for (let round = 0; round < 80; round++) {
    await Promise.all([play(), play(), play(), play()]);
    await check(organisation);
  }
});
