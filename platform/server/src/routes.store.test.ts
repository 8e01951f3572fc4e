/** Every route of the server, with each role, with tokens and with another organisation's ids. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { tryEveryRoute, type RouteFixtures } from "@yagura/testkit/routes.ts";
import { testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { listRoutes } from "./host.ts";
import { providerRoles } from "./scopes.ts";
import { createToken, newSignInLink } from "./setup.ts";
import type { Route } from "./route.ts";
import type { ApiToken, Member, ProviderRole, Role } from "./shapes.ts";

let server: TestServer;
let fixtures: RouteFixtures;
let routes: readonly Route[];

/** A member of the provider's staff, signed in by a link of the command line. */
async function staff(role: ProviderRole): Promise<Client> {
  const mail = `${role}@provider.test`;
  await server.admin.post("/api/v1/provider/staff", { mail, name: role, role });
  const person = server.client();
  const link = await newSignInLink(server.platform, mail);
  await person.post(`/api/v1/sign-in-links/${link.split("#link=")[1]}`, {});
  return person;
}

beforeAll(async () => {
  server = await testServer();
  const table = listRoutes({ platform: server.platform });
  routes = table.routes;
  const { scopes } = table;
  const own = (await server.organisation("Own organisation")).id;
  const foreign = (await server.organisation("Foreign organisation")).id;
  await server.member(foreign, "secret-person@foreign.test", "owner");
  const people: Partial<Record<Role, Client>> = {};
  for (const role of ["owner", "admin", "viewer"] as const) {
    people[role] = await server.member(own, `${role}@own.test`, role);
  }
  for (const role of providerRoles) people[role] = await staff(role);
  const foreignToken = await createToken(server.platform, scopes, {
    role: "owner",
    organisation: foreign,
    name: "secret-token",
  });
  const narrow = await createToken(server.platform, scopes, {
    role: "owner",
    organisation: own,
    scopes: ["organisation.read"],
  });
  const members = await server.admin.get<Member[]>(`/api/v1/organisations/${foreign}/members`);
  const tokens = await server.admin.get<ApiToken[]>(`/api/v1/organisations/${foreign}/tokens`);
  fixtures = {
    scopes,
    own,
    foreign,
    people: people as Record<Role, Client>,
    nobody: server.client(),
    foreignToken: server.client(foreignToken),
    narrowToken: { client: server.client(narrow), scope: "organisation.read" },
    foreignId: (route) => (route.path.includes("/tokens") ? tokens.body[0]?.id : members.body[0]?.id),
    // Inviting an owner is an owner's right, tried in access.store.test.ts.
    body: (route) =>
      route.method === "POST" && route.path.endsWith("/members") ? { mail: "m@own.test", role: "viewer" } : undefined,
    secrets: ["secret-person", "secret-token", "Foreign organisation"],
  };
});
afterAll(() => server.stop());

test("every route refuses whom it must, lets in whom it may, and tells nothing of others", async () => {
  expect(routes.length).toBeGreaterThan(45);
  expect(await tryEveryRoute(routes, fixtures)).toEqual([]);
});

test("the trial itself finds a door that is open", async () => {
  const leak = routes.find((route) => route.path.endsWith("/members") && route.method === "GET");
  if (leak === undefined) throw new Error("the route is gone");
  const open = { ...leak, access: { kind: "organisation", scope: "organisation.erase" } } as const;
  const faults = await tryEveryRoute([open], fixtures);
  expect(faults.map((fault) => fault.who)).toContain("viewer");
});
