/** Runs an edge program: enrols it once, keeps its configuration, spools and sends what its services measure, says how it is. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import {
  MAX_BATCH_BYTES,
  MAX_REQUEST_BYTES,
  readEnrolmentKey,
  type AnyBatch,
  type Health,
} from "@yagura/wire/envelope.ts";
import { WIRE_VERSION } from "@yagura/wire/version.ts";
import { createOffsetFilter, type OffsetFilter } from "./clock-offset.ts";
import { enrolProgram } from "./enrol.ts";
import { raise } from "./errors.ts";
import { readJson, writeWhole } from "./files.ts";
import { createDispatcher, serverOrigin } from "./http.ts";
import { readIdentity, type Identity } from "./identity.ts";
import { lockFolder } from "./lock.ts";
import { startSender, type Sender } from "./sender.ts";
import type { EdgeHost, EdgeLog, EdgeService, EdgeTime, StartService } from "./service.ts";
import { openSpool, type Spool } from "./spool.ts";
import { readRevoked, writeRevoked, writeStatus } from "./status.ts";
import { startStream, type ConfigurationMessage, type StreamClient } from "./stream.ts";
import { stderrLog, systemTime } from "./time.ts";

/** Exit status of a program that was cut off by the server: a supervisor must not start it again. */
export const EXIT_REVOKED = 3;
const HEALTH_MS = 60_000;
const STATUS_MS = 5_000;
/** How long a stop waits for the last batches to be acknowledged; what is left is sent after the next start. */
const LAST_BATCHES_MS = 3_000;
export const DEFAULT_SPOOL_BYTES = 64 * 1024 * 1024;

export interface EdgeOptions {
  /** State folder: identity, spool, configuration, status. */
  readonly folder: string;
  /** e.g. `agent`. */
  readonly program: string;
  readonly version: string;
  readonly services: readonly StartService[];
  /** Needed for the first start, and to enrol anew. */
  readonly server?: string;
  readonly key?: string;
  readonly insecureHttp?: boolean;
  readonly spoolBytes?: number;
  readonly time?: EdgeTime;
  readonly log?: EdgeLog;
  /** Stops the program cleanly. */
  readonly signal: AbortSignal;
}

/** Runs until the signal or a revocation; gives the exit status. Throws what enrolment throws, and ALREADY_RUNNING. */
export async function runEdge(options: EdgeOptions): Promise<number> {
  const { folder } = options;
  const log = options.log ?? stderrLog;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw raise("STATE_FOLDER_UNUSABLE", { folder, cause: (error as Error).message }, { cause: error });
  }
  const unlock = lockFolder(folder);
  try {
    const identity = await identify(options, log);
    const revoked = readRevoked(folder);
    if (revoked !== null && revoked.device === identity.device) {
      log.error("this device was cut off by the server; a new key is needed", { reason: revoked.reason });
      return EXIT_REVOKED;
    }
    return await runEnrolled(options, identity, log);
  } finally {
    unlock();
  }
}

/** The identity that is kept, or one that a new key makes. The same key given again (by a supervisor) changes nothing. */
async function identify(options: EdgeOptions, log: EdgeLog): Promise<Identity> {
  const kept = readIdentity(options.folder);
  const mark = options.key === undefined ? null : markOf(options.key);
  if (kept !== null && (mark === null || mark === kept.key)) {
    const origin =
      options.server === undefined ? kept.server : serverOrigin(options.server, options.insecureHttp ?? false);
    return origin === null || origin === kept.server ? kept : kept.at(origin);
  }
  if (options.server === undefined || options.key === undefined) throw raise("NOT_ENROLLED");
  const { folder, server, key, program, version, insecureHttp = false } = options;
  const identity = await enrolProgram({ folder, server, key, mark: mark ?? "", program, version, insecureHttp });
  log.info("enrolled", { device: identity.device, server: identity.server });
  return identity;
}
/** Tells keys apart without keeping them. */
const markOf = (key: string): string =>
  createHash("sha256")
    .update(readEnrolmentKey(key)?.secret ?? key)
    .digest("hex")
    .slice(0, 16);

