/** What becomes of a notice after it was made: sent, posted, delivered, bounced, read; and what follows from it. */
import { sql } from "kysely";
import { dayOf } from "@yagura/core/calendar.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { raise } from "./errors.ts";
import { checkNotice, type NoticeWork } from "./check.ts";
import { addEvidence, deliver } from "./give.ts";
import { effectiveTime } from "./lead-time.ts";
import { noticeById, type NoticeRow } from "./read.ts";
import { recipientOf } from "./recipients.ts";
import type { EvidenceKind } from "./shapes.ts";

/** Sends a draft: checked again, since time has passed. NOTICE_STATE and the refusals of `checkNotice`. */
export async function sendDraft(work: NoticeWork, row: NoticeRow): Promise<void> {
  if (row.state !== "draft") throw raise("NOTICE_STATE", { state: row.state });
  const { service, kind, channel, subject, body, statements, emergency } = row;
  const both = (text: string) => ({ ja: text, en: text });
  await checkNotice(work, {
    service: service ?? "",
    kind,
    channel,
    subject: both(subject),
    body: both(body),
    statements,
    emergency,
    announcesOn: row.announcesOn ?? undefined,
  });
  if (channel === "post") {
    await sql`update commerce.notice set state = 'to-print' where id = ${row.id}`.execute(work.tx);
    return;
  }
  await markSent(work, row, work.now);
  const { mails } = await recipientOf(work.tx, row.organisation);
  await deliver(work, { id: row.id, organisation: row.organisation, channel, subject, body, mails });
}

async function markSent(work: Pick<NoticeWork, "tx">, row: NoticeRow, sentAt: Date): Promise<void> {
  const { channel, namedTime, announcesOn } = row;
  const effectiveAt = effectiveTime(row.rule, { channel, sentAt, namedTime, announcesOn, receivedAt: null });
  await sql`update commerce.notice set state = 'sent', sent_at = ${sentAt}, effective_at = ${effectiveAt}
    where id = ${row.id}`.execute(work.tx);
}

/** A draft or a letter not posted yet is taken back; what was given stays given. NOTICE_STATE. */
export async function withdrawNotice(work: NoticeWork, row: NoticeRow): Promise<void> {
  if (row.state !== "draft" && row.state !== "to-print") throw raise("NOTICE_STATE", { state: row.state });
  await sql`update commerce.notice set state = 'withdrawn' where id = ${row.id}`.execute(work.tx);
  await addEvidence(work, row, "note", "withdrawn before it was given");
}

/**
 * Keeps evidence of delivery. A letter is given when it is posted (`sent`); one that has to be received takes effect then. What
 * came back flags the registered address (COM-32) and does not undo the notice. NOTICE_STATE.
 */
export async function recordEvidence(
  work: Pick<NoticeWork, "tx" | "now" | "actor">,
  row: NoticeRow,
  evidence: { readonly kind: EvidenceKind; readonly detail?: string | undefined; readonly at?: Date | undefined },
): Promise<void> {
  const { kind, detail = "", at = work.now } = evidence;
  if (kind === "sent" && row.state === "to-print") await markSent(work, row, at);
  else if (row.state !== "sent" && kind !== "note") throw raise("NOTICE_STATE", { state: row.state });
  await addEvidence(work, row, kind, detail, at);
  if ((kind === "received" || kind === "delivered") && row.rule.effective === "receipt") {
    await sql`update commerce.notice set effective_at = coalesce(effective_at, ${at}) where id = ${row.id}`.execute(
      work.tx,
    );
  }
  if (kind === "bounced" || kind === "returned") await flagAddress(work, row, detail, at);
}

/** COM-32: the registered address from which something came back, once for each channel and day. */
async function flagAddress(
  work: Pick<NoticeWork, "tx" | "now" | "actor">,
  row: NoticeRow,
  detail: string,
  at: Date,
): Promise<void> {
  const channel = row.channel === "mail" ? "mail" : row.channel === "post" ? "post" : null;
  if (channel === null) return;
  const bounce = { channel, on: dayOf(at), ...(detail === "" ? {} : { note: detail.slice(0, 500) }) };
  const known = JSON.stringify([{ channel, on: bounce.on }]);
  const flagged = await sql`update commerce.customer set bounced = bounced || ${JSON.stringify([bounce])}::jsonb
    where organisation_id = ${row.organisation} and not bounced @> ${known}::jsonb returning 1`.execute(work.tx);
  if (flagged.rows.length === 0) return;
  await sql`insert into commerce.customer_change (id, organisation_id, at, actor, kind, after)
    values (${newId()}, ${row.organisation}, ${work.now}, ${actorName(work)}, 'bounced',
      ${JSON.stringify(bounce)}::jsonb)`.execute(work.tx);
}

/** The customer opened it on the page: the first time counts. */
export async function markRead(work: Pick<NoticeWork, "tx" | "now" | "actor">, row: NoticeRow): Promise<void> {
  if (row.readAt !== null || row.state !== "sent") return;
  await sql`update commerce.notice set read_at = ${work.now} where id = ${row.id}`.execute(work.tx);
  await addEvidence(work, row, "read", "");
}

const deliveryJob = "commerce.notice-delivery";
const system = { kind: "system", name: "mail" } as const;

/** Every five minutes: what became of the mails of notices. */
export const deliveryJobs: JobTable = {
  handlers: { [deliveryJob]: async (_payload, platform) => void (await followMails(platform)) },
  schedule: { [deliveryJob]: "*/5 * * * *" },
};

/** Notices whose mails were sent or given up since; returns how many. */
export async function followMails(platform: Pick<Platform, "store" | "clock">): Promise<number> {
  return platform.store.provider(async (tx) => {
    const { rows } = await sql<{ id: Uuid; failed: readonly Failure[]; open: boolean }>`
      select n.id, bool_or(b.state = 'queued') as open,
        coalesce(jsonb_agg(jsonb_build_object('to', b.recipient, 'error', coalesce(b.error, '')))
          filter (where b.state = 'failed'), '[]') as failed
      from commerce.notice n join server.outbox b on b.id = any(n.mails)
      where n.delivery = 'queued' group by n.id having not bool_or(b.state = 'kept') limit 1000`.execute(tx);
    const now = new Date(platform.clock.now());
    const settled = rows.filter(({ open }) => !open);
    for (const { id, failed } of settled) await settleMail(tx, now, id, failed);
    return settled.length;
  });
}

interface Failure {
  readonly to: string;
  readonly error: string;
}

/** It came back when no address to which it was given took it; copies to others of the account do not count. */
async function settleMail(tx: Tx, now: Date, id: Uuid, failed: readonly Failure[]): Promise<void> {
  const row = await noticeById(tx, id, true);
  if (row === null || row.delivery !== "queued") return;
  const refused = new Set(failed.map(({ to }) => to));
  const bounced = (row.address ?? "").split(", ").every((address) => refused.has(address));
  const detail = failed.map(({ to, error }) => `${to}: ${error}`).join("; ");
  await recordEvidence({ tx, now, actor: system }, row, {
    kind: bounced ? "bounced" : "sent",
    detail: detail.slice(0, 500),
  });
}
