/** rrdtool in SmokePing's layout (uptime, loss, median, ping1 … ping20), at a sample a second: 20 pings every 20 s. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { generate, type Session } from "./samples.ts";

const PINGS = 20;
const STEP = 20;

/** `rrdtool -`: one process that takes commands. */
export class RrdTool {
  readonly #child: ChildProcessWithoutNullStreams = spawn("rrdtool", ["-"]);
  #waiting: { resolve: (lines: string[]) => void; reject: (error: Error) => void }[] = [];
  constructor() {
    let lines: string[] = [];
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      if (line.startsWith("OK ")) {
        this.#waiting.shift()?.resolve(lines);
        lines = [];
      } else if (line.startsWith("ERROR")) {
        this.#waiting.shift()?.reject(new Error(line));
        lines = [];
      } else lines.push(line);
    });
  }
  ask(command: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${command}\n`);
    });
  }
  close(): void {
    this.#child.stdin.end();
  }
}

const fileOf = (folder: string, i: number): string => join(folder, `${i}.rrd`);

/** Loads sessions of 1 s, each its own file with every ping of the time kept, and hourly averages as SmokePing has them. */
export async function loadRrd(
  tool: RrdTool,
  folder: string,
  sessions: readonly Session[],
  from: number,
  to: number,
): Promise<{ samples: number; seconds: number; bytes: number }> {
  mkdirSync(folder, { recursive: true });
  const names = ["uptime", "loss", "median", ...Array.from({ length: PINGS }, (_, i) => `ping${i + 1}`)];
  const rows = Math.ceil((to - from) / STEP);
  const hours = Math.ceil((to - from) / 3600);
  for (const i of sessions.keys()) {
    const sources = names.map((name) => `DS:${name}:GAUGE:${2 * STEP}:0:U`).join(" ");
    const archives = [
      `AVERAGE:0.5:1:${rows}`,
      ...["AVERAGE", "MIN", "MAX"].map((kind) => `${kind}:0.5:${3600 / STEP}:${hours}`),
    ];
    await tool.ask(
      `create ${fileOf(folder, i)} --start ${from - STEP} --step ${STEP} ${sources} ${archives.map((one) => `RRA:${one}`).join(" ")}`,
    );
  }
  let samples = 0;
  let seconds = 0;
  for (let hour = from; hour < to; hour += 3600) {
    const pings = sessions.map(() => [] as number[]);
    generate(sessions, hour, Math.min(to, hour + 3600), ({ session, rtt }) => void pings[session]?.push(rtt));
    const began = performance.now();
    for (const [i, all] of pings.entries()) {
      const updates: string[] = [];
      for (let at = 0; at + PINGS <= all.length; at += PINGS) {
        const part = all.slice(at, at + PINGS);
        const answered = part.filter((rtt) => rtt > 0).sort((a, b) => a - b);
        // SmokePing keeps the pings of a step sorted.
        const told = Array.from({ length: PINGS }, (_, n) =>
          answered[n] === undefined ? "U" : String(answered[n] / 1e6),
        );
        const median = answered.length === 0 ? "U" : String((answered[answered.length >> 1] as number) / 1e6);
        updates.push(`${hour + at + STEP}:U:${PINGS - answered.length}:${median}:${told.join(":")}`);
      }
      samples += all.length;
      await tool.ask(`update ${fileOf(folder, i)} ${updates.join(" ")}`);
    }
    seconds += (performance.now() - began) / 1000;
  }
  const bytes = sessions.reduce((sum, _, i) => sum + statSync(fileOf(folder, i)).size, 0);
  return { samples, seconds, bytes };
}

/** Milliseconds of 24 h of a session, read as SmokePing's page does: every ping and the loss of each step. */
export async function sessionTime(tool: RrdTool, folder: string, i: number, from: number): Promise<number> {
  const began = performance.now();
  const lines = await tool.ask(
    `fetch ${fileOf(folder, i)} AVERAGE --resolution ${STEP} --start ${from} --end ${from + 86_400}`,
  );
  if (lines.length < 4000) throw new Error("rrdtool gave too few rows");
  return performance.now() - began;
}

/** Milliseconds of the worst of all sessions: hourly averages of loss and median of each file, then sorted. No percentiles. */
export async function worstTime(
  tool: RrdTool,
  folder: string,
  count: number,
  from: number,
  to: number,
): Promise<number> {
  const began = performance.now();
  const losses: number[] = [];
  for (let i = 0; i < count; i++) {
    const lines = await tool.ask(`fetch ${fileOf(folder, i)} AVERAGE --resolution 3600 --start ${from} --end ${to}`);
    let sum = 0;
    for (const line of lines) {
      const loss = Number(line.split(/\s+/)[2]);
      if (Number.isFinite(loss)) sum += loss;
    }
    losses.push(sum);
  }
  losses.sort((a, b) => b - a);
  return performance.now() - began;
}
