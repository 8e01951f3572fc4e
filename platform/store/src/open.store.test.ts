/** Opening the stores wherever people put them: any user, any folder, after any crash. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Stores, StoresOptions } from "./open.ts";
import { openStores } from "./open.ts";
import { isAlive, waitFor } from "./processes.ts";

const program = fileURLToPath(new URL("../../testkit/src/stores-program.ts", import.meta.url));
const isRoot = process.getuid?.() === 0;
const place = mkdtempSync(join(tmpdir(), "yagura-open-"));
chmodSync(place, 0o711);
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.stdin?.end();
    await once(child, "exit");
  }
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const optionsFor = (dataFolder: string): StoresOptions => ({ dataFolder, migrations: [], clickhouseMemory: 1e9 });

interface Started {
  readonly child: ChildProcess;
  readonly said: { postgres?: number; clickhouse?: number; answers?: boolean; code?: string };
}

async function start(dataFolder: string, uid?: number): Promise<Started> {
  const identity = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(process.execPath, [program, dataFolder], { ...identity, stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, said: JSON.parse(line) as Started["said"] };
}

async function opens(dataFolder: string): Promise<void> {
  const stores = await openStores(optionsFor(dataFolder));
  try {
    expect([await stores.store.ready(), await stores.telemetry.ready()]).toEqual([true, true]);
  } finally {
    await stores.stop();
  }
}

describe("opens, stops, and opens again", () => {
  test.each([
    { name: "in a folder that others may pass", mode: 0o755 },
    { name: "in a folder closed to others", mode: 0o700 },
  ])("$name", async ({ name, mode }) => {
    const folder = join(place, name.replaceAll(" ", "-"));
    mkdirSync(folder);
    chmodSync(folder, mode);
    await opens(folder);
    await opens(folder);
    expect(statSync(join(folder, "postgres/data")).mode & 0o077).toBe(0);
  });

  test("in a folder that was open at first and is closed later, and the other way round", async () => {
    const folder = join(place, "changing");
    mkdirSync(folder);
    for (const mode of [0o755, 0o700, 0o755]) {
      chmodSync(folder, mode);
      await opens(folder);
    }
  });

  test("in a folder with spaces, Japanese and a path longer than a socket's name may be", async () => {
    const folder = join(place, "櫓 の データ", "x".repeat(120));
    await opens(folder);
    await opens(folder);
  });

  test("as an ordinary user", async () => {
    const folder = join(place, "ordinary");
    mkdirSync(folder, { mode: 0o700 });
    const uid = isRoot ? 65_534 : undefined;
    if (uid !== undefined) chownSync(folder, uid, uid);
    const { child, said } = await start(folder, uid);
    expect(said).toMatchObject({ answers: true });
    child.stdin?.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});

describe("after a crash", () => {
  test("of the control plane: the server that was left over is stopped, the ClickHouse child ends by itself", async () => {
    const folder = join(place, "crashed");
    const { child, said } = await start(folder);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isAlive(said.postgres ?? 0)).toBe(true);
    expect(await waitFor(() => !isAlive(said.clickhouse ?? 0), 10_000)).toBe(true);
    await opens(folder);
    expect(isAlive(said.postgres ?? 0)).toBe(false);
  });

  test("of everything, and another program now has the server's process number", async () => {
    const folder = join(place, "reused");
    await opens(folder);
    const file = join(folder, "postgres/data/postmaster.pid");
    // Our own number stands for the other program; it must survive.
    writeFileSync(file, `${process.pid}\n${join(folder, "postgres/data")}\n1\n5432\n`);
    writeFileSync(join(folder, "postgres/socket/.s.PGSQL.5432.lock"), `${process.pid}\n`);
    await opens(folder);
  });
});

describe("refuses", () => {
  test("a folder that another Yagura uses, and says which process", async () => {
    const folder = join(place, "used");
    const { child, said } = await start(folder);
    expect(said).toMatchObject({ answers: true });
    await expect(openStores(optionsFor(folder))).rejects.toMatchObject({
      code: "DATA_FOLDER_IN_USE",
      parameters: { pid: String(child.pid) },
    });
  });

  test("a place that is no folder", async () => {
    const file = join(place, "file");
    writeFileSync(file, "");
    await expect(openStores(optionsFor(file))).rejects.toMatchObject({ code: "DATA_FOLDER_NOT_WRITABLE" });
  });

  test("a folder that an ordinary user cannot write", async () => {
    const folder = join(place, "closed");
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    if (isRoot) {
      const { said } = await start(folder, 65_534);
      expect(said).toMatchObject({ code: "DATA_FOLDER_NOT_WRITABLE" });
    } else {
      await expect(openStores(optionsFor(folder))).rejects.toMatchObject({ code: "DATA_FOLDER_NOT_WRITABLE" });
    }
  });

  test("data of another PostgreSQL, and leaves them as they are", async () => {
    const folder = join(place, "older");
    await opens(folder);
    const version = join(folder, "postgres/data/PG_VERSION");
    writeFileSync(version, "17\n");
    await expect(openStores(optionsFor(folder))).rejects.toMatchObject({ code: "POSTGRES_DATA_VERSION" });
    expect(readFileSync(version, "utf8")).toBe("17\n");
  });
});

test("a start that fails leaves no process behind", async () => {
  const folder = join(place, "failing");
  mkdirSync(join(folder, "clickhouse"), { recursive: true });
  writeFileSync(join(folder, "clickhouse/data"), "in the way");
  await expect(openStores(optionsFor(folder))).rejects.toMatchObject({ code: "TELEMETRY_UNAVAILABLE" });
  rmSync(join(folder, "clickhouse"), { recursive: true });
  await opens(folder);
});

test("engines that are killed come back, and say so", async () => {
  const stores: Stores = await openStores(optionsFor(join(place, "killed")));
  try {
    const restarted = new Set<string>();
    stores.events.on("restarted", (engine) => restarted.add(engine));
    const { postgres = 0, clickhouse = 0 } = stores.pids();
    process.kill(postgres, "SIGKILL");
    process.kill(clickhouse, "SIGKILL");
    expect(await waitFor(() => restarted.size === 2, 30_000)).toBe(true);
    expect([await stores.store.ready(), await stores.telemetry.ready()]).toEqual([true, true]);
  } finally {
    await stores.stop();
  }
});
