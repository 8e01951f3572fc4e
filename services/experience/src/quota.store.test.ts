import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Contract } from "@yagura/commerce/commerce.ts";
import { sweepContracts } from "@yagura/commerce/contracts/jobs.ts";
import { openHouse, type House } from "../../../tests/support/experience.ts";
import { createAgent, removeAgent } from "./agents.ts";
import { contractHooks } from "./contracts.ts";
import { readEvents } from "./events.ts";
import { listAgents, listSessions, listTargets, listTenants } from "./inventory.ts";
import { agentInstalled } from "./invitations.ts";
import { changeSession, createSession, removeSession } from "./sessions.ts";
import { changeTarget, createTarget, removeTarget } from "./targets.ts";
import { createTenant, joinTenants } from "./tenants.ts";
import type { SeriesEvent, Session } from "./wire/api.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => house.stop());

const V1_DAY = "2023-07-31T03:00:00Z";
const V1_LAST = "2023-07-31T14:59:59.999Z";
const V2_FIRST = "2023-07-31T15:00:00.000Z";
const V2_DAY = "2026-11-20T03:00:00Z";

interface Site {
  readonly organisation: OrganisationId;
  readonly tenant: Uuid;
  readonly agents: { readonly id: Uuid; readonly contract: Contract }[];
}

/** An organisation with one tenant and some agents. */
async function site(agents: number, owner?: string): Promise<Site> {
  const organisation = await house.organisation(owner === undefined ? {} : { owner });
  const tenant = await house.as(organisation, (work) => createTenant(work, { name: "東京" }));
  const made: Site = { organisation, tenant, agents: [] };
  for (let i = 1; i <= agents; i++) await addAgent(made, `PC-${i}`);
  return made;
}

async function addAgent({ organisation, tenant, agents }: Site, label: string, startedOn?: string): Promise<Uuid> {
  const contract = await house.contract(organisation, startedOn);
  const id = await house.as(organisation, (work) =>
    createAgent(work, { tenantId: tenant, contractNumber: contract.number, label, holder: { name: "山田" } }),
  );
  agents.push({ id, contract });
  return id;
}

const addTarget = ({ organisation, tenant }: Pick<Site, "organisation" | "tenant">, name = "t"): Promise<Uuid> =>
  house.as(organisation, (work) =>
    createTarget(work, { tenantId: tenant, name, probe: { kind: "icmp", host: "192.0.2.1" } }),
  );
const addSession = ({ organisation }: Site, agentId: Uuid, targetId: Uuid): Promise<Uuid> =>
  house.as(organisation, (work) => createSession(work, { agentId, targetId }));

async function addTargets(at: Site, count: number): Promise<Uuid[]> {
  const ids: Uuid[] = [];
  for (let i = 0; i < count; i++) ids.push(await addTarget(at, `t${i}`));
  return ids;
}
const quota = ({ organisation, tenant }: Site) =>
  house.as(organisation, async ({ tx, now }) => (await listTenants(tx, organisation, now, { id: tenant }))[0]?.quota);
const failing = (code: string, parameters: object = {}) =>
  expect.objectContaining({ code, parameters: expect.objectContaining(parameters) });
const agent = (at: Site, index: number): { id: Uuid; contract: Contract } => {
  const found = at.agents[index];
  if (found === undefined) throw new Error("no such agent");
  return found;
};

