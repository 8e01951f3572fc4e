import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "@yagura/server/shapes.ts";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import { openOffice, type Customer, type Office } from "../../../../tests/support/experience-office.ts";
import type { Agent, Session, Tenant } from "../wire/api.ts";

let office: Office;
let first: Customer;
let second: Customer;

beforeAll(async () => {
  office = await openOffice();
  first = await office.customer("青空商事株式会社", "owner@first.example");
  second = await office.customer("海原物産株式会社", "owner@second.example");
});
afterAll(async () => office.server.stop());

describe("the customer's own work", () => {
  test("EXP-T02 EXP-T03 EXP-06 a customer registers targets and sessions without the provider", async () => {
    const tenant = await office.newTenant(first);
    const agent = await office.newAgent(first, tenant.id, "営業部の窓口");
    const target = await office.newTarget(first, tenant.id, "社内ポータル");
    expect(target).toMatchObject({ name: "社内ポータル", paused: false, sessions: 0, tenantId: tenant.id });
    const session = await office.newSession(first, agent.id, target.id);
    expect(session).toMatchObject({
      agentLabel: "営業部の窓口",
      targetName: "社内ポータル",
      interval: 1000,
      timeout: 10_000,
      paused: false,
    });
    const changed = await first.owner.patch<Session>(`${first.base}/sessions/${session.id}`, {
      interval: 200,
      timeout: 500,
    });
    expect(changed.body).toMatchObject({ interval: 200, timeout: 500 });
    const again = await first.owner.post<Problem>(`${first.base}/sessions`, { agentId: agent.id, targetId: target.id });
    expect([again.status, again.body.code]).toEqual([409, "SESSION_EXISTS"]);
    const list = await first.owner.get<Session[]>(`${first.base}/sessions?agent=${agent.id}`);
    expect(list.body.map(({ id }) => id)).toEqual([session.id]);
    expect((await first.owner.delete(`${first.base}/targets/${target.id}`)).status).toBe(204);
    expect((await first.owner.get(`${first.base}/sessions/${session.id}`)).status).toBe(404);
  });

  test.each([
    { label: "東京本社営業部窓口端末第一号機", status: 201, count: 15 },
    { label: "👨‍👩‍👧‍👦".repeat(15), status: 201, count: 15 },
    { label: "PC-tokyo-0000001", status: 422, count: 16 },
    { label: "営業部東京本社窓口端末第〇〇号機", status: 422, count: 16 },
  ])("EXP-T07 EXP-03 the label of $count characters: $status", async ({ label, status, count }) => {
    const tenant = await office.newTenant(first);
    const { number: contractNumber } = await office.newContract(first);
    const answer = await first.owner.post<Agent & Problem>(`${first.base}/agents`, {
      tenantId: tenant.id,
      contractNumber,
      label,
      holder: { name: "山田" },
    });
    expect(answer.status).toBe(status);
    if (status === 201) expect(answer.body.label).toBe(label);
    else expect(answer.body.detail).toContain(String(count));
  });

  test.each([
    { name: "no body", path: "tenants", body: undefined, status: 422 },
    { name: "empty name", path: "tenants", body: { name: "" }, status: 422 },
    { name: "an unknown field", path: "tenants", body: { name: "x", owner: true }, status: 422 },
    {
      name: "a wrong id",
      path: "targets",
      body: { tenantId: "1", name: "x", probe: { kind: "icmp", host: "::1" } },
      status: 422,
    },
    {
      name: "an unknown probe",
      path: "targets",
      body: { tenantId: "TENANT", name: "x", probe: { kind: "arp", host: "::1" } },
      status: 422,
    },
    {
      name: "port 70000",
      path: "targets",
      body: { tenantId: "TENANT", name: "x", probe: { kind: "tcp", host: "::1", port: 70_000 } },
      status: 422,
    },
    {
      name: "a host that is none",
      path: "targets",
      body: { tenantId: "TENANT", name: "x", probe: { kind: "icmp", host: "300.1.1.1" } },
      status: 422,
    },
    {
      name: "an interval of 100 ms",
      path: "sessions",
      body: { agentId: "TENANT", targetId: "TENANT", interval: 100 },
      status: 422,
    },
    {
      name: "a contract number that is none",
      path: "agents",
      body: { tenantId: "TENANT", contractNumber: "EXP-1", label: "a", holder: { name: "b" } },
      status: 422,
    },
    {
      name: "no such contract",
      path: "agents",
      body: { tenantId: "TENANT", contractNumber: "EXP-2611-999999-1", label: "a", holder: { name: "b" } },
      status: 422,
    },
  ])("malformed: $name", async ({ path, body, status }) => {
    const tenant = await office.newTenant(first);
    const text = JSON.parse(JSON.stringify(body ?? null).replaceAll("TENANT", tenant.id)) as object | null;
    const answer = await first.owner.post<Problem>(`${first.base}/${path}`, text ?? undefined);
    expect([answer.status, answer.body.status]).toEqual([status, status]);
    expect(answer.body.detail).not.toMatch(/\{\w+\}/);
  });
});

