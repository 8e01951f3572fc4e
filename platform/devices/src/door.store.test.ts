/** The whole way with real stores: enrolment, signed batches, journal, telemetry rows, configuration stream, revocation. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { EXIT_REVOKED, runEdge } from "@yagura/edge/run.ts";
import type { EdgeHost } from "@yagura/edge/service.ts";
import { labMigrations, labValues, startEdgeLab, type EdgeLab } from "@yagura/testkit/edge-lab.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { until } from "@yagura/testkit/until.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let stores: TestStores;
let lab: EdgeLab;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yagura-door-"));
  stores = await testStores({ migrations: labMigrations });
  lab = await startEdgeLab({ stores, dataFolder: folder });
});
afterAll(async () => {
  await lab.close();
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A running edge program whose one service keeps what it was told. */
async function program(organisation: string, key?: string, state = join(folder, newId())) {
  const stop = new AbortController();
  const configurations: unknown[] = [];
  let host: EdgeHost | null = null;
  const ended = runEdge({
    folder: state,
    program: "agent",
    version: "1.2.3",
    server: lab.url,
    key: key ?? (await lab.key(organisation)),
    log: quiet,
    signal: stop.signal,
    services: [
      (given) => {
        host = given;
        return { id: "lab", configure: (document) => void configurations.push(document), stop: () => undefined };
      },
    ],
  });
  ended.catch(() => undefined);
  const failed = ended.then(() => null).catch((error: unknown) => Promise.reject(error as Error));
  const running = await Promise.race([until(() => host), failed.then(() => Promise.reject(new Error("ended early")))]);
  const { rows } = await stores.store.organisation(organisation, (tx) =>
    sql<{ id: string }>`select id from devices.device order by enrolled_at desc, id desc limit 1`.execute(tx),
  );
  const device = (rows[0] as { id: string }).id;
  return { state, device, host: running, configurations, ended, stop: () => (stop.abort(), ended) };
}

describe("an edge program and the door", () => {
  test("values are stored once, and a stop leaves nothing behind", async () => {
    const organisation = newId();
    const agent = await program(organisation);
    for (let i = 0; i < 20; i++) agent.host.submit("lab.values", { values: [2 * i, 2 * i + 1] });
    expect(await agent.stop()).toBe(0);
    await lab.door.drain();
    expect(await labValues(stores.telemetry, organisation, agent.device)).toEqual([...Array(40).keys()]);
    const again = await program(organisation, undefined, agent.state);
    again.host.submit("lab.values", { values: [40] });
    expect(await again.stop()).toBe(0);
    await lab.door.drain();
    expect(await labValues(stores.telemetry, organisation, again.device)).toEqual([40]);
  });

  test("a configuration reaches a running program, and its acknowledgement comes back", async () => {
    const organisation = newId();
    const agent = await program(organisation);
    await stores.store.organisation(organisation, (tx) =>
      lab.devices.configure(tx, organisation, agent.device, "lab", { interval: 7 }),
    );
    await until(() => agent.configurations.some((one) => JSON.stringify(one) === '{"interval":7}'));
    await until(async () => {
      await lab.door.flush();
      const { rows } = await stores.store.provider((tx) =>
        sql`select from devices.presence where device_id = ${agent.device} and configuration_acknowledged = 1 and online`.execute(
          tx,
        ),
      );
      return rows.length === 1 || null;
    });
    expect(await agent.stop()).toBe(0);
  });

  test("a revoked program is cut off at once, says why, ends with status 3 and stays away", async () => {
    const organisation = newId();
    const agent = await program(organisation);
    agent.host.submit("lab.values", { values: [1] });
    await stores.store.organisation(organisation, (tx) =>
      lab.devices.revokeDevice(tx, organisation, agent.device, "The contract ended."),
    );
    expect(await agent.ended).toBe(EXIT_REVOKED);
    const errors: unknown[] = [];
    const again = runEdge({
      folder: agent.state,
      program: "agent",
      version: "1.2.3",
      services: [],
      log: { ...quiet, error: (_message, parameters) => void errors.push(parameters?.["reason"]) },
      signal: AbortSignal.timeout(60_000),
    });
    expect(await again).toBe(EXIT_REVOKED);
    expect(String(errors[0])).toContain("The contract ended.");
  });
});
