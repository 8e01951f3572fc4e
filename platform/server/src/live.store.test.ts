/** Live events, mail over SMTP and jobs, each with the real peer. */
import { once } from "node:events";
import { sql } from "kysely";
import { Client } from "pg";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { silent } from "@yagura/store/log.ts";
import { openPostgres } from "@yagura/store/postgres/pool.ts";
import { testServer, type Client as Person, type TestServer } from "@yagura/testkit/server.ts";
import { until } from "@yagura/testkit/until.ts";
import { startJobs, type RunningJobs } from "./jobs.ts";
import { createLiveHub } from "./live.ts";
import type { JobTable, Platform } from "./route.ts";
import type { Member, OutboxMail, Page } from "./shapes.ts";

interface Told {
  readonly topic: string;
  readonly data: Record<string, unknown>;
  readonly organisation?: string;
}

/** A page that listens: what it was told so far, and a wait for the next. */
interface Listening {
  readonly status: number;
  readonly heard: Told[];
  readonly lastId: () => string;
  until(topic: string): Promise<Told>;
  readonly ended: Promise<void>;
  close(): void;
}

function ensure(heard: readonly Told[], topic: string): boolean {
  if (heard.some((event) => event.topic === topic)) return true;
  throw new Error(`the stream ended before ${topic}`);
}