describe("from 2023-08-01", () => {
  beforeAll(() => house.clock.set(V2_DAY));

  test("W-EXP-8 EXP-18 EXP-19 seven agents: 70 targets and 70 sessions, and not one more", async () => {
    const at = await site(7);
    const targets = await addTargets(at, 70);
    await expect(addTarget(at)).rejects.toEqual(failing("TARGET_QUOTA", { used: 70, limit: 70, agents: 7 }));
    for (const target of targets) await addSession(at, agent(at, 0).id, target);
    await expect(addSession(at, agent(at, 1).id, targets[0] ?? "")).rejects.toEqual(
      failing("SESSION_QUOTA", { used: 70, limit: 70, rule: "EXP-18" }),
    );
    expect(await quota(at)).toEqual({
      agents: 7,
      targets: { used: 70, limit: 70 },
      sessions: { used: 70, limit: 70 },
      rule: "EXP-18",
      ruleFrom: "2023-08-01",
    });
  });

  test("EXP-20 one agent may carry all sessions of the tenant, or several agents the same targets", async () => {
    const at = await site(2);
    const targets = await addTargets(at, 12);
    for (const target of targets) await addSession(at, agent(at, 0).id, target);
    for (const target of targets.slice(0, 8)) await addSession(at, agent(at, 1).id, target);
    expect(await quota(at)).toMatchObject({ targets: { used: 12 }, sessions: { used: 20, limit: 20 } });
  });

  test("EXP-22 only contracts that have started and not ended are counted", async () => {
    const at = await site(1);
    await addAgent(at, "future", "2026-12-01");
    expect((await quota(at))?.agents).toBe(1);
    house.clock.set("2026-11-30T14:59:59.999Z");
    expect((await quota(at))?.agents).toBe(1);
    house.clock.set("2026-11-30T15:00:00Z");
    expect((await quota(at))?.agents).toBe(2);
    house.clock.set(V2_DAY);
    await house.end(at.organisation, agent(at, 0).contract.id, "2026-11-20");
    expect((await quota(at))?.agents).toBe(0);
  });

  test("EXP-T05 removal by hand that would break the quota is refused with the numbers", async () => {
    const at = await site(2);
    const targets = await addTargets(at, 12);
    for (const target of targets) await addSession(at, agent(at, 0).id, target);
    const remove = (index: number) => house.as(at.organisation, (work) => removeAgent(work, agent(at, index).id));
    await expect(remove(1)).rejects.toEqual(
      failing("REMOVAL_BREAKS_QUOTA", {
        agents: 1,
        targets: 12,
        targetLimit: 10,
        sessions: 12,
        sessionLimit: 10,
        surplusTargets: 2,
        surplusSessions: 2,
      }),
    );
    // Agent 0 takes its own sessions with it, but 12 targets are still too many for the one that stays.
    await expect(remove(0)).rejects.toEqual(failing("REMOVAL_BREAKS_QUOTA", { surplusTargets: 2, surplusSessions: 0 }));
    for (const target of targets.slice(10)) await house.as(at.organisation, (work) => removeTarget(work, target));
    await remove(1);
    expect(await quota(at)).toMatchObject({ agents: 1, targets: { used: 10, limit: 10 }, sessions: { used: 10 } });
  });

  test("EXP-22 the end of a contract is never refused: the newest sessions, then targets, are paused, and nothing is deleted", async () => {
    const at = await site(2, "owner@example.jp");
    const targets = await addTargets(at, 13);
    const device = await house.device(at.organisation, agent(at, 0).id);
    await house.as(at.organisation, (work) => agentInstalled(work, agent(at, 0).id, device));
    const sessions: Uuid[] = [];
    for (const target of targets) sessions.push(await addSession(at, agent(at, 0).id, target));
    await addSession(at, agent(at, 1).id, targets[0] ?? "");
    await house.end(at.organisation, agent(at, 1).contract.id, "2026-11-20");

    const seen = await house.as(at.organisation, async ({ tx, now }) => ({
      sessions: await listSessions(tx, at.organisation),
      targets: await listTargets(tx, at.organisation),
      agents: await listAgents(tx, at.organisation, now),
    }));
    expect(seen.sessions).toHaveLength(14);
    expect(seen.targets).toHaveLength(13);
    const why = new Map(seen.sessions.map(({ id, pausedReason }) => [id, pausedReason]));
    expect(sessions.map((id) => why.get(id))).toEqual([
      ...Array.from({ length: 10 }, () => null),
      ...Array.from({ length: 3 }, () => "surplus"),
    ]);
    expect(seen.sessions.at(-1)?.pausedReason).toBe("agent-ended");
    expect(seen.targets.filter(({ pausedReason }) => pausedReason === "surplus").map(({ id }) => id)).toEqual(
      targets.slice(10),
    );
    expect(seen.agents.map(({ state }) => state)).toEqual(["offline", "ended"]);
    expect(await quota(at)).toMatchObject({ agents: 1, targets: { used: 10 }, sessions: { used: 10, limit: 10 } });

    const told = await house.stores.store.provider(async (tx) => ({
      mail: (
        await sql<{ recipient: string; body: string }>`select recipient, body from server.outbox
        where organisation_id = ${at.organisation}`.execute(tx)
      ).rows,
      configuration: (
        await sql<{ document: { sessions: { session: Uuid }[] } }>`select document from devices.configuration
          where device_id = ${device}`.execute(tx)
      ).rows[0]?.document,
    }));
    const mail = told.mail.find(({ body }) => body.includes("一時停止したセッション: 3 件"));
    expect(mail?.recipient).toBe("owner@example.jp");
    expect(mail?.body).toContain("一時停止したターゲット: 3 件");
    expect(told.configuration?.sessions.map(({ session }) => session).sort()).toEqual(sessions.slice(0, 10).sort());

    const now = house.clock.now();
    const eventsOf = (index: number) =>
      house.as(at.organisation, ({ tx }) => readEvents(tx, seen.sessions[index] as Session, now - 1, now + 1));
    const { number: contract } = agent(at, 1).contract;
    const kinds = (events: readonly SeriesEvent[]) => events.map(({ kind, parameters }) => [kind, parameters]);
    expect(kinds(await eventsOf(12))).toEqual(
      expect.arrayContaining([
        ["session.paused", { why: "surplus", contract }],
        ["target.paused", { why: "surplus", contract }],
      ]),
    );
    expect(kinds(await eventsOf(13))).toContainEqual(["agent.ended", { contract }]);
    expect(kinds(await eventsOf(0)).map(([kind]) => kind)).toEqual(["session.created", "agent.installed"]);
  });

  test("EXP-22 what was paused is resumed by hand, and only when there is room", async () => {
    const at = await site(2);
    const targets = await addTargets(at, 11);
    const sessions: Uuid[] = [];
    for (const target of targets) sessions.push(await addSession(at, agent(at, 0).id, target));
    await house.end(at.organisation, agent(at, 1).contract.id, "2026-11-20");
    const [surplusTarget, surplusSession] = [targets[10] ?? "", sessions[10] ?? ""];
    const resume = () => house.as(at.organisation, (work) => changeSession(work, surplusSession, { paused: false }));
    await expect(resume()).rejects.toEqual(failing("SESSION_QUOTA", { used: 10, limit: 10 }));
    await expect(
      house.as(at.organisation, (work) => changeTarget(work, surplusTarget, { paused: false })),
    ).rejects.toEqual(failing("TARGET_QUOTA", { used: 10, limit: 10 }));
    // Pausing by hand makes no room: a session paused by hand is still set up.
    await house.as(at.organisation, (work) => changeSession(work, sessions[0] ?? "", { paused: true }));
    await expect(resume()).rejects.toEqual(failing("SESSION_QUOTA"));
    // Nor does pausing the surplus by hand make it counted.
    await house.as(at.organisation, (work) => changeSession(work, surplusSession, { paused: true }));
    expect((await quota(at))?.sessions.used).toBe(10);
    await house.as(at.organisation, (work) => removeSession(work, sessions[1] ?? ""));
    await resume();
    const after = await house.as(at.organisation, ({ tx }) =>
      listSessions(tx, at.organisation, { id: surplusSession }),
    );
    expect(after[0]).toMatchObject({ paused: true, pausedReason: "target-surplus" });
    await addAgent(at, "PC-3");
    await house.as(at.organisation, (work) => changeTarget(work, surplusTarget, { paused: false }));
    const resumed = await house.as(at.organisation, ({ tx }) =>
      listSessions(tx, at.organisation, { id: surplusSession }),
    );
    expect(resumed[0]).toMatchObject({ paused: false, pausedReason: null });
  });

  test("EXP-22 an agent whose contract has not started measures nothing until the day comes", async () => {
    const at = await site(1);
    const later = await addAgent(at, "later", "2026-12-01");
    const device = await house.device(at.organisation, later);
    await house.as(at.organisation, (work) => agentInstalled(work, later, device));
    const session = await addSession(at, later, await addTarget(at));
    const told = () =>
      house.as(at.organisation, async ({ tx }) => {
        const { rows } = await sql<{ document: { sessions: { session: Uuid }[] } }>`select document
          from devices.configuration where device_id = ${device}`.execute(tx);
        return rows[0]?.document.sessions.map((one) => one.session);
      });
    expect(await told()).toEqual([]);
    house.clock.set("2026-11-30T15:00:00Z");
    await sweepContracts(house.platform, { experience: contractHooks }, house.devices);
    expect(await told()).toEqual([session]);
    house.clock.set(V2_DAY);
  });

  test("EXP-22 an end set for a later day takes effect when that day is over", async () => {
    const at = await site(1);
    await addTargets(at, 1);
    await house.end(at.organisation, agent(at, 0).contract.id, "2026-11-30");
    const sweep = () => sweepContracts(house.platform, { experience: contractHooks }, house.devices);
    house.clock.set("2026-11-30T14:59:59.999Z");
    expect(await sweep()).toBe(0);
    expect((await quota(at))?.agents).toBe(1);
    house.clock.set("2026-11-30T15:00:00.000Z");
    expect((await quota(at))?.agents).toBe(0);
    expect(await sweep()).toBeGreaterThan(0);
    expect(await sweep()).toBe(0);
    expect(await quota(at)).toMatchObject({ agents: 0, targets: { used: 0, limit: 0 } });
    house.clock.set(V2_DAY);
  });

  test("EXP-22 an end set for a later day that would leave a surplus asks for a reduction, and only then", async () => {
    const at = await site(3, "reduce@example.jp");
    const targets = await addTargets(at, 13);
    for (const target of targets.slice(0, 12)) await addSession(at, agent(at, 0).id, target);
    const mails = () =>
      house.stores.store.provider(
        async (tx) =>
          (
            await sql<{ body: string }>`select body from server.outbox
              where organisation_id = ${at.organisation} and subject like '%減らしてください%'`.execute(tx)
          ).rows,
      );
    await house.end(at.organisation, agent(at, 2).contract.id, "2026-12-31");
    expect(await mails()).toHaveLength(0);
    await house.end(at.organisation, agent(at, 2).contract.id, "2026-11-20");
    await house.end(at.organisation, agent(at, 1).contract.id, "2026-12-31");
    const [mail] = await mails();
    expect(mail?.body).toContain("上限 10 件に対して 13 件（3 件超過）");
    expect(mail?.body).toContain("上限 10 件に対して 12 件（2 件超過）");
    expect(await quota(at)).toMatchObject({ agents: 2, targets: { used: 13 }, sessions: { used: 12 } });
  });

  test("EXP-T04 the quotas of joined tenants add up", async () => {
    const at = await site(2);
    await addTargets(at, 20);
    const other = await house.as(at.organisation, (work) => createTenant(work, { name: "大阪" }));
    const osaka: Site = { organisation: at.organisation, tenant: other, agents: [] };
    await addAgent(osaka, "PC-9");
    const [target] = await addTargets(osaka, 3);
    const session = await addSession(osaka, agent(osaka, 0).id, target ?? "");
    await house.as(at.organisation, (work) => joinTenants(work, at.tenant, other));
    expect(await quota(at)).toMatchObject({
      agents: 3,
      targets: { used: 23, limit: 30 },
      sessions: { used: 1, limit: 30 },
    });
    const moved = await house.as(at.organisation, ({ tx }) => listSessions(tx, at.organisation, { id: session }));
    expect(moved[0]?.tenantId).toBe(at.tenant);
  });
});

