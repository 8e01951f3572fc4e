/** A bill run end to end: contracts of mixed services charged for a month, documents, lines and claims durable in PostgreSQL. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { carryOutRun } from "@yagura/commerce/billing/run.ts";
import { beginRun, lockRun, setState, type RunRow } from "@yagura/commerce/billing/runs.ts";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import { prepareJobs } from "@yagura/server/jobs.ts";
import { migratePostgres, withMigrationLock } from "@yagura/store/migrations/postgres.ts";
import { migrationsOf } from "@yagura/store/migrations/read.ts";
import { silent } from "@yagura/store/log.ts";
import { storeMigrations } from "@yagura/store/open.ts";
import { startEmbeddedPostgres } from "@yagura/store/postgres/embedded.ts";
import { openPostgres } from "@yagura/store/postgres/pool.ts";
import type { Store } from "@yagura/store/store.ts";
import { addContracts, billing, mixedContract, prepareBilling } from "../../tests/support/billing.ts";
import { migrations } from "../../tests/support/experience.ts";
import { copyLines, pageTimes } from "./commerce-page.ts";
import { cpuOfTree } from "./running.ts";
import type { Bench, BenchRow } from "./result.ts";

/** Contracts; `BENCH_CONTRACTS=10000` for a quick look. */
const CONTRACTS = Number(process.env["BENCH_CONTRACTS"] ?? 100_000);
const PER_CUSTOMER = 20;
/** Lines in the tables when the page is measured: ten for each contract. */
const LINES = CONTRACTS * 10;
const WANTED = 5_000;
const clock = { now: () => Date.parse("2026-07-01T00:00:00Z"), monotonic: () => performance.now() };

interface Place {
  readonly store: Store;
  readonly clock: typeof clock;
  /** Seconds of CPU that the server and its connections have used. */
  serverCpu(): number;
  stop(): Promise<void>;
}

/** PostgreSQL as a control plane embeds it: every commit is durable. */
async function open(folder: string): Promise<Place> {
  const server = await startEmbeddedPostgres({ folder, log: silent });
  const { connectionString } = server;
  const all = migrationsOf("postgres", [storeMigrations, ...migrations]);
  await withMigrationLock(connectionString, (owner) => migratePostgres(owner, all));
  await prepareJobs(connectionString);
  const store = openPostgres({ connectionString, log: silent, statementTimeout: 600_000 });
  return {
    store,
    clock,
    serverCpu: () => cpuOfTree(server.pid() ?? 0),
    stop: async () => {
      await store.close();
      await server.stop();
    },
  };
}

