import { createServer, type Server } from "node:http";
import { createServer as createTcp, type AddressInfo, type Socket } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Finding, FindingKinds } from "@yagura/core/finding.ts";
import type { Uuid } from "@yagura/core/ids.ts";
import type { OutboxMail } from "@yagura/server/shapes.ts";
import { testClock, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { until } from "@yagura/testkit/until.ts";
import { migrations } from "../../../tests/support/experience.ts";
import { takeFindings } from "./alerts.ts";
import { deliver } from "./deliver.ts";
import { digest, escalate, tidy } from "./jobs.ts";
import { exportAlerts } from "./organisation-data.ts";
import { alertsRoom } from "./room.ts";
import type { Channel, Incident, IncidentCounts, IncidentDetail, MadeChannel, Policy } from "./shapes.ts";
import { signature } from "./webhook.ts";

const text = (en: string, ja: string) => ({ en, ja });
const kinds: FindingKinds = {
  "sample.stopped": {
    severity: "critical",
    title: text("{device} stopped", "{device} が停止しました"),
    normal: text("It ran for {days} days", "{days} 日間稼働していました"),
    changed: text("Stop by {peer}", "{peer} が停止を指示しました"),
    advice: text("Ask the shift leader", "現場責任者に確認してください"),
    techniques: ["T0858"],
  },
  "sample.new": {
    severity: "notice",
    title: text("New: {device}", "新しい機器: {device}"),
    normal: text("", ""),
    changed: text("", ""),
    advice: text("", ""),
  },
};
const clock = testClock(Date.parse("2026-11-20T03:00:00Z"));
const room = alertsRoom([kinds], "any");
let server: TestServer;
let organisation: Uuid;
let owner: Client;
let viewer: Client;

beforeAll(async () => {
  server = await testServer({
    routes: room.routes,
    scopes: [room.scopes],
    migrations: migrations.filter(({ room: name }) => name !== "server"),
    clock,
  });
});
afterAll(() => server.stop());
let count = 0;
beforeEach(async () => {
  count++;
  organisation = (await server.organisation(`工場 ${count}`)).id;
  owner = await server.member(organisation, `owner${count}@customer.test`, "owner");
  viewer = await server.member(organisation, `viewer${count}@customer.test`, "viewer");
});

const finding = (change: Partial<Finding> = {}): Finding => ({
  kind: "sample.stopped",
  subject: { kind: "asset", id: "plc-1" },
  organisation,
  dedupeKey: "stop plc-1",
  since: clock.now(),
  severity: "critical",
  confidence: 0.9,
  parameters: { device: "PLC-1", days: 90, peer: "EWS01" },
  evidence: [{ label: "command", value: "PLC Stop", href: "/o/x" }],
  ...change,
});
const take = (...findings: Finding[]) =>
  server.platform.store.organisation(organisation, (tx) => takeFindings(tx, server.platform, findings));
const url = (path: string): string => `/api/v1/organisations/${organisation}${path}`;
const list = async (query = "", client = owner) =>
  (await client.get<{ items: Incident[]; total: number }>(url(`/alerts${query}`))).body;
const only = async (): Promise<IncidentDetail> => {
  const { items } = await list();
  expect(items).toHaveLength(1);
  return (await owner.get<IncidentDetail>(url(`/alerts/${items[0]?.id}`), { "accept-language": "ja" })).body;
};
const kindsOf = (detail: IncidentDetail): string[] => detail.entries.map(({ kind }) => kind).reverse();
/** Runs the deliveries that wait, as the worker would; gives how many failed. */
async function runDeliveries(): Promise<number> {
  const { rows } = await server.platform.store.provider((tx) =>
    sql<{
      id: Uuid;
    }>`select id from alerts.delivery where state = 'queued' and organisation_id = ${organisation} order by id`.execute(
      tx,
    ),
  );
  let failed = 0;
  for (const { id } of rows)
    await deliver({ kinds, reach: "any" })({ id }, server.platform).catch(() => {
      failed++;
    });
  return failed;
}
const mails = async (): Promise<OutboxMail[]> =>
  (await server.admin.get<{ items: OutboxMail[] }>("/api/v1/provider/outbox")).body.items.filter(
    ({ to, subject }) => to.includes(`${count}@customer.test`) && subject.startsWith("["),
  );

describe("findings become incidents", () => {
  test("OT-N12 an incident says what was normal, what changed, how sure, the technique and what to do, in the reader's language", async () => {
    await take(finding());
    const detail = await only();
    expect(detail).toMatchObject({ number: 1, severity: "critical", state: "open", title: "PLC-1 が停止しました" });
    expect(detail.worst).toMatchObject([
      {
        normal: "90 日間稼働していました",
        changed: "EWS01 が停止を指示しました",
        advice: "現場責任者に確認してください",
        techniques: ["T0858"],
        times: 1,
        // By which the service finds its own row, and reads what only the customer's browser can.
        key: "stop plc-1",
        subject: { kind: "asset", id: "plc-1" },
        parameters: { device: "PLC-1", days: 90, peer: "EWS01" },
      },
    ]);
    expect(detail).toMatchObject({ group: "stop plc-1", parameters: { device: "PLC-1" } });
    const english = await owner.get<IncidentDetail>(url(`/alerts/${detail.id}`), { "accept-language": "en" });
    expect(english.body.title).toBe("PLC-1 stopped");
  });

  test("what has one cause is one incident, the same told again is counted, and it becomes as bad as its worst finding", async () => {
    const one = { kind: "sample.new", severity: "notice", group: "device x", parameters: { device: "X" } } as const;
    await take(finding({ ...one, dedupeKey: "a" }), finding({ ...one, dedupeKey: "b" }));
    await take(finding({ ...one, dedupeKey: "a" }));
    expect(await only()).toMatchObject({ severity: "notice", findings: 2, title: "新しい機器: X" });
    await take(finding({ group: "device x" }));
    const detail = await only();
    expect(detail).toMatchObject({ severity: "critical", findings: 3, title: "PLC-1 が停止しました" });
    expect(detail.worst.find(({ kind, times }) => kind === "sample.new" && times === 2)).toBeDefined();
    expect(kindsOf(detail)).toContain("worse");
  });

  test("a cause that is over ends its incident; back again it goes on; closed, the next time is a new incident", async () => {
    await take(finding());
    await take(finding({ until: clock.now() }));
    expect((await only()).endedAt).not.toBeNull();
    await take(finding());
    expect((await only()).endedAt).toBeNull();
    const { id } = await only();
    await owner.post(url(`/alerts/${id}/close`), { reason: "solved" });
    await take(finding());
    expect((await list()).items.map(({ number, state }) => [number, state])).toEqual([
      [2, "open"],
      [1, "closed"],
    ]);
    expect((await list("?state=active")).items).toHaveLength(1);
  });

  test("a cause that comes and goes all day does not fill the time line; links lead to pages of ours only", async () => {
    const hrefs = ["/o/x", "javascript:alert(1)", "//evil.example", "https://evil.example", "/\\evil.example"];
    const evidence = hrefs.map((href) => ({ label: "l", value: href, href }));
    for (let i = 0; i < 30; i++) {
      await take(finding({ evidence }));
      await take(finding({ evidence, until: clock.now() }));
    }
    const { entries, worst, endedAt } = await only();
    expect(entries.filter(({ kind }) => kind === "ended")).toHaveLength(20);
    expect(endedAt).not.toBeNull();
    expect(worst[0]?.evidence.map(({ href }) => href)).toEqual(["/o/x", undefined, undefined, undefined, undefined]);
  });

  test("what was small and is over already opens nothing", async () => {
    await take(finding({ kind: "sample.new", severity: "notice", until: clock.now() }));
    expect((await list()).total).toBe(0);
  });

  test("two batches at once that tell of one cause open one incident", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, i) => take(finding({ group: "g", dedupeKey: `f${i}` }))));
    expect((await only()).findings).toBe(8);
  });

  test("a rolled back transaction told nothing", async () => {
    const failing = server.platform.store.organisation(organisation, async (tx) => {
      await takeFindings(tx, server.platform, [finding()]);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect((await list()).total).toBe(0);
  });
});

