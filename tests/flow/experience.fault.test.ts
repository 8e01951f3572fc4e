import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Agent, Overview, Session, Summary, Target, Tenant } from "@yagura/experience/wire/api.ts";
import type { Organisation } from "@yagura/server/shapes.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { api, bootstrap, until, yagura, type Api } from "./client.ts";

/** Server and PC are two machines: each a network namespace of its own, joined by one cable. */
const SERVER = "10.86.0.1";
const PC = "10.86.0.2";
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-agent-"));
const data = join(folder, "data");
const state = join(folder, "state");

let lab: Lab;
let server: Namespace;
let pc: Namespace;
let plane: ChildProcess;
let agent: ChildProcess | null = null;
let client: Api;
let port = 0;

beforeAll(async () => {
  lab = await openLab();
  server = await lab.namespace();
  pc = await lab.namespace();
  await lab.link(
    { in: server, name: "srv", addresses: [`${SERVER}/24`] },
    { in: pc, name: "pc", addresses: [`${PC}/24`] },
  );
  plane = server.node(
    bootstrap,
    ["start", "--data", data, "--port", "0", "--host", "0.0.0.0", "--local-agent", "off"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  port = await new Promise<number>((done, failed) => {
    plane.once("exit", (code) => failed(new Error(`the control plane ended with status ${code}`)));
    createInterface({ input: plane.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (line.startsWith("ready ")) done(Number(new URL(line.slice(6)).port));
    });
  });
  const socket = join(folder, "api.sock");
  server.node(new URL("relay.ts", import.meta.url).pathname, [socket, String(port)], { stdio: "ignore" });
  await until(10, "the relay", async () => existsSync(socket), Boolean);
  client = api(
    `http://localhost:${port}`,
    await yagura("token", "create", "--data", data, "--role", "provider-admin"),
    socket,
  );
}, 180_000);

afterAll(async () => {
  if (plane.exitCode === null && plane.signalCode === null) {
    const ended = new Promise((done) => plane.once("exit", done));
    plane.kill("SIGINT");
    await ended;
  }
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("from the API alone to a sample read back", () => {
  let base = "";
  let made: {
    organisation: Organisation;
    agent: Agent;
    session: Session;
    invitation: { key: string; manualUrl: string; command: string };
  };

  test("EXP-T02 EXP-T03 EXP-T04 EXP-T08 EXP-T09 organisation, contract number, tenant, agent, target, session, invitation", async () => {
    const organisation = await client.post<Organisation>("/api/v1/organisations", { name: "株式会社テスト" });
    base = `/api/v1/organisations/${organisation.id}`;
    const contract = await client.post<{ number: string }>(`${base}/contracts`, { service: "experience" });
    const tenant = await client.post<Tenant>(`${base}/experience/tenants`, { name: "本社" });
    const pcAgent = await client.post<Agent>(`${base}/experience/agents`, {
      tenantId: tenant.id,
      contractNumber: contract.number,
      label: "営業部ノート０１",
      holder: { name: "山田太郎", mail: "yamada@example.jp" },
    });
    const target = await client.post<Target>(`${base}/experience/targets`, {
      tenantId: tenant.id,
      name: "サーバー",
      probe: { kind: "icmp", host: SERVER },
    });
    const session = await client.post<Session>(`${base}/experience/sessions`, {
      agentId: pcAgent.id,
      targetId: target.id,
    });
    const invitation = await client.post<{ key: string; manualUrl: string; command: string }>(
      `${base}/experience/agents/${pcAgent.id}/invitation`,
      { mail: "yamada@example.jp" },
    );
    expect(pcAgent.contractNumber).toBe(contract.number);
    expect(invitation.key).toMatch(/^yk1\./);
    made = { organisation, agent: pcAgent, session, invitation };
    const outbox = await client.get<{ items: { to: string; text: string }[] }>("/api/v1/provider/outbox");
    expect(outbox.items.some(({ to, text }) => to === "yamada@example.jp" && text.includes("yk1."))).toBe(true);
  });

  test("EXP-T01 an agent on another machine enrols over TLS and its samples are read back", async () => {
    agent = pc.node(
      bootstrap,
      ["yagura", "agent", "--server", `https://${SERVER}:${port}`, "--key", made.invitation.key, "--state", state],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    const recent = await until(
      30,
      "samples",
      () =>
        client.get<{ t: number[]; rtt: number[]; outcome: number[] }>(
          `${base}/experience/sessions/${made.session.id}/recent?after=0`,
        ),
      ({ t }) => t.length >= 5,
    );
    expect(recent.outcome.every((one) => one === 0)).toBe(true);
    expect(recent.rtt.every((microseconds) => microseconds > 0 && microseconds < 1_000_000)).toBe(true);
    const newest = Math.max(...recent.t) * (recent.t[0] !== undefined && recent.t[0] > 1e12 ? 1e-6 : 1);
    expect(Date.now() / 1000 - newest).toBeLessThan(15);
  }, 60_000);

  test("EXP-T10 the samples leave as CSV, JSON lines and Parquet", async () => {
    const range = `from=${new Date(Date.now() - 600_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
    const file = async (format: string): Promise<Buffer> => {
      const response = await client.raw(
        "GET",
        `${base}/experience/sessions/${made.session.id}/samples?${range}&format=${format}`,
      );
      expect(response.status, format).toBe(200);
      expect(response.headers.get("content-disposition")).toContain(`.${format}`);
      return Buffer.from(await response.arrayBuffer());
    };
    const csv = (await file("csv")).toString().trim().split("\n");
    const lines = (await file("jsonl")).toString().trim().split("\n");
    expect(csv.length).toBeGreaterThan(5);
    expect(Math.abs(csv.length - 1 - lines.length)).toBeLessThan(30);
    expect(JSON.parse(lines[0] ?? "")).toHaveProperty("rtt_us");
    expect((await file("parquet")).subarray(0, 4).toString()).toBe("PAR1");
  });

  test("a second use of the key is refused and says why (EXP-T08)", async () => {
    const other = pc.node(
      bootstrap,
      [
        "yagura",
        "agent",
        "--server",
        `https://${SERVER}:${port}`,
        "--key",
        made.invitation.key,
        "--state",
        join(folder, "second"),
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    let told = "";
    other.stderr?.on("data", (piece: Buffer) => (told += piece.toString()));
    const status = await new Promise<number | null>((done) => other.once("exit", (code) => done(code)));
    expect(status).not.toBe(0);
    expect(told).toMatch(/already used/);
  }, 60_000);

  test("a change of the configuration reaches the running agent: a paused session falls silent, a new one speaks", async () => {
    const target = await client.post<Target>(`${base}/experience/targets`, {
      tenantId: made.agent.tenantId,
      name: "TCP",
      probe: { kind: "tcp", host: SERVER, port },
    });
    const session = await client.post<Session>(`${base}/experience/sessions`, {
      agentId: made.agent.id,
      targetId: target.id,
      interval: 200,
    });
    await until(
      20,
      "samples of the new session",
      () => client.get<{ t: number[] }>(`${base}/experience/sessions/${session.id}/recent?after=0`),
      ({ t }) => t.length >= 5,
    );
    const overview = await client.get<Overview>(`${base}/experience/overview`);
    expect(overview.sessions).toHaveLength(2);
    expect(overview.agents[0]?.agent.state).toBe("online");
  }, 60_000);

  test("a cable that drops every fourth echo is seen as loss, and summary and score say so", async () => {
    await server.shell(
      `nft add table ip t; nft 'add chain ip t in { type filter hook input priority 0; }'; nft 'add rule ip t in icmp type echo-request numgen inc mod 4 == 0 drop'`,
    );
    const from = new Date().toISOString();
    const summary = await until(
      60,
      "loss",
      () =>
        client.get<Summary>(
          `${base}/experience/sessions/${made.session.id}/summary?from=${from}&to=${new Date(Date.now() + 60_000).toISOString()}`,
        ),
      ({ samples, loss }) => samples >= 16 && (loss ?? 0) > 0.15,
    );
    expect(summary.loss).toBeGreaterThan(0.15);
    expect(summary.loss).toBeLessThan(0.35);
    expect(summary.score.state).not.toBe("good");
    expect(summary.score.reasons.map(({ kind }) => kind)).toContain("loss");
  }, 120_000);

  test("a revoked device is refused at once, stops with status 3 and says so", async () => {
    const shown = await client.get<Agent>(`${base}/experience/agents/${made.agent.id}`);
    const ended = new Promise<number | null>((done) => agent?.once("exit", (code) => done(code)));
    await client.post(`${base}/devices/${shown.deviceId}/revoke`, { reason: "lost" });
    expect(await ended).toBe(3);
  }, 60_000);
});
