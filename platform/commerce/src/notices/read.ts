/** Notices as they are shown: to the office with filters, to the customer its own. */
import { sql } from "kysely";
import { addDays, startOf, type Day } from "@yagura/core/calendar.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { NoticeRule } from "../charging/offer.ts";
import { sayEffect } from "./lead-time.ts";
import type { NoticePaper } from "./print.ts";
import type {
  EvidenceKind,
  NoticeChannel,
  NoticeDetail,
  NoticeEvidence,
  NoticeItem,
  OwnNotice,
  Statements,
} from "./shapes.ts";

export interface NoticeRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly organisationName: string | null;
  readonly contract: Uuid | null;
  readonly service: string | null;
  readonly kind: string;
  readonly rule: NoticeRule;
  readonly channel: NoticeChannel;
  readonly textVersion: string;
  readonly language: "ja" | "en";
  readonly subject: string;
  readonly body: string;
  readonly statements: Statements;
  /** Null: it is printed as its text. */
  readonly paper: NoticePaper | null;
  readonly address: string | null;
  readonly state: "draft" | "to-print" | "sent" | "withdrawn";
  readonly emergency: boolean;
  readonly announcesOn: Day | null;
  readonly namedTime: Date | null;
  readonly sentAt: Date | null;
  readonly effectiveAt: Date | null;
  readonly readAt: Date | null;
  readonly delivery: EvidenceKind | null;
  readonly mails: readonly Uuid[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

const columns = sql`n.id, n.organisation_id as organisation,
  (select o.name from server.organisation o where o.id = n.organisation_id) as "organisationName",
  n.contract_id as contract, n.service, n.kind, n.rule, n.channel, n.text_version as "textVersion", n.language, n.subject,
  n.body, n.statements, n.paper, n.address, n.state, n.emergency, n.announces_on::text as "announcesOn", n.named_time as "namedTime",
  n.sent_at as "sentAt", n.effective_at as "effectiveAt", n.read_at as "readAt", n.delivery, to_jsonb(n.mails) as mails,
  n.created_by as "createdBy", n.created_at as "createdAt"`;

export interface NoticeFilter {
  readonly service?: string;
  readonly kind?: string;
  readonly channel?: string;
  readonly state?: string;
  readonly delivery?: string;
  readonly organisation?: string;
  readonly contract?: string;
  readonly from?: Day;
  readonly to?: Day;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Newest first; one more than the limit, so that the caller knows whether there are more. */
export async function listNotices(tx: Tx, filter: NoticeFilter): Promise<{ rows: NoticeRow[]; total: number }> {
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? sql`true` : sql`${sql.ref(column)}::text = ${value}`;
  const where = sql`${equal("n.service", filter.service)} and ${equal("n.kind", filter.kind)}
    and ${equal("n.channel", filter.channel)} and ${equal("n.state", filter.state)}
    and ${equal("n.delivery", filter.delivery)} and ${equal("n.organisation_id", filter.organisation)}
    and ${equal("n.contract_id", filter.contract)}
    and ${filter.from === undefined ? sql`true` : sql`n.created_at >= ${startOf(filter.from)}`}
    and ${filter.to === undefined ? sql`true` : sql`n.created_at < ${startOf(addDays(filter.to, 1))}`}`;
  const counted = await sql<{
    total: number;
  }>`select count(*)::int as total from commerce.notice n where ${where}`.execute(tx);
  const { rows } = await sql<NoticeRow>`select ${columns} from commerce.notice n where ${where}
    and (${filter.cursor ?? null}::uuid is null or n.id < ${filter.cursor ?? null}::uuid)
    order by n.id desc limit ${(filter.limit ?? 100) + 1}`.execute(tx);
  return { rows, total: counted.rows[0]?.total ?? 0 };
}

export async function noticeById(tx: Tx, id: Uuid, lock = false): Promise<NoticeRow | null> {
  const { rows } = await sql<NoticeRow>`select ${columns} from commerce.notice n where n.id = ${id}
    ${lock ? sql`for update of n` : sql``}`.execute(tx);
  return rows[0] ?? null;
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const showNotice = (row: NoticeRow): NoticeItem => ({
  id: row.id,
  organisationId: row.organisation,
  organisationName: row.organisationName,
  contractId: row.contract,
  service: row.service,
  kind: row.kind,
  rule: row.rule.rule,
  channel: row.channel,
  subject: row.subject,
  state: row.state,
  emergency: row.emergency,
  announcesOn: row.announcesOn,
  sentAt: iso(row.sentAt),
  effectiveAt: iso(row.effectiveAt),
  delivery: row.delivery,
  readAt: iso(row.readAt),
  createdAt: row.createdAt.toISOString(),
});

export async function detailOf(tx: Tx, row: NoticeRow): Promise<NoticeDetail> {
  const evidence = await sql<Omit<NoticeEvidence, "at"> & { at: Date }>`select at, kind, detail, by
    from commerce.notice_evidence where notice_id = ${row.id} order by ordinal`.execute(tx);
  const undelivered = row.delivery === "bounced" || row.delivery === "returned";
  return {
    ...showNotice(row),
    body: row.body,
    textVersion: row.textVersion,
    address: row.address,
    statements: row.statements,
    effect: sayEffect(row.rule, undelivered),
    createdBy: row.createdBy,
    evidence: evidence.rows.map(({ at, ...rest }) => Object.assign(rest, { at: at.toISOString() })),
  };
}

/** What the customer sees of it: drafts and letters that were not posted are not given yet. */
export const showOwn = (row: NoticeRow): OwnNotice => ({
  id: row.id,
  contractId: row.contract,
  service: row.service,
  kind: row.kind,
  channel: row.channel,
  subject: row.subject,
  body: row.body,
  announcesOn: row.announcesOn,
  sentAt: iso(row.sentAt),
  effectiveAt: iso(row.effectiveAt),
  readAt: iso(row.readAt),
});
