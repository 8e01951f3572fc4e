/**
 * The embedded ClickHouse (chDB) in a process of its own: the engine crashes when a worker thread ends, and a killed engine
 * must not take the control plane with it. Started by embedded.ts; speaks frames on descriptor 3; ends with its parent.
 */
import { closeSync, constants, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Session as ChdbSession } from "chdb";
import type { QueryParameters } from "../store.ts";
import { readFrames, sendFrame } from "./frames.ts";
import { quote, quoteName, setParameters } from "./literals.ts";
import type { ChildOptions, Reply, Request } from "./protocol.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as ChildOptions;
const require = createRequire(import.meta.url);
const { Session, drainPending } = require("chdb") as typeof import("chdb");

mkdirSync(options.folder, { recursive: true, mode: 0o700 });
const engineSettings = {
  max_server_memory_usage: options.memory,
  mark_cache_size: 32 << 20,
  index_mark_cache_size: 16 << 20,
  primary_index_cache_size: 64 << 20,
  query_condition_cache_size: 16 << 20,
  uncompressed_cache_size: 0,
  background_pool_size: 2,
  background_common_pool_size: 2,
  background_schedule_pool_size: 2,
};
const connectionArgs = Object.entries(engineSettings).map(([name, value]) => `--${name}=${value}`);

/** Work that must not overlap on one connection is queued on its lane. */
class Lane {
  #session: ChdbSession | undefined;
  #database = "";
  #tail: Promise<unknown> = Promise.resolve();
  waiting = 0;

  run<T>(database: string, work: (session: ChdbSession) => Promise<T>): Promise<T> {
    this.waiting++;
    const result = this.#tail.then(async () => {
      this.#session ??= new Session(options.folder, { connectionArgs });
      if (this.#database !== database) {
        await this.#session.queryAsync(`USE ${quoteName(database)}`);
        this.#database = database;
      }
      return await work(this.#session);
    });
    this.#tail = result.catch(() => undefined).finally(() => this.waiting--);
    return result;
  }

  async close(): Promise<void> {
    await this.#tail;
    this.#session?.close();
  }
}

const queries = Array.from({ length: options.lanes }, () => new Lane());
const inserts = new Lane();
const control = new Lane();
const exports_ = Array.from({ length: 2 }, () => new Lane());
const shortest = (lanes: readonly Lane[]): Lane =>
  lanes.reduce((best, lane) => (lane.waiting < best.waiting ? lane : best));

/** Blocks are handed over as files in memory. The name carries the folder, so that a new child clears what a killed one left. */
const memoryFolder = existsSync("/dev/shm") ? "/dev/shm" : options.folder;
const prefix = `yagura-${createHash("sha256").update(options.folder).digest("hex").slice(0, 16)}-`;
for (const folder of [memoryFolder, options.folder]) {
  for (const name of readdirSync(folder)) if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true });
}
let files = 0;

async function command(request: Request & { op: "command" }): Promise<Partial<Reply>> {
  const sql = bound(request.sql, request.parameters, 0);
  await shortest(queries).run(request.database, (session) => session.queryAsync(sql));
  return {};
}

async function rows(request: Request & { op: "rows" }): Promise<Uint8Array> {
  const sql = bound(request.sql, request.parameters, request.timeout);
  const { database, format = "JSONEachRow" } = request;
  const run = shortest(queries).run(database, (session) => session.queryAsync(sql, { format }));
  return (await run).bytes();
}

function bound(sql: string, parameters: QueryParameters, timeout: number): string {
  return `${setParameters(parameters, { max_execution_time: timeout / 1000 })}${sql}`;
}

async function insert(request: Request & { op: "insert" }, body: Uint8Array): Promise<Partial<Reply>> {
  const file = writeBlock(body);
  try {
    const sql = `${request.into} FROM INFILE ${quote(file)} SETTINGS ${request.settings} FORMAT Native`;
    const result = await inserts.run(request.database, (session) => session.queryAsync(sql));
    return { rows: result.rowsRead };
  } finally {
    rmSync(file, { force: true });
  }
}

/** In memory; on the disk when there is no room (a container's shared memory is often 64 MB). */
function writeBlock(body: Uint8Array): string {
  const name = `${prefix}${process.pid}-${files++}.native`;
  const file = join(memoryFolder, name);
  try {
    writeFileSync(file, body, { mode: 0o600 });
    return file;
  } catch {
    rmSync(file, { force: true });
    const other = join(options.folder, name);
    writeFileSync(other, body, { mode: 0o600 });
    return other;
  }
}

const koffi = require("koffi") as {
  load(path: string | null): { func(declaration: string): (path: string, mode: number) => number };
};
const mkfifo = koffi
  .load(process.platform === "darwin" ? "/usr/lib/libSystem.dylib" : null)
  .func("int mkfifo(const char *path, unsigned int mode)");

