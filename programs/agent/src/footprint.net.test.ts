/** What the agent costs the machine it runs on, as it is shipped: bundled, with the package's options, uploading. */
import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "@yagura/testkit/until.ts";
import type { Probe } from "@yagura/experience/wire/configuration.ts";
import type { SamplesBody } from "@yagura/experience/wire/samples.ts";
import type { AnyBatch, BatchAnswer } from "@yagura/wire/envelope.ts";

const MEGABYTE = 1024 * 1024;
const LIMIT = 80 * MEGABYTE;
const SESSIONS = 10;
const SAMPLES = 200;

const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
let folder: string;
let agent: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "footprint-"));
  const bundle = join(import.meta.dirname, "..", "bundle.ts");
  agent = execFileSync(process.execPath, [bundle, folder], { encoding: "utf8" }).trim();
  symlinkSync(join(import.meta.dirname, "..", "..", "..", "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The options with which the package starts its runtime. */
const options = (): string[] =>
  readFileSync(join(import.meta.dirname, "..", "package", "yagura-agent"), "utf8").match(/--max-\S+/g) ?? [];

async function bodyOf(request: IncomingMessage): Promise<AnyBatch> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(zstdDecompressSync(Buffer.concat(parts)).toString()) as AnyBatch;
}

/** Takes batches and forgets them: what is weighed here is the sender. */
async function receiver() {
  const state = { samples: 0 };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const batch = await bodyOf(request);
    if (batch.kind === "experience.samples")
      for (const { count } of (batch.body as SamplesBody).blocks) state.samples += count;
    const now = Date.now() * 1000;
    const answer: BatchAnswer = { sequence: batch.sequence, duplicate: false, receivedAt: now, answeredAt: now };
    response.end(JSON.stringify(answer));
  };
  const server = createServer((request, response) => {
    if (request.method === "POST") void take(request, response);
    else if (request.url === "/page") response.end("x".repeat(10_000));
    // The configuration stream: open and silent.
    else response.writeHead(200).flushHeaders();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { state, server, port: (server.address() as AddressInfo).port };
}

/** State of a program that is enrolled and has its configuration: as `runEdge` keeps it. */
function enrolled(name: string, port: number, probe: (n: number) => Probe): string {
  const state = join(folder, name);
  mkdirSync(state, { mode: 0o700 });
  const privateKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const server = `http://127.0.0.1:${port}`;
  const identity = { privateKey, device: id(1), organisation: id(2), server, authority: null, key: null };
  writeFileSync(join(state, "identity.json"), JSON.stringify(identity), { mode: 0o600 });
  const sessions = Array.from({ length: SESSIONS }, (_, n) => ({
    session: id(10 + n),
    probe: probe(n),
    interval: 1000,
    timeout: 1000,
  }));
  const services = { experience: { upload: 2000, sessions } };
  writeFileSync(join(state, "configuration.json"), JSON.stringify({ version: 1, services }));
  return state;
}

/** Resident bytes at most, and user and system time in hundredths of a second. */
function weigh(pid: number): { resident: number; cpu: number } {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return { resident: Number(peak) * 1024, cpu: Number(fields[11]) + Number(fields[12]) };
}

const mixed = (port: number, n: number): Probe =>
  n < 5
    ? { kind: "icmp", host: "127.0.0.1" }
    : n < 7
      ? { kind: "tcp", host: "127.0.0.1", port }
      : n < 9
        ? { kind: "dns", server: "127.0.0.1", port: 9, name: "example.jp", record: "A" }
        : { kind: "http", url: `http://127.0.0.1:${port}/page` };

test("10 sessions each second, measured and uploaded, in less than 80 MB", async () => {
  const { state, server, port } = await receiver();
  const folderOfState = enrolled("mixed", port, (n) => mixed(port, n));
  const child = spawn(process.execPath, [...options(), agent, "--state", folderOfState], { stdio: "ignore" });
  const ended = once(child, "exit");
  const measured = async (count: number): Promise<void> => {
    await until(() => {
      if (child.exitCode !== null) throw new Error(`the agent ended with ${child.exitCode}`);
      return state.samples >= count;
    }, 50);
  };
  try {
    await measured(SESSIONS);
    const started = performance.now();
    const before = weigh(child.pid as number);
    await measured(SAMPLES);
    const after = weigh(child.pid as number);
    const share = (after.cpu - before.cpu) / ((performance.now() - started) / 10);
    process.stdout.write(
      `agent as shipped, ${SESSIONS} sessions at 1 Hz: ${(after.resident / MEGABYTE).toFixed(1)} MB at most, ${(100 * share).toFixed(2)} % of a core\n`,
    );
    expect(after.resident).toBeLessThan(LIMIT);
  } finally {
    child.kill();
    await ended;
    server.closeAllConnections();
    server.close();
  }
});
