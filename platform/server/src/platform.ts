/** The Platform object: what the running control plane offers to handlers, jobs and hooks of every room. */
import { Registry } from "prom-client";
import { pino, type Logger } from "pino";
import { systemClock, type Clock } from "@yagura/core/clock.ts";
import type { Store, Telemetry } from "@yagura/store/store.ts";
import type { JobTable, Platform } from "./route.ts";
import { appendAudit, createCheckpoints, type Checkpoints } from "./audit.ts";
import { housekeeping } from "./housekeeping.ts";
import { createJobs, prepareJobs } from "./jobs.ts";
import { createLiveHub, type LiveHub } from "./live.ts";
import { createMailing, type Mailing } from "./mail.ts";
import { loadKeys, type Keys } from "./secrets.ts";

const CHECKPOINT_INTERVAL = 60_000;

export interface PlatformParts {
  readonly stores: { readonly store: Store; readonly telemetry: Telemetry };
  readonly dataFolder: string;
  /** A function when the port is known only after listening. */
  readonly publicUrl: string | (() => string);
  /** `smtp://user:password@host:587`; absent: mails stay in the outbox. */
  readonly smtpUrl?: string | undefined;
  readonly log: Logger;
  readonly clock?: Clock;
}

export interface ServerPlatform extends Platform {
  readonly live: LiveHub;
  readonly keys: Keys;
  readonly mailing: Mailing;
  readonly checkpoints: Checkpoints;
  /** Prometheus metrics; rooms register their own counters here. */
  readonly registry: Registry;
  /** Jobs of the platform itself, for `startJobs`. */
  readonly jobTable: JobTable;
  /** Ends live streams and mail, and writes the last checkpoint. The stores are closed by whoever opened them. */
  close(): Promise<void>;
}

/** Expects migrated stores. */
export async function createPlatform(parts: PlatformParts): Promise<ServerPlatform> {
  const { store, telemetry } = parts.stores;
  const clock = parts.clock ?? systemClock;
  const { publicUrl } = parts;
  const keys = await loadKeys(parts.dataFolder);
  await prepareJobs(store.connectionString, parts.log);
  const jobs = createJobs();
  const live = createLiveHub(store, parts.log);
  await live.start();
  const mailing = createMailing(parts.smtpUrl, jobs, clock);
  const checkpoints = createCheckpoints(store, parts.dataFolder, () => new Date(clock.now()));
  const writeCheckpoint = (): Promise<void> =>
    checkpoints.write().catch((error: unknown) => parts.log.warn({ err: error }, "no audit checkpoint was written"));
  const timer = setInterval(() => void writeCheckpoint(), CHECKPOINT_INTERVAL);
  timer.unref();
  return {
    store,
    telemetry,
    clock,
    log: parts.log,
    live,
    jobs,
    mail: mailing,
    mailing,
    keys,
    checkpoints,
    registry: new Registry(),
    jobTable: { handlers: { ...mailing.jobs, ...housekeeping }, schedule: { "server.housekeeping": "17 3 * * *" } },
    audit: (tx, actor, organisation, entry) => appendAudit(tx, new Date(clock.now()), actor, organisation, entry),
    publicUrl: typeof publicUrl === "string" ? () => publicUrl.replace(/\/$/, "") : publicUrl,
    dataFolder: parts.dataFolder,
    async close() {
      clearInterval(timer);
      await live.close();
      mailing.close();
      await writeCheckpoint();
    },
  };
}

/** Names under which secrets travel; their values never reach a log. */
const SECRET_NAMES = [
  "password",
  "current",
  "next",
  "token",
  "ticket",
  "code",
  "secret",
  "key",
  "csrf",
  "cookie",
  "authorization",
  "recoveryCodes",
  "signature",
];

/** Structured logs as JSON lines. Secrets are removed by name at two depths, and requests are logged by route, never by address line. */
export function createLog(options: { level?: string; destination?: NodeJS.WritableStream } = {}): Logger {
  return pino(
    {
      level: options.level ?? "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          ...SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
          'headers["set-cookie"]',
          '*.headers["set-cookie"]',
          '*.headers["x-yagura-csrf"]',
        ],
        censor: "[removed]",
      },
      formatters: { level: (label) => ({ level: label }) },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
}
