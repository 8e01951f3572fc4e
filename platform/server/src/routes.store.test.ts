/** Every route of the server, with each role, with tokens and with another organisation's ids. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { routeFixtures } from "@yagura/testkit/route-fixtures.ts";
import { tryEveryRoute, type RouteFixtures } from "@yagura/testkit/routes.ts";
import { testServer, type TestServer } from "@yagura/testkit/server.ts";
import { listRoutes } from "./host.ts";
import type { Route } from "./route.ts";

let server: TestServer;
let fixtures: RouteFixtures;
let routes: readonly Route[];

beforeAll(async () => {
  server = await testServer();
  const table = listRoutes({ platform: server.platform });
  routes = table.routes;
  fixtures = await routeFixtures(server, table.scopes);
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
