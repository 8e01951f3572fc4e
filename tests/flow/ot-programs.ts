/** Control plane and sensor as processes that can be killed and started again on the same folders. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Namespace } from "@yagura/testkit/lab/namespace.ts";

const mainOf = (program: string): string =>
  fileURLToPath(new URL(`../../programs/${program}/src/main.ts`, import.meta.url));

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** A program of the checkout; what it says on standard error is kept and shown when it fails. */
export interface Program {
  readonly process: ChildProcess;
  readonly said: () => string;
  /** Resolves with the status when it has ended; null after a kill. */
  readonly ended: Promise<number | null>;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Here, or on another machine of a lab. */
export function run(program: string, argv: readonly string[], where: Namespace | null = null): Program {
  const options: SpawnOptions = {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", YAGURA_LOG_LEVEL: "warn" },
  };
  const child =
    where === null
      ? spawn(process.execPath, [mainOf(program), ...argv], options)
      : where.node(mainOf(program), argv, options);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece: Buffer) => (said += piece.toString()));
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  return {
    process: child,
    said: () => said,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs it to its end. */
export async function output(
  program: string,
  argv: readonly string[],
  where: Namespace | null = null,
): Promise<{ status: number | null; out: string }> {
  const running = run(program, argv, where);
  const status = await running.ended;
  return { status, out: running.said() };
}

/** The control plane, when it serves. */
export async function startPlane(
  data: string,
  port: number,
  argv: readonly string[] = [],
  where: Namespace | null = null,
): Promise<Program> {
  const plane = run("control-plane", ["--data", data, "--port", String(port), "--local-agent", "off", ...argv], where);
  await new Promise<void>((done, failed) => {
    void plane.ended.then((code) => failed(new Error(`the control plane ended with status ${code}:\n${plane.said()}`)));
    createInterface({ input: plane.process.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (line.startsWith("ready ")) done();
    });
  });
  return plane;
}
