/** A control plane's HTTP side for tests: real stores, real requests, a clock that the test moves. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, InjectOptions } from "fastify";
import type { Clock } from "@yagura/core/clock.ts";
import { createHost, type HostOptions } from "@yagura/server/host.ts";
import { prepareJobs } from "@yagura/server/jobs.ts";
import { serverMigrations } from "@yagura/server/migrations.ts";
import { createLog, createPlatform, type PlatformParts, type ServerPlatform } from "@yagura/server/platform.ts";
import { ensureFirstAdmin } from "@yagura/server/setup.ts";
import type { CustomerRole, Me, Organisation } from "@yagura/server/shapes.ts";
import type { RoomMigrations } from "@yagura/store/migrations/read.ts";
import { testStores, type TestStores } from "./database.ts";

/** The origin that test browsers say they come from. */
export const PUBLIC_URL = "http://localhost:8480";

export interface TestClock extends Clock {
  /** Moves the wall clock and the monotonic one. Milliseconds. */
  advance(milliseconds: number): void;
}

export function testClock(start = Date.now()): TestClock {
  let passed = 0;
  return {
    now: () => start + passed,
    monotonic: () => passed,
    advance: (milliseconds) => void (passed += milliseconds),
  };
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  readonly body: T;
}

/** One person or program at the API: keeps its cookie and its x-yagura-csrf value. */
export interface Client {
  call<T = Record<string, unknown>>(
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  get<T = Record<string, unknown>>(url: string, headers?: Record<string, string>): Promise<Answer<T>>;
  post<T = Record<string, unknown>>(url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  patch<T = Record<string, unknown>>(url: string, body?: unknown): Promise<Answer<T>>;
  delete<T = Record<string, unknown>>(url: string, body?: unknown): Promise<Answer<T>>;
  me(): Promise<Me>;
  cookie: string | null;
  csrf: string | null;
}

export interface TestServer {
  readonly stores: TestStores;
  readonly platform: ServerPlatform;
  readonly app: FastifyInstance;
  readonly clock: TestClock;
  readonly dataFolder: string;
  /** The provider's own organisation. */
  readonly internal: string;
  /** Nobody yet. `address`: a source address of one's own, so that tests do not share rate limits. */
  client(token?: string): Client;
  /** The provider's administrator, signed in. */
  readonly admin: Client;
  organisation(name: string): Promise<Organisation>;
  /** A member who accepted the invitation, signed in. */
  member(organisation: string, mail: string, role: CustomerRole): Promise<Client>;
  /** The newest kept mail to an address. */
  mailTo(mail: string): Promise<{ subject: string; text: string; link: string }>;
  stop(): Promise<void>;
}

export interface TestServerOptions extends Partial<Omit<HostOptions, "platform">> {
  readonly migrations?: readonly RoomMigrations[];
  readonly platform?: Partial<PlatformParts>;
  readonly clock?: TestClock;
}

export const PASSWORD = "correct horse staple 42";

export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { migrations, platform: parts, clock = testClock(), ...host } = options;
  const stores = await testStores({ migrations: [serverMigrations, ...(migrations ?? [])], prepare: [prepareJobs] });
  const dataFolder = await mkdtemp(join(tmpdir(), "yagura-server-"));
  const log = createLog({ level: process.env["YAGURA_TEST_LOG"] ?? "silent" });
  const platform = await createPlatform({ stores, dataFolder, publicUrl: PUBLIC_URL, log, clock, ...parts });
  const rates = { address: 1_000_000, route: 1_000_000 };
  const app = await createHost({ checkAnswers: true, rates, ...host, platform });
  const first = await ensureFirstAdmin(platform, { mail: "admin@provider.test" });
  let address = 0;
  const client = (token?: string): Client => {
    address++;
    return testClient(app, `10.1.${Math.floor(address / 250)}.${(address % 250) + 1}`, token);
  };
  const admin = client();
  await admin.post(`/api/v1/sign-in-links/${first.link?.split("#link=")[1] ?? ""}`, {});
  const mailTo = async (mail: string): Promise<{ subject: string; text: string; link: string }> => {
    const outbox = await admin.get<{ items: { to: string; subject: string; text: string }[] }>(
      "/api/v1/provider/outbox",
    );
    const found = outbox.body.items.find((item) => item.to === mail);
    if (found === undefined) throw new Error(`no mail was sent to ${mail}`);
    return { ...found, link: /#link=([\w-]+)/.exec(found.text)?.[1] ?? "" };
  };
  return {
    stores,
    platform,
    app,
    clock,
    dataFolder,
    internal: first.organisation,
    client,
    admin,
    mailTo,
    organisation: async (name) => (await admin.post<Organisation>("/api/v1/organisations", { name })).body,
    async member(organisation, mail, role) {
      await admin.post(`/api/v1/organisations/${organisation}/members`, {
        mail,
        name: mail.split("@")[0],
        role,
        language: "en",
      });
      const { link } = await mailTo(mail);
      const person = client();
      const answer = await person.post(`/api/v1/sign-in-links/${link}`, {
        name: mail.split("@")[0],
        password: PASSWORD,
      });
      if (answer.status !== 200) throw new Error(`${mail} could not join: ${answer.text}`);
      return person;
    },
    async stop() {
      await app.close();
      await platform.close();
      await stores.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A client over `inject`. With a token it sends that; otherwise it behaves like a page of the portal. */
export function testClient(app: FastifyInstance, address: string, token?: string): Client {
  const client: Client = {
    cookie: null,
    csrf: null,
    async call<T>(
      method: string,
      url: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answer<T>> {
      if (method !== "GET" && token === undefined && client.cookie !== null && client.csrf === null) await client.me();
      const own = {
        ...(token === undefined ? { origin: PUBLIC_URL } : { authorization: `Bearer ${token}` }),
        ...(client.cookie === null ? {} : { cookie: `yagura_session=${client.cookie}` }),
        ...(client.csrf === null || method === "GET" ? {} : { "x-yagura-csrf": client.csrf }),
        host: "localhost:8480",
      };
      const request: InjectOptions = {
        method: method,
        url,
        headers: { ...own, ...headers },
        remoteAddress: address,
        ...(body === undefined ? {} : { payload: body as object }),
      };
      const response = await app.inject(request);
      for (const cookie of response.cookies) {
        if (cookie.name !== "yagura_session") continue;
        client.cookie = cookie.value === "" ? null : cookie.value;
        client.csrf = null;
      }
      const plain = response.headers["content-encoding"] === undefined && response.payload !== "";
      const isJson = plain && /^application\/(problem\+)?json/.test(String(response.headers["content-type"]));
      const parsed = isJson ? (JSON.parse(response.payload) as T) : (null as T);
      return { status: response.statusCode, headers: response.headers, text: response.payload, body: parsed };
    },
    get: (url, headers) => client.call("GET", url, undefined, headers),
    post: (url, body, headers) => client.call("POST", url, body, headers),
    patch: (url, body) => client.call("PATCH", url, body),
    delete: (url, body) => client.call("DELETE", url, body),
    async me() {
      const { body } = await client.get<Me>("/api/v1/me");
      client.csrf = body.csrf;
      return body;
    },
  };
  return client;
}