describe("live events", () => {
  let server: TestServer;
  let base: string;
  let own: string;
  let other: string;
  let viewer: Person;
  const pages: Listening[] = [];

  beforeAll(async () => {
    server = await testServer();
    own = (await server.organisation("Live")).id;
    other = (await server.organisation("Other")).id;
    viewer = await server.member(own, "viewer@live.test", "viewer");
    base = await server.app.listen({ port: 0, host: "127.0.0.1" });
  });
  afterEach(() => {
    for (const page of pages.splice(0)) page.close();
  });
  afterAll(() => server.stop());

  async function listen(path: string, client: Person, lastEventId?: string): Promise<Listening> {
    const abort = new AbortController();
    const headers = {
      cookie: `yagura_session=${client.cookie}`,
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
    };
    const response = await fetch(`${base}${path}`, { headers, signal: abort.signal });
    const heard: Told[] = [];
    let lastId = "";
    let wake = (): void => undefined;
    const read = async (): Promise<void> => {
      let rest = "";
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        rest += decoder.decode(chunk as Uint8Array, { stream: true });
        const blocks = rest.split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          lastId = /^id: (.*)$/m.exec(block)?.[1] ?? lastId;
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data !== undefined) heard.push(JSON.parse(data) as Told);
        }
        wake();
      }
    };
    const ended = read().catch(() => undefined);
    const page: Listening = {
      status: response.status,
      heard,
      lastId: () => lastId,
      ended,
      close: () => abort.abort(),
      async until(topic) {
        for (;;) {
          const found = heard.find((event) => event.topic === topic);
          if (found !== undefined) return found;
          await Promise.race([
            new Promise<void>((resolve) => (wake = resolve)),
            ended.then(() => ensure(heard, topic)),
          ]);
        }
      },
    };
    pages.push(page);
    return page;
  }
  const publish = (organisation: string, topic: string, data = {}): Promise<void> =>
    server.platform.store.provider((tx) => server.platform.live.publish(tx, organisation, { topic, data }));

  test("reach the pages of the organisation and the provider's, nobody else's", async () => {
    const page = await listen(`/api/v1/organisations/${own}/live`, viewer);
    const all = await listen("/api/v1/provider/live", server.admin);
    await page.until("live.hello");
    await all.until("live.hello");
    await publish(other, "secret", { n: 1 });
    await publish(own, "device", { n: 2 });
    expect(await page.until("device")).toMatchObject({ data: { n: 2 } });
    expect(await all.until("secret")).toMatchObject({ organisation: other });
    expect(page.heard.map((event) => event.topic)).toEqual(["live.hello", "device"]);
  });

  test("are sent at the commit, not before, and not at all after a rollback", async () => {
    const page = await listen(`/api/v1/organisations/${own}/live`, viewer);
    await page.until("live.hello");
    const failed = server.platform.store.provider(async (tx) => {
      await server.platform.live.publish(tx, own, { topic: "rolled-back", data: {} });
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");
    await publish(own, "after");
    await page.until("after");
    expect(page.heard.map((event) => event.topic)).not.toContain("rolled-back");
  });

  test("hints are coalesced by topic", async () => {
    const page = await listen(`/api/v1/organisations/${own}/live`, viewer);
    await page.until("live.hello");
    for (let n = 0; n < 100; n++) server.platform.live.hint(own, { topic: "experience.samples", data: { n } });
    expect(await page.until("experience.samples")).toMatchObject({ data: { n: 99 } });
    await publish(own, "end");
    await page.until("end");
    expect(page.heard.filter((event) => event.topic === "experience.samples")).toHaveLength(1);
  });

  test("a returning page hears what it missed; a stranger's id starts afresh", async () => {
    const first = await listen(`/api/v1/organisations/${own}/live`, viewer);
    await first.until("live.hello");
    await publish(own, "before");
    await first.until("before");
    const lastId = first.lastId();
    first.close();
    await publish(own, "missed");
    const second = await listen(`/api/v1/organisations/${own}/live`, viewer, lastId);
    await second.until("missed");
    await second.until("live.hello");
    expect(second.heard.map((event) => event.topic).sort()).toEqual(["live.hello", "missed"]);
    const third = await listen(`/api/v1/organisations/${own}/live`, viewer, "another-17");
    await third.until("live.reset");
  });

  test("come from other processes too, and a lost database connection is told as a reset", async () => {
    const page = await listen(`/api/v1/organisations/${own}/live`, viewer);
    await page.until("live.hello");
    const store = openPostgres({ connectionString: server.stores.connectionString, log: silent });
    const other = createLiveHub(store, server.platform.log);
    await store.provider((tx) => other.publish(tx, own, { topic: "elsewhere", data: {} }));
    await page.until("elsewhere");
    await store.provider((tx) => sql`select pg_notify('yagura_live', 'no event')`.execute(tx));
    const admin = new Client({ connectionString: server.stores.adminConnectionString });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'yagura listener'",
    );
    await admin.end();
    await page.until("live.reset");
    await store.provider((tx) => other.publish(tx, own, { topic: "again", data: {} }));
    await page.until("again");
    await other.close();
    await store.close();
  });

  test("nobody listens without the right to", async () => {
    expect((await listen(`/api/v1/organisations/${other}/live`, viewer)).status).toBe(404);
    expect((await listen("/api/v1/provider/live", viewer)).status).toBe(403);
    expect((await listen(`/api/v1/organisations/${own}/live`, server.client())).status).toBe(401);
  });

  test.each([
    { name: "sign-out", how: async (person: Person) => person.post("/api/v1/sign-out") },
    {
      name: "removal from the organisation",
      how: async (_person: Person, mail: string) => {
        const members = await server.admin.get<Member[]>(`/api/v1/organisations/${own}/members`);
        const id = members.body.find((one) => one.mail === mail)?.id ?? "";
        return server.admin.delete(`/api/v1/organisations/${own}/members/${id}`);
      },
    },
  ])("a stream ends at $name", async ({ name, how }) => {
    const mail = `${name.replaceAll(" ", "-")}@live.test`;
    const person = await server.member(own, mail, "viewer");
    const page = await listen(`/api/v1/organisations/${own}/live`, person);
    await page.until("live.hello");
    await how(person, mail);
    await page.until("live.end");
    await page.ended;
  });

  test("an event over 6 kB is the programmer's mistake", async () => {
    await expect(publish(own, "big", { text: "x".repeat(7000) })).rejects.toThrow(RangeError);
  });

  test("a stop ends all streams within seconds", async () => {
    const page = await listen(`/api/v1/organisations/${own}/live`, viewer);
    await page.until("live.hello");
    await server.app.close();
    await page.ended;
    expect(server.platform.live.size()).toBe(0);
  });
});

