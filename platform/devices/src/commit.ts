/**
 * Group commit: many requests become one PostgreSQL transaction that writes the ledger and the journal together. A request is
 * answered only after that transaction is durable; so whatever was acknowledged is in the journal once, or already beyond it.
 */
import { sql } from "kysely";
import type { ClockOffset, Health } from "@yagura/wire/envelope.ts";
import type { Store, Tx } from "@yagura/store/store.ts";
import { raise } from "./errors.ts";
import { packGroup, type TakenBatch } from "./journal.ts";
import { advance, emptyLedger, type Ledger, type Verdict } from "./ledger.ts";

/** A group waits this long for company, unless it is full before: a transaction costs the same for one batch as for fifty. */
const GATHER_MS = 40;
/** A group is full at this many bytes or batches. */
const MAX_GROUP_BYTES = 8 * 1024 * 1024;
const MAX_GROUP_BATCHES = 4_000;
/** Above this many bytes waiting for the database, more are turned away. */
export const MAX_WAITING_BYTES = 64 * 1024 * 1024;

export interface Offer {
  readonly taken: TakenBatch;
  readonly oldest: number;
  /** Bodies of kind `edge.health` go to their own table and not to telemetry. */
  readonly health: { readonly health: Health; readonly clock: ClockOffset | null } | null;
}
export interface Committed {
  /** Null when no batch of the group went to the journal. */
  readonly journal: string | null;
  readonly fresh: readonly TakenBatch[];
}
export interface Committer {
  /** Resolves when the batch is durable. Throws DEVICE_REVOKED, BATCH_SEQUENCE_GAP, DOOR_BUSY. */
  add(offer: Offer): Promise<"fresh" | "duplicate">;
  waitingBytes(): number;
  /** Commits what waits and takes no more. */
  close(): Promise<void>;
}

interface Waiting {
  readonly offer: Offer;
  readonly resolve: (verdict: "fresh" | "duplicate") => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers batches into transactions that write ledger and journal together. `writer`: id of this process. */
export function createCommitter(options: {
  store: Store;
  writer: string;
  committed: (result: Committed) => void;
  failed: (error: unknown) => void;
}): Committer {
  let queue: Waiting[] = [];
  let queuedBytes = 0;
  let flyingBytes = 0;
  let flying: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function start(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (flying !== null || queue.length === 0) return;
    const group = takeGroup();
    flying = commitGroup(group).finally(() => {
      flying = null;
      flyingBytes = 0;
      if (queue.length > 0) start();
    });
  }

  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { offer } of queue) {
      bytes += offer.taken.bytes.length;
      if (count > 0 && (bytes > MAX_GROUP_BYTES || count >= MAX_GROUP_BATCHES)) break;
      flyingBytes = bytes;
      count++;
    }
    const group = queue.splice(0, count);
    queuedBytes -= flyingBytes;
    return group;
  }

  async function commitGroup(group: Waiting[]): Promise<void> {
    try {
      const { verdicts, result } = await options.store.provider((tx) => writeGroup(tx, options.writer, group));
      options.committed(result);
      for (const [i, { resolve, reject }] of group.entries()) {
        const verdict = verdicts[i];
        if (verdict === "fresh" || verdict === "duplicate") resolve(verdict);
        else if (verdict === "gap") reject(raise("BATCH_SEQUENCE_GAP"));
        else
          reject(
            verdict === undefined ? raise("DEVICE_UNKNOWN") : raise("DEVICE_REVOKED", { reason: verdict.revoked }),
          );
      }
    } catch (error) {
      // One batch that the database cannot keep must not turn the batches of others away.
      if (isAboutData(error)) return alone(group, error);
      options.failed(error);
      const busy = raise("DOOR_BUSY", { cause: "the database does not answer", seconds: 5 }, { cause: error });
      for (const { reject } of group) reject(busy);
    }
  }

  /** The group in two halves, until the batch to blame stands alone. */
  async function alone(group: Waiting[], error: unknown): Promise<void> {
    const half = Math.ceil(group.length / 2);
    if (half < group.length) {
      await commitGroup(group.slice(0, half));
      return commitGroup(group.slice(half));
    }
    options.failed(error);
    const refusal = raise("BATCH_MALFORMED", { cause: "the database does not take a value of it" }, { cause: error });
    for (const { reject } of group) reject(refusal);
  }

  return {
    waitingBytes: () => queuedBytes + flyingBytes,
    add(offer) {
      if (closed) return Promise.reject(raise("DOOR_BUSY", { cause: "it is stopping", seconds: 2 }));
      if (queuedBytes + flyingBytes > MAX_WAITING_BYTES) {
        return Promise.reject(raise("DOOR_BUSY", { cause: "too many batches are waiting", seconds: 5 }));
      }
      return new Promise((resolve, reject) => {
        queue.push({ offer, resolve, reject });
        queuedBytes += offer.taken.bytes.length;
        if (flying !== null) return;
        if (queuedBytes >= MAX_GROUP_BYTES || queue.length >= MAX_GROUP_BATCHES) start();
        else timer ??= setTimeout(start, GATHER_MS);
      });
    },
    async close() {
      closed = true;
      while (flying !== null || queue.length > 0) {
        start();
        await flying;
      }
    },
  };
}

