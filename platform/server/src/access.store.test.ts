/** Organisations, members, tokens and staff: what each may do, and what nobody may. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { listRoutes } from "./host.ts";
import type { Scopes } from "./scopes.ts";
import { createToken } from "./setup.ts";
import type { ApiToken, AuditEntry, Member, Organisation, Page } from "./shapes.ts";

const DAY = 86_400_000;
let server: TestServer;
let scopes: Scopes;
beforeAll(async () => {
  const rows = async function* () {
    yield { table: "test.thing", row: { n: 1 } };
  };
  server = await testServer({
    exporters: [rows],
    erasers: [async (_platform, _tx, organisation) => void erased.push(organisation)],
  });
  scopes = listRoutes({ platform: server.platform }).scopes;
});
afterAll(() => server.stop());
const erased: string[] = [];

interface Coded {
  readonly code: string;
  readonly detail: string;
}
const of = (organisation: string, rest = ""): string => `/api/v1/organisations/${organisation}${rest}`;
const inDays = (days: number): string => new Date(server.clock.now() + days * DAY).toISOString();

describe("organisations", () => {
  test("are made, found by name, paged and changed", async () => {
    for (const name of ["Paging A", "Paging B", "Paging C"]) await server.organisation(name);
    const first = await server.admin.get<Page<Organisation>>("/api/v1/organisations?search=paging&limit=2");
    expect(first.body).toMatchObject({ total: 3, items: [{ name: "Paging A" }, { name: "Paging B" }] });
    const second = await server.admin.get<Page<Organisation>>(
      `/api/v1/organisations?search=paging&limit=2&cursor=${first.body.next}`,
    );
    expect(second.body).toMatchObject({ next: null, items: [{ name: "Paging C" }] });
    const id = second.body.items[0]?.id ?? "";
    const changed = await server.admin.patch<Organisation>(of(id), {
      name: "Paging D",
      retentionDays: 30,
      timeZone: "Europe/Paris",
    });
    expect(changed.body).toMatchObject({
      name: "Paging D",
      retentionDays: 30,
      timeZone: "Europe/Paris",
      corporateNumber: null,
    });
    expect((await server.admin.patch<Coded>(of(id), { timeZone: "Mars/Olympus" })).body.code).toBe("TIME_ZONE_UNKNOWN");
    expect((await server.admin.patch<Coded>(of(id), { internal: true })).status).toBe(422);
    expect((await server.admin.get<Coded>("/api/v1/organisations?cursor=zzz")).status).toBe(422);
  });

  test("a customer may change the own one, the provider's list stays closed", async () => {
    const { id } = await server.organisation("Own change");
    const owner = await server.member(id, "own-change@customer.test", "owner");
    expect((await owner.patch<Organisation>(of(id), { language: "en" })).body.language).toBe("en");
    expect((await owner.get<Coded>("/api/v1/organisations")).body.code).toBe("FORBIDDEN");
    expect((await owner.post<Coded>("/api/v1/organisations", { name: "x" })).status).toBe(403);
  });
});

describe("members", () => {
  let id: string;
  let owner: Client;
  let admin: Client;
  const list = async (): Promise<Member[]> => (await owner.get<Member[]>(of(id, "/members"))).body;
  const memberOf = async (mail: string): Promise<Member> => {
    const found = (await list()).find((one) => one.mail === mail);
    if (found === undefined) throw new Error(`${mail} is no member`);
    return found;
  };
  beforeAll(async () => {
    ({ id } = await server.organisation("Members"));
    owner = await server.member(id, "owner@members.test", "owner");
    admin = await server.member(id, "admin@members.test", "admin");
  });

  test("are listed with their state; an invitation expires by date", async () => {
    await owner.post(of(id, "/members"), { mail: "Late@Members.test", role: "viewer" });
    expect(await memberOf("late@members.test")).toMatchObject({ state: "invited", userId: null });
    expect(await memberOf("owner@members.test")).toMatchObject({ state: "active", invitationExpiresAt: null });
  });
  test("nobody is invited twice", async () => {
    const again = await owner.post<Coded>(of(id, "/members"), { mail: "ADMIN@members.test", role: "viewer" });
    expect([again.status, again.body.code]).toEqual([409, "MEMBER_ALREADY"]);
  });
  test("an administrator does not touch owners", async () => {
    const target = await memberOf("owner@members.test");
    expect((await admin.post<Coded>(of(id, "/members"), { mail: "o2@members.test", role: "owner" })).body.code).toBe(
      "OWNER_ONLY",
    );
    expect((await admin.patch<Coded>(of(id, `/members/${target.id}`), { role: "viewer" })).body.code).toBe(
      "OWNER_ONLY",
    );
    expect((await admin.delete<Coded>(of(id, `/members/${target.id}`))).body.code).toBe("OWNER_ONLY");
    const self = await memberOf("admin@members.test");
    expect((await admin.patch<Coded>(of(id, `/members/${self.id}`), { role: "owner" })).body.code).toBe("OWNER_ONLY");
  });
  test("the last owner stays", async () => {
    const target = await memberOf("owner@members.test");
    expect((await owner.patch<Coded>(of(id, `/members/${target.id}`), { role: "viewer" })).body.code).toBe(
      "LAST_OWNER",
    );
    expect((await owner.delete<Coded>(of(id, `/members/${target.id}`))).body.code).toBe("LAST_OWNER");
  });
  test("a changed role holds from the next request on", async () => {
    const person = await server.member(id, "role@members.test", "viewer");
    expect((await person.get(of(id, "/audit"))).status).toBe(403);
    await owner.patch(of(id, `/members/${(await memberOf("role@members.test")).id}`), { role: "admin" });
    expect((await person.get(of(id, "/audit"))).status).toBe(200);
  });
  test("who is removed sees nothing any more, and tokens made by that person end", async () => {
    const person = await server.member(id, "leaves@members.test", "owner");
    const made = await person.post<{ token: string }>(of(id, "/tokens"), {
      name: "script",
      scopes: ["organisation.read"],
      expiresAt: inDays(30),
    });
    const script = server.client(made.body.token);
    expect((await script.get(of(id))).status).toBe(200);
    await owner.delete(of(id, `/members/${(await memberOf("leaves@members.test")).id}`));
    expect((await person.get(of(id))).status).toBe(404);
    expect((await person.me()).organisations).toEqual([]);
    expect((await script.get<Coded>(of(id))).body.code).toBe("TOKEN_REFUSED");
    await owner.post(of(id, "/members"), { mail: "leaves@members.test", role: "viewer" });
    expect(await memberOf("leaves@members.test")).toMatchObject({ state: "invited" });
  });
});

describe("API tokens", () => {
  let id: string;
  let owner: Client;
  const make = (client: Client, body: Record<string, unknown>) =>
    client.post<{ token: string; item: ApiToken } & Coded>(of(id, "/tokens"), {
      name: "t",
      scopes: ["member.read"],
      expiresAt: inDays(30),
      ...body,
    });
  beforeAll(async () => {
    ({ id } = await server.organisation("Tokens"));
    owner = await server.member(id, "owner@tokens.test", "owner");
  });

  test("carry their scopes only, are shown once and kept as a hash", async () => {
    const { body } = await make(owner, {});
    expect(body.token).toMatch(/^yt1_[\w-]{43}$/);
    const script = server.client(body.token);
    expect((await script.get(of(id, "/members"))).status).toBe(200);
    expect((await script.get<Coded>(of(id))).body.code).toBe("FORBIDDEN");
    expect((await script.post<Coded>(of(id, "/members"), { mail: "x@y.test", role: "viewer" })).status).toBe(403);
    const list = await owner.get<ApiToken[]>(of(id, "/tokens"));
    expect(list.text).not.toContain(body.token);
    expect(list.body[0]).toMatchObject({ name: "t", role: "owner", createdBy: "owner", organisationId: id });
    expect(list.body[0]?.lastUsedAt).not.toBeNull();
  });
  test.each([
    {
      name: "a scope that the role has not",
      body: { scopes: ["organisation.erase"] },
      status: 403,
      code: "SCOPE_BEYOND_ROLE",
    },
    { name: "a scope that does not exist", body: { scopes: ["everything"] }, status: 422, code: "SCOPE_UNKNOWN" },
    { name: "no scope", body: { scopes: [] }, status: 422, code: "INVALID_INPUT" },
    { name: "more than a year", body: { days: 400 }, status: 422, code: "TOKEN_EXPIRY" },
    { name: "an end in the past", body: { days: -1 }, status: 422, code: "TOKEN_EXPIRY" },
  ])("$name is refused", async ({ body, status, code }) => {
    const { days, ...rest } = body as { days?: number };
    const answer = await make(owner, { ...rest, ...(days === undefined ? {} : { expiresAt: inDays(days) }) });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
  test("a token makes no token with more than itself", async () => {
    const { body } = await make(owner, { scopes: ["token.write", "member.read"] });
    const script = server.client(body.token);
    expect((await make(script, { scopes: ["member.read"] })).status).toBe(201);
    expect((await make(script, { scopes: ["member.write"] })).body.code).toBe("SCOPE_BEYOND_ROLE");
  });
  test("end by date and by revocation", async () => {
    const { body } = await make(owner, { expiresAt: inDays(1) });
    const other = await make(owner, { expiresAt: inDays(300) });
    expect((await owner.delete(of(id, `/tokens/${other.body.item.id}`))).status).toBe(204);
    expect((await owner.delete<Coded>(of(id, `/tokens/${other.body.item.id}`))).status).toBe(404);
    expect((await server.client(other.body.token).get<Coded>(of(id, "/members"))).body.code).toBe("TOKEN_REFUSED");
    const script = server.client(body.token);
    expect((await script.get(of(id, "/members"))).status).toBe(200);
    server.clock.advance(DAY + 1000);
    expect((await script.get<Coded>(of(id, "/members"))).status).toBe(401);
    await signInAgain();
  });
  test("an unknown token and a strange authorization are 401 even on public routes", async () => {
    expect((await server.client(`yt1_${"A".repeat(43)}`).get<Coded>("/api/v1/me")).body.code).toBe("TOKEN_REFUSED");
    const odd = await server.app.inject({ url: of(id), headers: { authorization: "Bearer nonsense" } });
    expect(odd.statusCode).toBe(401);
    expect(odd.headers["www-authenticate"]).toContain("Bearer");
  });
  test("a provider's token reaches every organisation, within its scopes", async () => {
    const made = await server.admin.post<{ token: string }>("/api/v1/provider/tokens", {
      name: "p",
      scopes: ["organisation.read"],
      expiresAt: inDays(10),
    });
    const script = server.client(made.body.token);
    expect((await script.get(of(id))).status).toBe(200);
    expect((await script.get("/api/v1/organisations")).status).toBe(200);
    expect((await script.get<Coded>(of(id, "/members"))).status).toBe(403);
    expect((await script.get<Coded>("/api/v1/provider/outbox")).status).toBe(403);
  });
  test("the command line makes tokens of a role, for an existing organisation", async () => {
    const token = await createToken(server.platform, scopes, { role: "provider-admin" });
    expect((await server.client(token).post("/api/v1/organisations", { name: "By token" })).status).toBe(201);
    await expect(createToken(server.platform, scopes, { role: "owner" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const bad = createToken(server.platform, scopes, { role: "viewer", organisation: id, scopes: ["member.write"] });
    await expect(bad).rejects.toMatchObject({ code: "SCOPE_UNKNOWN" });
  });
});

/** After the clock was moved past the idle time. */
async function signInAgain(): Promise<void> {
  const { newSignInLink } = await import("./setup.ts");
  const link = await newSignInLink(server.platform);
  server.admin.cookie = null;
  server.admin.csrf = null;
  await server.admin.post(`/api/v1/sign-in-links/${link.split("#link=")[1]}`, {});
}

