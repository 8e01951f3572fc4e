/** What an upload says of its sensor: the ledger's next link, the first upload as the fact of installation (OST-T04), liveness. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { dayOf } from "@yagura/core/calendar.ts";
import { contractById, isOver } from "@yagura/commerce/contracts/contracts.ts";
import { addFact } from "@yagura/commerce/contracts/fact-door.ts";
import { dropTasks } from "@yagura/commerce/contracts/tasks.ts";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { rowsIn } from "../ingest/body.ts";
import { ledgerOf } from "../wire/ledger.ts";
import type { Waiting } from "./inbox.ts";

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** Writes the upload; false: it was written before, so that it has been looked at. `span` in ms, server's clock. */
export async function writeUpload(tx: Tx, waiting: Waiting, span: { from: number; to: number }): Promise<boolean> {
  const { body, device, epoch, sequence, organisation, sensor } = waiting;
  const { number, previous, hash } = ledgerOf(body, sha256);
  const { rows } = await sql<{
    number: string;
  }>`insert into ot.upload (device_id, epoch, sequence, organisation_id, sensor_id,
      number, hash, previous, from_at, to_at, received_at, row_count, text_count, urgent)
    values (${device}, ${epoch}, ${sequence}, ${organisation}, ${sensor}, ${number}, ${hash}, ${previous},
      ${new Date(span.from)}, ${new Date(span.to)}, ${new Date(waiting.receivedAt / 1000)}, ${rowsIn(body)},
      ${body.texts.length}, ${body.urgent}) on conflict do nothing returning number`.execute(tx);
  return rows.length > 0;
}

/** The sensor lives; its first upload is the installation. */
export async function noteUpload(tx: Tx, waiting: Waiting, to: number): Promise<void> {
  const received = new Date(waiting.receivedAt / 1000);
  const { rows } = await sql<{ first: boolean; contract: Uuid }>`update ot.sensor s set
      last_upload_at = greatest(s.last_upload_at, ${received}::timestamptz), clock_offset_ms = ${waiting.clockOffset / 1000},
      tokens = ${waiting.body.tokens?.check ?? null}, first_upload_at = coalesce(s.first_upload_at, ${received}::timestamptz)
    from (select id, first_upload_at is null as first from ot.sensor where id = ${waiting.sensor} for update) before
    where s.id = before.id returning before.first, s.contract_id as contract`.execute(tx);
  await sql`update ot.watch set last_at = greatest(last_at, ${new Date(to)}::timestamptz) where site_id = ${waiting.site}`.execute(
    tx,
  );
  const [row] = rows;
  if (row?.first === true) await noteInstalled(tx, waiting, row.contract, received);
}

/** Once: not when the office has recorded the installation already. */
async function noteInstalled(tx: Tx, waiting: Waiting, contractId: Uuid, at: Date): Promise<void> {
  const contract = await contractById(tx, waiting.organisation, contractId);
  if (contract === null || isOver(contract)) return;
  const work = { tx, now: at, actor: { kind: "device", deviceId: waiting.device, name: "sensor" } } as const;
  await dropTasks(work, contract, "installation-due");
  const known = await sql`select 1 from commerce.contract_fact
    where contract_id = ${contractId} and kind = 'installed' and voided_at is null`.execute(tx);
  if (known.rows.length > 0) return;
  await addFact(work, contract, { kind: "installed", on: dayOf(at) }, { source: "ot", key: "first-upload" });
}