test("a holder's name is one line: it stands in the mail of the install invitation", async () => {
  const tenant = await office.newTenant(first);
  const agent = await office.newAgent(first, tenant.id);
  const answer = await first.owner.patch(`${first.base}/agents/${agent.id}`, {
    holder: { name: "b\n\nhttps://evil.example" },
  });
  expect(answer.status).toBe(422);
});

describe("tenants", () => {
  test("EXP-T04 EXP-07 a split is refused with the reason, in both languages", async () => {
    const tenant = await office.newTenant(first, "名古屋");
    const split = (language: string) =>
      first.owner.post<Problem>(`${first.base}/tenants/${tenant.id}/split`, {}, { "accept-language": language });
    const [en, ja] = [await split("en"), await split("ja")];
    expect([en.status, en.body.code]).toEqual([409, "TENANT_SPLIT_REFUSED"]);
    expect(en.body.detail).toContain("cannot be split");
    expect(ja.body.detail).toContain("テナント「名古屋」は分割できません");
  });

  test("EXP-T05 EXP-07 moving one agent out of a tenant is a split", async () => {
    const [tenant, other] = [await office.newTenant(first, "東京"), await office.newTenant(first, "大阪")];
    const agent = await office.newAgent(first, tenant.id, "PC-9");
    const move = await first.owner.patch<Problem>(`${first.base}/agents/${agent.id}`, { tenantId: other.id });
    expect([move.status, move.body.code]).toEqual([409, "AGENT_MOVE_REFUSED"]);
    const stay = await first.owner.patch<Agent>(`${first.base}/agents/${agent.id}`, {
      tenantId: tenant.id,
      label: "PC-10",
    });
    expect(stay.body).toMatchObject({ tenantId: tenant.id, label: "PC-10" });
  });

  test("EXP-T04 two tenants are joined: everything moves, quotas add up, the audit log says what", async () => {
    const [tokyo, osaka] = [await office.newTenant(first, "東京"), await office.newTenant(first, "大阪")];
    const agents = [await office.newAgent(first, tokyo.id, "T"), await office.newAgent(first, osaka.id, "O")];
    const target = await office.newTarget(first, osaka.id);
    const session = await office.newSession(first, agents[1]?.id ?? "", target.id);
    const joined = await first.owner.post<Tenant>(`${first.base}/tenants/${tokyo.id}/join`, { tenantId: osaka.id });
    expect(joined.body.quota).toMatchObject({
      agents: 2,
      targets: { used: 1, limit: 20 },
      sessions: { used: 1, limit: 20 },
    });
    expect((await first.owner.get(`${first.base}/tenants/${osaka.id}`)).status).toBe(404);
    for (const kind of ["agents", "targets", "sessions"]) {
      const list = await first.owner.get<{ id: string; tenantId: string }[]>(
        `${first.base}/${kind}?tenant=${tokyo.id}`,
      );
      expect(list.body.every(({ tenantId }) => tenantId === tokyo.id)).toBe(true);
    }
    expect((await first.owner.get<Session>(`${first.base}/sessions/${session.id}`)).body.tenantId).toBe(tokyo.id);
    const audit = await first.owner.get<{ items: { action: string; details: object }[] }>(
      `/api/v1/organisations/${first.id}/audit`,
    );
    expect(audit.body.items.find(({ action }) => action === "tenant.join")?.details).toMatchObject({
      removed: osaka.id,
      removedName: "大阪",
      agents: 1,
      targets: 1,
      sessions: 1,
    });
    const self = await first.owner.post<Problem>(`${first.base}/tenants/${tokyo.id}/join`, { tenantId: tokyo.id });
    expect(self.body.code).toBe("TENANT_JOIN_SELF");
  });

  test("a tenant is removed only when it is empty; a session never crosses tenants", async () => {
    const [tenant, other] = [await office.newTenant(first), await office.newTenant(first)];
    const agent = await office.newAgent(first, tenant.id);
    await office.newAgent(first, other.id);
    const target = await office.newTarget(first, other.id);
    const across = await first.owner.post<Problem>(`${first.base}/sessions`, {
      agentId: agent.id,
      targetId: target.id,
    });
    expect(across.body.code).toBe("SESSION_ACROSS_TENANTS");
    const full = await first.owner.delete<Problem>(`${first.base}/tenants/${tenant.id}`);
    expect([full.status, full.body.code]).toEqual([409, "TENANT_NOT_EMPTY"]);
    expect((await first.owner.delete(`${first.base}/agents/${agent.id}`)).status).toBe(204);
    expect((await first.owner.delete(`${first.base}/tenants/${tenant.id}`)).status).toBe(204);
  });
});