describe("mail over SMTP", () => {
  let smtp: SMTPServer;
  let server: TestServer;
  let jobs: RunningJobs;
  const received: string[] = [];
  /** Answers to give next, instead of taking the mail. */
  const refusals: { code: number; text: string }[] = [];
  let arrived = (): void => undefined;

  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData(stream, _session, done) {
        let text = "";
        stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
        stream.on("end", () => {
          const refusal = refusals.shift();
          if (refusal === undefined) received.push(text);
          arrived();
          done(refusal === undefined ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
        });
      },
    });
    smtp.listen(0, "127.0.0.1");
    await once(smtp.server, "listening");
    const { port } = smtp.server.address() as { port: number };
    server = await testServer({ platform: { smtpUrl: `smtp://127.0.0.1:${port}` } });
    jobs = await startJobs(server.platform, [server.platform.jobTable]);
  });
  afterAll(async () => {
    await jobs.stop();
    await server.stop();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });
  const outbox = async (to: string): Promise<OutboxMail | undefined> =>
    (await server.admin.get<Page<OutboxMail>>("/api/v1/provider/outbox")).body.items.find((mail) => mail.to === to);
  const mailTo = (to: string, state: OutboxMail["state"], error?: RegExp): Promise<OutboxMail> =>
    until(async () => {
      const mail = await outbox(to);
      return mail?.state === state && (error === undefined || error.test(mail.error ?? "")) && mail;
    });
  const invite = (mail: string) =>
    server.admin.post(`/api/v1/organisations/${server.internal}/members`, {
      mail,
      name: "田中",
      role: "viewer",
      language: "ja",
    });

  test("an invitation arrives in Japanese; the copy that is kept holds no link", async () => {
    await invite("tanaka@mail.test");
    const mail = await mailTo("tanaka@mail.test", "sent");
    expect(mail.text).toContain("#link=…");
    const text = received.join("");
    expect(text).toMatch(/^To: tanaka@mail.test/m);
    expect(text).toMatch(/^Message-ID: <[0-9a-f-]{36}@localhost>/im);
    expect(text).toMatch(/^Auto-Submitted: auto-generated/im);
    expect(decodeBody(text)).toMatch(/田中 様[\s\S]*sign-in#link=[\w-]{43}/);
  });

  test("a lasting refusal is told to the provider; a passing one is tried again", async () => {
    refusals.push({ code: 550, text: "no such mailbox" });
    await invite("gone@mail.test");
    expect((await mailTo("gone@mail.test", "failed")).error).toContain("no such mailbox");
    refusals.push({ code: 451, text: "greylisted, try again" });
    const before = received.length;
    await invite("later@mail.test");
    await mailTo("later@mail.test", "queued", /greylisted/);
    await mailTo("later@mail.test", "sent");
    expect(received.length).toBe(before + 1);
  });
});

function decodeBody(mail: string): string {
  const [head = "", ...body] = mail.split("\r\n\r\n");
  const text = body.join("\r\n\r\n");
  if (/base64/i.test(head)) return Buffer.from(text, "base64").toString("utf8");
  const bytes = text
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

describe("jobs", () => {
  test("exist only after the commit, are replaced by key, and are tried again", async () => {
    const server = await testServer();
    const done: unknown[] = [];
    let finished = (): void => undefined;
    const both = new Promise<void>((resolve) => (finished = resolve));
    let failures = 0;
    const table: JobTable = {
      handlers: {
        "test.note": async (payload: Readonly<Record<string, unknown>>, platform: Platform) => {
          expect(platform).toBe(server.platform);
          if (payload["fail"] === true && failures++ === 0) throw new Error("the first try fails");
          done.push(payload["n"]);
          if (done.length === 2) finished();
        },
      },
      schedule: { "test.note": "0 0 1 1 *" },
    };
    const { store, jobs } = server.platform;
    const organisation = (await server.organisation("Jobs")).id;
    const lost = store.provider(async (tx) => {
      await jobs.add(tx, "test.note", { n: "rolled back" });
      throw new Error("rolled back");
    });
    await expect(lost).rejects.toThrow("rolled back");
    await store.organisation(organisation, (tx) => jobs.add(tx, "test.note", { n: 1 }, { key: "one" }));
    await store.organisation(organisation, (tx) => jobs.add(tx, "test.note", { n: 2 }, { key: "one" }));
    await store.provider((tx) => jobs.add(tx, "test.note", { n: 3, fail: true }));
    const running = await startJobs(server.platform, [table]);
    await both;
    expect(new Set(done)).toEqual(new Set([2, 3]));
    await running.stop();
    await expect(startJobs(server.platform, [table, table])).rejects.toThrow("twice");
    await server.stop();
  });
});
