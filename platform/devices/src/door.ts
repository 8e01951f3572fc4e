/**
 * The door of the control plane for edge programs: enrolment, signed batches, configuration streams. Raw Fastify handlers,
 * because a signature is over bytes; a request is known by its signature before its body is read.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Registry } from "prom-client";
import { YaguraError } from "@yagura/core/errors.ts";
import { newId } from "@yagura/core/ids.ts";
import { EnrolRequest, MAX_REQUEST_BYTES, type BatchAnswer } from "@yagura/wire/envelope.ts";
import type { EdgeProblem } from "@yagura/wire/problem.ts";
import { networkOf } from "@yagura/server/networks.ts";
import type { Platform } from "@yagura/server/route.ts";
import { authenticate, type Authenticated } from "./authenticate.ts";
import { createBatchReader, isText, type BatchReader, type ReadBatch } from "./batches.ts";
import { createCommitter, type Committer } from "./commit.ts";
import type { DeviceEnrolled, Devices, IngestKind } from "./devices.ts";
import { enrol } from "./enrol.ts";
import { raise } from "./errors.ts";
import { createFacts, type Facts } from "./facts.ts";
import { createBuckets, createBudget, type Budget } from "./limits.ts";
import type { Known } from "./journal.ts";
import { createLiveness, type Liveness } from "./liveness.ts";
import { doorMetrics, type DoorMetrics } from "./metrics.ts";
import { createMover, type Mover } from "./move.ts";
import { createEpochs, createNonces, type Nonces } from "./replay.ts";
import { createStreams, type Streams } from "./streams.ts";
import { refuseWire } from "./wire-floor.ts";

export interface EdgeDoorOptions {
  readonly platform: Platform;
  readonly devices: Devices;
  /** Of all services. */
  readonly kinds: readonly IngestKind[];
  /** By service id: called inside the transaction of an enrolment. */
  readonly enrolled: Readonly<Record<string, DeviceEnrolled>>;
  readonly registry?: Registry;
  readonly limits?: Partial<DoorLimits>;
}
export interface DoorLimits {
  /** Requests a second of one device in the long run, and at once (a spool that empties after an outage). */
  readonly devicePerSecond: number;
  readonly deviceBurst: number;
  /** Bytes to parse, inflated, a second of one device in the long run, and at once. */
  readonly deviceBytesPerSecond: number;
  readonly deviceBytesBurst: number;
  /** Failed proofs (keys, signatures) a minute of one address. */
  readonly failuresPerMinute: number;
  /** Milliseconds in which a request's body must have come. */
  readonly bodyTimeout: number;
  /** Compressed bytes in the journal above which batches are turned away until it is shorter. */
  readonly journalBytes: number;
}
const defaultLimits: DoorLimits = {
  devicePerSecond: 30,
  deviceBurst: 300,
  deviceBytesPerSecond: 4 * 1024 ** 2,
  deviceBytesBurst: 64 * 1024 ** 2,
  failuresPerMinute: 60,
  bodyTimeout: 15_000,
  journalBytes: 2 * 1024 ** 3,
};

export interface EdgeDoor {
  /** Resolves when all that was acknowledged before is in telemetry. For tests and benchmarks. */
  drain(): Promise<void>;
  /** Writes signs of life at once. */
  flush(): Promise<void>;
  /** Ends streams, commits what waits, moves the journal. Called when Fastify closes. */
  close(): Promise<void>;
}

interface Door {
  readonly platform: Platform;
  readonly options: EdgeDoorOptions;
  readonly limits: DoorLimits;
  readonly metrics: DoorMetrics;
  readonly facts: Facts;
  readonly committer: Committer;
  readonly mover: Mover;
  readonly liveness: Liveness;
  readonly streams: Streams;
  readonly reader: BatchReader;
  readonly deviceBucket: ReturnType<typeof createBuckets>;
  readonly deviceBytes: Budget;
  readonly failureBucket: ReturnType<typeof createBuckets>;
  readonly nonces: Nonces;
  /** 0 when the device may use this epoch now, else the seconds to wait. */
  readonly epochs: ReturnType<typeof createEpochs>;
}