interface Running {
  readonly options: EdgeOptions;
  readonly identity: Identity;
  readonly log: EdgeLog;
  readonly time: EdgeTime;
  readonly spool: Spool;
  readonly offset: OffsetFilter;
  readonly services: EdgeService[];
  readonly submit: EdgeHost["submit"];
  /** What the running services could not do with their configuration. */
  readonly troubles: Map<string, string>;
  applied: number | null;
  revoked: string | null;
  sender: Sender | null;
  stream: StreamClient | null;
  /** Cores used since the last call. */
  readonly load: () => number;
}

async function runEnrolled(options: EdgeOptions, identity: Identity, log: EdgeLog): Promise<number> {
  const time = options.time ?? systemTime;
  const spool = openSpool(join(options.folder, "spool"), options.spoolBytes ?? DEFAULT_SPOOL_BYTES, log);
  const offset = createOffsetFilter(time.clock);
  const running: Running = {
    options,
    identity,
    log,
    time,
    spool,
    offset,
    services: [],
    submit: (kind, body, urgent) => submit(running, kind, body, urgent),
    troubles: new Map(),
    applied: null,
    revoked: null,
    sender: null,
    stream: null,
    load: loadMeter(time),
  };
  for (const start of options.services) running.services.push(await start(hostFor(running)));
  const kept = readJson<ConfigurationMessage>(configurationFile(options.folder));
  if (kept !== null) await configure(running, kept, false);
  const stop = new AbortController();
  const lines = new AbortController();
  const end = (): void => stop.abort();
  options.signal.addEventListener("abort", end);
  if (options.signal.aborted) stop.abort();
  const dispatcher = createDispatcher(identity.authority);
  const revoked = (reason: string): void => {
    running.revoked ??= reason;
    stop.abort();
    lines.abort();
  };
  const common = {
    identity,
    origin: identity.server ?? "",
    dispatcher,
    offset,
    time,
    log,
    revoked,
    signal: lines.signal,
  };
  running.sender = startSender({ ...common, spool, configuration: () => running.applied });
  running.stream = startStream({ ...common, configured: (message) => configure(running, message, true) });
  const loops = [healthLoop(running, stop.signal), statusLoop(running, stop.signal)];
  await Promise.all(loops);
  await stopRunning(running, lines);
  options.signal.removeEventListener("abort", end);
  await dispatcher.destroy();
  return running.revoked === null ? 0 : EXIT_REVOKED;
}

async function stopRunning(running: Running, lines: AbortController): Promise<void> {
  const { services, log, spool, time } = running;
  for (const service of services) {
    try {
      await service.stop();
    } catch (error) {
      log.error("a service did not stop cleanly", { service: service.id, cause: String(error) });
    }
  }
  const deadline = time.clock.monotonic() + LAST_BATCHES_MS;
  const waiting = (): boolean => spool.stats().batches > 0 && running.sender?.state().trouble === null;
  while (running.revoked === null && waiting() && time.clock.monotonic() < deadline) await time.sleep(20);
  lines.abort();
  await Promise.all([running.sender?.ended, running.stream?.ended]);
  spool.close();
  const { folder } = running.options;
  if (running.revoked !== null) {
    log.error("this device was cut off by the server; nothing more is sent", { reason: running.revoked });
    writeRevoked(folder, { device: running.identity.device ?? "", at: time.clock.now(), reason: running.revoked });
  }
  tellStatus(running, running.revoked === null ? "stopped" : "revoked");
}

function hostFor(running: Running): EdgeHost {
  const { time, log, offset, options } = running;
  const folder = join(options.folder, "services");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const waiting = (): { batches: number; bytes: number } => {
    const { batches, bytes } = running.spool.stats();
    return { batches, bytes };
  };
  return { time, log, folder, clockOffset: () => offset.current(), submit: running.submit, waiting };
}

function submit(running: Running, kind: string, body: unknown, urgent = false): number | null {
  const { spool, offset, time } = running;
  const sequence = spool.append((head) => {
    const batch: AnyBatch = {
      wire: WIRE_VERSION,
      epoch: head.epoch,
      sequence: head.sequence,
      kind,
      sentAt: Math.round(time.clock.now() * 1000),
      clock: offset.current(),
      dropped: head.dropped,
      body,
    };
    const text = Buffer.from(JSON.stringify(batch));
    if (text.length > MAX_BATCH_BYTES)
      throw raise("SUBMISSION_TOO_LARGE", { bytes: text.length, limit: MAX_BATCH_BYTES });
    const packed = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: levelFor(text.length) } });
    if (packed.length > MAX_REQUEST_BYTES)
      throw raise("SUBMISSION_TOO_LARGE", { bytes: packed.length, limit: MAX_REQUEST_BYTES });
    return packed;
  }, urgent);
  running.sender?.wake();
  return sequence;
}