describe("what people do", () => {
  test("acknowledge, assign, note, close with reason, open again; each in the time line; a viewer may only look", async () => {
    await take(finding());
    const { id } = await only();
    expect((await viewer.post(url(`/alerts/${id}/acknowledge`), {})).status).toBe(403);
    expect((await viewer.get(url(`/alerts/${id}`))).status).toBe(200);
    expect((await owner.post<IncidentDetail>(url(`/alerts/${id}/acknowledge`), { note: "見ます" })).body.state).toBe(
      "acknowledged",
    );
    expect((await owner.post<IncidentDetail>(url(`/alerts/${id}/assign`), { to: "me" })).body.assignee).not.toBeNull();
    expect((await owner.post(url(`/alerts/${id}/assign`), { to: organisation })).body).toMatchObject({
      code: "ASSIGNEE_UNKNOWN",
    });
    await owner.post(url(`/alerts/${id}/notes`), { note: "現場に電話した" });
    const closed = await owner.post<IncidentDetail>(url(`/alerts/${id}/close`), { reason: "expected", note: "工事" });
    expect(closed.body).toMatchObject({ state: "closed", closeReason: "expected" });
    expect((await owner.post(url(`/alerts/${id}/close`), { reason: "solved" })).body).toMatchObject({
      code: "INCIDENT_CLOSED",
    });
    expect((await owner.post<IncidentDetail>(url(`/alerts/${id}/reopen`), {})).body.state).toBe("acknowledged");
    expect(kindsOf(await only())).toEqual(
      expect.arrayContaining(["opened", "acknowledged", "assigned", "note", "closed", "reopened"]),
    );
  });

  test("an incident cannot be opened again while its cause has another", async () => {
    await take(finding());
    const { id } = await only();
    await owner.post(url(`/alerts/${id}/close`), { reason: "solved" });
    await take(finding());
    expect((await owner.post(url(`/alerts/${id}/reopen`), {})).body).toMatchObject({ code: "INCIDENT_BACK" });
  });

  test("another organisation sees nothing of it, the provider's staff see all", async () => {
    await take(finding());
    const { id } = await only();
    const other = await server.organisation("別の会社");
    const stranger = await server.member(other.id, `stranger${count}@other.test`, "owner");
    expect((await stranger.get(`/api/v1/organisations/${other.id}/alerts/${id}`)).status).toBe(404);
    expect((await stranger.get(url(`/alerts/${id}`))).status).toBe(404);
    const all = await server.admin.get<{ items: Incident[] }>("/api/v1/provider/alerts?state=active");
    expect(all.body.items.some((incident) => incident.id === id)).toBe(true);
    const counts = await owner.get<IncidentCounts>(url("/alerts/counts?service=sample"));
    expect(counts.body).toEqual({ info: 0, notice: 0, bad: 0, critical: 1, open: 1 });
  });
});

