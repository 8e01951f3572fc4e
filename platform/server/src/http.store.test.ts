/** The HTTP host: limits, headers, errors, slow clients, static files, documents, health. */
import { connect, type Socket } from "node:net";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Type } from "typebox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "@yagura/store/log.ts";
import { openPostgres } from "@yagura/store/postgres/pool.ts";
import { PASSWORD, PUBLIC_URL, testServer, type TestServer } from "@yagura/testkit/server.ts";
import { createHost } from "./host.ts";
import { createLog } from "./platform.ts";
import { route, type Route } from "./route.ts";
import type { Problem } from "./shapes.ts";

let server: TestServer;
let portalFolder: string;

const open = { tag: "test", access: { kind: "public" } } as const;
const broken: Route[] = [
  route({
    ...open,
    method: "GET",
    path: "/api/v1/test/broken",
    summary: "Fails",
    handler: async () => {
      throw new Error("secret: select * from server.app_user");
    },
  }),
  route({
    ...open,
    method: "GET",
    path: "/api/v1/test/wrong-answer",
    summary: "Answers another shape",
    response: Type.Object({ n: Type.Integer() }),
    handler: async () => ({ n: "one" }),
  }),
  route({
    ...open,
    method: "GET",
    path: "/api/v1/test/away",
    summary: "The database is away",
    transaction: false,
    handler: async () => {
      throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    },
  }),
  route({
    ...open,
    method: "POST",
    path: "/api/v1/test/raw",
    summary: "Counts bytes",
    rawBody: true,
    bodyLimit: 1000,
    body: Type.Unknown(),
    response: Type.Object({ bytes: Type.Integer() }),
    handler: async ({ body }) => ({ bytes: (body as Buffer).length }),
  }),
  route({
    ...open,
    method: "GET",
    path: "/api/v1/test/limited",
    summary: "Three a minute",
    rate: 3,
    handler: async () => undefined,
  }),
];

