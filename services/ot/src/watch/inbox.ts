/**
 * Batches that wait to be looked at. They are put here once their rows are in telemetry and before the journal forgets them, and
 * leave in the transaction that looks at them: a process that dies loses none and looks at none twice.
 */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { sql } from "kysely";
import type { DeviceId, OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { IngestBatch } from "@yagura/devices/devices.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Owner } from "../ingest/owners.ts";
import type { MetadataBody } from "../wire/metadata.ts";

/** A batch that failed this often is set aside: it stays, with its error, and the others go on. */
export const MAX_ATTEMPTS = 5;

export interface Waiting {
  readonly device: DeviceId;
  readonly epoch: string;
  readonly sequence: number;
  readonly organisation: OrganisationId;
  readonly site: Uuid;
  readonly sensor: Uuid;
  /** µs, server's clock. */
  readonly receivedAt: number;
  /** Server minus sensor, µs. */
  readonly clockOffset: number;
  readonly body: MetadataBody;
}

/** Puts a batch in; one that is there, or was looked at, is left out. */
export async function putWaiting(tx: Tx, batch: IngestBatch<MetadataBody>, owner: Owner): Promise<void> {
  const body = zstdCompressSync(Buffer.from(JSON.stringify(batch.body)));
  await sql`insert into ot.inbox (device_id, epoch, sequence, organisation_id, site_id, sensor_id, received_at, clock_offset, body)
    select ${batch.device}, ${batch.epoch}, ${batch.sequence}, ${owner.organisation}, ${owner.site}, ${owner.sensor},
      ${batch.receivedAt}, ${Math.round(batch.clockOffset)}, ${body}
    where not exists (select from ot.upload
      where device_id = ${batch.device} and epoch = ${batch.epoch} and sequence = ${batch.sequence})
    on conflict (device_id, epoch, sequence) do nothing`.execute(tx);
}

interface Row {
  readonly device: DeviceId;
  readonly epoch: string;
  readonly sequence: string;
  readonly organisation: OrganisationId;
  readonly site: Uuid;
  readonly sensor: Uuid;
  readonly received_at: string;
  readonly clock_offset: string;
  readonly body: Buffer;
}

/** The oldest that wait for the site. */
export async function takeWaiting(tx: Tx, site: Uuid, limit: number): Promise<Waiting[]> {
  const { rows } =
    await sql<Row>`select device_id as device, epoch, sequence, organisation_id as organisation, site_id as site,
      sensor_id as sensor, received_at, clock_offset, body
    from ot.inbox where site_id = ${site} and attempts < ${MAX_ATTEMPTS} order by ordinal limit ${limit}`.execute(tx);
  return rows.map(({ received_at, clock_offset, sequence, body, ...row }) => ({
    ...row,
    sequence: Number(sequence),
    receivedAt: Number(received_at),
    clockOffset: Number(clock_offset),
    body: JSON.parse(zstdDecompressSync(body).toString("utf8")) as MetadataBody,
  }));
}

export async function dropWaiting(tx: Tx, { device, epoch, sequence }: Waiting): Promise<void> {
  await sql`delete from ot.inbox where device_id = ${device} and epoch = ${epoch} and sequence = ${sequence}`.execute(
    tx,
  );
}

/** The oldest that waits for the site has failed once more; gives how often. */
export async function noteFailure(tx: Tx, site: Uuid, error: string): Promise<number> {
  const { rows } = await sql<{
    attempts: number;
  }>`update ot.inbox set attempts = attempts + 1, error = ${error.slice(0, 2_000)}
    where ordinal = (select min(ordinal) from ot.inbox where site_id = ${site} and attempts < ${MAX_ATTEMPTS})
    returning attempts`.execute(tx);
  return rows[0]?.attempts ?? 0;
}

/** What may wait for a site: a sensor that comes back after days keeps the rest in its own spool until there is room. */
const MOST_WAITING = 2_000;
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/** More waits for the site than should. */
export async function isFull(tx: Tx, site: Uuid): Promise<boolean> {
  const { rows } = await sql<{ count: number; bytes: string }>`select count(*)::int as count,
    coalesce(sum(octet_length(body)), 0) as bytes from ot.inbox where site_id = ${site} and attempts < ${MAX_ATTEMPTS}`.execute(
    tx,
  );
  return (rows[0]?.count ?? 0) >= MOST_WAITING || Number(rows[0]?.bytes) >= MOST_WAITING_BYTES;
}

/** Sites for which something waits. */
export async function sitesWaiting(tx: Tx): Promise<{ organisation: OrganisationId; site: Uuid }[]> {
  const { rows } = await sql<{ organisation: OrganisationId; site: Uuid }>`
    select organisation_id as organisation, site_id as site from ot.inbox where attempts < ${MAX_ATTEMPTS}
    group by 1, 2 order by min(ordinal)`.execute(tx);
  return rows;
}
