/** The control plane away for an hour (by a test clock), agents with wrong clocks, a thousand agents that come back at once. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "kysely";
import { Agent } from "undici";
import { newId } from "@yagura/core/ids.ts";
import { createOffsetFilter } from "@yagura/edge/clock-offset.ts";
import type { Identity } from "@yagura/edge/identity.ts";
import { runEdge } from "@yagura/edge/run.ts";
import type { EdgeHost, EdgeTime } from "@yagura/edge/service.ts";
import { readStatus } from "@yagura/edge/status.ts";
import { startStream } from "@yagura/edge/stream.ts";
import { systemTime } from "@yagura/edge/time.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { memoryIdentity, testDevice, told } from "@yagura/testkit/edge-device.ts";
import {
  labKind,
  labMigrations,
  labValues,
  startEdgeLab,
  type EdgeLab,
  type LabBody,
} from "@yagura/testkit/edge-lab.ts";
import { manualTime } from "@yagura/testkit/edge-time.ts";
import { until } from "@yagura/testkit/until.ts";
import type { IngestBatch, IngestKind } from "@yagura/devices/devices.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let stores: TestStores;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yagura-away-"));
  stores = await testStores({ migrations: labMigrations });
});
afterAll(async () => {
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
/** Waits for a condition while the program's time moves on. */
const untilPassing = (ask: () => boolean | Promise<boolean>, pass: () => void): Promise<true> =>
  until(async () => {
    if (await ask()) return true;
    pass();
    return false;
  }, 5);
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Running {
  readonly host: EdgeHost;
  readonly state: string;
  readonly stop: () => Promise<number>;
}
async function program(
  server: string,
  key: string,
  time: EdgeTime,
  first?: (host: EdgeHost) => void,
): Promise<Running> {
  const stop = new AbortController();
  const state = join(folder, newId());
  let host: EdgeHost | null = null;
  const ended = runEdge({
    folder: state,
    program: "agent",
    version: "0",
    server,
    key,
    time,
    log: quiet,
    signal: stop.signal,
    services: [
      (given) => {
        host = given;
        first?.(given);
        return { id: "lab", configure: () => undefined, stop: () => undefined };
      },
    ],
  });
  await until(() => host !== null);
  return {
    host: host as unknown as EdgeHost,
    state,
    async stop() {
      stop.abort();
      return ended;
    },
  };
}

async function deviceOf(organisation: string): Promise<string> {
  const { rows } = await stores.store.organisation(organisation, (tx) =>
    sql<{ id: string }>`select id from devices.device`.execute(tx),
  );
  return (rows[0] as { id: string }).id;
}

describe("the control plane is away", () => {
  test(
    "for an hour: nothing is lost, nothing is stored twice, the spool empties afterwards",
    { timeout: 90_000 },
    async () => {
      const port = await freePort();
      const dataFolder = join(folder, "data");
      const organisation = newId();
      const time = manualTime(Date.now());
      let lab = await startEdgeLab({ stores, dataFolder, port });
      const agent = await program(lab.url, await lab.key(organisation), time);
      let value = 0;
      const submit = (): void => void agent.host.submit("lab.values", { values: [value++, value++] });
      submit();
      const device = await deviceOf(organisation);
      await until(async () => {
        await lab.door.drain();
        return (await labValues(stores.telemetry, organisation, device)).length === 2;
      });
      await lab.close();
      for (let passed = 0; passed < HOUR; passed += 5_000) {
        submit();
        time.advance(5_000);
        if (passed % 60_000 === 0) await breathe();
      }
      lab = await startEdgeLab({ stores, dataFolder, port, limits: { deviceBurst: 5_000 } });
      await untilPassing(
        async () => {
          await lab.door.drain();
          return (await labValues(stores.telemetry, organisation, device)).length >= value;
        },
        () => time.advance(1_000),
      );
      expect(await labValues(stores.telemetry, organisation, device)).toEqual([...Array(value).keys()]);
      const stopped = agent.stop();
      let over = false;
      void stopped.then(() => (over = true));
      await untilPassing(
        () => over,
        () => time.advance(100),
      );
      expect(await stopped).toBe(0);
      expect(readStatus(agent.state)?.spool).toMatchObject({ batches: 0, dropped: 0, aside: 0 });
      await lab.close();
    },
  );
});