async function fill(store: Store): Promise<void> {
  const organisations: OrganisationId[] = Array.from({ length: Math.ceil(CONTRACTS / PER_CUSTOMER) }, () => newId());
  await store.provider((tx) =>
    sql`insert into server.organisation (id, name, internal, language, created_at)
      select id, '株式会社' || n, false, 'ja', now() from unnest(${organisations}::uuid[]) with ordinality as t (id, n)`.execute(
      tx,
    ),
  );
  for (let from = 0; from < CONTRACTS; from += 5_000) {
    const count = Math.min(5_000, CONTRACTS - from);
    await addContracts(
      store,
      Array.from({ length: count }, (_, at) =>
        mixedContract(from + at, organisations[Math.floor((from + at) / PER_CUSTOMER)] as OrganisationId),
      ),
    );
  }
  await store.provider((tx) =>
    sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
      values (${newId()}, '*', 'billing-starts', '"2026-05"', daterange(null, null), 'bench', now())`.execute(tx),
  );
}

interface Measured {
  readonly run: RunRow;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly serverSeconds: number;
  /** Resident megabytes when a tenth, half and all of the contracts were done. */
  readonly resident: readonly number[];
}

/** Carries a run on to its next state. */
async function measure(place: Place, id: string, side: "preview" | "issued"): Promise<Measured> {
  const marks = [0.1, 0.5, 1];
  const resident: number[] = [];
  const began = performance.now();
  const before = process.cpuUsage();
  const server = place.serverCpu();
  const run = (await carryOutRun(place, billing, id, (step, after) => {
    const share = after[side].contracts / after[side].of;
    if (step === "written" && share >= (marks[resident.length] ?? 2)) resident.push(process.memoryUsage.rss() / 1e6);
  })) as RunRow;
  const used = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = (used.user + used.system) / 1e6;
  return { run, seconds, cpuSeconds, serverSeconds: place.serverCpu() - server, resident };
}

async function billOf(place: Place, month: string): Promise<{ preview: Measured; issued: Measured }> {
  const begun = await place.store.provider((tx) =>
    beginRun(tx, { month }, { by: "bench", now: new Date(clock.now()) }),
  );
  const preview = await measure(place, begun.id, "preview");
  await place.store.provider(async (tx) => {
    await lockRun(tx, begun.id);
    await setState(tx, begun.id, "issuing", { now: new Date(clock.now()) });
  });
  return { preview, issued: await measure(place, begun.id, "issued") };
}

const rowOf = (step: string, { run, seconds, cpuSeconds, serverSeconds, resident }: Measured): BenchRow => {
  const counters = step.includes("preview") ? run.preview : run.issued;
  return {
    step,
    contracts: counters.contracts,
    documents: counters.documents,
    lines: counters.lines,
    s: seconds,
    "contracts/s": counters.contracts / seconds,
    "own CPU µs/contract": (cpuSeconds * 1e6) / counters.contracts,
    "server CPU µs/contract": (serverSeconds * 1e6) / counters.contracts,
    "MB at 10 %": resident[0] ?? null,
    "MB at 50 %": resident[1] ?? null,
    "MB at 100 %": resident[2] ?? null,
  };
};

export const bench: Bench = {
  name: "bills",
  group: "commerce",
  summary: "contracts of mixed services billed for a month, end to end into PostgreSQL",
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "yagura-bench-bills-"));
    const place = await open(join(folder, "postgres"));
    try {
      await prepareBilling(place);
      await fill(place.store);
      // The month before, so that there is something to differ from; it warms up too.
      const may = await billOf(place, "2026-05");
      const june = await billOf(place, "2026-06");
      const rate = june.issued.run.issued.contracts / june.issued.seconds;
      const [early = 0, , late = 0] = june.issued.resident;
      const lines = await copyLines(place.store, "2026-06", LINES);
      const page = await pageTimes(place.store, new Date(clock.now()));
      return {
        name: "bills",
        columns: Object.keys(rowOf("", may.issued)),
        rows: [
          rowOf("May, preview", may.preview),
          rowOf("May, issued", may.issued),
          rowOf("June, preview", june.preview),
          rowOf("June, issued", june.issued),
        ],
        reach: [
          {
            what: "contracts billed a second",
            wanted: `at least ${WANTED.toLocaleString("en-US")}`,
            got: Math.round(rate).toLocaleString("en-US"),
            met: CONTRACTS < 100_000 ? null : rate >= WANTED,
          },
          {
            what: "memory from a tenth of the contracts to all",
            wanted: "at most 1.2 times",
            got: `${(late / early).toFixed(2)} times`,
            met: CONTRACTS < 100_000 ? null : late <= 1.2 * early,
          },
          {
            what: `what a contract's page asks for, at ${lines.toLocaleString("en-US")} lines (95th percentile)`,
            wanted: "under 100 ms",
            got: `${page.p95.toFixed(1)} ms, median ${page.median.toFixed(1)} ms`,
            met: lines < 1_000_000 ? null : page.p95 < 100,
          },
        ],
        notes: [
          "Every chunk is a durable transaction of the embedded server, on the same machine; CPU is that of the run and of the server.",
          `The page's questions (facts and steps, next bill, ${page.invoices.toFixed(0)} invoices, lines of the newest) ran one after the other, 60 contracts at random.`,
        ],
      };
    } finally {
      await place.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
