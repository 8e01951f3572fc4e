/** Keeps the embedded PostgreSQL running: starts it, waits until it answers, restarts it when it dies, stops it clean. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "pg";
import type { Log } from "../log.ts";
import { raise } from "../errors.ts";
import { isAlive, isProcessOf, processesIn, signal, waitFor } from "../processes.ts";
import { boundLog, logTail, READY_WITHIN, saysDiskFull, startAgain, STOP_WITHIN } from "../supervise.ts";
import { findPostgresBinaries } from "./binaries.ts";
import type { Cluster } from "./cluster.ts";
import { clusterSettings, prepareCluster } from "./cluster.ts";
import { commandAs, spawnIdentity } from "./identity.ts";

export interface EmbeddedPostgres {
  /** The owner of the database `yagura`; no superuser. */
  readonly connectionString: string;
  /** The superuser, for tests and repairs. */
  readonly adminConnectionString: string;
  /** Process number of the running server; undefined while it is down. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster; made when absent. The caller holds the lock of the data folder. */
  readonly folder: string;
  readonly log: Log;
  /** Called after the server died and answers again. */
  readonly onRestart?: () => void;
  /** Settings over the usual ones (tests make a faster server). */
  readonly settings?: Readonly<Record<string, string>>;
}

const LOG_CHECK_EVERY = 60_000;

/** Starts the server and makes sure that role and database are there. Throws POSTGRES_START_FAILED and others of errors.ts. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await prepareCluster(options.folder, findPostgresBinaries(), options.settings?.["fsync"] !== "off");
  const keeper = new Keeper(cluster, options);
  await keeper.start();
  try {
    await prepareDatabase(cluster);
  } catch (error) {
    await keeper.stop();
    throw error;
  }
  return {
    connectionString: connectionTo(cluster, "yagura", cluster.secrets.owner, "yagura"),
    adminConnectionString: connectionTo(cluster, "yagura_admin", cluster.secrets.admin, "yagura"),
    pid: () => keeper.pid(),
    stop: () => keeper.stop(),
  };
}

const connectionTo = (cluster: Cluster, user: string, password: string, database: string): string =>
  `postgresql://${user}:${password}@/${database}?host=${encodeURIComponent(cluster.socketFolder)}`;

class Keeper {
  readonly #cluster: Cluster;
  readonly #options: EmbeddedPostgresOptions;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restarting: Promise<void> | undefined;
  readonly #logKeeping: NodeJS.Timeout;

  constructor(cluster: Cluster, options: EmbeddedPostgresOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#logKeeping = setInterval(() => boundLog(cluster.log), LOG_CHECK_EVERY).unref();
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    await endOrphans(this.#cluster, this.#options.log);
    boundLog(this.#cluster.log);
    const child = this.#spawn();
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, name) => resolve(`it ended with ${name ?? `status ${code}`}`));
    });
    const failure = await Promise.race([untilReady(this.#cluster), ended]);
    if (failure !== undefined) {
      if (child.pid !== undefined && child.exitCode === null) signal(child.pid, "SIGQUIT");
      throw startFailure(this.#cluster, failure);
    }
    this.#child = child;
    child.once("exit", (code, name) => this.#died(code, name));
    // It may have died between its first answer and the line above.
    if (child.exitCode !== null || child.signalCode !== null) this.#died(child.exitCode, child.signalCode);
  }

  #spawn(): ChildProcess {
    const { identity, binaries, data, socketFolder, environment, log } = this.#cluster;
    const settings = { ...clusterSettings, ...this.#options.settings, unix_socket_directories: socketFolder };
    const args = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
    const [program, full] = commandAs(identity, binaries.postgres, args);
    const output = openSync(log, "a", 0o600);
    try {
      // Its own process group: Ctrl-C in the terminal must reach only us, who stop it in order.
      return spawn(program, full, {
        ...spawnIdentity(identity),
        cwd: "/",
        env: environment,
        detached: true,
        stdio: ["ignore", output, output],
      });
    } finally {
      closeSync(output);
    }
  }

  #died(code: number | null, name: NodeJS.Signals | null): void {
    if (this.#child === undefined) return;
    this.#child = undefined;
    if (this.#stopping) return;
    this.#options.log("warn", "embedded PostgreSQL ended; starting it again", { code: code ?? "", signal: name ?? "" });
    this.#restarting ??= startAgain("embedded PostgreSQL", {
      start: () => this.start(),
      stopping: () => this.#stopping,
      log: this.#options.log,
      onRestart: this.#options.onRestart,
    }).finally(() => (this.#restarting = undefined));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#logKeeping);
    await this.#restarting;
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    await endServer(pid, STOP_WITHIN);
    this.#child = undefined;
    // A socket folder outside of the data folder is not left lying about.
    if (dirname(this.#cluster.socketFolder) !== this.#cluster.folder) {
      rmSync(this.#cluster.socketFolder, { recursive: true, force: true });
    }
  }
}

/** Fast shutdown, then immediate, then kill. The write-ahead log makes each of them safe; the first is the quickest to start again. */
async function endServer(pid: number, within: number): Promise<void> {
  const gone = (): boolean => !isAlive(pid);
  signal(pid, "SIGINT");
  if (await waitFor(gone, within)) return;
  signal(pid, "SIGQUIT");
  if (await waitFor(gone, 3_000)) return;
  signal(pid, "SIGKILL");
  await waitFor(gone, 3_000);
}