/** Installs the routes of edge programs; the door closes with the server. Throws what the stores throw. */
export async function edgeDoor(app: FastifyInstance, options: EdgeDoorOptions): Promise<EdgeDoor> {
  const { platform } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const monotonic = (): number => platform.clock.monotonic();
  const metrics = doorMetrics(options.registry ?? new Registry());
  const writer = newId();
  const kinds = new Map(options.kinds.map((kind) => [kind.kind, kind]));
  const facts = createFacts(platform.store, monotonic);
  const mover = createMover({ platform, writer, kinds, metrics });
  const committer = createCommitter({
    store: platform.store,
    writer,
    committed: (result) => mover.committed(result),
    failed: (error) => platform.log.error({ err: error }, "a group of batches could not be committed"),
  });
  const streams = await createStreams(platform, facts, (count) => metrics.streams.set(count));
  const door: Door = {
    platform,
    options,
    limits,
    metrics,
    facts,
    committer,
    mover,
    streams,
    liveness: createLiveness(platform, () => streams.present()),
    reader: createBatchReader(kinds, platform),
    deviceBucket: createBuckets(limits.devicePerSecond, limits.deviceBurst, monotonic),
    deviceBytes: createBudget(limits.deviceBytesPerSecond, limits.deviceBytesBurst, monotonic),
    failureBucket: createBuckets(limits.failuresPerMinute / 60, limits.failuresPerMinute, monotonic),
    nonces: createNonces(monotonic),
    epochs: createEpochs(monotonic),
  };
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeDoor(door));
  // Streams never end by themselves: without this the server would wait for them for ever.
  app.addHook("preClose", close);
  await app.register(async (edge) => routes(edge, door));
  return { drain: () => mover.drain(), flush: () => door.liveness.flush(), close };
}

async function closeDoor(door: Door): Promise<void> {
  await door.streams.stop();
  await door.committer.close();
  await door.mover.stop();
  await door.liveness.stop();
}

const authenticated = Symbol("authenticated");
interface EdgeRequest extends FastifyRequest {
  [authenticated]?: Authenticated;
}

function routes(edge: FastifyInstance, door: Door): void {
  edge.removeAllContentTypeParsers();
  edge.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  edge.setErrorHandler((error, request, reply) => refuse(door, error, request, reply));
  edge.addHook("onRequest", async (request) => guardBody(request, door.limits.bodyTimeout));
  // Ours are limited per device and per failing address below, not by the host's limits for people.
  const config = { rateLimit: false, edge: true };
  // Programs need no headers for browsers, and no logger of its own for each request.
  const raw = { config, compress: false, decompress: false, helmet: false } as { config: object };
  edge.setChildLoggerFactory((logger) => logger);
  edge.route({
    ...raw,
    method: "POST",
    url: "/edge/v1/enrol",
    bodyLimit: 8_192,
    onRequest: async (request) => refuseFailing(door, request),
    handler: (request) => enrolHandler(request, door),
  });
  edge.route({
    ...raw,
    method: "POST",
    url: "/edge/v1/batches",
    bodyLimit: MAX_REQUEST_BYTES,
    onRequest: async (request: EdgeRequest) => void (request[authenticated] = await know(request, door)),
    handler: (request: EdgeRequest) => batchHandler(request, door),
  });
  edge.route({
    ...raw,
    method: "GET",
    url: "/edge/v1/stream",
    onRequest: async (request: EdgeRequest) => void (request[authenticated] = await know(request, door)),
    handler: (request: EdgeRequest, reply) => streamHandler(request, reply, door),
  });
}

