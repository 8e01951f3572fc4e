/** Keeps the embedded ClickHouse (chDB in a child process) running, and asks it. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { raise } from "../errors.ts";
import type { Log } from "../log.ts";
import { isAlive, signal, waitFor } from "../postgres/processes.ts";
import type { Engine, Insert } from "./engine.ts";
import { DUMP_WITHIN, insertSettings, loadSettings, querySettings } from "./engine.ts";
import { readFrames, sendFrame } from "./frames.ts";
import { quote, quoteName } from "./literals.ts";
import type { ChildOptions, Reply, Request } from "./protocol.ts";
import { EngineGone, EngineRefused } from "./trouble.ts";

export interface EmbeddedClickHouseOptions {
  /** Data folder of the engine; made when absent. The caller holds the lock of the data folder. */
  readonly folder: string;
  readonly database: string;
  readonly log: Log;
  /** Bytes the engine may use in all; a quarter of the machine's, at least 700 MB, unless told. */
  readonly memory?: number;
  readonly onRestart?: () => void;
  /** Milliseconds that a request waits for a child that restarts; 10 s unless told. */
  readonly patience?: number;
}

export interface EmbeddedClickHouse extends Engine {
  /** Process number of the child; undefined while it is down. */
  pid(): number | undefined;
  /** An insert whose front and settings are given as text; gives the rows that arrived. */
  insertBlock(into: string, settings: string, block: Uint8Array): Promise<number>;
}

const READY_WITHIN = 60_000;
const STOP_WITHIN = 8_000;
const LOG_LIMIT = 8_000_000;
const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

type Ask = Request extends infer One ? (One extends Request ? Omit<One, "id"> : never) : never;
interface Answer {
  readonly reply: Reply & { readonly ok: true };
  readonly body: Uint8Array;
}
interface Waiting {
  settle(answer: Answer): void;
  fail(error: Error): void;
}

export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  if (!["linux", "darwin"].includes(process.platform)) {
    throw raise("EMBEDDED_UNSUPPORTED", {
      engine: "ClickHouse",
      platform: process.platform,
      variable: "CLICKHOUSE_URL",
    });
  }
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw raise("DATA_FOLDER_NOT_WRITABLE", { folder: options.folder, reason: (cause as Error).message }, { cause });
  }
  const keeper = new Keeper(options);
  await keeper.start();
  await keeper.ask({
    op: "command",
    database: "default",
    parameters: {},
    sql: `CREATE DATABASE IF NOT EXISTS ${quoteName(options.database)}`,
  });
  return engineOver(keeper, options.database);
}

function engineOver(keeper: Keeper, database: string): EmbeddedClickHouse {
  const selecting = Object.entries(querySettings).map(
    ([name, value]) => `${name} = ${typeof value === "number" ? value : quote(value)}`,
  );
  const insertBlock = async (into: string, settings: string, block: Uint8Array): Promise<number> => {
    const { reply } = await keeper.askAgain({ op: "insert", database, into, settings }, block);
    return reply.rows ?? 0;
  };
  return {
    kind: "embedded",
    database,
    pid: () => keeper.pid(),
    command: async (sql, parameters = {}) => void (await keeper.ask({ op: "command", database, sql, parameters })),
    rows: async (sql, parameters, timeout) => {
      // The settings are set for the session, before the statement: a statement may bring settings of its own.
      const request = {
        op: "rows",
        database,
        sql: `SET ${selecting.join(", ")};\n${sql}`,
        parameters,
        timeout,
      } as const;
      return (await keeper.askAgain(request)).body;
    },
    insert: (insert) => insertBlock(intoOf(insert), settingsText(insertSettings(insert.token)), insert.block),
    insertBlock,
    stream: (sql, parameters, format, timeout) =>
      keeper.stream({ op: "export", database, sql, parameters, format, timeout, alone: false }),
    dump: (table, columns) => {
      const sql = `SELECT ${columns.map(quoteName).join(", ")} FROM ${quoteName(table)}`;
      const timeout = DUMP_WITHIN;
      return keeper.stream({ op: "export", database, sql, parameters: {}, format: "Native", timeout, alone: true });
    },
    load: (table, columns, bytes) =>
      keeper.load(
        { op: "import", database, into: intoOf({ table, columns }), settings: settingsText(loadSettings) },
        bytes,
      ),
    ready: () => keeper.ready(),
    close: () => keeper.stop(),
  };
}

export const intoOf = (insert: Pick<Insert, "table" | "columns">): string =>
  `INSERT INTO ${quoteName(insert.table)} (${insert.columns.map(quoteName).join(", ")})`;

