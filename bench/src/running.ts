/** A Yagura started for a benchmark: on its own data folder and port, with its process tree's memory. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";

const root = new URL("../../", import.meta.url).pathname;

export interface Running {
  readonly process: ChildProcess;
  readonly url: string;
  readonly signIn: string | null;
  /** Milliseconds from the command to the line `ready`. */
  readonly readyAfter: number;
  /** SIGINT, then milliseconds until everything had ended, and the exit status. */
  stop(): Promise<{ after: number; status: number | null }>;
}

/** Runs `npm start -- --data DIR --port 0`. Throws with its output when it ends before it is ready. */
export async function startYagura(data: string, argv: readonly string[] = []): Promise<Running> {
  const began = performance.now();
  const child = spawn("npm", ["start", "--", "--data", data, "--port", "0", "--local-agent", "loopback", ...argv], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  child.stderr.on("data", (piece: Buffer) => (output += piece.toString()));
  const exited = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  let url = "";
  let signIn: string | null = null;
  let readyAfter = 0;
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((done, failed) => {
    void exited.then((code) => failed(new Error(`ended with status ${code} before it was ready:\n${output}`)));
    lines.on("line", (line) => {
      output += `${line}\n`;
      if (line.startsWith("ready ")) {
        url = line.slice(6).replace(/\/$/, "");
        readyAfter = performance.now() - began;
        // The sign-in line follows at once on a first start; a later start has none.
        setTimeout(done, 100);
      }
      if (line.startsWith("sign-in ")) signIn = line.slice(8);
    });
  });
  return {
    process: child,
    url,
    signIn,
    readyAfter,
    stop: async () => {
      const asked = performance.now();
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
      const status = await exited;
      return { after: performance.now() - asked, status };
    },
  };
}

/** Proportional set size in bytes of a process and all its descendants, with the number of processes. */
export function memoryOfTree(root: number): {
  bytes: number;
  processes: number;
  pids: number[];
  each: { command: string; bytes: number }[];
} {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all: number[] = [];
  const walk = (pid: number): void => {
    all.push(pid);
    for (const child of children.get(pid) ?? []) walk(child);
  };
  walk(root);
  const each = all.map((pid) => ({ command: commandOf(pid), bytes: pssOf(pid) }));
  return { bytes: each.reduce((sum, one) => sum + one.bytes, 0), processes: all.length, pids: all, each };
}

/** Seconds of CPU that a process and its living descendants have used. */
export const cpuOfTree = (root: number): number =>
  memoryOfTree(root).pids.reduce((sum, pid) => {
    const text = read(`/proc/${pid}/stat`);
    const [user, system] = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13)
      .map(Number);
    // The kernel counts in hundredths of a second.
    return sum + ((user ?? 0) + (system ?? 0)) / 100;
  }, 0);

function parentOf(pid: number): number | null {
  const text = read(`/proc/${pid}/stat`);
  const after = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return after[1] === undefined ? null : Number(after[1]);
}

const pssOf = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim().slice(0, 120);

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
