/** For tests: the real host with the routes of contracts and experience, customers who are signed in, and agents that enrol. */
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { contractRoutes, scopes as contractScopes } from "@yagura/commerce/contracts/routes.ts";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import { enrol } from "@yagura/devices/enrol.ts";
import { offer } from "@yagura/experience/charges.ts";
import { experience } from "@yagura/experience/index.ts";
import type { Agent, Session, Target, Tenant } from "@yagura/experience/wire/api.ts";
import { mergeScopes, serverScopes } from "@yagura/server/scopes.ts";
import { createToken } from "@yagura/server/setup.ts";
import type { Role } from "@yagura/server/shapes.ts";
import { testClock, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { readEnrolmentKey } from "@yagura/wire/envelope.ts";
import { migrations } from "./experience.ts";

export interface Invitation {
  readonly id: string;
  readonly key: string;
  readonly expiresAt: string;
  readonly manualUrl: string;
  readonly command: string;
}

export interface Customer {
  readonly id: string;
  /** Signed in. */
  readonly owner: Client;
  /** Path of the service's routes. */
  readonly base: string;
}

export interface DeviceRow {
  readonly revoked_reason: string | null;
  readonly document: { readonly sessions: readonly { readonly session: string }[]; readonly upload: number } | null;
}

export interface Office {
  readonly server: TestServer;
  customer(name: string, mail: string): Promise<Customer>;
  /** A program with a token of the role. */
  tokenOf(role: Role, organisation?: string): Promise<Client>;
  newContract(at: Customer, body?: object): Promise<ContractItem>;
  newTenant(at: Customer, name?: string): Promise<Tenant>;
  newAgent(at: Customer, tenantId: string, label?: string): Promise<Agent>;
  newTarget(at: Customer, tenantId: string, name?: string): Promise<Target>;
  newSession(at: Customer, agentId: string, targetId: string): Promise<Session>;
  invite(at: Customer, agent: string, body?: object): Promise<Invitation>;
  /** Enrols a program with the key, as an agent does. */
  install(key: string, hostname?: string): Promise<{ readonly device: string }>;
  showAgent(at: Customer, id: string): Promise<Agent>;
  deviceRow(id: string): Promise<DeviceRow | undefined>;
}

/** It is noon of 2026-11-20 in Tokyo until the test moves the server's clock. */
export async function openOffice(): Promise<Office> {
  const clock = testClock(Date.parse("2026-11-20T03:00:00Z"));
  const devices = createDevices({ clock, fingerprint: () => null });
  const server = await testServer({
    clock,
    migrations: migrations.filter(({ room }) => room !== "server"),
    routes: [
      ...experience.routes(devices),
      ...contractRoutes({ hooks: { experience: experience.contracts }, devices, offers: [offer] }),
    ],
    scopes: [experience.scopes, contractScopes],
  });
  const scopes = mergeScopes([serverScopes, experience.scopes, contractScopes]);
  const enrolled = { experience: experience.deviceEnrolled ?? (async () => undefined) };
  const make = async <T>(client: Client, url: string, body: object): Promise<T> =>
    (await client.post<T>(url, body)).body;
  const newContract = (at: Customer, body: object = {}): Promise<ContractItem> =>
    make(server.admin, `/api/v1/organisations/${at.id}/contracts`, { service: "experience", ...body });
  return {
    server,
    async customer(name, mail) {
      const { id } = await server.organisation(name);
      return { id, owner: await server.member(id, mail, "owner"), base: `/api/v1/organisations/${id}/experience` };
    },
    tokenOf: async (role, organisation) =>
      server.client(
        await createToken(server.platform, scopes, { role, ...(organisation === undefined ? {} : { organisation }) }),
      ),
    newContract,
    newTenant: (at, name = "東京本社") => make(at.owner, `${at.base}/tenants`, { name }),
    async newAgent(at, tenantId, label = "PC-1") {
      const { number: contractNumber } = await newContract(at);
      const holder = { name: "山田太郎", mail: "yamada@example.jp" };
      return make(at.owner, `${at.base}/agents`, { tenantId, contractNumber, label, holder });
    },
    newTarget: (at, tenantId, name = "web") =>
      make(at.owner, `${at.base}/targets`, { tenantId, name, probe: { kind: "http", url: "https://www.example.jp/" } }),
    newSession: (at, agentId, targetId) => make(at.owner, `${at.base}/sessions`, { agentId, targetId }),
    invite: (at, agent, body = {}) => make(at.owner, `${at.base}/agents/${agent}/invitation`, body),
    install: (key, hostname = "pc-1") =>
      enrol(
        {
          wire: 1,
          key: readEnrolmentKey(key)?.secret ?? "",
          publicKey: randomBytes(32).toString("base64url"),
          program: "agent",
          version: "0.1.0",
          hostname,
          platform: "linux x64",
        },
        "192.0.2.7",
        { platform: server.platform, devices, enrolled },
      ),
    showAgent: async (at, id) => (await at.owner.get<Agent>(`${at.base}/agents/${id}`)).body,
    deviceRow: (id) =>
      server.stores.store.provider(async (tx) => {
        const { rows } = await sql<DeviceRow>`select d.revoked_reason, c.document from devices.device d
          left join devices.configuration c on c.device_id = d.id and c.service = 'experience' where d.id = ${id}`.execute(
          tx,
        );
        return rows[0];
      }),
  };
}
