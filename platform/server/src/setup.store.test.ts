/** First start, keys on disk, and a stop that waits for nobody. */
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { Type } from "typebox";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testServer, type TestServer } from "@yagura/testkit/server.ts";
import { createHost } from "./host.ts";
import { route } from "./route.ts";
import { loadKeys } from "./secrets.ts";
import { ensureFirstAdmin } from "./setup.ts";

describe("first start", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await testServer();
  });
  afterEach(() => server.stop());

  test("happens once, however many processes start", async () => {
    const again = await Promise.all([ensureFirstAdmin(server.platform), ensureFirstAdmin(server.platform)]);
    expect(again).toEqual([
      { organisation: server.internal, created: false, link: null },
      { organisation: server.internal, created: false, link: null },
    ]);
    expect((await server.admin.get<{ total: number }>("/api/v1/organisations")).body.total).toBe(1);
  });

  test("housekeeping removes what ended a month ago, and forgets people who belong nowhere", async () => {
    const organisation = (await server.organisation("Kept")).id;
    const person = await server.member(organisation, "person@kept.test", "viewer");
    const user = (await person.me()).user?.id ?? "";
    const run = (name: string, payload: Record<string, unknown>): Promise<void> | undefined =>
      server.platform.jobTable.handlers[name]?.(payload, server.platform);
    const count = async (table: string): Promise<number> => {
      const { rows } = await server.platform.store.provider((tx) =>
        sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(tx),
      );
      return Number(rows[0]?.n);
    };
    const sessions = await count("server.session");
    await run("server.housekeeping", {});
    expect(await count("server.session")).toBe(sessions);
    server.clock.advance(46 * 86_400_000);
    await run("server.housekeeping", {});
    expect([await count("server.session"), await count("server.sign_in_link")]).toEqual([0, 0]);
    await run("server.forget-users", { users: [user] });
    expect(await count("server.app_user")).toBe(2);
    await server.platform.store.provider((tx) => sql`delete from server.invitation`.execute(tx));
    await server.platform.store.provider((tx) => sql`delete from server.membership`.execute(tx));
    await run("server.forget-users", { users: [user] });
    expect(await count("server.app_user")).toBe(1);
  });

  test("a request that hangs does not hold up the stop", async () => {
    const hanging = route({
      method: "GET",
      path: "/api/v1/test/hang",
      summary: "Never answers",
      tag: "test",
      access: { kind: "public" },
      transaction: false,
      response: Type.Object({}),
      handler: () => new Promise(() => undefined),
    });
    const app = await createHost({ platform: server.platform, routes: [hanging], timeouts: { stop: 200 } });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = app.server.address() as { port: number };
    const socket = connect(port, "127.0.0.1");
    const reached = once(app.server, "request");
    socket.write("GET /api/v1/test/hang HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await reached;
    const gone = once(socket, "close");
    socket.on("error", () => undefined);
    await app.close();
    await gone;
  });

  test("a route with an undeclared scope, or for members without an organisation, is a mistake of the programmer", async () => {
    const base = { method: "GET", summary: "x", tag: "test", handler: async () => undefined } as const;
    const undeclared = route({ ...base, path: "/api/v1/x", access: { kind: "provider", scope: "nothing.read" } });
    await expect(createHost({ platform: server.platform, routes: [undeclared] })).rejects.toThrow("nothing.read");
    const nowhere = route({ ...base, path: "/api/v1/x", access: { kind: "organisation", scope: "member.read" } });
    await expect(createHost({ platform: server.platform, routes: [nowhere] })).rejects.toThrow(":organisation");
  });
});

describe("seal key", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "yagura-keys-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("is made once, for its owner only, also when two processes start together", async () => {
    const [one, two] = await Promise.all([loadKeys(folder, ""), loadKeys(folder, "")]);
    const three = await loadKeys(folder, "");
    const sealed = one.seal(Buffer.from("x"), "y");
    expect([two.open(sealed, "y").toString(), three.open(sealed, "y").toString()]).toEqual(["x", "x"]);
    expect((await stat(join(folder, "seal.key"))).mode & 0o777).toBe(0o600);
  });
  test("may come from the environment, in two spellings", async () => {
    const bytes = Buffer.alloc(32, 5);
    const sealed = (await loadKeys(folder, bytes.toString("hex"))).seal(Buffer.from("x"), "y");
    expect((await loadKeys(folder, bytes.toString("base64"))).open(sealed, "y").toString()).toBe("x");
    await expect(loadKeys(folder, "abcd")).rejects.toMatchObject({ code: "SEAL_KEY" });
  });
});