describe("until 2023-07-31", () => {
  beforeAll(() => house.clock.set(V1_DAY));

  test("EXP-17 each agent has its own ten targets; the eleventh is refused and nothing is shared", async () => {
    const at = await site(2);
    const targets = await addTargets(at, 20);
    await expect(addTarget(at)).rejects.toEqual(failing("TARGET_QUOTA", { used: 20, limit: 20, rule: "EXP-17" }));
    for (const target of targets.slice(0, 10)) await addSession(at, agent(at, 0).id, target);
    await expect(addSession(at, agent(at, 0).id, targets[10] ?? "")).rejects.toEqual(
      failing("AGENT_TARGET_QUOTA", { used: 10, limit: 10, label: "PC-1", rule: "EXP-17" }),
    );
    await addSession(at, agent(at, 1).id, targets[10] ?? "");
    expect(await quota(at)).toMatchObject({ rule: "EXP-17", sessions: { used: 11, limit: 20 } });
  });

  test("EXP-24 the quota follows the terms of the moment of the change, at 00:00 Asia/Tokyo", async () => {
    const at = await site(2);
    const targets = await addTargets(at, 12);
    for (const target of targets.slice(0, 10)) await addSession(at, agent(at, 0).id, target);
    house.clock.set(V1_LAST);
    await expect(addSession(at, agent(at, 0).id, targets[10] ?? "")).rejects.toEqual(failing("AGENT_TARGET_QUOTA"));
    house.clock.set(V2_FIRST);
    await addSession(at, agent(at, 0).id, targets[10] ?? "");
    expect(await quota(at)).toMatchObject({ rule: "EXP-18", sessions: { used: 11, limit: 20 } });
    house.clock.set(V1_DAY);
  });
});