describe("contract numbers", () => {
  test("EXP-T09 EXP-02 one contract number, one agent; the number is sent to the customer", async () => {
    const tenant = await office.newTenant(first);
    const contract = await office.newContract(first);
    expect(contract).toMatchObject({ state: "active", charged: true, startedOn: "2026-11-20", endedOn: null });
    expect((await office.server.mailTo("owner@first.example")).text).toContain(contract.number);
    const body = {
      tenantId: tenant.id,
      contractNumber: contract.number.toLowerCase(),
      label: "a",
      holder: { name: "b" },
    };
    const [made, again] = [
      await first.owner.post<Agent>(`${first.base}/agents`, body),
      await first.owner.post<Problem>(`${first.base}/agents`, body),
    ];
    expect(made.body.contractNumber).toBe(contract.number);
    expect([again.status, again.body.code]).toEqual([409, "CONTRACT_TAKEN"]);
    const elsewhere = await second.owner.post<Problem>(`${second.base}/agents`, {
      ...body,
      tenantId: (await office.newTenant(second)).id,
    });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, "CONTRACT_UNKNOWN"]);
  });

  test("the provider's own organisation is never charged", async () => {
    const answer = await office.server.admin.post<ContractItem>(
      `/api/v1/organisations/${office.server.internal}/contracts`,
      {
        service: "experience",
      },
    );
    expect(answer.body).toMatchObject({ charged: false });
  });

  test("contracts are the provider's to make and end; the customer reads them", async () => {
    const contract = await office.newContract(second);
    const url = `/api/v1/organisations/${second.id}/contracts`;
    expect((await second.owner.post(url, { service: "experience" })).status).toBe(403);
    expect((await second.owner.post(`${url}/${contract.id}/end`, { on: "2026-11-20" })).status).toBe(403);
    expect((await second.owner.get<ContractItem>(`${url}/${contract.id}`)).body.number).toBe(contract.number);
    expect((await first.owner.get(`${url}/${contract.id}`)).status).toBe(404);
    expect((await first.owner.get(`/api/v1/organisations/${first.id}/contracts/${contract.id}`)).status).toBe(404);
    const billing = await office.tokenOf("provider-billing");
    const made = await billing.post<ContractItem>(url, { service: "experience", startedOn: "2026-12-01" });
    expect(made.body).toMatchObject({ state: "awaiting-start" });
    const unknown = await billing.post<Problem>(url, { service: "telepathy" });
    expect([unknown.status, unknown.body.code]).toEqual([422, "CONTRACT_SERVICE_UNKNOWN"]);
    const list = await billing.get<{ items: ContractItem[]; next: string | null; total: number }>(`${url}?limit=1`);
    expect(list.body).toMatchObject({ items: [{ id: made.body.id }], total: 2 });
    const rest = await billing.get<{ items: ContractItem[]; next: string | null }>(
      `${url}?limit=1&cursor=${list.body.next}`,
    );
    expect(rest.body).toMatchObject({ items: [{ id: contract.id }], next: null });
  });

  test("EXP-T09 EXP-22 with its contract the agent ends: device cut off with the reason, invitation revoked, sessions stay", async () => {
    const tenant = await office.newTenant(first);
    const agent = await office.newAgent(first, tenant.id, "PC-終");
    const target = await office.newTarget(first, tenant.id);
    const session = await office.newSession(first, agent.id, target.id);
    const { device } = await office.install((await office.invite(first, agent.id)).key);
    const open = await office.invite(first, agent.id);
    const list = await office.server.admin.get<{ items: ContractItem[] }>(
      `/api/v1/organisations/${first.id}/contracts`,
    );
    const contract = list.body.items.find(({ number }) => number === agent.contractNumber);
    const ended = await office.server.admin.post<ContractItem>(
      `/api/v1/organisations/${first.id}/contracts/${contract?.id}/end`,
      {
        on: "2026-11-20",
      },
    );
    expect(ended.body).toMatchObject({ state: "ended", endedOn: "2026-11-20" });
    expect(await office.showAgent(first, agent.id)).toMatchObject({ state: "ended", endedOn: "2026-11-20" });
    expect((await office.deviceRow(device))?.revoked_reason).toBe(
      `The contract ${agent.contractNumber} ended on 2026-11-20.`,
    );
    await expect(office.install(open.key)).rejects.toMatchObject({ code: "KEY_REVOKED" });
    expect((await first.owner.get<Session>(`${first.base}/sessions/${session.id}`)).body).toMatchObject({
      paused: true,
      pausedReason: "agent-ended",
    });
    for (const answer of [
      await first.owner.post<Problem>(`${first.base}/agents/${agent.id}/invitation`, {}),
      await first.owner.patch<Problem>(`${first.base}/sessions/${session.id}`, { paused: false }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, "AGENT_ENDED"]);
    }
  });
});

