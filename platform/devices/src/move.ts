/**
 * The mover: journal to telemetry. Each process moves the groups that it wrote, and those of processes that died. Groups are
 * given a move id in the database before they are inserted, and keep it; the move id is the insert's token; so a move that is
 * done again after a crash brings the same rows under the same token, and telemetry stores them once. The process leases
 * below only spare double work: nothing breaks when two processes do the same move.
 */
import { sql } from "kysely";
import { newId } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { IngestBatch, IngestKind, IngestRows } from "./devices.ts";
import { unpackGroup, type TakenBatch } from "./journal.ts";
import type { Committed } from "./commit.ts";
import type { DoorMetrics } from "./metrics.ts";

/** Least milliseconds between two moves; more when much came, since few large inserts cost less than many small ones. */
const MOVE_EVERY_MS = 300;
const MOVE_MANY_EVERY_MS = 1_000;
/** Batches in a move above which it was much. */
const MANY = 100;
/** A process that has not been heard of for this long is taken for dead, and its groups are moved by another. */
const LEASE_SECONDS = 4;
/** Compressed bytes and batches in one move. */
const MOVE_BYTES = 8 * 1024 * 1024;
const MOVE_BATCHES = 8_000;
/** Compressed bytes of groups that are kept in memory after their commit (parsed, about eight times that), to be moved without reading them back. */
const KEEP_BYTES = 16 * 1024 * 1024;
/** A stop waits this long for the last move; what is left is moved after the next start. */
const STOP_MS = 4_000;
/** A move that failed this often, while as many others passed, is set aside. */
const MAX_ATTEMPTS = 8;
/** While this many fail, no more are begun. */
const MAX_FAILING = 3;

export interface Depth {
  readonly groups: number;
  readonly batches: number;
  readonly bytes: number;
}
export interface Mover {
  committed(result: Committed): void;
  depth(): Depth;
  /** Moves what is there now. For tests and for a clean stop. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export function createMover(options: {
  platform: Platform;
  writer: string;
  kinds: ReadonlyMap<string, IngestKind>;
  metrics: DoorMetrics;
}): Mover {
  const { platform, writer, metrics } = options;
  const kept = new Map<string, readonly TakenBatch[]>();
  /** Moves that fail: how often, and how many others had passed when it first did. */
  const failing = new Map<string, { times: number; since: number }>();
  let moved = 0;
  let keptBytes = 0;
  let lastBatches = 0;
  let depth: Depth = { groups: 0, batches: 0, bytes: 0 };
  const stopping = new AbortController();
  let wake: (() => void) | null = null;
  let nextLease = 0;
  /** Groups were written or taken over since the last move. */
  let work = false;
  /** Moves may have been begun and not finished: after a start, a failure, or the death of another process. */
  let unfinished = true;

  const size = (group: readonly TakenBatch[]): number => group.reduce((sum, { bytes }) => sum + bytes.length, 0);
  function forget(id: string): void {
    keptBytes -= size(kept.get(id) ?? []);
    kept.delete(id);
  }

  /**
   * Moves until nothing of ours is left. A move that fails does not hold up the others, but while several fail no more are
   * begun: then it is telemetry that fails.
   */
  async function moveAll(): Promise<void> {
    const open = unfinished ? await platform.store.provider((tx) => openMoves(tx, writer)) : [];
    [work, unfinished] = [false, false];
    // What another process took over is no longer ours to count.
    for (const move of failing.keys()) if (!open.includes(move)) failing.delete(move);
    let failed: { error: unknown } | null = null;
    const attempt = async (move: string): Promise<void> => {
      try {
        await gated(move);
        moved++;
      } catch (error) {
        failed = { error };
        unfinished = true;
      }
    };
    for (const move of open) await attempt(move);
    while (failing.size < MAX_FAILING) {
      const move = await platform.store.provider((tx) => claim(tx, writer));
      if (move === null) break;
      await attempt(move);
    }
    if (failed === null) return;
    work = true;
    throw (failed as { error: unknown }).error;
  }

  /** One at a time: the loop, a stop and a test may ask for it. */
  let moving: Promise<void> = Promise.resolve();
  function drain(): Promise<void> {
    const next = moving.then(moveAll);
    moving = next.catch(() => undefined);
    return next;
  }

  /** A backup never falls between the insert and the deletion: each row is in one of its two stores, once. */
  const gated = (move: string): Promise<void> => platform.telemetry.moving(() => moveOne(move));