describe("who is told", () => {
  test("by default owners and administrators by mail, once more after half an hour, not after somebody took it", async () => {
    await take(finding());
    await runDeliveries();
    expect((await mails()).map(({ subject }) => subject)).toEqual(["[重大] #1 PLC-1 が停止しました"]);
    expect(await escalate(server.platform)).toBe(0);
    clock.advance(31 * 60_000);
    await escalate(server.platform);
    await runDeliveries();
    expect((await mails()).map(({ subject }) => subject)).toContain("[重大 · 未対応] #1 PLC-1 が停止しました");
    const other = finding({ dedupeKey: "second" });
    await take(other);
    const { items } = await list("?state=open");
    await owner.post(url(`/alerts/${items[0]?.id}/acknowledge`), {});
    await owner.post(url(`/alerts/${items[1]?.id}/acknowledge`), {});
    clock.advance(31 * 60_000);
    expect(await escalate(server.platform)).toBe(0);
  });

  test("what is only a notice is told to nobody by mail, and the time line says so", async () => {
    await take(finding({ kind: "sample.new", severity: "notice" }));
    await runDeliveries();
    expect(await mails()).toEqual([]);
    expect(kindsOf(await only())).toEqual(["opened"]);
  });

  test("a storm is ten messages and one digest; every incident is there", async () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      finding({ kind: "sample.new", severity: "bad", dedupeKey: `n${i}` }),
    );
    for (const one of many) await take(one);
    await runDeliveries();
    expect(await mails()).toHaveLength(10);
    expect(await digest(server.platform)).toBe(0);
    clock.advance(11 * 60_000);
    expect(await digest(server.platform)).toBe(1);
    await runDeliveries();
    const all = await mails();
    expect(all).toHaveLength(11);
    expect(all.find(({ subject }) => subject.includes("まとめ"))).toMatchObject({
      subject: expect.stringContaining("アラート 30 件"),
    });
    expect((await list()).total).toBe(40);
    clock.advance(11 * 60_000);
    expect(await digest(server.platform)).toBe(0);
  });

  test("a webhook is posted, signed, and tried again when refused; what is wrong stands on the channel", async () => {
    const heard: { body: string; signature: string }[] = [];
    let status = 500;
    const hook: Server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        heard.push({ body, signature: String(request.headers["yagura-signature"]) });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((done) => hook.listen(0, "127.0.0.1", done));
    const port = (hook.address() as AddressInfo).port;
    const made = await owner.post<MadeChannel>(url("/alert-channels"), {
      kind: "webhook",
      name: "SIEM",
      settings: { url: `http://127.0.0.1:${port}/hook` },
      minimumSeverity: "info",
      services: ["sample"],
      language: "en",
      enabled: true,
    });
    expect(made.body.key).toMatch(/^ywk_/);
    await take(finding());
    expect(await runDeliveries()).toBe(1);
    const channel = async (): Promise<Channel | undefined> =>
      (await owner.get<{ items: Channel[] }>(url("/alert-channels"))).body.items.find(({ kind }) => kind === "webhook");
    expect(await channel()).toMatchObject({ lastError: "HTTP status 500", lastSuccessAt: null });
    status = 204;
    expect(await runDeliveries()).toBe(0);
    expect(await channel()).toMatchObject({ lastError: null, lastSuccessAt: expect.any(String) });
    const { body, signature: code } = heard.at(-1) as (typeof heard)[number];
    expect(JSON.parse(body)).toMatchObject({ event: "incident.opened", title: "PLC-1 stopped", severity: "critical" });
    expect(code).toBe(signature(made.body.key ?? "", Number(/t=(\d+)/.exec(code)?.[1]), body));
    await new Promise((done) => hook.close(done));
  });

  test("OT-29 syslog over TCP comes with its length before it (RFC 6587)", async () => {
    const lines: string[] = [];
    const sink = createTcp((socket) => socket.on("data", (chunk) => lines.push(String(chunk))));
    await new Promise<void>((done) => sink.listen(0, "127.0.0.1", done));
    const settings = { host: "127.0.0.1", port: (sink.address() as AddressInfo).port, transport: "tcp", format: "cef" };
    const made = await owner.post<MadeChannel>(url("/alert-channels"), {
      kind: "syslog",
      name: "syslog",
      settings,
      minimumSeverity: "info",
      services: [],
      language: "en",
      enabled: true,
    });
    expect((await owner.post(url(`/alert-channels/${made.body.channel.id}/test`), {})).status).toBe(204);
    await take(finding());
    await runDeliveries();
    const text = lines.join("");
    const length = Number(/^\d+/.exec(text)?.[0]);
    expect(Buffer.byteLength(text)).toBeGreaterThan(length);
    expect(text).toContain("CEF:0|Yagura|Yagura|");
    expect(text).toContain("|sample.stopped|PLC-1 stopped|10|");
    await new Promise((done) => sink.close(done));
    expect((await owner.post(url(`/alert-channels/${made.body.channel.id}/test`), {})).body).toMatchObject({
      code: "CHANNEL_FAILED",
    });
  });

  test("a customer's webhook cannot reach the provider's own network", async () => {
    const made = await owner.post<MadeChannel>(url("/alert-channels"), {
      kind: "webhook",
      name: "inside",
      settings: { url: "http://localhost:1/" },
      minimumSeverity: "info",
      services: [],
      language: "en",
      enabled: true,
    });
    await take(finding());
    const { rows } = await server.platform.store.provider((tx) =>
      sql<{ id: Uuid }>`select id from alerts.delivery where channel_id = ${made.body.channel.id}`.execute(tx),
    );
    await expect(deliver({ kinds, reach: "public" })({ id: rows[0]?.id ?? "" }, server.platform)).rejects.toThrow(
      /private or local network/,
    );
  });

  test("a machine that takes its time holds up nobody: no connection to the database, one of an organisation, an end", async () => {
    const open = new Set<Socket>();
    const slow = createTcp((socket) => void open.add(socket));
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const { port } = slow.address() as AddressInfo;
    const settings = { url: `http://127.0.0.1:${port}/secret` };
    const common = { name: "slow", minimumSeverity: "info", services: [], language: "en", enabled: true };
    const made = await owner.post<MadeChannel>(url("/alert-channels"), { ...common, kind: "webhook", settings });
    const path = url(`/alert-channels/${made.body.channel.id}/test`);
    const first = owner.post(path, {});
    await until(() => open.size > 0 || null);
    // As many as there are connections to the database.
    const others = await Promise.all(Array.from({ length: 8 }, () => owner.post<{ code: string }>(path, {})));
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 429));
    expect(others[0]?.body.code).toBe("CHANNEL_TEST_BUSY");
    expect((await list()).total).toBe(0);
    for (const socket of open) socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    expect((await first).status).toBe(204);
    slow.close();
  });

  test("the address of a webhook is sealed: no page, table or export tells more than whose it is, and it stays when it is not changed", async () => {
    const heard: string[] = [];
    const hook = createServer((request, response) => {
      heard.push(request.url ?? "");
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
    const common = { kind: "webhook", minimumSeverity: "info", services: [], language: "en", enabled: true };
    const body = (name: string, address: string) => ({ ...common, name, settings: { url: address } });
    const made = await owner.post<MadeChannel>(url("/alert-channels"), body("a", `${origin}/T0/secret?key=abc`));
    const { channel } = made.body;
    const shown = { url: `${origin}/***` };
    expect(channel.settings).toEqual(shown);
    const list = await owner.get<{ items: Channel[] }>(url("/alert-channels"));
    expect(list.body.items.find(({ id }) => id === channel.id)?.settings).toEqual(shown);
    const kept = await server.platform.store.organisation(organisation, async (tx) => {
      const rows: unknown[] = [];
      for await (const row of exportAlerts(tx, organisation)) rows.push(row);
      return JSON.stringify([rows, (await sql`select * from alerts.channel`.execute(tx)).rows]);
    });
    expect(kept).toContain(origin);
    expect(kept).not.toContain("secret");
    const path = url(`/alert-channels/${channel.id}`);
    const change = (address: string) => owner.call<Channel & { code?: string }>("PUT", path, body("b", address));
    expect((await change(shown.url)).body).toMatchObject({ name: "b", settings: shown });
    expect((await change("https://elsewhere.example/***")).body.code).toBe("WEBHOOK_HIDDEN");
    expect((await owner.post(`${path}/test`, {})).status).toBe(204);
    expect((await change(`${origin}/other`)).status).toBe(200);
    expect((await owner.post(`${path}/test`, {})).status).toBe(204);
    expect(heard).toEqual(["/T0/secret?key=abc", "/other"]);
    hook.close();
  });

  test("a slow receiver leaves the worker at once: others are told meanwhile, and what it takes late counts", async () => {
    const open = new Set<Socket>();
    const slow = createTcp((socket) => void open.add(socket));
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const { port } = slow.address() as AddressInfo;
    const made = await owner.post<MadeChannel>(url("/alert-channels"), {
      kind: "webhook",
      name: "slow",
      settings: { url: `http://127.0.0.1:${port}/` },
      minimumSeverity: "info",
      services: [],
      language: "en",
      enabled: true,
    });
    const states = async (): Promise<string[]> =>
      (
        await server.platform.store.provider((tx) =>
          sql<{ state: string }>`select state from alerts.delivery where channel_id = ${made.body.channel.id}
            order by id`.execute(tx),
        )
      ).rows.map(({ state }) => state);
    for (let i = 0; i < 3; i++) await take(finding({ dedupeKey: `d${i}` }));
    // Nobody answers; the deliveries end all the same, two under way and one that found no turn.
    expect(await runDeliveries()).toBe(0);
    expect(open.size).toBe(2);
    expect(await states()).toEqual(["queued", "queued", "queued"]);
    // Those that are under way are not sent twice.
    await runDeliveries();
    expect(open.size).toBe(2);
    for (const socket of open) socket.end("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    await until(async () => (await states()).filter((state) => state === "sent").length === 2 || null);
    open.clear();
    const last = runDeliveries();
    await until(() => open.size === 1 || null);
    for (const socket of open) socket.end("HTTP/1.1 500 No\r\nconnection: close\r\n\r\n");
    await last;
    slow.close();
  });

  test("steps and channels are checked, and a removed channel takes the steps along that name only it", async () => {
    const mailTo = (to: string[], members = false) => ({
      kind: "mail",
      name: "夜間",
      settings: { members, to },
      minimumSeverity: "bad",
      services: [],
      language: "ja",
      enabled: true,
    });
    expect((await owner.post(url("/alert-channels"), mailTo([]))).body).toMatchObject({ code: "MAIL_NOBODY" });
    const { channel } = (await owner.post<MadeChannel>(url("/alert-channels"), mailTo([`night${count}@customer.test`])))
      .body;
    const policy = (steps: object[]) => owner.call<Policy & { code?: string }>("PUT", url("/alert-policy"), { steps });
    const step = (after: number, channels: string[]) => ({ after, channels, minimumSeverity: "bad" });
    expect((await policy([step(0, [organisation])])).body.code).toBe("POLICY_CHANNEL");
    expect((await policy([step(5, []), step(5, [])])).body.code).toBe("POLICY_ORDER");
    expect((await policy([step(0, []), step(15, [channel.id])])).body.steps).toHaveLength(2);
    await take(finding());
    clock.advance(16 * 60_000);
    await escalate(server.platform);
    await runDeliveries();
    expect((await mails()).filter(({ to }) => to.startsWith("night"))).toHaveLength(2);
    await owner.delete(url(`/alert-channels/${channel.id}`));
    expect((await owner.get<Policy>(url("/alert-policy"))).body.steps).toEqual([step(0, [])]);
    expect((await viewer.post(url("/alert-channels"), mailTo(["a@b.test"]))).status).toBe(403);
  });
});

test("what is long over and nobody took closes by itself", async () => {
  await take(finding());
  await take(finding({ until: clock.now() }));
  clock.advance(8 * 86_400_000);
  await tidy(server.platform);
  const { rows } = await server.platform.store.provider((tx) =>
    sql`select state, close_reason, closed_by from alerts.incident where organisation_id = ${organisation}`.execute(tx),
  );
  expect(rows).toEqual([{ state: "closed", close_reason: "over", closed_by: "system" }]);
});