describe("provider", () => {
  test("profile: logo and registration number are checked", async () => {
    const png = `data:image/png;base64,${Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(20)]).toString("base64")}`;
    const path = "/api/v1/provider/profile";
    const good = await server.admin.patch(path, {
      name: "Tower Networks",
      logo: png,
      registrationNumber: "T1234567890123",
    });
    expect(good.body).toMatchObject({ name: "Tower Networks", registrationNumber: "T1234567890123" });
    expect(good.body).toMatchObject({ portalUrl: "http://localhost:8480" });
    expect((await server.admin.patch<Coded>(path, { portalUrl: "javascript:alert(1)" })).body.code).toBe(
      "PORTAL_URL_REFUSED",
    );
    await server.admin.patch(path, { portalUrl: "https://portal.tower.test/" });
    await server.admin.post("/api/v1/provider/staff", { mail: "url@provider.test", role: "provider-support" });
    expect((await server.mailTo("url@provider.test")).text).toContain("https://portal.tower.test/sign-in#link=");
    await server.admin.patch(path, { portalUrl: "http://localhost:8480" });
    expect((await server.client().me()).provider).toEqual({ name: "Tower Networks", logo: png });
    const script = `data:text/html;base64,${Buffer.from("<script>").toString("base64")}`;
    expect((await server.admin.patch<Coded>(path, { logo: script })).body.code).toBe("LOGO_REFUSED");
    const svg = (text: string): string => `data:image/svg+xml;base64,${Buffer.from(text).toString("base64")}`;
    expect((await server.admin.patch(path, { logo: svg('<?xml version="1.0"?>\n<!-- a -->\n<svg/>') })).status).toBe(
      200,
    );
    expect((await server.admin.patch<Coded>(path, { logo: svg("<!---->".repeat(5000)) })).body.code).toBe(
      "LOGO_REFUSED",
    );
    await server.admin.patch(path, { logo: png });
    expect((await server.admin.patch<Coded>(path, { registrationNumber: "1234567890123" })).status).toBe(422);
  });

  test("staff: invited by mail, changed, removed; the last administrator stays", async () => {
    const path = "/api/v1/provider/staff";
    await server.admin.post(path, {
      mail: "ops@provider.test",
      name: "Ops",
      role: "provider-operator",
      language: "en",
    });
    const { link } = await server.mailTo("ops@provider.test");
    const ops = server.client();
    await ops.post(`/api/v1/sign-in-links/${link}`, { name: "Ops", password: "tower of seven winds" });
    expect((await ops.me()).providerRole).toBe("provider-operator");
    expect((await ops.get<Coded>("/api/v1/provider/outbox")).body.code).toBe("FORBIDDEN");
    const list = await server.admin.get<{ userId: string; mail: string; role: string }[]>(path);
    const idOf = (mail: string): string => list.body.find((one) => one.mail === mail)?.userId ?? "";
    expect((await server.admin.delete<Coded>(`${path}/${idOf("admin@provider.test")}`)).body.code).toBe("LAST_ADMIN");
    const demote = { mail: "admin@provider.test", role: "provider-support" };
    expect((await server.admin.post<Coded>(path, demote)).body.code).toBe("LAST_ADMIN");
    expect((await server.admin.delete(`${path}/${idOf("ops@provider.test")}`)).status).toBe(204);
    expect((await ops.get<Coded>("/api/v1/organisations")).status).toBe(403);
  });
});

