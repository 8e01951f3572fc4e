/** Prometheus as a store of the same samples, in blackbox_exporter's layout: one series of durations and one of success each. */
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { startPeer } from "../peers.ts";
import { generate, type Session } from "./samples.ts";

export interface Prometheus {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPrometheus(folder: string, port: number): Promise<Prometheus> {
  mkdirSync(folder, { recursive: true });
  const child = startPeer("prometheus", [
    `--storage.tsdb.path=${folder}/data`,
    "--storage.tsdb.retention.time=10y",
    `--config.file=/dev/null`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.enable-remote-write-receiver",
    "--query.max-samples=500000000",
    "--query.timeout=10m",
    "--log.level=error",
  ]);
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    try {
      if ((await fetch(`${url}/-/ready`)).ok) break;
    } catch {
      if (tries > 200 || child.exitCode !== null) throw new Error("prometheus did not start");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

/** Remote write (protobuf, snappy) in the order of time, ten minutes of all sessions in a request. */
export async function loadPrometheus(
  { url }: Prometheus,
  sessions: readonly Session[],
  from: number,
  to: number,
): Promise<{ samples: number; seconds: number }> {
  const labels = sessions.map(({ id }) =>
    ["probe_duration_us", "probe_success"].map((name) => labelBytes({ __name__: name, session: id })),
  );
  let samples = 0;
  let seconds = 0;
  for (let time = from; time < to; time += 600) {
    const durations: Buffer[][] = sessions.map(() => []);
    const successes: Buffer[][] = sessions.map(() => []);
    generate(sessions, time, Math.min(to, time + 600), ({ session, second, rtt }) => {
      const at = second * 1000 + Math.floor((sessions[session] as Session).phase / 1000);
      durations[session]?.push(sampleBytes(rtt, at));
      successes[session]?.push(sampleBytes(rtt === 0 ? 0 : 1, at));
      samples++;
    });
    const series = labels.flatMap(([duration, success], i) => [
      field(1, Buffer.concat([duration as Buffer, ...(durations[i] as Buffer[])])),
      field(1, Buffer.concat([success as Buffer, ...(successes[i] as Buffer[])])),
    ]);
    const began = performance.now();
    await post(`${url}/api/v1/write`, snappyLiteral(Buffer.concat(series)));
    seconds += (performance.now() - began) / 1000;
  }
  return { samples, seconds };
}

/** Bytes of finished blocks over the probes in them (two samples each). */
export function blockBytes(folder: string): number {
  let bytes = 0;
  let samples = 0;
  for (const name of readdirSync(`${folder}/data`)) {
    if (!/^[0-9A-Z]{26}$/.test(name)) continue;
    const block = join(folder, "data", name);
    const meta = JSON.parse(readFileSync(join(block, "meta.json"), "utf8")) as { stats: { numSamples: number } };
    samples += meta.stats.numSamples;
    bytes += sizeOf(block);
  }
  return samples === 0 ? Number.NaN : (2 * bytes) / samples;
}
const sizeOf = (path: string): number => {
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stat.size;
};

/** Milliseconds of the same session page: median, p95 and loss by 5 minutes over 24 h. */
export async function sessionTime({ url }: Prometheus, session: Session, from: number): Promise<number> {
  const of = (name: string): string => `${name}{session="${session.id}"}[5m]`;
  const began = performance.now();
  const results = await Promise.all(
    [
      `quantile_over_time(0.5, ${of("probe_duration_us")})`,
      `quantile_over_time(0.95, ${of("probe_duration_us")})`,
      `1 - avg_over_time(${of("probe_success")})`,
    ].map((query) =>
      ask(`${url}/api/v1/query_range?query=${encodeURIComponent(query)}&start=${from}&end=${from + 86_400}&step=300`),
    ),
  );
  if (results.some((result) => result.length === 0)) throw new Error("prometheus gave no series");
  return performance.now() - began;
}

/** Milliseconds of the 20 worst over the time, with loss, median and p95. */
export async function worstTime({ url }: Prometheus, seconds: number, to: number): Promise<number> {
  const began = performance.now();
  const query = `topk(20, 1 - avg_over_time(probe_success[${seconds}s]))`;
  const worst = await ask(`${url}/api/v1/query?query=${encodeURIComponent(query)}&time=${to}`);
  const ids = worst.map(({ metric }) => metric["session"]).join("|");
  for (const level of [0.5, 0.95]) {
    await ask(
      `${url}/api/v1/query?query=${encodeURIComponent(`quantile_over_time(${level}, probe_duration_us{session=~"${ids}"}[${seconds}s])`)}&time=${to}`,
    );
  }
  return performance.now() - began;
}

async function ask(url: string): Promise<{ metric: Record<string, string> }[]> {
  const answer = (await (await fetch(url)).json()) as {
    status: string;
    error?: string;
    data: { result: { metric: Record<string, string> }[] };
  };
  if (answer.status !== "success") throw new Error(answer.error);
  return answer.data.result;
}

function post(url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/x-protobuf",
      "content-encoding": "snappy",
      "x-prometheus-remote-write-version": "0.1.0",
    };
    const sent = request(url, { method: "POST", headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () =>
        (answer.statusCode ?? 500) < 300 ? resolve() : reject(new Error(Buffer.concat(pieces).toString())),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

// Protocol buffers: key = field << 3 | wire type; 0 varint, 1 fixed 64, 2 length and bytes.
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  bytes.push(value);
  return Buffer.from(bytes);
}
const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
const labelBytes = (labels: Record<string, string>): Buffer =>
  Buffer.concat(
    Object.entries(labels).map(([name, value]) =>
      field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
    ),
  );
function sampleBytes(value: number, milliseconds: number): Buffer {
  const time = varint(milliseconds);
  const bytes = Buffer.alloc(12 + time.length);
  bytes[0] = 0x12;
  bytes[1] = 10 + time.length;
  bytes[2] = 0x09;
  bytes.writeDoubleLE(value, 3);
  bytes[11] = 0x10;
  time.copy(bytes, 12);
  return bytes;
}

/** A snappy block of literals only: valid, and not compressed (both ends are this machine). */
function snappyLiteral(bytes: Buffer): Buffer {
  const parts: Buffer[] = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const piece = bytes.subarray(at, at + 65_536);
    const tag = Buffer.alloc(3);
    tag[0] = 61 << 2;
    tag.writeUInt16LE(piece.length - 1, 1);
    parts.push(tag, piece);
  }
  return Buffer.concat(parts);
}
