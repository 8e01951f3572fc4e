/**
 * `yagura start`: the control plane, the agent of this machine and the sensor of the demo, each in a process of its own. A program
 * that dies is started again with back-off; a control plane that refuses to start ends everything with its message.
 */
import type { ChildProcess } from "node:child_process";
import { machineLanguage } from "@yagura/core/language.ts";
import { forkProgram } from "./programs.ts";
import { raise } from "./errors.ts";

/** What the control plane says over its channel once it serves. */
interface Ready {
  readonly type: "ready";
  readonly url: string;
  readonly signIn: string | null;
  /** A sentence for the person who started it, or null. */
  readonly note: string | null;
  /** Arguments for the agent on this machine and for the demo's sensor, or null: there is none. */
  readonly agent: readonly string[] | null;
  readonly sensor: readonly string[] | null;
}

/** What reads and measures, and uploads to the control plane. */
const edgePrograms = ["agent", "sensor"] as const;

/** Milliseconds in which everything must have stopped. */
const STOP_DEADLINE = 9_000;
const EDGE_DEADLINE = 2_000;
/** A program that ran this long may be started again at once. */
const HEALTHY_AFTER = 10_000;

export async function start(argv: readonly string[]): Promise<number> {
  const running = new Map<string, ChildProcess>();
  /** Arguments of each program that is kept running; one that waits to be started again takes the newest. */
  const given = new Map<string, readonly string[]>([["control-plane", argv]]);
  let stopping = false;
  let served = false;
  return new Promise((done, failed) => {
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      stopAll(running).then(() => done(0), failed);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);

    const keep = (program: string, onMessage: (message: Ready) => void = () => {}, wait = 250): void => {
      const child = forkProgram(program, given.get(program) ?? []);
      const since = performance.now();
      running.set(program, child);
      child.on("message", (message) => onMessage(message as Ready));
      child.on("exit", (code, signal) => {
        running.delete(program);
        if (stopping) return;
        if (program === "control-plane" && !served) {
          stopping = true;
          // With status 1 or 2 it has said why, in the reader's language.
          const told = code === 1 || code === 2;
          const problem = raise("CONTROL_PLANE_FAILED", { status: code ?? signal ?? "" });
          stopAll(running).then(() => (told ? done(code) : failed(problem)), failed);
          return;
        }
        // Status 3: the device was revoked; starting it again would change nothing.
        if (program !== "control-plane" && code === 3) return;
        const next = performance.now() - since > HEALTHY_AFTER ? 250 : Math.min(wait * 2, 30_000);
        console.error(restarting[machineLanguage(process.env)](program, String(code ?? signal), next / 1000));
        setTimeout(() => stopping || keep(program, onMessage, next), next);
      });
    };

    keep("control-plane", (message) => {
      if (message.type !== "ready") return;
      if (served) console.error(again[machineLanguage(process.env)]);
      else announce(message);
      served = true;
      for (const program of edgePrograms) {
        const told = message[program];
        if (told === null) continue;
        const kept = given.has(program);
        given.set(program, told);
        if (!kept) keep(program);
      }
    });
  });
}

const again = { en: "control-plane is ready again.", ja: "control-plane が再び利用できるようになりました。" } as const;

const restarting = {
  en: (program: string, status: string, seconds: number) =>
    `${program} ended unexpectedly (${status}); it is started again in ${seconds} s. If this repeats, look at what it printed above.`,
  ja: (program: string, status: string, seconds: number) =>
    `${program} が予期せず終了しました（${status}）。${seconds} 秒後に再起動します。繰り返す場合は、上に表示された内容を確認してください。`,
} as const;

function announce(ready: Ready): void {
  console.log(`ready ${ready.url}`);
  if (ready.signIn !== null) console.log(`sign-in ${ready.signIn}`);
  if (ready.note !== null) console.log(ready.note);
}

/** Agent and sensor first, so that what they measured last is taken; then the control plane, which stops its stores. */
async function stopAll(running: ReadonlyMap<string, ChildProcess>): Promise<void> {
  const deadline = performance.now() + STOP_DEADLINE;
  await Promise.all(edgePrograms.map((program) => stopOne(running.get(program), EDGE_DEADLINE)));
  await stopOne(running.get("control-plane"), Math.max(500, deadline - performance.now()));
}

async function stopOne(child: ChildProcess | undefined, left: number): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  await new Promise<void>((done) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), left);
    child.once("exit", () => {
      clearTimeout(timer);
      done();
    });
    child.kill("SIGTERM");
  });
}
