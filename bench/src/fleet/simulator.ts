/**
 * The fleet simulator: many agents in one process. Each batch is what an agent sends: column blocks, sealed, compressed, signed
 * with the agent's own key, over HTTP with keep-alive. Run as a child: `simulator.ts OPTIONS-AS-JSON`; it tells its counts.
 */
import { createHash, sign, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { constants, zstdCompressSync } from "node:zlib";
import { WIRE_VERSION } from "@yagura/wire/version.ts";
import {
  contentDigest,
  requestComponents,
  signatureBase,
  signatureHeaders,
  signatureParams,
  STATE_HEADER,
  writeState,
} from "@yagura/wire/signature.ts";
import { generator, places, roundTrip } from "../store/samples.ts";
import { privateKeyOf, type Fleet } from "./seed.ts";

export interface SimulatorOptions {
  readonly fleet: string;
  readonly port: number;
  /** Seconds of samples of each session in a batch. */
  readonly upload: number;
  /** Seconds for which batches are begun. */
  readonly duration: number;
  /** False: each agent sends as fast as it is answered. True: when its upload is due, at 1 Hz in real time. */
  readonly paced: boolean;
  readonly connections: number;
}
export interface SimulatorReport {
  readonly batches: number;
  readonly samples: number;
  readonly bytes: number;
  readonly refused: number;
  /** First refusal's text. */
  readonly trouble: string | null;
  /** Seconds from the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds from a request to its answer: median, p99. */
  readonly p50: number;
  readonly p99: number;
  /** Most seconds by which a paced batch was sent too late. */
  readonly behind: number;
  /** Processor seconds of the simulator itself. */
  readonly cpu: number;
}

interface Agent {
  readonly device: string;
  readonly key: KeyObject;
  readonly sessions: readonly string[];
  sequence: number;
  /** Second since the epoch of its next slot. */
  next: number;
  readonly phase: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as SimulatorOptions;
const fleet = JSON.parse(readFileSync(options.fleet, "utf8")) as Fleet;
const random = generator(Date.now() % 1_000_003);
const epoch = createHash("sha256").update(String(process.hrtime.bigint())).digest("hex").slice(0, 16);
const start = Math.floor(Date.now() / 1000) - (options.paced ? 0 : 7 * 86_400);
const agents: Agent[] = fleet.agents.map((agent) => ({
  device: agent.device,
  key: privateKeyOf(agent),
  sessions: agent.sessions,
  sequence: 0,
  next: start,
  phase: Math.floor(random() * 1e6),
}));

/** Columns drawn beforehand: the simulator should cost little beside what it measures. */
const POOL = 256;
const pool = places.map((place) =>
  Array.from({ length: POOL }, () => {
    const lost = random() < 0.02 ? Math.floor(random() * options.upload) : -1;
    const rtt = Array.from({ length: options.upload }, (_, i) =>
      i === lost ? 0 : Math.round(roundTrip(place, i, random)),
    );
    const delay = Array.from({ length: options.upload }, () => Math.round(20 + 60 * random()));
    const outcome = lost === -1 ? [0] : rtt.map((value) => (value === 0 ? 1 : 0));
    return `"count":${options.upload},"slot":[1],"delay":${JSON.stringify(delay)},"rtt":${JSON.stringify(rtt)},"outcome":${JSON.stringify(outcome)},"flags":[0],"bound":[12]`;
  }),
);

function bodyOf(agent: Agent): Buffer {
  const blocks = agent.sessions.map((session, i) => {
    const columns = (pool[i % places.length] as string[])[Math.floor(random() * POOL)] as string;
    return `{"session":"${session}","method":1,"start":${agent.next * 1_000_000 + agent.phase},"interval":1000000,${columns}}`;
  });
  const now = Date.now() * 1000;
  const text = `{"wire":${WIRE_VERSION},"epoch":"${epoch}","sequence":${agent.sequence},"kind":"experience.samples","sentAt":${now},"clock":{"offset":0,"bound":500,"at":${now}},"dropped":0,"body":{"blocks":[${blocks.join(",")}],"gaps":[]}}`;
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

function requestOf(agent: Agent): Buffer {
  agent.sequence++;
  const body = bodyOf(agent);
  agent.next += options.upload;
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "content-encoding": "zstd",
    [STATE_HEADER]: writeState({ oldest: agent.sequence, configuration: 1, clock: 0 }),
    "content-digest": contentDigest(createHash("sha256").update(body).digest("base64")),
  };
  const components = requestComponents({ method: "POST", path: "/edge/v1/batches", headers });
  const params = signatureParams(components, {
    created: Math.floor(Date.now() / 1000),
    keyid: agent.device,
    nonce: `${agent.sequence}-${agent.device.slice(-8)}`,
  });
  const signature = sign(null, Buffer.from(signatureBase(components, params)), agent.key).toString("base64");
  const all = {
    host: "127.0.0.1",
    ...headers,
    ...signatureHeaders(params, signature),
    "content-length": String(body.length),
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST /edge/v1/batches HTTP/1.1\r\n${head.join("")}\r\n`), body]);
}

const latencies: number[] = [];
const count = { batches: 0, samples: 0, bytes: 0, refused: 0, behind: 0 };
let trouble: string | null = null;
const began = performance.now();
const ends = began + options.duration * 1000;
/** Agents wait in the order in which they are due. */
let turn = 0;

/** The next agent to send and how long to wait for it, ms; null when the time is over. */
function nextAgent(): { agent: Agent; wait: number } | null {
  const i = turn++;
  const agent = agents[i % agents.length] as Agent;
  if (!options.paced) return performance.now() >= ends ? null : { agent, wait: 0 };
  // Agents take turns evenly over the upload interval.
  const due = began + (i / agents.length) * options.upload * 1000;
  if (due >= ends) return null;
  const wait = due - performance.now();
  count.behind = Math.max(count.behind, -wait / 1000);
  return { agent, wait };
}

async function connection(): Promise<void> {
  const socket = connect(options.port, "127.0.0.1");
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  for (let next = nextAgent(); next !== null; next = nextAgent()) {
    const { agent, wait } = next;
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const request = requestOf(agent);
    const sent = performance.now();
    const { status, text } = await exchange(socket, request);
    latencies.push(performance.now() - sent);
    if (status === 200) {
      count.batches++;
      count.samples += agent.sessions.length * options.upload;
      count.bytes += request.length;
    } else {
      count.refused++;
      trouble ??= `${status} ${text.slice(0, 500)}`;
    }
  }
  socket.end();
}

/** One request and its answer: a status line, a length, a body. */
function exchange(socket: Socket, request: Buffer): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const fail = (error: Error): void => (cleanUp(), reject(error));
    const closed = (): void => fail(new Error("the server closed the connection"));
    const listen = (piece: Buffer): void => {
      heard += piece.toString("latin1");
      const end = heard.indexOf("\r\n\r\n");
      if (end === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(heard)?.[1] ?? 0);
      if (heard.length < end + 4 + length) return;
      cleanUp();
      resolve({ status: Number(heard.slice(9, 12)), text: heard.slice(end + 4) });
    };
    const cleanUp = (): void => void socket.off("data", listen).off("error", fail).off("close", closed);
    socket.on("data", listen).on("error", fail).on("close", closed);
    socket.write(request);
  });
}

await Promise.all(Array.from({ length: options.connections }, connection));
latencies.sort((a, b) => a - b);
const { user, system } = process.cpuUsage();
const report: SimulatorReport = {
  ...count,
  trouble,
  seconds: (performance.now() - began) / 1000,
  p50: latencies[latencies.length >> 1] ?? 0,
  p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  cpu: (user + system) / 1e6,
};
console.log(JSON.stringify(report));