/** A body that trickles in is cut off: it holds memory and a connection. */
function guardBody(request: FastifyRequest, milliseconds: number): void {
  if (request.method === "GET") return;
  const timer = setTimeout(() => request.raw.destroy(), milliseconds);
  const clear = (): void => clearTimeout(timer);
  request.raw.once("end", clear);
  request.raw.once("close", clear);
}

function refuseFailing(door: Door, request: FastifyRequest): void {
  const seconds = door.failureBucket.peek(networkOf(request.ip));
  if (seconds > 0) throw raise("DEVICE_RATE_LIMITED", { seconds });
}

async function know(request: FastifyRequest, door: Door): Promise<Authenticated> {
  const { method, url, headers } = request;
  // Devices that we know are let through from an address where others fail: an office has one address.
  const device = /;keyid="([0-9a-f-]{36})"/.exec(String(headers["signature-input"]))?.[1];
  if (device === undefined || door.facts.peek(device) === undefined) refuseFailing(door, request);
  const path = url.split("?", 1)[0] as string;
  const known = await authenticate({ method, path, headers }, door.facts, door.platform.clock.now());
  const { device: id } = known.facts;
  const seconds = door.deviceBucket.take(id) || door.deviceBytes.wait(id);
  if (seconds > 0) throw raise("DEVICE_RATE_LIMITED", { seconds });
  return known;
}

async function batchHandler(request: EdgeRequest, door: Door): Promise<BatchAnswer> {
  const receivedAt = Math.round(door.platform.clock.now() * 1000);
  const stop = door.metrics.commit.startTimer();
  const known = request[authenticated] as Authenticated;
  if (door.mover.depth().bytes > door.limits.journalBytes) {
    throw raise("DOOR_BUSY", { cause: "telemetry is behind", seconds: 30 });
  }
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  checkDigest(bytes, known.digest);
  const { batch, kind, taken, health } = readWithin(door, bytes, request.headers["content-encoding"], {
    device: known.facts.device,
    organisation: known.facts.organisation,
    receivedAt,
    clockOffset: known.state?.clock ?? 0,
  });
  const wait = door.epochs(known.facts.device, batch.epoch);
  if (wait > 0) throw raise("DEVICE_RATE_LIMITED", { seconds: wait });
  const cause = await kind?.refuse?.(taken.batch, door.platform);
  if (cause !== undefined && cause !== null) throw raise("BATCH_REFUSED", { kind: batch.kind, cause });
  const verdict = await door.committer.add({ taken, oldest: known.state?.oldest ?? 1, health });
  if (verdict === "fresh") {
    door.metrics.batches.inc({ kind: batch.kind });
    door.metrics.bytes.inc(bytes.length);
  } else door.metrics.duplicates.inc();
  door.liveness.seen({ ...signOf(request, known), configuration: known.state?.configuration ?? null });
  stop();
  const answeredAt = Math.round(door.platform.clock.now() * 1000);
  return { sequence: batch.sequence, duplicate: verdict === "duplicate", receivedAt, answeredAt };
}

/** Nonsense is dearer than a batch: an honest program sends none, and some hundred bytes of it inflate to seconds of parsing. */
const NONSENSE_FACTOR = 32;

/** Reads within the bytes that the device may have parsed. Throws DEVICE_RATE_LIMITED, and what the reader throws. */
function readWithin(door: Door, bytes: Buffer, encoding: string | undefined, known: Known): ReadBatch {
  const seconds = door.deviceBytes.wait(known.device);
  if (seconds > 0) throw raise("DEVICE_RATE_LIMITED", { seconds });
  let cost = 0;
  try {
    const read = door.reader.read(bytes, encoding, known, (inflated) => (cost = inflated * NONSENSE_FACTOR));
    cost /= NONSENSE_FACTOR;
    return read;
  } finally {
    door.deviceBytes.spend(known.device, cost);
  }
}