/**
 * Bytes are dearer than time: a batch of ten seconds packs a fifth smaller at the highest level, for some hundredths of a second.
 * Larger ones (a capture file, days of a spool) would take seconds.
 */
const levelFor = (bytes: number): number => (bytes <= 131_072 ? 19 : 9);

const configurationFile = (folder: string): string => join(folder, "configuration.json");

/** Hands each service its part. What a service refuses is told, and the version is not acknowledged. */
async function configure(running: Running, message: ConfigurationMessage, fresh: boolean): Promise<void> {
  const { services, log, options, troubles } = running;
  if (fresh) {
    try {
      writeWhole(configurationFile(options.folder), JSON.stringify(message));
    } catch (error) {
      log.warn("the configuration could not be kept on the disk", { cause: String(error) });
    }
  }
  for (const service of services) {
    try {
      await service.configure(message.services[service.id]);
      troubles.delete(service.id);
    } catch (error) {
      log.error("a service refused its configuration", { service: service.id, cause: String(error) });
      troubles.set(
        service.id,
        `${service.id}: configuration ${message.version} was refused: ${String(error)}`.slice(0, 300),
      );
    }
  }
  if (troubles.size === 0) running.applied = message.version;
  log.info("configuration applied", { version: message.version, fresh });
  // The report carries the acknowledgement.
  if (fresh) reportHealth(running);
}

function reportHealth(running: Running): void {
  const { spool, options, services, time } = running;
  const { aside: _, ...stats } = spool.stats();
  const health: Health = {
    at: Math.round(time.clock.now() * 1000),
    program: options.program,
    version: options.version,
    cpu: running.load(),
    memory: process.memoryUsage.rss(),
    spool: stats,
    capabilities: capabilitiesOf(services),
    warnings: warningsOf(running),
  };
  running.submit("edge.health", health);
}

function loadMeter(time: EdgeTime): () => number {
  let [usage, at] = [process.cpuUsage(), time.clock.monotonic()];
  return () => {
    const { user, system } = process.cpuUsage(usage);
    const wall = time.clock.monotonic() - at;
    [usage, at] = [process.cpuUsage(), time.clock.monotonic()];
    return wall <= 0 ? 0 : Math.round((user + system) / wall) / 1000;
  };
}

function capabilitiesOf(services: readonly EdgeService[]): Record<string, string> {
  return Object.fromEntries(
    services
      .flatMap((service) => Object.entries(service.capabilities?.() ?? {}))
      .map(([name, text]) => [name, text.slice(0, 300)]),
  );
}

/** At most as many as the report may have, each as long as it may be. */
function warningsOf(running: Running): string[] {
  const { aside } = running.spool.stats();
  const own = aside === 0 ? [] : [`${aside} batches were refused by the server and are kept aside`];
  const services = running.services.flatMap((service) => [...(service.warnings?.() ?? [])]);
  return [...running.troubles.values(), ...own, ...services].slice(0, 20).map((text) => text.slice(0, 300));
}

async function healthLoop(running: Running, signal: AbortSignal): Promise<void> {
  // Programs that start together do not report together.
  await running.time.sleep(2_000 + running.time.random() * 5_000, signal);
  while (!signal.aborted) {
    reportHealth(running);
    await running.time.sleep(HEALTH_MS, signal);
  }
}

async function statusLoop(running: Running, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    tellStatus(running, "running");
    await running.time.sleep(STATUS_MS, signal);
  }
}

function tellStatus(running: Running, state: "running" | "stopped" | "revoked"): void {
  const { options, identity, time, sender, stream } = running;
  writeStatus(options.folder, {
    at: time.clock.now(),
    pid: process.pid,
    state,
    reason: running.revoked,
    program: options.program,
    version: options.version,
    server: identity.server,
    device: identity.device,
    organisation: identity.organisation,
    connected: (stream?.heardAt() ?? null) !== null,
    configuration: running.applied,
    acknowledgedAt: sender?.state().acknowledgedAt ?? null,
    trouble: sender?.state().trouble ?? null,
    spool: running.spool.stats(),
    clock: running.offset.current(),
    capabilities: capabilitiesOf(running.services),
    warnings: warningsOf(running),
  });
}