describe("export and erasure", () => {
  test("an export holds the rows of all rooms and ends with a last line", async () => {
    const { id } = await server.organisation("Exported");
    const owner = await server.member(id, "owner@exported.test", "owner");
    const answer = await owner.post(of(id, "/export"));
    expect(answer.headers["content-type"]).toContain("application/x-ndjson");
    const lines = answer.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { table: string });
    const count = (table: string): number => lines.filter((line) => line.table === table).length;
    expect([count("organisation"), count("membership"), count("test.thing"), count("end")]).toEqual([1, 1, 1, 1]);
    expect(count("audit_entry")).toBeGreaterThanOrEqual(2);
    expect(lines.at(-1)?.table).toBe("end");
    expect(answer.text).not.toMatch(/hash":\{|password|token_hash/);
  });

  test("an erasure needs the name, keeps the log and a tombstone, and lets nobody in", async () => {
    const { id } = await server.organisation("Erased");
    const owner = await server.member(id, "owner@erased.test", "owner");
    const made = await owner.post<{ token: string }>(of(id, "/tokens"), {
      name: "t",
      scopes: ["member.read"],
      expiresAt: inDays(3),
    });
    expect((await owner.post<Coded>(of(id, "/erase"), { name: "Erased" })).status).toBe(403);
    expect((await server.admin.post<Coded>(of(id, "/erase"), { name: "erased" })).body.code).toBe("ERASE_NAME");
    expect((await server.admin.post<Coded>(of(server.internal, "/erase"), { name: "Tower Networks" })).body.code).toBe(
      "ERASE_INTERNAL",
    );
    expect((await server.admin.post<Organisation>(of(id, "/erase"), { name: "Erased" })).body.state).toBe("erased");
    expect(erased).toEqual([id]);
    expect((await owner.get(of(id))).status).toBe(404);
    expect((await server.client(made.body.token).get(of(id, "/members"))).status).toBe(401);
    expect((await server.admin.get<Organisation>(of(id))).body.state).toBe("erased");
    expect((await server.admin.get(of(id, "/members"))).status).toBe(404);
    const log = await server.admin.get<Page<AuditEntry>>(of(id, "/audit"));
    expect(log.body.items.map((entry) => entry.action)).toContain("organisation.erase");
    const outbox = await server.admin.get("/api/v1/provider/outbox?limit=500");
    expect(outbox.text).not.toContain("owner@erased.test");
  });
});