  async function moveOne(move: string): Promise<void> {
    const groups = await readMove(move);
    if (groups.length === 0) return;
    lastBatches = groups.reduce((sum, { batches }) => sum + batches.length, 0);
    try {
      await insertMove(
        move,
        groups.flatMap(({ batches }) => batches),
      );
    } catch (error) {
      const { times, since } = failing.get(move) ?? { times: 0, since: moved };
      failing.set(move, { times: times + 1, since });
      metrics.moveFailures.inc();
      platform.log.error({ err: error, move, attempt: times + 1 }, "batches could not be moved to telemetry");
      // A full disk or a dead engine refuses everybody: only what fails while others pass is to blame itself.
      if (times + 1 < MAX_ATTEMPTS || moved - since < MAX_ATTEMPTS) throw error;
      await setAside(
        move,
        groups.flatMap(({ batches }) => batches),
        String(error),
      );
    }
    await platform.store.provider((tx) => sql`delete from devices.journal where move_id = ${move}::uuid`.execute(tx));
    failing.delete(move);
    for (const { id } of groups) forget(id);
  }

  async function readMove(move: string): Promise<{ id: string; batches: readonly TakenBatch[] }[]> {
    const { rows } = await platform.store.provider((tx) =>
      sql<{ id: string }>`select id from devices.journal where move_id = ${move}::uuid order by id`.execute(tx),
    );
    const missing = rows.map(({ id }) => id).filter((id) => !kept.has(id));
    const bodies =
      missing.length === 0
        ? []
        : await platform.store.provider(async (tx) => {
            const read = sql<{ id: string; body: Buffer }>`
              select id, body from devices.journal where id = any(${missing}::bigint[])`;
            return (await read.execute(tx)).rows;
          });
    // Another process finished this move between the two reads: then nothing is left to do.
    if (bodies.length < missing.length) return [];
    const read = new Map(bodies.map(({ id, body }) => [id, unpackGroup(body)]));
    return rows.map(({ id }) => ({ id, batches: kept.get(id) ?? read.get(id) ?? [] }));
  }

  /** One insert per kind and table, each under its own token. Bad batches are found before anything is inserted. */
  async function insertMove(move: string, batches: readonly TakenBatch[]): Promise<void> {
    for (const [name, taken] of Map.groupBy(batches, ({ kind }) => kind)) {
      const kind = options.kinds.get(name);
      if (kind === undefined) {
        await setAside(move, taken, `no service takes batches of kind ${name}`);
        continue;
      }
      const { rows, good, bad } = toRows(kind, taken);
      for (const { batch, error } of bad) await setAside(move, [batch], error);
      for (const [i, { table, columns }] of rows.entries()) {
        const count = rowCount(columns);
        if (count === 0) continue;
        await platform.telemetry.insert(table, columns, `${move}:${name}:${i}:${table}`);
        metrics.rows.inc({ table }, count);
      }
      await kind.stored?.(good, platform).catch((error: unknown) => {
        platform.log.error({ err: error, kind: name }, "a service failed after its rows were stored");
      });
    }
  }

  async function setAside(move: string, batches: readonly TakenBatch[], error: string): Promise<void> {
    metrics.aside.inc(batches.length);
    platform.log.error({ move, batches: batches.length, error }, "acknowledged batches were set aside");
    const rows = batches.map(({ kind, batch, bytes, encoding }) => ({
      id: newId(),
      organisation: batch.organisation,
      device: batch.device,
      kind,
      epoch: batch.epoch,
      sequence: batch.sequence,
      body: Buffer.concat([Buffer.from(`${encoding}\n`), bytes]).toString("base64"),
    }));
    await platform.store.provider((tx) =>
      sql`insert into devices.batch_aside (id, organisation_id, device_id, kind, epoch, sequence, move_id, error, body)
        select x.id, x.organisation, x.device, x.kind, x.epoch, x.sequence, ${move}::uuid, ${error.slice(0, 2_000)}, decode(x.body, 'base64')
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as x (id uuid, organisation uuid, device uuid, kind text, epoch text, sequence bigint, body text)
        where not exists (select from devices.batch_aside b
          where b.device_id = x.device and b.epoch = x.epoch and b.sequence = x.sequence)`.execute(tx),
    );
  }

  async function lease(): Promise<void> {
    const now = platform.clock.monotonic();
    if (now < nextLease) return;
    nextLease = now + 1_000;
    const taken = await platform.store.provider(async (tx) => {
      const groups = await renew(tx, writer);
      depth = await readDepth(tx);
      return groups;
    });
    if (taken > 0) work = unfinished = true;
    metrics.journalBytes.set(depth.bytes);
    metrics.journalBatches.set(depth.batches);
  }