describe("clocks that are wrong", () => {
  test.each([
    { name: "a day fast", off: DAY },
    { name: "a day slow", off: -DAY },
    { name: "at 1970, as without a battery", off: -Date.now() + 60_000 },
  ])(
    "$name: batches are taken, and the offset comes with them, even with those sealed before it was known",
    async ({ off }) => {
      const heard: IngestBatch<LabBody>[] = [];
      const kind: IngestKind<LabBody> = { ...labKind, stored: async (batches) => void heard.push(...batches) };
      const lab = await startEdgeLab({ stores, dataFolder: join(folder, "data"), kinds: [kind] });
      const organisation = newId();
      const wrong: EdgeTime = {
        ...systemTime,
        clock: { now: () => Date.now() + off, monotonic: () => performance.now() },
      };
      const agent = await program(lab.url, await lab.key(organisation), wrong, (host) => {
        host.submit("lab.values", { values: [1] });
      });
      await until(() => agent.host.clockOffset() !== null);
      agent.host.submit("lab.values", { values: [2] });
      const device = await deviceOf(organisation);
      await until(async () => {
        await lab.door.drain();
        return (await labValues(stores.telemetry, organisation, device)).length === 2;
      });
      expect(await agent.stop()).toBe(0);
      // Both clocks are of this machine: the truth is known to the microsecond, and the stated bound must hold.
      const { offset, bound } = readStatus(agent.state)?.clock ?? { offset: 0, bound: 0 };
      expect(Math.abs(offset + off * 1000)).toBeLessThanOrEqual(bound);
      for (const { clockOffset } of heard) expect(Math.abs(clockOffset + off * 1000)).toBeLessThan(2_000_000);
      expect(heard).toHaveLength(2);
      await lab.close();
    },
  );

  test("a clock that is set while the program runs: the old offset is void at once, and a new one is measured", async () => {
    const lab = await startEdgeLab({ stores, dataFolder: join(folder, "data") });
    let off = 0;
    const time: EdgeTime = {
      ...systemTime,
      clock: { now: () => Date.now() + off, monotonic: () => performance.now() },
    };
    const organisation = newId();
    const agent = await program(lab.url, await lab.key(organisation), time);
    agent.host.submit("lab.values", { values: [1] });
    await until(() => agent.host.clockOffset() !== null);
    off = -DAY;
    expect(agent.host.clockOffset()).toBe(null);
    agent.host.submit("lab.values", { values: [2] });
    await until(() => agent.host.clockOffset() !== null);
    expect(Math.round((agent.host.clockOffset()?.offset ?? 0) / 1e6)).toBe(DAY / 1000);
    expect(await agent.stop()).toBe(0);
    await lab.close();
  });
});

describe("a thousand agents", () => {
  const COUNT = 1_000;

  /** Devices enrolled by SQL: their enrolment is another test's matter. */
  async function enrolMany(lab: EdgeLab, organisation: string): Promise<Identity[]> {
    const identities = Array.from({ length: COUNT }, () => memoryIdentity(newId(), organisation, lab.url));
    const rows = identities.map(({ device, publicKey }) => ({
      device,
      key: Buffer.from(publicKey, "base64url").toString("hex"),
    }));
    await stores.store.organisation(organisation, (tx) =>
      sql`insert into devices.device (id, organisation_id, program, version, hostname, platform, public_key,
            subject_service, subject_kind, subject_id, enrolled_at)
          select x.device, ${organisation}, 'agent', '0', 'h', 'p', decode(x.key, 'hex'), 'lab', 'thing', x.device, now()
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (device uuid, key text)`.execute(tx),
    );
    return identities;
  }

  test(
    "reconnect at once after a restart: all get their configuration again, and all batches are stored once",
    { timeout: 90_000 },
    async () => {
      const port = await freePort();
      const dataFolder = join(folder, "data");
      const organisation = newId();
      let lab = await startEdgeLab({ stores, dataFolder, port });
      const identities = await enrolMany(lab, organisation);
      const stop = new AbortController();
      const configured = new Map<string, number>();
      const dispatcher = new Agent({ connections: 2 * COUNT });
      const streams = identities.map((identity) =>
        startStream({
          identity,
          origin: lab.url,
          dispatcher,
          offset: createOffsetFilter(systemTime.clock),
          time: systemTime,
          log: quiet,
          configured: async () =>
            void configured.set(identity.device as string, (configured.get(identity.device as string) ?? 0) + 1),
          revoked: () => undefined,
          signal: stop.signal,
        }),
      );
      await until(() => configured.size === COUNT);
      configured.clear();
      await lab.close();
      lab = await startEdgeLab({ stores, dataFolder, port });
      const devices = identities.map((identity) => testDevice(lab, identity, organisation));
      const answers = await Promise.all(
        devices.map((device, i) => device.submit(1, [i]).then((answer) => told(answer))),
      );
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      await until(() => configured.size === COUNT);
      await lab.door.drain();
      const rows = await stores.telemetry.query<{ value: number }>(
        organisation,
        "select value from lab_value where organisation = {organisation:UUID} order by value",
      );
      expect(rows.map(({ value }) => value)).toEqual([...Array(COUNT).keys()]);
      await lab.door.flush();
      const { rows: online } = await stores.store.organisation(organisation, (tx) =>
        sql<{ count: string }>`select count(*) as count from devices.presence where online`.execute(tx),
      );
      expect(Number(online[0]?.count)).toBe(COUNT);
      stop.abort();
      await Promise.all(streams.map(({ ended }) => ended));
      await dispatcher.destroy();
      await lab.close();
    },
  );
});