/** Exports whose reader went away: the engine itself does not stop at a closed pipe. */
const broken = new Set<number>();
const exportName = (id: number): string => `export ${id}`;

async function cancel(of: number): Promise<void> {
  broken.add(of);
  const sql = `KILL QUERY WHERE Settings['log_comment'] = ${quote(exportName(of))} ASYNC`;
  await control.run("default", (session) => session.queryAsync(sql)).catch(() => undefined);
}

/** A lane for one piece of work. */
async function alone<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
  const lane = new Lane();
  try {
    return await work(lane);
  } finally {
    await lane.close();
  }
}

/** The engine reads blocks of Native format from a pipe into which the parent writes. */
async function importFrom(request: Request & { op: "import" }): Promise<Partial<Reply>> {
  const pipe = makePipe();
  try {
    const sql = `${request.into} FROM INFILE ${quote(pipe)} SETTINGS ${request.settings} FORMAT Native`;
    const result = alone((lane) => lane.run(request.database, (session) => session.queryAsync(sql)));
    reply({ id: request.id, ok: true, pipe });
    return { rows: (await result).rowsRead };
  } finally {
    rmSync(pipe, { force: true });
  }
}

function makePipe(): string {
  const pipe = join(options.folder, `${prefix}${process.pid}-${files++}.pipe`);
  if (mkfifo(pipe, 0o600) !== 0) throw new Error("mkfifo failed");
  return pipe;
}

/** Exports that wait for their reader to open the pipe. */
const ready = new Map<number, () => void>();

/** The engine writes the file format into a pipe that the parent reads: memory stays bounded however long the result is. */
async function exportInto(request: Request & { op: "export" }): Promise<Partial<Reply>> {
  const pipe = makePipe();
  const opened = new Promise<void>((resolve) => ready.set(request.id, resolve));
  reply({ id: request.id, ok: true, pipe });
  await opened;
  let hold: number | undefined;
  try {
    // Keeps the pipe open until the engine has opened it too; fails (ENXIO) when the reader is gone already.
    hold = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    reply({ id: request.id, ok: true, writing: true });
    const body = `${request.sql}\nINTO OUTFILE ${quote(pipe)} APPEND FORMAT ${request.format}`;
    const sql = `SET log_comment = ${quote(exportName(request.id))};\n${bound(body, request.parameters, request.timeout)}`;
    const run = (lane: Lane): Promise<void> =>
      lane.run(request.database, async (session) => {
        if (!broken.delete(request.id)) await session.queryAsync(sql);
      });
    await (request.alone ? alone(run) : run(shortest(exports_)));
  } finally {
    if (hold !== undefined) closeSync(hold);
    rmSync(pipe, { force: true });
  }
  return {};
}

const socket = new Socket({ fd: 3, readable: true, writable: true });
const reply = (answer: Reply, body?: Uint8Array): void => sendFrame(socket, answer, body);
const running = new Set<Promise<void>>();
let stopping = false;

async function serve(request: Request, body: Uint8Array): Promise<void> {
  try {
    if (request.op === "rows") return reply({ id: request.id, ok: true }, await rows(request));
    const answer =
      request.op === "command"
        ? await command(request)
        : request.op === "insert"
          ? await insert(request, body)
          : request.op === "export"
            ? await exportInto(request)
            : request.op === "import"
              ? await importFrom(request)
              : {};
    reply({ id: request.id, ok: true, ...answer } as Reply);
  } catch (error) {
    const { message, clickhouseCode } = error as Error & { clickhouseCode?: number };
    reply({ id: request.id, ok: false, message, ...(clickhouseCode === undefined ? {} : { code: clickhouseCode }) });
  }
}

async function stop(id: number): Promise<void> {
  stopping = true;
  while (running.size > 0) await Promise.all(running);
  for (const lane of [...queries, ...exports_, inserts, control]) await lane.close();
  await drainPending();
  reply({ id, ok: true });
  socket.end(() => process.exit(0));
}

readFrames<Request>(socket, ({ head, body }) => {
  if (head.op === "go") {
    ready.get(head.of)?.();
    ready.delete(head.of);
    return;
  }
  if (head.op === "cancel") return void cancel(head.of);
  if (head.op === "stop") return void stop(head.id);
  if (stopping) return reply({ id: head.id, ok: false, message: "stopping" });
  const work = serve(head, body).finally(() => running.delete(work));
  running.add(work);
});
// The parent is gone: nobody was told of what is under way, so nothing acknowledged can be lost by ending at once.
socket.on("close", () => process.kill(process.pid, "SIGKILL"));
socket.on("error", () => process.kill(process.pid, "SIGKILL"));
// Ctrl-C in a terminal reaches the whole group; the parent stops us in order.
process.on("SIGINT", () => undefined);

// The first answer, number 0, says that the engine is open.
await inserts.run("default", (session) => session.queryAsync("SELECT 1"));
reply({ id: 0, ok: true });
