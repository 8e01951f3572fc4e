/** Keeps the process of the embedded ClickHouse running, and asks it over its socket. */
import type { ChildProcess } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, signal, waitFor } from "../processes.ts";
import { READY_WITHIN, startAgain, STOP_WITHIN } from "../supervise.ts";
import { endOrphan, forgetPid, spawnChild, startFailure, writePid, type ChildPlace } from "./child-process.ts";
import { readFrames, sendFrame } from "./frames.ts";
import type { Reply, Request } from "./protocol.ts";
import { EngineGone, EngineRefused } from "./trouble.ts";

export interface KeeperOptions extends ChildPlace {
  readonly onRestart?: () => void;
  /** Milliseconds that a request waits for a child that restarts; 10 s unless told. */
  readonly patience?: number;
}

type Ask = Request extends infer One ? (One extends Request ? Omit<One, "id"> : never) : never;
interface Answer {
  readonly reply: Reply & { readonly ok: true };
  readonly body: Uint8Array;
}
interface Waiting {
  settle(answer: Answer): void;
  fail(error: Error): void;
}

/** Keeps the child running and talks with it. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #socket: Duplex | undefined;
  #next = 1;
  #stopping = false;
  #restarting: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
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

  /** Throws TELEMETRY_UNAVAILABLE and DISK_FULL. */
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
    this.#restarting ??= startAgain("embedded ClickHouse", {
      start: () => this.start(),
      stopping: () => this.#stopping,
      log: this.#options.log,
      onRestart: this.#options.onRestart,
    }).finally(() => (this.#restarting = undefined));
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
    forgetPid(this.#options.folder);
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
