/** From accepted batches to what a customer sees over HTTP: overview, series, summary, tail and export; and who may not. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import type { IngestBatch } from "@yagura/devices/devices.ts";
import { openOffice, type Customer, type Office } from "../../../../tests/support/experience-office.ts";
import { createIngest } from "../ingest.ts";
import type { Agent, Overview, Series, Session, Summary, Target, WorstSession } from "../wire/api.ts";
import type { SampleBlock, SamplesBody } from "../wire/samples.ts";

const S = 1_000_000;
let office: Office;
let here: Customer;
let there: Customer;
let agent: Agent;
let device: string;
/** Healthy, lossy, silent, in this order. */
let sessions: Session[];
let now: number;
const ingest = createIngest();

const blockOf = (session: string, change: Partial<SampleBlock> = {}): SampleBlock => ({
  session,
  method: 4,
  start: now - 300 * S,
  interval: S,
  count: 300,
  slot: [1],
  delay: [100],
  rtt: Array.from({ length: 300 }, (_, i) => 10_000 + (i % 10) * 10),
  outcome: [0],
  flags: [0],
  bound: [20],
  ...change,
});
const batchOf = (blocks: SampleBlock[], from = device, organisation = here.id): IngestBatch<SamplesBody> => ({
  device: from,
  organisation,
  epoch: "0123456789abcdef",
  sequence: 1,
  receivedAt: now,
  clockOffset: 0,
  body: { blocks, gaps: [] },
});
async function store(batch: IngestBatch<SamplesBody>): Promise<void> {
  expect(await ingest.refuse?.(batch, office.server.platform)).toBeNull();
  for (const { table, columns } of ingest.toRows([batch])) {
    await office.server.stores.telemetry.insert(table, columns, `${newId()}:${table}`);
  }
  await ingest.stored?.([batch], office.server.platform);
}