function checkDigest(bytes: Buffer, header: string | undefined): void {
  const signed = /(?:^|, *)sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header ?? "")?.[1];
  if (signed === undefined) throw raise("SIGNATURE_INVALID", { cause: "content-digest has no sha-256" });
  const digest = createHash("sha256").update(bytes).digest();
  if (!timingSafeEqual(digest, Buffer.from(signed, "base64"))) throw raise("DIGEST_MISMATCH");
}

const signOf = (request: FastifyRequest, known: Authenticated) => ({
  device: known.facts.device,
  organisation: known.facts.organisation,
  address: request.ip,
  configuration: null,
});

async function streamHandler(request: EdgeRequest, reply: FastifyReply, door: Door): Promise<FastifyReply> {
  const known = request[authenticated] as Authenticated;
  // A batch that is replayed is stored once; a stream that is replayed would tell a configuration to a stranger.
  if (!door.nonces.first(`${known.facts.device} ${known.nonce}`)) throw raise("SIGNATURE_REPLAYED");
  reply.hijack();
  door.streams.open(signOf(request, known), reply.raw);
  door.liveness.seen(signOf(request, known));
  return reply;
}

const readEnrolRequest = (() => {
  const ajv = new Ajv();
  addFormats.default(ajv);
  return ajv.compile<EnrolRequest>(EnrolRequest);
})();

async function enrolHandler(request: FastifyRequest, door: Door): Promise<unknown> {
  let body: unknown;
  try {
    body = JSON.parse(String(request.body));
  } catch (error) {
    throw raise("ENROLMENT_MALFORMED", { cause: "it is not JSON" }, { cause: error });
  }
  refuseWire(body);
  if (!readEnrolRequest(body)) {
    const first = readEnrolRequest.errors?.[0];
    throw raise("ENROLMENT_MALFORMED", {
      cause: `${first?.instancePath ?? ""} ${first?.message ?? "is wrong"}`.trim(),
    });
  }
  if (!isText(body)) throw raise("ENROLMENT_MALFORMED", { cause: "a text in it holds a zero byte" });
  const { platform, options } = door;
  const answer = await enrol(body, request.ip, { platform, devices: options.devices, enrolled: options.enrolled });
  door.facts.forget(answer.device);
  door.metrics.enrolled.inc();
  return answer;
}

/** Failures of proof count against the address: keys cannot be guessed, nor devices tried out. */
const PROOF = new Set(["KEY_UNKNOWN", "SIGNATURE_INVALID", "DEVICE_UNKNOWN", "ENROLMENT_MALFORMED"]);

async function refuse(door: Door, error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const told = asError(error);
  if (told === null)
    door.platform.log.error({ err: error, request: request.id }, "a request of an edge program failed");
  const known = told ?? raise("DOOR_BUSY", { cause: "an error on the server", seconds: 10 });
  door.metrics.refused.inc({ code: known.code });
  if (PROOF.has(known.code)) door.failureBucket.take(networkOf(request.ip));
  const seconds = known.parameters["seconds"];
  if ((known.status === 429 || known.status === 503) && seconds !== undefined)
    reply.header("retry-after", String(seconds));
  // The rest of a refused body is not waited for.
  if (!request.raw.complete) reply.header("connection", "close");
  const language = /^ja\b/i.test(request.headers["accept-language"] ?? "") ? "ja" : "en";
  const problem: EdgeProblem = {
    type: `urn:yagura:error:${known.code}`,
    title: STATUS_CODES[known.status] ?? "Error",
    status: known.status,
    code: known.code,
    detail: known.say(language),
    instance: request.id,
    serverTime: Math.round(door.platform.clock.now() * 1000),
  };
  return reply.code(known.status).type("application/problem+json").send(JSON.stringify(problem));
}

/** Null for an error of ours; Fastify's own refusals of a body become ours. */
function asError(error: unknown): YaguraError | null {
  if (error instanceof YaguraError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return raise("BATCH_TOO_LARGE", { limit: MAX_REQUEST_BYTES });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return raise("BATCH_MALFORMED", { cause: error instanceof Error ? error.message : "unreadable" });
  }
  return null;
}