describe("under concurrency", () => {
  beforeAll(() => house.clock.set(V2_DAY));
  const outcomes = async (work: readonly Promise<unknown>[]): Promise<{ won: number; codes: string[] }> => {
    const settled = await Promise.allSettled(work);
    return {
      won: settled.filter(({ status }) => status === "fulfilled").length,
      codes: settled.flatMap((one) =>
        one.status === "rejected" ? [String((one.reason as { code?: string }).code)] : [],
      ),
    };
  };

  test("EXP-18 of two targets at the limit exactly one wins, 40 rounds", async () => {
    const at = await site(1);
    const targets = await addTargets(at, 9);
    for (let round = 0; round < 40; round++) {
      const { won, codes } = await outcomes([addTarget(at, "a"), addTarget(at, "b")]);
      expect({ won, codes }).toEqual({ won: 1, codes: ["TARGET_QUOTA"] });
      const all = await house.as(at.organisation, ({ tx }) => listTargets(tx, at.organisation));
      const extra = all.find(({ id }) => !targets.includes(id));
      await house.as(at.organisation, (work) => removeTarget(work, extra?.id ?? ""));
    }
  });

  test("EXP-19 of four sessions at the limit exactly one wins, 20 rounds", async () => {
    const at = await site(2);
    const targets = await addTargets(at, 12);
    for (const target of targets) await addSession(at, agent(at, 0).id, target);
    for (const target of targets.slice(0, 7)) await addSession(at, agent(at, 1).id, target);
    for (let round = 0; round < 20; round++) {
      const { won, codes } = await outcomes(
        targets.slice(7, 11).map((target) => addSession(at, agent(at, 1).id, target)),
      );
      expect({ won, codes }).toEqual({ won: 1, codes: ["SESSION_QUOTA", "SESSION_QUOTA", "SESSION_QUOTA"] });
      const all = await house.as(at.organisation, ({ tx }) =>
        listSessions(tx, at.organisation, { agent: agent(at, 1).id }),
      );
      await house.as(at.organisation, (work) => removeSession(work, all.at(-1)?.id ?? ""));
    }
  });

  test("EXP-22 a session made while a contract ends never stands above the limit, 15 rounds", async () => {
    for (let round = 0; round < 15; round++) {
      const at = await site(2);
      const targets = await addTargets(at, 10);
      for (const target of targets) await addSession(at, agent(at, 0).id, target);
      const extra = await addTarget(at, "extra");
      await outcomes([
        house.end(at.organisation, agent(at, 1).contract.id, "2026-11-20"),
        addSession(at, agent(at, 0).id, extra),
      ]);
      const use = await quota(at);
      expect(use?.agents).toBe(1);
      expect(use?.sessions.used).toBeLessThanOrEqual(10);
      expect(use?.targets.used).toBeLessThanOrEqual(10);
    }
  });

  test("EXP-T04 targets made while tenants are joined both ways: one join wins, nothing is lost", async () => {
    for (let round = 0; round < 10; round++) {
      const at = await site(2);
      const other = await house.as(at.organisation, (work) => createTenant(work, { name: "大阪" }));
      const { won } = await outcomes([
        house.as(at.organisation, (work) => joinTenants(work, at.tenant, other)),
        house.as(at.organisation, (work) => joinTenants(work, other, at.tenant)),
      ]);
      expect(won).toBe(1);
      const tenants = await house.as(at.organisation, ({ tx, now }) => listTenants(tx, at.organisation, now));
      expect(tenants.map(({ quota: { agents } }) => agents)).toEqual([2]);
    }
  });

  test("EXP-02 of two agents for one contract number exactly one wins, 20 rounds", async () => {
    const at = await site(0);
    for (let round = 0; round < 20; round++) {
      const contract = await house.contract(at.organisation);
      const make = (label: string) =>
        house.as(at.organisation, (work) =>
          createAgent(work, { tenantId: at.tenant, contractNumber: contract.number, label, holder: { name: "x" } }),
        );
      expect(await outcomes([make("a"), make("b")])).toEqual({ won: 1, codes: ["CONTRACT_TAKEN"] });
    }
  });
});