/** PostgreSQL's classes 22 (data exception) and 23 (integrity constraint violation): trying again would not help. */
const isAboutData = (error: unknown): boolean => /^2[23]\w{3}$/.test(String((error as { code?: unknown }).code));

type Outcome = Verdict | { readonly revoked: string } | undefined;

/** The transaction. Ledger rows are locked in one order, so that two processes never wait for each other in a circle. */
async function writeGroup(
  tx: Tx,
  writer: string,
  group: readonly Waiting[],
): Promise<{ verdicts: Outcome[]; result: Committed }> {
  const entries = Map.groupBy(group.keys(), (i) => keyOf((group[i] as Waiting).offer));
  const ledgers = await lockLedgers(
    tx,
    [...entries.values()].map(([i]) => (group[i as number] as Waiting).offer),
  );
  const verdicts: Outcome[] = Array.from({ length: group.length });
  const changed: unknown[] = [];
  for (const [key, indexes] of entries) {
    const row = ledgers.get(key);
    if (row === undefined) continue;
    if (row.revoked !== null) {
      for (const i of indexes) verdicts[i] = { revoked: row.revoked };
      continue;
    }
    const after = advance(
      row.ledger,
      indexes.map((i) => {
        const { taken, oldest } = (group[i] as Waiting).offer;
        return { sequence: taken.batch.sequence, oldest };
      }),
    );
    for (const [n, i] of indexes.entries()) verdicts[i] = after.verdicts[n];
    if (after.verdicts.includes("fresh")) {
      const [device, epoch] = key.split(" ");
      changed.push({ device, epoch, floor: after.ledger.floor, above: after.ledger.above });
    }
  }
  if (changed.length > 0) await writeLedgers(tx, changed);
  const fresh = group.filter((_, i) => verdicts[i] === "fresh").map(({ offer }) => offer);
  await writeHealth(tx, fresh);
  const rows = fresh.filter(({ health }) => health === null).map(({ taken }) => taken);
  const journal = rows.length === 0 ? null : await writeJournal(tx, writer, rows);
  return { verdicts, result: { journal, fresh: rows } };
}

const keyOf = ({ taken }: Offer): string => `${taken.batch.device} ${taken.batch.epoch}`;

interface LedgerRow {
  device_id: string;
  epoch: string;
  floor: string;
  above: string[];
  revoked_reason: string | null;
}