beforeAll(async () => {
  portalFolder = await mkdtemp(join(tmpdir(), "yagura-portal-"));
  await mkdir(join(portalFolder, "assets"));
  await writeFile(join(portalFolder, "index.html"), "<!doctype html><title>portal</title>");
  await writeFile(join(portalFolder, "mark.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(join(portalFolder, "assets", "main-Ab12Cd34.js"), `export const a = "${"x".repeat(4000)}";`);
  server = await testServer({ routes: broken, portalFolder, timeouts: { headers: 300, request: 600, stop: 300 } });
});
afterAll(async () => {
  await server.stop();
  await rm(portalFolder, { recursive: true, force: true });
});

describe("bodies", () => {
  test("malformed JSON is 400, in the reader's language", async () => {
    const answer = await server.app.inject({
      method: "POST",
      url: "/api/v1/sign-in",
      headers: { "content-type": "application/json", "accept-language": "ja" },
      payload: '{"mail": ',
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Problem>()).toMatchObject({ code: "MALFORMED", status: 400 });
    expect(answer.json<Problem>().detail).toContain("JSON");
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.headers["content-language"]).toBe("ja");
  });

  test("members that would change prototypes are refused", async () => {
    const payload = '{"mail":"a@b.test","password":"x","__proto__":{"admin":true}}';
    const headers = { "content-type": "application/json" };
    expect((await server.app.inject({ method: "POST", url: "/api/v1/sign-in", headers, payload })).statusCode).toBe(
      400,
    );
  });

  test("all field errors are told at once, as JSON pointers", async () => {
    const answer = await server.client().post<Problem>("/api/v1/sign-in", { mail: "nonsense", extra: 1 });
    expect(answer.status).toBe(422);
    expect(answer.body.fields?.map((field) => field.pointer).sort()).toEqual([
      "/body/extra",
      "/body/mail",
      "/body/password",
    ]);
  });

  test.each([
    { name: "a JSON body over the limit", url: "/api/v1/sign-in", type: "application/json", bytes: 300_000 },
    { name: "a raw body over its own limit", url: "/api/v1/test/raw", type: "application/octet-stream", bytes: 1001 },
  ])("$name is 413", async ({ url, type, bytes }) => {
    const payload = Buffer.alloc(bytes, 32);
    const answer = await server.app.inject({ method: "POST", url, headers: { "content-type": type }, payload });
    expect(answer.statusCode).toBe(413);
    expect(answer.json<Problem>().code).toBe("BODY_TOO_LARGE");
  });

  test("raw bodies arrive as they were sent, whatever their type", async () => {
    for (const type of ["application/octet-stream", "application/json", "application/zstd"]) {
      const payload = Buffer.from('{"a": 1 ');
      const answer = await server.app.inject({
        method: "POST",
        url: "/api/v1/test/raw",
        headers: { "content-type": type },
        payload,
      });
      expect(answer.json()).toEqual({ bytes: 8 });
    }
  });

  test("another content type is 415", async () => {
    const headers = { "content-type": "application/xml" };
    const answer = await server.app.inject({ method: "POST", url: "/api/v1/sign-in", headers, payload: "<a/>" });
    expect(answer.statusCode).toBe(415);
  });
});

describe("errors", () => {
  test("an unknown error is a 500 with the request's id and nothing of the inside", async () => {
    const answer = await server.client().get<Problem>("/api/v1/test/broken");
    expect(answer.status).toBe(500);
    expect(answer.body.instance).toBe(answer.headers["x-request-id"]);
    expect(answer.body.detail).toContain(answer.body.instance);
    expect(answer.text).not.toMatch(/select|app_user|\.ts/);
  });
  test("an answer that has not its shape is our fault", async () => {
    expect((await server.client().get("/api/v1/test/wrong-answer")).status).toBe(500);
  });
  test("a database that is away is 503 with Retry-After", async () => {
    const answer = await server.client().get<Problem>("/api/v1/test/away");
    expect([answer.status, answer.body.code]).toEqual([503, "STORE_DOWN"]);
    expect(answer.headers["retry-after"]).toBe("5");
  });
  test("unknown addresses of the API are 404 problems, ids that are none too", async () => {
    expect((await server.client().get<Problem>("/api/v1/nothing")).body.code).toBe("NOT_FOUND");
    expect((await server.admin.get<Problem>("/api/v1/organisations/none")).status).toBe(404);
    expect((await server.admin.delete<Problem>(`/api/v1/organisations/${server.internal}/tokens/none`)).status).toBe(
      404,
    );
  });
});

describe("cross-site requests", () => {
  test.each([
    { name: "another site's page", headers: { origin: "https://evil.test" }, code: "ORIGIN_REFUSED" },
    { name: "a page without an origin of its own", headers: { origin: "null" }, code: "ORIGIN_REFUSED" },
    { name: "the header is missing", headers: { "x-yagura-csrf": "" }, code: "CSRF_REFUSED" },
    { name: "the header is of another sign-in", headers: { "x-yagura-csrf": "A".repeat(43) }, code: "CSRF_REFUSED" },
  ])("$name: refused", async ({ headers, code }) => {
    const answer = await server.admin.call<Problem>("POST", "/api/v1/organisations", { name: "Forged" }, headers);
    expect([answer.status, answer.body.code]).toEqual([403, code]);
  });
  test("a browser that only tells where the request came from is believed too", async () => {
    const cookie = `yagura_session=${server.admin.cookie}`;
    const headers = { cookie, "sec-fetch-site": "cross-site", "x-yagura-csrf": server.admin.csrf ?? "" };
    const answer = await server.app.inject({
      method: "POST",
      url: "/api/v1/organisations",
      headers,
      payload: { name: "Forged" },
    });
    expect(answer.json<Problem>().code).toBe("ORIGIN_REFUSED");
  });
  test("signing a victim in as somebody else from another site is refused", async () => {
    const headers = { origin: "https://evil.test" };
    const answer = await server
      .client()
      .post<Problem>("/api/v1/sign-in", { mail: "a@b.test", password: PASSWORD }, headers);
    expect(answer.body.code).toBe("ORIGIN_REFUSED");
  });
  test("the page's own requests pass, and reads need no header", async () => {
    expect(
      (await server.admin.call("POST", "/api/v1/organisations", { name: "Own" }, { origin: PUBLIC_URL })).status,
    ).toBe(201);
    expect((await server.admin.get("/api/v1/organisations")).status).toBe(200);
  });
  test("no other site may read: there are no CORS headers", async () => {
    const answer = await server.client().get("/api/v1/me", { origin: "https://evil.test" });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("headers", () => {
  test("pages may load nothing from elsewhere and run nothing inline", async () => {
    const { headers } = await server.client().get("/", { accept: "text/html" });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("img-src 'self' data: blob:");
    expect(policy).not.toMatch(/unsafe|upgrade-insecure/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(headers["strict-transport-security"]).toBeUndefined();
  });
  test("answers of the API are not kept, also errors", async () => {
    expect((await server.client().get("/api/v1/me")).headers["cache-control"]).toBe("no-store");
    expect((await server.client().get("/api/v1/me/sign-ins")).headers["cache-control"]).toBe("no-store");
  });
  test("large answers are compressed, those with secrets are not", async () => {
    const headers = { "accept-encoding": "br, gzip" };
    expect((await server.client().get("/openapi.json", headers)).headers["content-encoding"]).toBe("br");
    expect((await server.admin.get("/api/v1/me", headers)).headers["content-encoding"]).toBeUndefined();
  });
});

describe("the portal's files", () => {
  test.each([
    { url: "/", status: 200, cache: "no-cache", text: "portal" },
    { url: "/organisations/1/experience", status: 200, cache: "no-cache", text: "portal" },
    { url: "/sign-in", status: 200, cache: "no-cache", text: "portal" },
    { url: "/mark.svg", status: 200, cache: "no-cache", text: "svg" },
    { url: "/assets/main-Ab12Cd34.js", status: 200, cache: "public, max-age=31536000, immutable", text: "xxx" },
    { url: "/assets/gone-Ab12Cd34.js", status: 404, cache: "no-store", text: "NOT_FOUND" },
    { url: "/api/nothing", status: 404, cache: "no-store", text: "NOT_FOUND" },
    { url: "/../package.json", status: 200, cache: "no-cache", text: "portal" },
    { url: "/%2e%2e/%2e%2e/etc/passwd", status: 403, cache: "no-store", text: "" },
  ])("$url", async ({ url, status, cache, text }) => {
    const answer = await server.client().get(url, { accept: "text/html,*/*" });
    expect(answer.text).not.toContain("root:");
    expect(answer.status === status || (status === 403 && answer.status < 500)).toBe(true);
    if (status !== 403) expect(answer.headers["cache-control"]).toBe(cache);
    expect(answer.text).toContain(text);
  });
});

describe("documents", () => {
  test("OpenAPI 3.1 is valid and holds every route with its scope and its problems", async () => {
    const answer = await server
      .client()
      .get<{ openapi: string; paths: Record<string, Record<string, Operation>> }>("/openapi.json");
    const result = await new Validator().validate(answer.body);
    expect(result).toMatchObject({ valid: true });
    expect(answer.body.openapi).toBe("3.1.0");
    const members = answer.body.paths["/api/v1/organisations/{organisation}/members"];
    expect(members?.["post"]).toMatchObject({
      "x-yagura-scope": "member.write",
      security: [{ token: [] }, { session: [] }],
    });
    for (const operations of Object.values(answer.body.paths)) {
      for (const operation of Object.values(operations)) expect(operation.responses).toHaveProperty("default");
    }
  });
});
interface Operation {
  readonly responses: Readonly<Record<string, unknown>>;
}

describe("health", () => {
  test("alive, and ready when both stores answer", async () => {
    expect((await server.client().get("/healthz")).text).toBe("ok\n");
    const ready = await server.client().get("/readyz");
    expect(ready.body).toMatchObject({ postgres: true });
  });
  test("readiness asked by many is asked of the stores once", async () => {
    let asked = 0;
    const store = { ...server.platform.store, ready: async () => ++asked > 0 };
    const app = await createHost({ platform: { ...server.platform, store } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => app.inject({ url: "/readyz" })));
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect(asked).toBe(1);
  });
  test("metrics are for this machine and for those who may read them", async () => {
    const metrics = async (remoteAddress: string, headers: Record<string, string> = {}): Promise<number> =>
      (await server.app.inject({ url: "/metrics", remoteAddress, headers })).statusCode;
    expect(await metrics("127.0.0.1")).toBe(200);
    expect(await metrics("203.0.113.5")).toBe(401);
    expect(await metrics("127.0.0.1", { "x-forwarded-for": "203.0.113.5" })).toBe(401);
    expect(await metrics("127.0.0.1", { host: "rebound.example:8480" })).toBe(401);
    expect(await metrics("127.0.0.1", { host: "127.0.0.1:8480" })).toBe(200);
    expect(await metrics("203.0.113.5", { cookie: `yagura_session=${server.admin.cookie}` })).toBe(200);
    const text = (await server.app.inject({ url: "/metrics", remoteAddress: "127.0.0.1" })).payload;
    expect(text).toContain('yagura_http_request_duration_seconds_bucket{le="0.005",method="GET",route="/api/v1/me"');
  });
});

describe("without a database", () => {
  test("requests are 503 with Retry-After, readiness says which store is away, the process lives", async () => {
    const nowhere = server.stores.connectionString.replace(/host=[^&]*/, "host=/nonexistent");
    const store = openPostgres({ connectionString: nowhere, log: silent, patience: 50 });
    const app = await createHost({ platform: { ...server.platform, store }, portalFolder });
    const answer = await app.inject({ url: "/api/v1/me" });
    expect([answer.statusCode, answer.json<Problem>().code]).toEqual([503, "STORE_UNAVAILABLE"]);
    expect(answer.headers["retry-after"]).toBe("5");
    const withCookie = await app.inject({ url: "/api/v1/me/sign-ins", headers: { cookie: "yagura_session=x" } });
    expect(withCookie.statusCode).toBe(503);
    const ready = await app.inject({ url: "/readyz" });
    expect([ready.statusCode, ready.json()]).toEqual([503, { ready: false, postgres: false, clickhouse: true }]);
    expect((await app.inject({ url: "/healthz" })).statusCode).toBe(200);
    expect((await app.inject({ url: "/" })).statusCode).toBe(200);
    await store.close();
  });
});

describe("rates", () => {
  test("one address on one route; others are not touched", async () => {
    const eager = server.client();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await eager.get("/api/v1/test/limited")).status);
    expect(statuses).toEqual([204, 204, 204, 429, 429]);
    const refused = await eager.get<Problem>("/api/v1/test/limited");
    expect(refused.body.code).toBe("RATE_LIMITED");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await server.client().get("/api/v1/test/limited")).status).toBe(204);
    expect((await eager.get("/api/v1/me")).status).toBe(200);
  });
  test("one address over all routes", async () => {
    const app = await createHost({ platform: server.platform, rates: { address: 5 } });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++)
      statuses.push((await app.inject({ url: "/api/v1/me", remoteAddress: "10.9.9.9" })).statusCode);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  });
  test("one network of IPv6 is one client, whatever address it takes", async () => {
    const app = await createHost({ platform: server.platform, rates: { address: 5 } });
    const ask = async (remoteAddress: string) => (await app.inject({ url: "/api/v1/me", remoteAddress })).statusCode;
    const statuses: number[] = [];
    for (let i = 1; i <= 7; i++) statuses.push(await ask(`2001:db8:0:7::${i}`));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(await ask("2001:db8:0:8::1")).toBe(200);
  });
  test("the doors of sign-in are narrow", async () => {
    const statuses = new Set<number>();
    const one = server.client();
    for (let i = 0; i < 21; i++) statuses.add((await one.get(`/api/v1/sign-in-links/${"x".repeat(43)}`)).status);
    expect([...statuses]).toEqual([404, 429]);
  });
});

describe("slow clients", () => {
  let port: number;
  beforeAll(async () => {
    await server.app.listen({ port: 0, host: "127.0.0.1" });
    port = (server.app.server.address() as { port: number }).port;
  });
  /** What the server says until it hangs up. */
  const untilClosed = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
      socket.on("close", () => resolve(text));
      socket.on("error", () => undefined);
    });
  const dripping = async (start: string, drip: string): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    const closed = untilClosed(socket);
    socket.write(start);
    const timer = setInterval(() => socket.write(drip), 50);
    return closed.finally(() => clearInterval(timer));
  };
  test("a head that never ends is cut off", async () => {
    expect(await dripping("GET / HTTP/1.1\r\nhost: localhost\r\n", "x-drip: 1\r\n")).toMatch(/^(HTTP\/1.1 408|$)/);
  });
  test("a body that never ends is cut off", async () => {
    const head =
      "POST /api/v1/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
    expect(await dripping(head, " ")).toMatch(/^(HTTP\/1.1 408|$)/);
  });
  test("others are served meanwhile", async () => {
    const sockets = Array.from({ length: 50 }, () => connect(port, "127.0.0.1"));
    const closed = sockets.map((socket) => {
      socket.write("GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ");
      return untilClosed(socket);
    });
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    await Promise.all(closed);
  });
  test("garbage is no request", async () => {
    const socket = connect(port, "127.0.0.1");
    const closed = untilClosed(socket);
    socket.write("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n");
    expect(await closed).toMatch(/^HTTP\/1.1 400/);
  });
});

describe("logs", () => {
  test("hold the route, never the secret in the address, and no secret by name", async () => {
    const lines: string[] = [];
    const log = createLog({
      destination: { write: (line: string) => lines.push(line) } as unknown as NodeJS.WritableStream,
    });
    const app = await createHost({ platform: { ...server.platform, log } });
    await app.inject({ url: "/api/v1/sign-in-links/TOPSECRETTOPSECRETTOPSECRET" });
    await app.inject({
      method: "POST",
      url: "/api/v1/sign-in",
      payload: { mail: "a@b.test", password: "TOPSECRET-password" },
    });
    await app.inject({
      url: "/api/v1/me",
      headers: { authorization: "Bearer yt1_TOPSECRETTOPSECRETTOPSECRET", cookie: "yagura_session=TOPSECRET" },
    });
    log.info(
      {
        password: "TOPSECRET",
        body: { token: "TOPSECRET", headers: { cookie: "TOPSECRET" } },
        headers: { authorization: "TOPSECRET" },
      },
      "x",
    );
    const text = lines.join("");
    expect(text).toContain('"route":"/api/v1/sign-in-links/:token"');
    expect(text).not.toContain("TOPSECRET");
  });
});