beforeAll(async () => {
  office = await openOffice();
  now = office.server.clock.now() * 1000;
  here = await office.customer("株式会社東", "owner@east.test");
  there = await office.customer("West Inc.", "owner@west.test");
  const tenant = await office.newTenant(here);
  agent = await office.newAgent(here, tenant.id);
  ({ device } = await office.install((await office.invite(here, agent.id)).key));
  sessions = [];
  for (const name of ["healthy", "lossy", "silent"]) {
    const target = await here.owner.post<Target>(`${here.base}/targets`, {
      tenantId: tenant.id,
      name,
      probe: { kind: "tcp", host: `${name}.example.jp`, port: 443 },
    });
    sessions.push(await office.newSession(here, agent.id, target.body.id));
  }
  await store(batchOf([blockOf(idOf(0))]));
  const lossy = Array.from({ length: 300 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  await store(batchOf([blockOf(idOf(1), { outcome: lossy, rtt: lossy.map((lost) => (lost === 1 ? 0 : 20_000)) })]));
}, 120_000);
afterAll(() => office.server.stop());
const idOf = (i: number): string => (sessions[i] as Session).id;
const pathOf = (i: number, rest: string): string => `${here.base}/sessions/${idOf(i)}/${rest}`;

describe("which device may speak for which session", () => {
  test("its own: yes; another device's: no; of a removed session: taken, nobody sees it", async () => {
    const refuse = (batch: IngestBatch<SamplesBody>) => createIngest().refuse?.(batch, office.server.platform);
    expect(await refuse(batchOf([blockOf(idOf(0))]))).toBeNull();
    expect(await refuse(batchOf([blockOf(idOf(0))], newId()))).toBe("SAMPLES_FOREIGN");
    expect(await refuse(batchOf([blockOf(idOf(0)), blockOf(newId())]))).toBeNull();
    expect(await refuse(batchOf([blockOf(newId()), blockOf(idOf(0))], newId()))).toBe("SAMPLES_FOREIGN");
  });
});

test("EXP-T03: the overview tells the last hour of every session, worst first, unknown is neither good nor bad", async () => {
  const { status, body } = await here.owner.get<Overview>(`${here.base}/overview`);
  expect(status).toBe(200);
  expect(body.sessions.map(({ session, score }) => [session.targetName, score.state])).toEqual([
    ["lossy", "bad"],
    ["silent", "unknown"],
    ["healthy", "good"],
  ]);
  const [lossy, silent, healthy] = body.sessions;
  expect(lossy).toMatchObject({ loss: 0.2, p50Us: 20_000 });
  expect(lossy?.score.reasons[0]).toMatchObject({
    kind: "loss",
    value: 20,
    unit: "%",
    since: new Date(now / 1000 - 300_000).toISOString(),
  });
  expect(silent).toMatchObject({ lastAt: null, loss: null, p50Us: null, mos: null, score: { value: null } });
  expect(healthy?.p50Us).toBe(10_045);
  expect(healthy?.mos).toBeGreaterThan(4.3);
  expect(healthy?.spark.slice(-5)).toEqual(Array(5).fill(10_045));
  expect(healthy?.spark.slice(0, 55)).toEqual(Array(55).fill(null));
  expect(body.tenants[0]?.sessions).toEqual({ good: 1, notice: 0, bad: 1, unknown: 1 });
  expect(body.agents[0]?.score.state).toBe("bad");
  expect(body.score.reasons.map(({ kind }) => kind)).toEqual(["loss", "not-observed"]);
});

test("the worst of 30 days, worst first", async () => {
  const { body } = await here.owner.get<WorstSession[]>(`${here.base}/worst?limit=5`);
  expect(body.map(({ session, loss }) => [session.targetName, loss])).toEqual([
    ["lossy", 0.2],
    ["healthy", 0],
  ]);
  expect(Math.abs((body[1]?.p50Us ?? 0) - 10_045)).toBeLessThan(101);
  expect((await there.owner.get<WorstSession[]>(`${there.base}/worst`)).body).toEqual([]);
});

test("the provider's list of agents carries the same score", async () => {
  const list = await office.server.admin.get<{
    items: { agent: Agent; organisationName: string; score: { state: string } }[];
  }>("/api/v1/provider/experience/agents");
  expect(list.body.items.find((item) => item.agent.id === agent.id)).toMatchObject({
    organisationName: "株式会社東",
    score: { state: "bad" },
  });
  expect((await here.owner.get("/api/v1/provider/experience/agents")).status).toBe(403);
});

describe("one session", () => {
  const from = () => new Date(now / 1000 - 300_000).toISOString();
  const to = () => new Date(now / 1000).toISOString();
  test("series", async () => {
    const { body } = await here.owner.get<Series>(pathOf(0, `series?from=${from()}&to=${to()}&points=10`));
    expect(body).toMatchObject({ step: 30, source: "raw", error: 0 });
    expect(body.p50).toEqual(Array(10).fill(10_045));
    expect(body.phases).toBeDefined();
  });
  test("summary", async () => {
    const { body } = await here.owner.get<Summary>(pathOf(1, `summary?from=${from()}&to=${to()}`));
    expect(body).toMatchObject({ samples: 300, loss: 0.2, observed: 1, lossRuns: [{ length: 1, times: 60 }] });
    expect(body.methods).toEqual([{ method: "tcp-connect-kernel", samples: 300, boundUs: 20 }]);
    expect(body.voice?.mos).toBeLessThan(3);
  });
  test("the live tail", async () => {
    const { body } = await here.owner.get<{ t: number[]; rtt: number[] }>(pathOf(0, `recent?after=${now - 3 * S}`));
    expect(body.t).toEqual([now - 2 * S, now - S]);
    expect(body.rtt).toEqual([10_080, 10_090]);
  });
  test.each([
    ["to before from", () => `series?from=${to()}&to=${from()}`],
    ["eleven years", () => `summary?from=2015-11-20T00:00:00Z&to=2026-11-20T00:00:00Z`],
  ])("refused: %s", async (_, rest) => {
    const answer = await here.owner.get(pathOf(0, rest()));
    expect([answer.status, answer.body["code"]]).toEqual([422, "RANGE_INVALID"]);
  });
  test("EXP-T06: with another organisation's address or id it does not exist", async () => {
    for (const rest of ["series", "summary", "recent", "samples"]) {
      expect((await there.owner.get(pathOf(0, rest))).status).toBe(404);
      expect((await there.owner.get(`${there.base}/sessions/${idOf(0)}/${rest}`)).status).toBe(404);
      expect((await here.owner.get(`${here.base}/sessions/${newId()}/${rest}`)).status).toBe(404);
    }
  });
});

describe("EXP-T10: export", () => {
  const range = () => `from=${new Date(now / 1000 - 300_000).toISOString()}&to=${new Date(now / 1000).toISOString()}`;
  test.each([
    { format: "csv", type: "text/csv", lines: 301 },
    { format: "jsonl", type: "application/x-ndjson", lines: 300 },
  ])("$format", async ({ format, type, lines }) => {
    const answer = await here.owner.get(pathOf(0, `samples?${range()}&format=${format}`));
    expect(answer.status).toBe(200);
    expect(String(answer.headers["content-type"])).toContain(type);
    expect(answer.headers["content-disposition"]).toBe(
      `attachment; filename="samples-${idOf(0)}-20261120T025500Z-20261120T030000Z.${format}"`,
    );
    expect(answer.text.trim().split("\n")).toHaveLength(lines);
  });
  test("Parquet", async () => {
    const answer = await here.owner.get(pathOf(0, `samples?${range()}&format=parquet`));
    expect(answer.text.slice(0, 4)).toBe("PAR1");
  });
  test("needs the scope, and is in the audit log", async () => {
    const viewer = await office.tokenOf("viewer", here.id);
    expect((await viewer.get(pathOf(0, "series"))).status).toBe(200);
    expect((await viewer.get(pathOf(0, "samples"))).status).toBe(403);
    const log = await here.owner.get<{ items: { action: string; subject: string; details: object }[] }>(
      `/api/v1/organisations/${here.id}/audit`,
    );
    expect(log.body.items.find(({ action }) => action === "samples.export")).toMatchObject({
      subject: `session:${idOf(0)}`,
      details: { format: expect.any(String) as string },
    });
  });
});