async function lockLedgers(
  tx: Tx,
  offers: readonly Offer[],
): Promise<Map<string, { ledger: Ledger; revoked: string | null }>> {
  const devices = offers.map(({ taken }) => taken.batch.device);
  const epochs = offers.map(({ taken }) => taken.batch.epoch);
  const read = async (): Promise<LedgerRow[]> => {
    const { rows } = await sql<LedgerRow>`
      select l.device_id, l.epoch, l.floor, l.above, d.revoked_reason
      from unnest(${devices}::uuid[], ${epochs}::text[]) as asked (device_id, epoch)
      join devices.ledger l on l.device_id = asked.device_id and l.epoch = asked.epoch
      join devices.device d on d.id = l.device_id
      order by l.device_id, l.epoch
      for update of l`.execute(tx);
    return rows;
  };
  let rows = await read();
  if (rows.length < offers.length) {
    // First batch of an epoch. A device that was erased meanwhile has no row to join.
    await sql`
      insert into devices.ledger (device_id, organisation_id, epoch, floor, above)
      select d.id, d.organisation_id, asked.epoch, ${emptyLedger.floor}, '{}'
      from unnest(${devices}::uuid[], ${epochs}::text[]) as asked (device_id, epoch)
      join devices.device d on d.id = asked.device_id
      order by d.id, asked.epoch
      on conflict do nothing`.execute(tx);
    rows = await read();
  }
  return new Map(
    rows.map((row) => [
      `${row.device_id} ${row.epoch}`,
      { ledger: { floor: Number(row.floor), above: row.above.map(Number) }, revoked: row.revoked_reason },
    ]),
  );
}

async function writeLedgers(tx: Tx, changed: readonly unknown[]): Promise<void> {
  await sql`
    update devices.ledger l set floor = x.floor, above = x.above
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as x (device uuid, epoch text, floor bigint, above bigint[])
    where l.device_id = x.device and l.epoch = x.epoch`.execute(tx);
}

async function writeJournal(tx: Tx, writer: string, rows: readonly TakenBatch[]): Promise<string> {
  const bytes = rows.reduce((sum, row) => sum + row.bytes.length, 0);
  const answer = await sql<{ id: string }>`
    insert into devices.journal (writer, batches, bytes, body)
    values (${writer}, ${rows.length}, ${bytes}, ${packGroup(rows)}) returning id`.execute(tx);
  return (answer.rows[0] as { id: string }).id;
}

/** Keeps the newest report of each device. */
async function writeHealth(tx: Tx, fresh: readonly Offer[]): Promise<void> {
  const newest = new Map<
    string,
    { device: string; organisation: string; at: string; health: Health; clock: unknown }
  >();
  for (const { taken, health } of fresh) {
    if (health === null) continue;
    const { device, organisation, receivedAt } = taken.batch;
    const at = new Date(receivedAt / 1000).toISOString();
    newest.set(device, { device, organisation, at, health: health.health, clock: health.clock });
  }
  if (newest.size === 0) return;
  const reports = [...newest.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
  await writeProgramChanges(tx, reports);
  await sql`
    insert into devices.health (device_id, organisation_id, at, health, clock)
    select x.device, x.organisation, x.at, x.health, nullif(x.clock, 'null'::jsonb)
    from jsonb_to_recordset(${JSON.stringify(reports)}::jsonb)
      as x (device uuid, organisation uuid, at timestamptz, health jsonb, clock jsonb)
    on conflict (device_id) do update set at = excluded.at, health = excluded.health, clock = excluded.clock
    where devices.health.at <= excluded.at`.execute(tx);
}

/** Changes of version kept of one device: one that says another with each report fills nothing. */
const MOST_PROGRAM_CHANGES = 200;

/** Before the reports are written: which of them come from another version of the program than the one before. */
async function writeProgramChanges(
  tx: Tx,
  reports: readonly { device: string; organisation: string; at: string; health: Health }[],
): Promise<void> {
  const said = reports.map(({ device, organisation, at, health }) => ({
    device,
    organisation,
    at,
    version: health.version,
  }));
  await sql`
    insert into devices.program_change (device_id, organisation_id, at, before, after)
    select x.device, x.organisation, x.at, coalesce(h.health->>'version', d.version), x.version
    from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) as x (device uuid, organisation uuid, at timestamptz, version text)
    join devices.device d on d.id = x.device
    left join devices.health h on h.device_id = x.device
    where x.version is distinct from coalesce(h.health->>'version', d.version) and (h.at is null or h.at <= x.at)
      and (select count(*) from devices.program_change c where c.device_id = x.device) < ${MOST_PROGRAM_CHANGES}
    on conflict do nothing`.execute(tx);
}
