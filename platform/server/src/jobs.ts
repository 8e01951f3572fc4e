/** Jobs in PostgreSQL (graphile-worker): added inside the transaction that causes them, run by any process, tried again on failure. */
import { Logger as WorkerLogger, parseCronItems, run, runMigrations, type Runner, type Task } from "graphile-worker";
import { sql } from "kysely";
import type { Logger } from "pino";
import type { JobHandler, Jobs, JobTable, Platform } from "./route.ts";

/** Jobs through the server's own function, since the roles of requests own nothing in the worker's schema. */
export const createJobs = (): Jobs => ({
  async add(tx, name, payload, options = {}) {
    await sql`select server.add_job(${name}, ${JSON.stringify(payload)}::json, ${options.key ?? null}, ${options.runAt ?? null})`.execute(
      tx,
    );
  },
});

/** Makes or renews the worker's own tables: for `prepare` of `openStores` and `testStores`. Without a log it says nothing. */
export async function prepareJobs(connectionString: string, log?: Logger): Promise<void> {
  await runMigrations({ connectionString, logger: workerLogger(log) });
}

export interface RunningJobs {
  /** Lets running jobs end, then stops. */
  stop(): Promise<void>;
}

/** Starts workers for the tables of all rooms. Two rooms with one job name is a mistake of the programmer. */
export async function startJobs(
  platform: Platform,
  jobTables: readonly JobTable[],
  options: { concurrency?: number } = {},
): Promise<RunningJobs> {
  const handlers = new Map<string, JobHandler>();
  for (const table of jobTables) {
    for (const [name, handler] of Object.entries(table.handlers)) {
      if (handlers.has(name)) throw new Error(`job ${name} is declared twice`);
      handlers.set(name, handler);
    }
  }
  const runner: Runner = await run({
    connectionString: platform.store.connectionString,
    concurrency: options.concurrency ?? 4,
    noHandleSignals: true,
    pollInterval: 2_000,
    logger: workerLogger(platform.log),
    taskList: Object.fromEntries([...handlers].map(([name, handler]) => [name, task(name, handler, platform)])),
    parsedCronItems: parseCronItems(
      jobTables.flatMap((table) =>
        Object.entries(table.schedule ?? {}).map(([name, match]) => ({
          task: name,
          match,
          identifier: name,
          options: { backfillPeriod: 0 },
        })),
      ),
    ),
  });
  let stopped = false;
  runner.promise.catch((error: unknown) => {
    if (!stopped) platform.log.error({ err: error }, "the job workers ended");
  });
  return {
    async stop() {
      stopped = true;
      await runner.stop();
    },
  };
}

function task(name: string, handler: JobHandler, platform: Platform): Task {
  return async (payload, helpers) => {
    try {
      await handler((payload ?? {}) as Readonly<Record<string, unknown>>, platform);
    } catch (error) {
      platform.log.warn({ err: error, job: name, attempt: helpers.job.attempts }, "job failed and will be tried again");
      throw error;
    }
  };
}

/** The worker's own words are for developers: errors and warnings pass, the rest is debug. Payloads are never logged. */
const workerLogger = (log: Logger | undefined): WorkerLogger =>
  new WorkerLogger(() => (level, message) => {
    if (level === "error" || level === "warning") log?.warn({ worker: true }, message.slice(0, 500));
    else log?.debug({ worker: true }, message.slice(0, 500));
  });
