/** The folder of the embedded PostgreSQL: making it (initdb), its secrets, its socket, its settings. */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { raise } from "../errors.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { libraryEnvironment } from "./binaries.ts";
import type { Identity } from "./identity.ts";
import { chooseIdentity, commandAs, spawnIdentity } from "./identity.ts";

export interface Cluster {
  readonly folder: string;
  /** PGDATA, as the kernel names it. */
  readonly data: string;
  readonly log: string;
  readonly socketFolder: string;
  readonly secrets: Secrets;
  readonly identity: Identity;
  readonly environment: NodeJS.ProcessEnv;
  readonly binaries: PostgresBinaries;
}

export interface Secrets {
  /** Password of the superuser `yagura_admin`, used only by the supervisor. */
  readonly admin: string;
  /** Password of `yagura`, which owns the database. */
  readonly owner: string;
}

/** sun_path holds 108 bytes (103 on macOS), of which `/.s.PGSQL.5432` and a closing zero are not ours. */
const SOCKET_FOLDER_LIMIT = 86;

/** Makes the cluster when absent. `folder` is ours alone; its parent exists. Without `durable` (tests) nothing is synced. */
export async function prepareCluster(folder: string, binaries: PostgresBinaries, durable: boolean): Promise<Cluster> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw raise("DATA_FOLDER_NOT_WRITABLE", { folder, reason: (cause as Error).message }, { cause });
  }
  const real = realpathSync(folder);
  const identity = chooseIdentity(real, [binaries.postgres, binaries.library]);
  give(real, identity);
  const links = join(real, "library");
  const cluster: Cluster = {
    folder: real,
    data: join(real, "data"),
    log: join(real, "log"),
    socketFolder: socketFolder(real, identity),
    secrets: readSecrets(join(real, "secrets.json")),
    identity,
    environment: environmentOf(libraryEnvironment(binaries, links)),
    binaries,
  };
  if (existsSync(links)) chmodSync(links, 0o755);
  if (!existsSync(join(cluster.data, "PG_VERSION"))) await initialise(cluster, durable);
  checkVersion(cluster);
  return cluster;
}

function checkVersion(cluster: Cluster): void {
  const found = readFileSync(join(cluster.data, "PG_VERSION"), "utf8").trim();
  const bundled = cluster.binaries.major;
  if (Number(found) !== bundled) throw raise("POSTGRES_DATA_VERSION", { folder: cluster.folder, found, bundled });
}

/** Only what the server needs: nothing of our own environment (secrets, PG* variables) reaches it. */
const environmentOf = (library: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  ...library,
});

/** initdb into a side folder, renamed when whole: a crash in the middle leaves nothing that looks like a cluster. */
async function initialise(cluster: Cluster, durable: boolean): Promise<void> {
  const fresh = `${cluster.data}.new`;
  const passwordFile = join(cluster.folder, "initial-password");
  rmSync(fresh, { recursive: true, force: true });
  try {
    writeFileSync(passwordFile, cluster.secrets.admin, { mode: 0o600 });
    give(passwordFile, cluster.identity);
    const { code, text } = await runAs(cluster, cluster.binaries.initdb, [
      `--pgdata=${fresh}`,
      "--username=yagura_admin",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      "--data-checksums",
      durable ? `--sync-method=${SYNC_METHOD}` : "--no-sync",
    ]);
    if (code !== 0) throw initFailed(cluster, text);
    renameSync(fresh, cluster.data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

function initFailed(cluster: Cluster, text: string): Error {
  if (/No space left on device|Disk quota exceeded/.test(text)) return raise("DISK_FULL", { place: cluster.folder });
  return raise("POSTGRES_START_FAILED", {
    reason: `initdb: ${text.trim().split("\n").at(-1) ?? ""}`,
    log: cluster.log,
  });
}

function runAs(cluster: Cluster, program: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  const [command, full] = commandAs(cluster.identity, program, args);
  return new Promise((resolve) => {
    let text = "";
    const child = spawn(command, full, {
      ...spawnIdentity(cluster.identity),
      cwd: "/",
      env: cluster.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", (error) => resolve({ code: -1, text: error.message }));
    child.on("close", (code) => resolve({ code: code ?? -1, text }));
  });
}

function readSecrets(file: string): Secrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  const secret = (): string => randomBytes(24).toString("base64url");
  const secrets = { admin: secret(), owner: secret() };
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** Inside our folder when the path is short enough, else in a private folder of the temporary place. */
function socketFolder(folder: string, identity: Identity): string {
  const near = join(folder, "socket");
  if (Buffer.byteLength(near) <= SOCKET_FOLDER_LIMIT) return privateFolder(near, identity);
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  for (const base of [process.env["XDG_RUNTIME_DIR"], tmpdir(), "/tmp"]) {
    if (base === undefined || Buffer.byteLength(base) + 26 > SOCKET_FOLDER_LIMIT) continue;
    // A user that was dropped to must be able to pass; others can never get in, because the folder itself is closed.
    if (identity.kind === "user" && base !== "/tmp") continue;
    try {
      return privateFolder(join(base, `yagura-${name}`), identity);
    } catch {
      continue;
    }
  }
  throw raise("DATA_FOLDER_NOT_WRITABLE", { folder: "/tmp", reason: "no place for a socket" });
}

/** Makes a folder closed to others; refuses one that somebody else put there. */
function privateFolder(path: string, identity: Identity): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  const owners = [process.getuid?.() ?? 0, identity.kind === "user" ? identity.uid : -1];
  if (!found.isDirectory() || !owners.includes(found.uid)) {
    throw raise("DATA_FOLDER_NOT_WRITABLE", { folder: path, reason: "it belongs to somebody else" });
  }
  chmodSync(path, 0o700);
  give(path, identity);
  return path;
}

function give(path: string, identity: Identity): void {
  if (identity.kind === "user") chownSync(path, identity.uid, identity.gid);
}

const SYNC_METHOD = process.platform === "linux" ? "syncfs" : "fsync";

/** Small, durable, no network. Half a gigabyte of write-ahead log keeps checkpoints rare under ingest. */
export const clusterSettings: Readonly<Record<string, string>> = {
  listen_addresses: "",
  port: "5432",
  unix_socket_permissions: "0700",
  password_encryption: "scram-sha-256",
  max_connections: "60",
  shared_buffers: "48MB",
  work_mem: "4MB",
  maintenance_work_mem: "32MB",
  huge_pages: "off",
  io_method: "sync",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "512MB",
  max_worker_processes: "2",
  max_parallel_workers: "0",
  max_logical_replication_workers: "0",
  autovacuum_max_workers: "2",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  log_min_error_statement: "panic",
  log_checkpoints: "off",
  cluster_name: "yagura",
  // A crashed process must never leave the store down: restart after a backend crash is the server's own default.
  restart_after_crash: "on",
  // One call for the whole file system instead of one for each of a thousand files: seconds less on a busy disk.
  recovery_init_sync_method: SYNC_METHOD,
};
