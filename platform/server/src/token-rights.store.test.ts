/** Tokens never hold more than the person who stands behind them holds now, and never outlive what made them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testServer, type Answer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import type { ApiToken, Member, Page, AuditEntry } from "./shapes.ts";

const DAY = 86_400_000;
let server: TestServer;
let id: string;
let owner: Client;
beforeAll(async () => {
  server = await testServer();
  ({ id } = await server.organisation("Token rights"));
  owner = await server.member(id, "first@rights.test", "owner");
});
afterAll(() => server.stop());

interface Made {
  readonly token: string;
  readonly item: ApiToken;
  readonly code: string;
}
const of = (rest = ""): string => `/api/v1/organisations/${id}${rest}`;
const inDays = (days: number): string => new Date(server.clock.now() + days * DAY).toISOString();
const make = (client: Client, scopes: readonly string[], days = 30, path = of("/tokens")): Promise<Answer<Made>> =>
  client.post<Made>(path, { name: "t", scopes, expiresAt: inDays(days) });
const memberOf = async (mail: string): Promise<Member> => {
  const found = (await owner.get<Member[]>(of("/members"))).body.find((one) => one.mail === mail);
  if (found === undefined) throw new Error(`${mail} is no member`);
  return found;
};

describe("a token is cut to what its maker holds now", () => {
  test("a demoted owner's token writes nothing any more", async () => {
    const person = await server.member(id, "demoted@rights.test", "owner");
    const script = server.client((await make(person, ["organisation.read", "member.write", "token.write"])).body.token);
    const member = await memberOf("demoted@rights.test");
    await owner.patch(of(`/members/${member.id}`), { role: "viewer" });
    expect((await script.get(of())).status).toBe(200);
    expect((await script.post(of("/members"), { mail: "x@rights.test", role: "viewer" })).status).toBe(403);
    expect((await make(script, ["organisation.read"])).status).toBe(403);
    await owner.patch(of(`/members/${member.id}`), { role: "owner" });
    expect((await make(script, ["organisation.read"])).status).toBe(201);
  });

  test("a demoted provider's administrator keeps no administrator's token, of the provider or of a customer", async () => {
    await server.admin.post("/api/v1/provider/staff", { mail: "boss@provider.test", role: "provider-admin" });
    const boss = server.client();
    const { link } = await server.mailTo("boss@provider.test");
    await boss.post(`/api/v1/sign-in-links/${link}`, { name: "Boss", password: "correct horse staple 42" });
    const own = await make(boss, ["organisation.write", "organisation.read"], 30, "/api/v1/provider/tokens");
    const customer = await make(boss, ["member.write", "organisation.read"]);
    await server.admin.post("/api/v1/provider/staff", { mail: "boss@provider.test", role: "provider-support" });
    const scripts = [server.client(own.body.token), server.client(customer.body.token)] as const;
    for (const script of scripts) expect((await script.get(of())).status).toBe(200);
    expect((await scripts[0].post("/api/v1/organisations", { name: "no" })).status).toBe(403);
    expect((await scripts[1].post(of("/members"), { mail: "y@rights.test", role: "viewer" })).status).toBe(403);
  });
});

describe("a token that makes tokens", () => {
  test("what it made ends with the person behind it", async () => {
    const person = await server.member(id, "leaving@rights.test", "owner");
    const first = await make(person, ["token.write", "organisation.read"]);
    const second = await make(server.client(first.body.token), ["organisation.read"]);
    const script = server.client(second.body.token);
    expect((await script.get(of())).status).toBe(200);
    await owner.delete(of(`/members/${(await memberOf("leaving@rights.test")).id}`));
    expect((await script.get<Made>(of())).body.code).toBe("TOKEN_REFUSED");
  });

  test("what it made is revoked with it, through all generations", async () => {
    const first = await make(owner, ["token.write", "organisation.read"]);
    const second = await make(server.client(first.body.token), ["token.write", "organisation.read"]);
    const third = await make(server.client(second.body.token), ["organisation.read"]);
    expect((await owner.delete(of(`/tokens/${first.body.item.id}`))).status).toBe(204);
    for (const { body } of [first, second, third])
      expect((await server.client(body.token).get<Made>(of())).body.code).toBe("TOKEN_REFUSED");
    const log = await server.admin.get<Page<AuditEntry>>(of("/audit?action=token.revoke"));
    expect(log.body.items.slice(0, 3).map(({ subject }) => subject)).toContain(`token:${third.body.item.id}`);
  });

  test("a provider's token that is revoked takes the customers' tokens it made along", async () => {
    const scopes = ["token.write", "organisation.read"];
    const first = await make(server.admin, scopes, 30, "/api/v1/provider/tokens");
    const second = await make(server.client(first.body.token), ["organisation.read"]);
    expect((await server.admin.delete(`/api/v1/provider/tokens/${first.body.item.id}`)).status).toBe(204);
    expect((await server.client(second.body.token).get<Made>(of())).body.code).toBe("TOKEN_REFUSED");
  });

  test("makes none that outlives it", async () => {
    const first = await make(owner, ["token.write", "organisation.read"], 2);
    const script = server.client(first.body.token);
    expect((await make(script, ["organisation.read"], 3)).body.code).toBe("TOKEN_OUTLIVES");
    expect((await make(script, ["organisation.read"], 1)).status).toBe(201);
  });
});

test("a narrowed token of the provider learns no names of organisations from `me`", async () => {
  const made = await make(server.admin, ["provider.read"], 30, "/api/v1/provider/tokens");
  expect((await server.client(made.body.token).me()).organisations).toEqual([]);
});

describe("a narrowed token gives nobody a role beyond it", () => {
  test.each(["owner", "viewer"] as const)("by inviting a %s", async (role) => {
    const script = server.client((await make(owner, ["member.read", "member.write"])).body.token);
    const invited = await script.post<Made>(of("/members"), { mail: `${role}@beyond.test`, role });
    expect([invited.status, invited.body.code]).toEqual([403, "SCOPE_BEYOND_ROLE"]);
  });
  test("by changing a role", async () => {
    await server.member(id, "rises@rights.test", "viewer");
    const script = server.client((await make(owner, ["member.read", "member.write"])).body.token);
    const raised = await script.patch<Made>(of(`/members/${(await memberOf("rises@rights.test")).id}`), {
      role: "admin",
    });
    expect(raised.body.code).toBe("SCOPE_BEYOND_ROLE");
  });
  test("by adding staff", async () => {
    const made = await make(server.admin, ["staff.write"], 30, "/api/v1/provider/tokens");
    const script = server.client(made.body.token);
    const added = await script.post<Made>("/api/v1/provider/staff", { mail: "z@beyond.test", role: "provider-admin" });
    expect(added.body.code).toBe("SCOPE_BEYOND_ROLE");
  });
});
