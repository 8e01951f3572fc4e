/** The agent's measuring in this process, against HTTP, TLS, TCP and DNS servers that the test starts on loopback. */
import { webcrypto } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp, type AddressInfo, type Server } from "node:net";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "@yagura/testkit/until.ts";
import type { Probe } from "../wire/configuration.ts";
import type { SamplesBody } from "../wire/samples.ts";
import { experienceEdge, type ExperienceEdge, type ExperienceEdgeOptions } from "./agent.ts";
import { systemAgentClock, type AgentClock } from "./clock.ts";
import { encodeQuestion } from "./dns-message.ts";
import { Lag } from "./lag.ts";
import { Slot, type Measured } from "./measured.ts";
import { Names } from "./names.ts";
import { gapsOf, samplesOf, type PlainSample } from "./standalone.ts";
import { tcpProber } from "./tcp.ts";
import { reasonIndex } from "./track.ts";

const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const quiet = (): void => undefined;
const log = { info: quiet, warn: quiet, error: quiet };
const closers: (() => void)[] = [];
const edges: ExperienceEdge[] = [];
let plain = 0;
let secure = 0;
let shut = 0;

const portOf = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, "localhost", () => resolve((server.address() as AddressInfo).port)));

async function certificate() {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date("2020-01-01"),
    notAfter: new Date("2120-01-01"),
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return { cert: made.toString("pem"), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

beforeAll(async () => {
  const answer: Parameters<typeof createHttp>[1] = (request, response) => {
    if (request.url === "/silent") return;
    if (request.url === "/half") {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setTimeout(() => response.destroy(), 20);
      return;
    }
    response.statusCode = Number(request.url?.slice(1)) || 200;
    response.end("x".repeat(100_000));
  };
  const servers = [createHttp(answer), createHttps(await certificate(), answer), createTcp()];
  [plain = 0, secure = 0, shut = 0] = await Promise.all(servers.map((server) => portOf(server)));
  // The third one's port is free again: nobody listens there.
  servers[2]?.close();
  for (const server of servers.slice(0, 2)) closers.push(() => void server.close());
});
afterEach(async () => {
  for (const edge of edges.splice(0)) await edge.stop();
});
afterAll(() => {
  for (const close of closers) close();
});

type Options = Partial<ExperienceEdgeOptions> & { timeout?: number; interval?: number };

/** Measures until each session has `count` samples, or the test's condition holds. */
async function measure(probes: readonly Probe[], options: Options = {}) {
  const bodies: SamplesBody[] = [];
  const { timeout = 400, interval = 200, ...rest } = options;
  const edge = experienceEdge({ log, submit: (body) => bodies.push(body), ...rest });
  edges.push(edge);
  const sessions = probes.map((probe, i) => ({ session: id(i), probe, interval, timeout }));
  await edge.configure({ sessions, upload: 200 });
  const samples = async (n: number, count = 2): Promise<PlainSample[]> => {
    await until(() => samplesOf(bodies, id(n)).length >= count);
    return samplesOf(bodies, id(n));
  };
  return { edge, bodies, samples, sessions };
}

test.each([
  { name: "the kernel", native: true, method: "tcp-connect-kernel" },
  { name: "the program's clock", native: false, method: "tcp-connect-user" },
])("TCP by $name: connected, refused", async ({ native, method }) => {
  const { samples } = await measure(
    [
      { kind: "tcp", host: "localhost", port: plain },
      { kind: "tcp", host: "localhost", port: shut },
    ],
    { native },
  );
  for (const sample of await samples(0)) {
    expect(sample).toMatchObject({ outcome: "ok", method });
    expect(sample.rtt).toBeGreaterThan(0);
    expect(sample.bound).toBeGreaterThan(0);
    expect(sample.phases["connect"]).toBe(sample.rtt);
  }
  for (const sample of await samples(1))
    expect(sample).toMatchObject({ outcome: "refused", method: "tcp-connect-user" });
});

test("HTTP and HTTPS tell every phase, and each sample is a connection of its own", async () => {
  const { samples } = await measure([
    { kind: "http", url: `http://localhost:${plain}/` },
    { kind: "http", url: `https://localhost:${secure}/`, insecure: true },
  ]);
  for (const [n, phases] of [
    [0, ["resolve", "connect", "firstByte", "transfer"]],
    [1, ["resolve", "connect", "tls", "firstByte", "transfer"]],
  ] as const)
    for (const sample of await samples(n)) {
      expect(sample).toMatchObject({ outcome: "ok", method: "http-user" });
      expect(sample.phases["status"]).toBe(200);
      for (const phase of phases) expect(sample.phases[phase]).toBeGreaterThan(0);
      const sum = ["resolve", "connect", "tls", "firstByte", "transfer"].reduce(
        (total, phase) => total + (sample.phases[phase] ?? 0),
        0,
      );
      expect(Math.abs(sum - sample.rtt)).toBeLessThanOrEqual(5);
    }
});

test("HTTP: what the server says decides, by the codes expected", async () => {
  const at = (path: string, more = {}): Probe => ({ kind: "http", url: `http://localhost:${plain}/${path}`, ...more });
  const { samples } = await measure([
    at("302"),
    at("404"),
    at("404", { expect: [{ from: 404, to: 404 }] }),
    at("200", { expect: [{ from: 204, to: 204 }] }),
    at("503"),
    at("half"),
    at("silent"),
    { kind: "http", url: `https://localhost:${secure}/` },
    { kind: "http", url: `http://localhost:${secure}/` },
    { kind: "http", url: `http://localhost:${shut}/` },
    at("200", { method: "HEAD" }),
  ]);
  const want = ["ok", "refused", "ok", "refused", "refused", "refused", "lost", "refused", "refused", "refused", "ok"];
  for (const [n, outcome] of want.entries()) expect([n, (await samples(n, 1))[0]?.outcome]).toEqual([n, outcome]);
});

/** A name server whose answers the question's first label decides. */
async function nameServer(): Promise<number> {
  const reply = (question: Buffer, overTcp: boolean): Buffer[] => {
    const label = question.toString("latin1", 13, 13 + (question[12] ?? 0));
    const answer = Buffer.from(question);
    const code = label === "missing" ? 3 : label === "broken" ? 2 : 0;
    answer.writeUInt16BE(0x8180 | code | (label === "long" && !overTcp ? 0x0200 : 0), 2);
    if (label === "silent") return [];
    if (label === "forged") {
      const other = Buffer.from(answer);
      other.writeUInt16BE((answer.readUInt16BE(0) + 1) & 0xffff, 0);
      return [other];
    }
    return label === "twice" ? [answer, answer] : [answer];
  };
  const tcp = createTcp((socket) => {
    socket.on("data", (part: Buffer) => {
      for (const answer of reply(part.subarray(2), true)) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        // In two pieces, as the network may deliver them.
        socket.write(Buffer.concat([length, answer.subarray(0, 5)]));
        setImmediate(() => socket.end(answer.subarray(5)));
      }
    });
    socket.on("error", quiet);
  });
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  const { port } = tcp.address() as AddressInfo;
  const udp: Socket = createSocket("udp4");
  udp.on("message", (question, from) => {
    for (const answer of reply(question, false)) udp.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(port, "127.0.0.1", resolve));
  closers.push(
    () => udp.close(),
    () => void tcp.close(),
  );
  return port;
}

test.each([
  { name: "kernel stamps", native: true, method: "dns-udp-kernel" },
  { name: "the program's clock", native: false, method: "dns-udp-user" },
])("DNS by $name", async ({ native, method }) => {
  const port = await nameServer();
  const ask = (label: string): Probe => ({
    kind: "dns",
    server: "127.0.0.1",
    port,
    name: `${label}.example.jp`,
    record: "A",
  });
  const { samples } = await measure(
    [
      ask("here"),
      ask("missing"),
      ask("broken"),
      ask("long"),
      ask("silent"),
      ask("forged"),
      { ...ask("here"), port: shut } as Probe,
    ],
    { native },
  );
  const want = [
    ["ok", method],
    ["ok", method],
    ["refused", method],
    ["ok", "dns-tcp-user"],
    ["lost", method],
    ["lost", method],
    ["refused", method],
  ];
  for (const [n, [outcome, by]] of want.entries()) {
    const [sample] = await samples(n, 1);
    expect([n, sample?.outcome, sample?.method]).toEqual([n, outcome, by]);
  }
  for (const sample of await samples(0)) expect(sample.phases["resolve"]).toBe(sample.rtt);
});

test("DNS: an answer that comes twice is told", async () => {
  const port = await nameServer();
  const { samples } = await measure([
    { kind: "dns", server: "127.0.0.1", port, name: "twice.example.jp", record: "A" },
  ]);
  for (const sample of await samples(0)) expect(sample).toMatchObject({ outcome: "ok", flags: 1 });
  expect(encodeQuestion("twice.example.jp", "A")).not.toBeNull();
});

test("a name without an address is told as that", async () => {
  const now = (): number => performance.now() * 1000;
  const names = new Names(now, async () => Promise.reject(new Error("ENOTFOUND")));
  const lag = new Lag();
  const prober = tcpProber(null, lag, names, { host: "nowhere.example", port: 1, timeout: 1_000_000 }, now);
  const measured = await new Promise<Measured>((resolve) =>
    prober.start(new Slot(0, 0, 0, 0), (_, told) => resolve(told)),
  );
  expect(measured).toMatchObject({ outcome: "unresolved", rtt: 0 });
  lag.close();
});

/** This machine's clocks, with hours that the test adds. */
function adjustable(): AgentClock & { asleep: number; set: number } {
  const real = systemAgentClock(null);
  const clock = {
    asleep: 0,
    set: 0,
    wall: () => real.wall() + clock.asleep + clock.set,
    monotonic: () => real.monotonic(),
    boot: () => real.monotonic() + clock.asleep,
  };
  return clock;
}
const HOUR = 3_600_000_000;

test("an hour's sleep is one gap, and neither loss nor a jump in the samples", async () => {
  const clock = adjustable();
  const { samples, bodies } = await measure([{ kind: "tcp", host: "127.0.0.1", port: plain }], { clock });
  const before = (await samples(0)).length;
  clock.asleep = HOUR;
  await until(() => gapsOf(bodies, id(0)).length > 0);
  const after = await samples(0, before + 3);
  expect(new Set(after.map(({ outcome }) => outcome))).toEqual(new Set(["ok"]));
  const [gap] = gapsOf(bodies, id(0));
  expect(gap?.reason).toBe(reasonIndex("sleep"));
  // To what two clocks of a millisecond can tell.
  expect(Math.abs((gap?.to ?? 0) - (gap?.from ?? 0) - HOUR)).toBeLessThan(250_000);
});

test.each([{ by: 24 * HOUR }, { by: -24 * HOUR }])("a clock set by $by µs changes dates only", async ({ by }) => {
  const clock = adjustable();
  const { samples, bodies } = await measure([{ kind: "tcp", host: "127.0.0.1", port: plain }], { clock });
  const [first] = await samples(0);
  clock.set = by;
  const moved = (): PlainSample[] =>
    samplesOf(bodies, id(0)).filter(({ at }) => Math.abs(at - (first?.at ?? 0) - by) < HOUR);
  await until(() => moved().length >= 2);
  expect(gapsOf(bodies, id(0)).filter(({ reason }) => reason === reasonIndex("sleep"))).toEqual([]);
  for (const sample of samplesOf(bodies, id(0))) {
    expect(sample.outcome).toBe("ok");
    expect(sample.rtt).toBeLessThan(1_000_000);
  }
});

test("a new configuration does not disturb the sessions that stay", async () => {
  const stays: Probe = { kind: "tcp", host: "127.0.0.1", port: plain };
  const { edge, samples, sessions, bodies } = await measure([stays, stays]);
  const [first] = await samples(0);
  await edge.configure({
    sessions: [
      { ...sessions[0], interval: 200 },
      { ...sessions[1], session: id(7) },
    ],
    upload: 200,
  });
  const after = await samples(0, 8);
  for (const { at } of after) expect((at - (first?.at ?? 0)) % 200_000).toBe(0);
  expect((await samples(7)).length).toBeGreaterThan(0);
  const ended = samplesOf(bodies, id(1)).length;
  await samples(7, 4);
  expect(samplesOf(bodies, id(1)).length).toBe(ended);
  expect(() => edge.configure({ sessions: [{}], upload: 200 })).toThrow("sessions/0/session");
});