/** A server that survived our crash is stopped; leftovers of a killed one are ended; stale files of a reused number removed. */
async function endOrphans(cluster: Cluster, log: Log): Promise<void> {
  const pidFile = join(cluster.data, "postmaster.pid");
  const pid = Number(readFirstLine(pidFile));
  if (pid > 1 && isProcessOf(pid, cluster.data, "postgres")) {
    log("warn", "stopping an embedded PostgreSQL that was left over by a crash", { pid });
    await endServer(pid, STOP_WITHIN);
  }
  // Backends of a killed server leave by themselves; until then they hold the shared memory that a new server refuses.
  const leftover = (): number[] => processesIn(cluster.data, "postgres");
  if (!(await waitFor(() => leftover().length === 0, 2_000))) {
    for (const one of leftover()) signal(one, "SIGKILL");
    if (!(await waitFor(() => leftover().length === 0, 5_000))) {
      throw raise("POSTGRES_START_FAILED", {
        reason: `process ${leftover()[0]} still uses the data`,
        log: cluster.log,
      });
    }
  }
  // Elsewhere we cannot prove that nobody works here, and the server's own check of these files stays.
  if (process.platform !== "linux" && !isAlive(pid)) return;
  // Nobody works here now, and we hold the folder's lock: a number in these files is stale, whoever bears it today.
  rmSync(pidFile, { force: true });
  for (const name of [".s.PGSQL.5432", ".s.PGSQL.5432.lock"]) rmSync(join(cluster.socketFolder, name), { force: true });
}

function readFirstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n")[0] ?? "";
  } catch {
    return "";
  }
}

/** Undefined when the server answers, else why not. */
async function untilReady(cluster: Cluster): Promise<string | undefined> {
  let reason = "";
  const ready = await waitFor(async () => {
    const client = new Client({
      connectionString: connectionTo(cluster, "yagura_admin", cluster.secrets.admin, "postgres"),
      connectionTimeoutMillis: 5_000,
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("select 1");
      return true;
    } catch (error) {
      reason = (error as Error).message;
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }, READY_WITHIN);
  return ready ? undefined : `it did not answer within ${READY_WITHIN / 1000} s (${reason})`;
}

function startFailure(cluster: Cluster, failure: string): Error {
  const tail = logTail(cluster.log);
  if (saysDiskFull(tail)) return raise("DISK_FULL", { place: cluster.folder });
  const last = tail.split("\n").findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? "";
  const reason = last === "" ? failure : `${failure}; ${last.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, "")}`;
  return raise("POSTGRES_START_FAILED", { reason, log: cluster.log });
}

/** The role that owns the database, and the database. */
async function prepareDatabase(cluster: Cluster): Promise<void> {
  const client = new Client({
    connectionString: connectionTo(cluster, "yagura_admin", cluster.secrets.admin, "postgres"),
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const role = await client.query("select 1 from pg_roles where rolname = 'yagura'");
    if (role.rowCount === 0) {
      await client.query(`create role yagura login createrole createdb password '${cluster.secrets.owner}'`);
    }
    const database = await client.query("select 1 from pg_database where datname = 'yagura'");
    if (database.rowCount === 0) await client.query("create database yagura owner yagura");
  } finally {
    await client.end();
  }
}
