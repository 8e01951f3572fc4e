/**
 * kill -9 of the control plane and of edge programs at random moments under load, at least 30 times each: what was sealed is
 * stored, and stored once. The two stores live on (tests/faults/store-* kills those). The seed is printed; set YAGURA_SEED to
 * repeat a run.
 */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { readStatus } from "@yagura/edge/status.ts";
import { everyOrganisation, type Telemetry } from "@yagura/store/store.ts";
import { startClickHouseFront } from "@yagura/testkit/clickhouse-front.ts";
import { testStores } from "@yagura/testkit/database.ts";
import { labMigrations } from "@yagura/testkit/edge-lab.ts";
import { randomFrom, seedOf } from "@yagura/testkit/random.ts";

const KILLS = Number(process.env["YAGURA_KILLS"] ?? 30);
const AGENTS = 2;
const seed = seedOf("YAGURA_SEED");
const program = (name: string): string => fileURLToPath(new URL(`edge-programs/${name}.ts`, import.meta.url));
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as T));
    child.once("exit", (code) => reject(new Error(`a program ended with ${code} before it answered`)));
  });
}
const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", resolve));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test(
  `kill -9 under load, seed ${seed}: nothing sealed is lost, nothing is stored twice`,
  { timeout: 600_000 },
  async () => {
    console.log(`seed ${seed}`);
    const random = randomFrom(seed);
    const folder = mkdtempSync(join(tmpdir(), "yagura-kill-"));
    const port = await freePort();
    const stores = await testStores({ migrations: labMigrations });
    const front = await startClickHouseFront(await stores.engine());
    const children = new Set<ChildProcess>();
    const start = (name: string, argv: string[]): ChildProcess => {
      const child = fork(program(name), argv, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
      children.add(child);
      child.once("exit", () => children.delete(child));
      return child;
    };
    const startPlane = async (): Promise<ChildProcess> => {
      const plane = start("plane", [join(folder, "data"), String(port), stores.connectionString, front.url]);
      await answer(plane);
      return plane;
    };
    let runs = 0;
    const startSender = (agent: number, key?: string, first = ++runs * 1_000_000): ChildProcess =>
      start("sender", [
        join(folder, `agent-${agent}`),
        join(folder, `truth-${agent}`),
        String(first),
        `http://127.0.0.1:${port}`,
        ...(key === undefined ? [] : [key]),
      ]);
    try {
      let plane = await startPlane();
      const senders: ChildProcess[] = [];
      for (let agent = 0; agent < AGENTS; agent++) {
        const issued = answer<{ key: string }>(plane);
        plane.send({ key: newId() });
        const sender = startSender(agent, (await issued).key);
        await answer(sender);
        senders.push(sender);
      }
      const killed = { plane: 0, senders: 0 };
      while (killed.plane < KILLS || killed.senders < KILLS) {
        await pause(random() * 600);
        if (killed.plane < KILLS && random() < 0.5) {
          plane.kill("SIGKILL");
          await ended(plane);
          killed.plane++;
          plane = await startPlane();
        } else if (killed.senders < KILLS) {
          const agent = Math.floor(random() * AGENTS);
          const sender = senders[agent] as ChildProcess;
          sender.kill("SIGKILL");
          await ended(sender);
          killed.senders++;
          senders[agent] = startSender(agent);
        }
      }
      for (const [agent, sender] of senders.entries()) {
        sender.send("stop");
        expect(await ended(sender)).toBe(0);
        // What a stop could not wait for is sent by a last run that seals nothing.
        const state = join(folder, `agent-${agent}`);
        const last = startSender(agent, undefined, -1);
        await answer(last);
        while ((readStatus(state)?.pid ?? 0) !== last.pid || (readStatus(state)?.spool.batches ?? 1) > 0)
          await pause(100);
        last.send("stop");
        expect(await ended(last)).toBe(0);
      }
      plane.send("stop");
      expect(await ended(plane)).toBe(0);
      await check(stores.telemetry, folder, killed);
    } finally {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all([...children].map(ended));
      await front.close();
      await stores.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

async function check(telemetry: Telemetry, folder: string, killed: object): Promise<void> {
  const rows = await telemetry.query<{ value: number; times: number }>(
    everyOrganisation,
    "select value, count() as times from lab_value group by value",
    {},
    { timeout: 60_000 },
  );
  const stored = new Map(rows.map(({ value, times }) => [value, times]));
  const truth = Array.from({ length: AGENTS }, (_, agent) => readFileSync(join(folder, `truth-${agent}`), "utf8"))
    .flatMap((text) => text.trim().split("\n"))
    .map(Number);
  console.log({ ...killed, sealed: truth.length, stored: stored.size });
  expect(truth.filter((value) => !stored.has(value))).toEqual([]);
  expect([...stored].filter(([, times]) => times !== 1)).toEqual([]);
  expect(truth.length).toBeGreaterThan(1_000);
}
