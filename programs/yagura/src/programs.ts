/** Starts the other programs as processes by path. */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export const programPath = (program: string): string =>
  fileURLToPath(new URL(`../../${program}/src/main.ts`, import.meta.url));

/** Megabytes of V8's young generation: small ones keep long-running processes small; the control plane churns more. */
const SEMI_SPACE: Readonly<Record<string, number>> = { agent: 1, sensor: 2, "control-plane": 4 };

/** A program in a process group of its own, with a channel: it stops by itself when this process is gone. */
export function forkProgram(program: string, argv: readonly string[]): ChildProcess {
  return fork(programPath(program), argv, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
    execArgv: ["--disable-warning=ExperimentalWarning", `--max-semi-space-size=${SEMI_SPACE[program] ?? 2}`],
    env: { YAGURA_LOG_LEVEL: "warn", ...process.env },
  });
}

/** Runs a program in the foreground; signals are handed on. Resolves with its exit status. */
export function runProgram(program: string, argv: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, programPath(program), ...argv], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code, signal) => done(signal === null ? (code ?? 1) : 1));
  });
}