const settingsText = (settings: Readonly<Record<string, string | number>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === "number" ? value : quote(value)}`)
    .join(", ");

class Keeper {
  readonly #options: EmbeddedClickHouseOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #socket: Duplex | undefined;
  #next = 1;
  #stopping = false;
  #restarting: Promise<void> | undefined;

  constructor(options: EmbeddedClickHouseOptions) {
    this.#options = options;
  }

  pid(): number | undefined {
    return this.#socket === undefined ? undefined : this.#child?.pid;
  }

  async ready(): Promise<boolean> {
    try {
      const query = { op: "rows", database: "default", sql: "SELECT 1", parameters: {}, timeout: 2_000 } as const;
      await Promise.race([
        this.ask(query),
        sleep(2_000, undefined, { ref: false }).then(() => Promise.reject(new Error())),
      ]);
      return true;
    } catch {
      return false;
    }
  }

  async start(): Promise<void> {
    const { folder } = this.#options;
    await endOrphan(folder, this.#options.log);
    const child = spawnChild(this.#options);
    const socket = child.stdio[3] as Duplex;
    socket.on("error", () => undefined);
    readFrames<Reply>(socket, ({ head, body }) => this.#answered(head, body));
    child.once("exit", (code, name) => this.#died(child, code, name));
    const opened = new Promise<Answer>((settle, fail) => this.#waiting.set(0, { settle, fail }));
    child.once("error", (error) => this.#failAll(new EngineGone(error.message)));
    this.#child = child;
    const timer = setTimeout(() => child.kill("SIGKILL"), READY_WITHIN);
    try {
      await opened;
    } catch (cause) {
      throw startFailure(folder, (cause as Error).message);
    } finally {
      clearTimeout(timer);
    }
    this.#socket = socket;
    if (child.pid !== undefined) writePid(folder, child.pid);
  }

  /** Asks once. Throws EngineRefused (the engine's own answer) or EngineGone (it died). */
  ask(request: Ask, body?: Uint8Array): Promise<Answer> {
    return this.#send(request, body).answer;
  }

  #send(request: Ask, body?: Uint8Array): { id: number; answer: Promise<Answer> } {
    const socket = this.#socket;
    const id = this.#next++;
    if (socket === undefined) return { id, answer: Promise.reject(new EngineGone("it is restarting")) };
    const answer = new Promise<Answer>((settle, fail) => this.#waiting.set(id, { settle, fail }));
    sendFrame(socket, { ...request, id }, body);
    return { id, answer };
  }

  /** Asks again when the child dies meanwhile: for reads, and for inserts, whose token makes a repetition harmless. */
  async askAgain(request: Ask, body?: Uint8Array): Promise<Answer> {
    const deadline = performance.now() + (this.#options.patience ?? 10_000);
    for (;;) {
      try {
        return await this.ask(request, body);
      } catch (error) {
        if (!(error instanceof EngineGone) || this.#stopping || performance.now() > deadline) throw error;
        await sleep(25);
      }
    }
  }

  async *stream(request: Ask & { op: "export" }): AsyncGenerator<Uint8Array> {
    if (this.#socket === undefined) throw new EngineGone("it is restarting");
    const steps = new ExportSteps();
    const id = this.#next++;
    this.#waiting.set(id, steps);
    sendFrame(this.#socket, { ...request, id });
    const path = await steps.pipe;
    // Read without blocking: a blocking read of a pipe would hold a thread of ours for as long as the customer's download.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    let pipe: Socket | undefined;
    let whole = false;
    try {
      this.#tell({ op: "go", of: id });
      await steps.writing;
      pipe = new Socket({ fd, readable: true, writable: false });
      for await (const chunk of pipe) yield chunk as Uint8Array;
      await steps.done;
      whole = true;
    } finally {
      if (!whole) this.#tell({ op: "cancel", of: id });
      if (pipe === undefined) closeSync(fd);
      else pipe.destroy();
    }
  }

  async load(request: Ask & { op: "import" }, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    if (this.#socket === undefined) throw new EngineGone("it is restarting");
    const steps = new ExportSteps();
    const id = this.#next++;
    this.#waiting.set(id, steps);
    sendFrame(this.#socket, { ...request, id });
    const pipe = await openForWriting(await steps.pipe, steps.done);
    // An engine that refuses closes the pipe: then its own words are the better error.
    const failed = await pipeline(bytes, pipe).then(
      () => undefined,
      (error: unknown) => error,
    );
    const { reply } = await steps.done;
    if (failed !== undefined) throw failed as Error;
    return reply.rows ?? 0;
  }

  #tell(request: Ask): void {
    if (this.#socket !== undefined) sendFrame(this.#socket, { ...request, id: this.#next++ });
  }

  #answered(reply: Reply, body: Uint8Array): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.ok && (reply.pipe !== undefined || reply.writing === true)) {
      waiting?.settle({ reply, body });
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.settle({ reply, body });
    else waiting?.fail(new EngineRefused(reply.message, reply.code));
  }

  #failAll(error: Error): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of all) one.fail(error);
  }

  #died(child: ChildProcess, code: number | null, name: NodeJS.Signals | null): void {
    if (this.#child !== child) return;
    const wasReady = this.#socket !== undefined;
    this.#child = undefined;
    this.#socket = undefined;
    this.#failAll(new EngineGone(`it ended with ${name ?? `status ${code}`}`));
    if (this.#stopping || !wasReady) return;
    this.#options.log("warn", "embedded ClickHouse ended; starting it again", { code: code ?? "", signal: name ?? "" });
    this.#restarting ??= this.#restart().finally(() => (this.#restarting = undefined));
  }

  async #restart(): Promise<void> {
    for (let attempt = 0; !this.#stopping; attempt++) {
      try {
        await this.start();
        this.#options.log("info", "embedded ClickHouse answers again", {});
        this.#options.onRestart?.();
        return;
      } catch (error) {
        this.#options.log("error", (error as Error).message, {});
        await sleep(Math.min(5_000, 100 * 2 ** attempt));
      }
    }
  }

  /** Lets what is under way finish, then ends the child; kills it after a deadline. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#restarting;
    const child = this.#child;
    if (child?.pid === undefined) return;
    const pid = child.pid;
    await Promise.race([
      this.ask({ op: "stop" }).catch(() => undefined),
      sleep(STOP_WITHIN, undefined, { ref: false }),
    ]);
    if (!(await waitFor(() => !isAlive(pid), 1_500))) signal(pid, "SIGKILL");
    await waitFor(() => !isAlive(pid), 3_000);
    rmSync(pidFile(this.#options.folder), { force: true });
  }
}

/** An export is answered three times; each answer may come before the one before it was waited for. */
class ExportSteps implements Waiting {
  readonly #pipe = Promise.withResolvers<string>();
  readonly #writing = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<Answer>();
  constructor() {
    for (const step of [this.#pipe, this.#writing, this.#done]) step.promise.catch(() => undefined);
  }
  get pipe(): Promise<string> {
    return this.#pipe.promise;
  }
  get writing(): Promise<void> {
    return this.#writing.promise;
  }
  get done(): Promise<Answer> {
    return this.#done.promise;
  }
  settle(answer: Answer): void {
    const { reply } = answer;
    if (reply.pipe !== undefined) this.#pipe.resolve(reply.pipe);
    else if (reply.writing === true) this.#writing.resolve();
    else this.#done.resolve(answer);
  }
  fail(error: Error): void {
    for (const step of [this.#pipe, this.#writing, this.#done]) step.reject(error);
  }
}

/** Opens a pipe once its reader has opened it; until then the system refuses (ENXIO). Fails when `done` does. */
async function openForWriting(path: string, done: Promise<unknown>): Promise<Socket> {
  let over: Promise<never> | undefined;
  for (;;) {
    try {
      return new Socket({
        fd: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK),
        readable: false,
        writable: true,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      over ??= done.then(() => Promise.reject(new Error("the engine did not read")));
      await Promise.race([sleep(5), over]);
    }
  }
}

function spawnChild(options: EmbeddedClickHouseOptions): ChildProcess {
  const log = logFile(options.folder);
  boundLog(log);
  const output = openSync(log, "a", 0o600);
  const child: ChildOptions = {
    folder: join(options.folder, "data"),
    memory: options.memory ?? Math.max(700e6, Math.floor(totalmem() / 4)),
    lanes: 3,
  };
  try {
    // Its own process group: Ctrl-C in the terminal must reach only us, who stop it in order.
    return spawn(process.execPath, [CHILD, JSON.stringify(child)], {
      cwd: "/",
      detached: true,
      env: { PATH: process.env["PATH"], HOME: options.folder, TZ: "UTC", LANG: "C.UTF-8", UV_THREADPOOL_SIZE: "12" },
      stdio: ["ignore", output, output, "pipe"],
    });
  } finally {
    closeSync(output);
  }
}

const logFile = (folder: string): string => join(folder, "log");
const pidFile = (folder: string): string => join(folder, "child.pid");

function writePid(folder: string, pid: number): void {
  try {
    writeFileSync(pidFile(folder), String(pid));
  } catch {
    // A full disk: the child ends with us anyway; the number only helps to end one that does not.
  }
}

/** A child ends when its parent does. Should one not have, it is ended here, after proof that it is ours. */
async function endOrphan(folder: string, log: Log): Promise<void> {
  try {
    const pid = Number(readFileSync(pidFile(folder), "utf8"));
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (!line.includes(CHILD) || !line.includes(JSON.stringify(join(folder, "data")))) return;
    if (!isAlive(pid)) return;
    log("warn", "ending an embedded ClickHouse that was left over by a crash", { pid });
    signal(pid, "SIGKILL");
    await waitFor(() => !isAlive(pid), 5_000);
  } catch {
    // None was left, or the system has no /proc.
  }
}

function startFailure(folder: string, reason: string): Error {
  let tail = "";
  try {
    tail = readFileSync(logFile(folder), "utf8").slice(-4_000);
  } catch {
    // No log: the reason alone must do.
  }
  if (/No space left on device|NOT_ENOUGH_SPACE/.test(`${tail}${reason}`)) return raise("DISK_FULL", { place: folder });
  return raise("TELEMETRY_UNAVAILABLE", { reason: `${reason}; log: ${logFile(folder)}` });
}

/** The log is for people; a bounded one is enough. */
function boundLog(file: string): void {
  try {
    if (statSync(file).size > LOG_LIMIT) truncateSync(file);
  } catch {
    // Not there yet.
  }
}