describe("audit log", () => {
  test("is read newest first, page by page, by action; an organisation reads its own only", async () => {
    const { id } = await server.organisation("Audited");
    const owner = await server.member(id, "owner@audited.test", "owner");
    for (const name of ["A", "B", "C"]) await owner.patch(of(id), { name });
    const first = await owner.get<Page<AuditEntry>>(of(id, "/audit?limit=2&action=organisation.change"));
    expect(first.body.items.map((entry) => entry.details["name"])).toEqual(["C", "B"]);
    expect(first.body.items[0]).toMatchObject({ actor: "owner", actorKind: "user", organisationId: id });
    const second = await owner.get<Page<AuditEntry>>(
      of(id, `/audit?limit=2&action=organisation.change&cursor=${first.body.next}`),
    );
    expect(second.body.items.map((entry) => entry.details["name"])).toEqual(["A"]);
    const own = await owner.get<Page<AuditEntry>>(of(id, "/audit?limit=500"));
    expect(own.body.items.every((entry) => entry.organisationId === id)).toBe(true);
    const all = await server.admin.get<Page<AuditEntry>>("/api/v1/provider/audit?limit=500");
    expect(all.body.total).toBeGreaterThan(own.body.total);
  });
  test("a refused act leaves no entry", async () => {
    const before = await server.admin.get<Page<AuditEntry>>("/api/v1/provider/audit?limit=1");
    await server.admin.post("/api/v1/organisations", { name: "x", timeZone: "Mars/Olympus" });
    const after = await server.admin.get<Page<AuditEntry>>("/api/v1/provider/audit?limit=1");
    expect(after.body.total).toBe(before.body.total);
  });
});