  async function loop(): Promise<void> {
    let [failures, before] = [0, 0];
    while (!stopping.signal.aborted) {
      try {
        await lease();
        if (work || unfinished) await drain();
        failures = 0;
      } catch (error) {
        failures = moved > before ? 0 : failures + 1;
        platform.log.warn({ err: error }, "the mover failed and tries again");
      }
      before = moved;
      const every = lastBatches > MANY ? MOVE_MANY_EVERY_MS : MOVE_EVERY_MS;
      await pause(Math.min(10_000, every * 2 ** failures));
    }
  }
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      if (stopping.signal.aborted) return resolve();
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const running = loop();

  return {
    depth: () => depth,
    committed({ journal, fresh }) {
      if (journal === null) return;
      work = true;
      if (keptBytes + size(fresh) > KEEP_BYTES) return;
      kept.set(journal, fresh);
      keptBytes += size(fresh);
    },
    drain,
    async stop() {
      stopping.abort();
      wake?.();
      const last = running.then(drain).catch((error: unknown) => {
        platform.log.warn({ err: error }, "the journal keeps batches for the next start");
      });
      await Promise.race([last, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
      await platform.store
        .provider((tx) => sql`delete from devices.process where id = ${writer}::uuid`.execute(tx))
        .catch(() => undefined);
    },
  };
}

/** Says that this process lives, and takes over the groups of those that do not. */
async function renew(tx: Tx, writer: string): Promise<number> {
  await sql`insert into devices.process (id, alive_until) values (${writer}::uuid, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))
    on conflict (id) do update set alive_until = excluded.alive_until`.execute(tx);
  await sql`delete from devices.process where alive_until < clock_timestamp()`.execute(tx);
  const { rows } = await sql<{ id: string }>`update devices.journal set writer = ${writer}::uuid where id in (
      select j.id from devices.journal j where j.writer <> ${writer}::uuid
        and not exists (select from devices.process p where p.id = j.writer)
      order by j.id limit 1000 for update skip locked) returning id`.execute(tx);
  return rows.length;
}

async function readDepth(tx: Tx): Promise<Depth> {
  const { rows } = await sql<{ groups: string; batches: string; bytes: string }>`
    select count(*) as groups, coalesce(sum(batches), 0) as batches, coalesce(sum(bytes), 0) as bytes from devices.journal`.execute(
    tx,
  );
  const row = rows[0] ?? { groups: "0", batches: "0", bytes: "0" };
  return { groups: Number(row.groups), batches: Number(row.batches), bytes: Number(row.bytes) };
}

/** Moves that were begun and not finished. */
async function openMoves(tx: Tx, writer: string): Promise<string[]> {
  const { rows } = await sql<{ move_id: string }>`
    select distinct move_id from devices.journal where writer = ${writer}::uuid and move_id is not null`.execute(tx);
  return rows.map(({ move_id }) => move_id);
}

/** Gives the oldest groups of this process a move id, for ever. Null when there are none. */
async function claim(tx: Tx, writer: string): Promise<string | null> {
  const move = newId();
  const { rows } = await sql<{ id: string }>`
    update devices.journal set move_id = ${move}::uuid where move_id is null and id in (
      select id from (
        select id, sum(bytes) over (order by id) - bytes as before, sum(batches) over (order by id) - batches as count
        from (select id, bytes, batches from devices.journal
              where writer = ${writer}::uuid and move_id is null order by id limit 500) oldest
      ) summed where before < ${MOVE_BYTES} and count < ${MOVE_BATCHES})
    returning id`.execute(tx);
  return rows.length === 0 ? null : move;
}

/** Rows of the good batches; a batch that cannot become rows is named and left out, the same each time. */
function toRows(
  kind: IngestKind,
  taken: readonly TakenBatch[],
): {
  rows: IngestRows[];
  good: IngestBatch<unknown>[];
  bad: { batch: TakenBatch; error: string }[];
} {
  const all = taken.map(({ batch }) => batch);
  try {
    return { rows: kind.toRows(all), good: all, bad: [] };
  } catch {
    const bad: { batch: TakenBatch; error: string }[] = [];
    const good = taken.filter((batch) => {
      try {
        kind.toRows([batch.batch]);
        return true;
      } catch (error) {
        bad.push({ batch, error: String(error) });
        return false;
      }
    });
    const batches = good.map(({ batch }) => batch);
    return { rows: batches.length === 0 ? [] : kind.toRows(batches), good: batches, bad };
  }
}

function rowCount(columns: IngestRows["columns"]): number {
  const first = Object.values(columns)[0];
  if (first === undefined) return 0;
  return first.type === "UUID" ? first.values.length / 16 : first.values.length;
}
