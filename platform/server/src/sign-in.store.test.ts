/** Signing in by link, password, code and recovery code, and everything that must be refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testServer, type TestServer } from "@yagura/testkit/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

describe("the first administrator", () => {
  test("is signed in by the printed link and sees the provider's own organisation", async () => {
    const me = await server.admin.me();
    expect(me.providerRole).toBe("provider-admin");
    expect(me.organisations).toMatchObject([{ id: server.internal, internal: true, role: "provider-admin" }]);
    expect(me.scopes).toContain("staff.write");
  });
});