describe("EXP-T06 EXP-21 nobody of another entity", () => {
  test("another organisation's ids answer 404 everywhere, and its lists are its own", async () => {
    const tenant = await office.newTenant(second);
    const agent = await office.newAgent(second, tenant.id);
    const target = await office.newTarget(second, tenant.id);
    const session = await office.newSession(second, agent.id, target.id);
    const probe = { kind: "icmp", host: "192.0.2.1" };
    const ids = { tenants: tenant.id, agents: agent.id, targets: target.id, sessions: session.id };
    for (const client of [first.owner, await office.tokenOf("owner", first.id)]) {
      for (const [kind, id] of Object.entries(ids)) {
        for (const base of [first.base, second.base]) {
          const change = kind === "sessions" ? { paused: true } : kind === "agents" ? { label: "x" } : { name: "x" };
          expect((await client.get(`${base}/${kind}/${id}`)).status).toBe(404);
          expect((await client.patch(`${base}/${kind}/${id}`, change)).status).toBe(404);
          expect((await client.delete(`${base}/${kind}/${id}`)).status).toBe(404);
        }
        expect((await client.get(`${second.base}/${kind}`)).status).toBe(404);
      }
      const mine = await office.newTenant(first);
      const own = await office.newAgent(first, mine.id);
      const attempts: readonly [string, object][] = [
        [`tenants/${tenant.id}/join`, { tenantId: mine.id }],
        [`tenants/${mine.id}/join`, { tenantId: tenant.id }],
        [`tenants/${tenant.id}/split`, {}],
        ["targets", { tenantId: tenant.id, name: "x", probe }],
        ["agents", { tenantId: tenant.id, contractNumber: own.contractNumber, label: "x", holder: { name: "x" } }],
        ["sessions", { agentId: own.id, targetId: target.id }],
        ["sessions", { agentId: agent.id, targetId: target.id }],
        [`agents/${agent.id}/invitation`, {}],
      ];
      for (const [path, body] of attempts) expect((await client.post(`${first.base}/${path}`, body)).status).toBe(404);
      for (const kind of Object.keys(ids)) {
        const list = await client.get<{ id: string }[]>(`${first.base}/${kind}`);
        expect(list.body.map(({ id }) => id)).not.toContain(ids[kind as keyof typeof ids]);
      }
    }
    expect((await office.showAgent(second, agent.id)).label).toBe("PC-1");
  });

  test.each([
    { role: "provider-admin", read: 200, write: 201 },
    { role: "provider-operator", read: 200, write: 201 },
    { role: "provider-support", read: 200, write: 403 },
    { role: "provider-billing", read: 403, write: 403 },
    { role: "owner", read: 200, write: 201 },
    { role: "admin", read: 200, write: 201 },
    { role: "viewer", read: 200, write: 403 },
  ] as const)("the role $role: read $read, write $write", async ({ role, read, write }) => {
    const client = await office.tokenOf(role, role.startsWith("provider-") ? undefined : first.id);
    for (const kind of ["tenants", "agents", "targets", "sessions"]) {
      expect((await client.get(`${first.base}/${kind}`)).status).toBe(read);
    }
    expect((await client.post(`${first.base}/tenants`, { name: "役割" })).status).toBe(write);
  });

  test("nobody without a sign-in", async () => {
    expect((await office.server.client().get(`${first.base}/tenants`)).status).toBe(401);
  });
});
