/**
 * Giving a notice (COM-15): checked against its rule (ways, lead time, what it must state), stored as it was given, sent, and
 * with the time at which it takes effect. Runs in the caller's transaction, so that what causes a notice and the notice are one.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { dayOf } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { actorName } from "../actor.ts";
import type { NoticeRule } from "../charging/offer.ts";
import { checkNotice, statementsOf, type NoticeText, type NoticeWork } from "./check.ts";
import { raise } from "./errors.ts";
import { effectiveTime } from "./lead-time.ts";
import { recipientOf, recipientsAmong, recipientsOf, type Recipient } from "./recipients.ts";
import type { NoticeChannel } from "./shapes.ts";

export interface GivenNotice {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  /** Null: a draft, or a letter that was not posted yet. */
  readonly sentAt: Date | null;
  /** Null: not before it is sent, or received. */
  readonly effectiveAt: Date | null;
}

/**
 * Gives one notice to one customer, inside the caller's transaction (a customer's or the provider's). NOTICE_KIND_UNKNOWN,
 * NOTICE_CHANNEL, NOTICE_TOO_LATE with the earliest day, NOTICE_STATEMENT_MISSING, NOTICE_ADDRESS_MISSING and the other
 * refusals of `checkNotice`.
 */
export async function giveNotice(
  work: NoticeWork,
  input: NoticeText & { readonly organisation: OrganisationId; readonly contract?: Uuid | undefined },
): Promise<GivenNotice> {
  const rule = await checkNotice(work, input);
  const recipient = await recipientOf(work.tx, input.organisation);
  const [given] = await giveTo(work, rule, input, [{ ...recipient, contract: input.contract ?? null }], null);
  return given as GivenNotice;
}

/** The same to everybody with a living contract of the service. As provider. NOTICE_NOBODY. */
export async function giveToAll(work: NoticeWork, input: NoticeText): Promise<{ id: Uuid; given: GivenNotice[] }> {
  const rule = await checkNotice(work, input);
  const recipients = await recipientsOf(work.tx, input.service, dayOf(work.now));
  if (recipients.length === 0) throw raise("NOTICE_NOBODY", { service: input.service });
  return announce(work, rule, input, recipients);
}

/** The same to some customers at once. As provider. */
export async function giveToThese(
  work: NoticeWork,
  input: NoticeText,
  organisations: readonly OrganisationId[],
): Promise<{ id: Uuid; given: GivenNotice[] }> {
  const rule = await checkNotice(work, input);
  return announce(work, rule, input, await recipientsAmong(work.tx, organisations));
}

async function announce(
  work: NoticeWork,
  rule: NoticeRule,
  input: NoticeText,
  recipients: readonly Recipient[],
): Promise<{ id: Uuid; given: GivenNotice[] }> {
  const id = newId();
  await sql`insert into commerce.announcement (id, service, kind, rule, channel, subject, body, announces_on, recipients,
      created_by, created_at)
    values (${id}, ${input.service}, ${input.kind}, ${rule.rule}, ${input.channel}, ${JSON.stringify(input.subject)}::jsonb,
      ${JSON.stringify(input.body)}::jsonb, ${input.announcesOn ?? null}::date, ${recipients.length},
      ${actorName(work)}, ${work.now})`.execute(work.tx);
  const list = recipients.map((recipient) => ({ ...recipient, contract: null }));
  return { id, given: await giveTo(work, rule, input, list, id) };
}

type Addressee = Recipient & { readonly contract: Uuid | null };

/** Customers whose open pages are told at once; of more, pages learn of it when they are opened. */
const TOLD_LIVE = 100;

/** The notices of all of them, written in two statements however many they are; mails are queued one by one. */
async function giveTo(
  work: NoticeWork,
  rule: NoticeRule,
  input: NoticeText,
  list: readonly Addressee[],
  announcement: Uuid | null,
): Promise<GivenNotice[]> {
  const { tx, now, actor, platform } = work;
  const rows = list.map((to) => {
    // In an act towards everybody a missing address does not hold up the others: that customer finds it on the web.
    const lacking = announcement !== null && lacksAddress(to, input.channel) && rule.channels.includes("web");
    return prepare(work, rule, lacking ? { ...input, channel: "web" } : input, to);
  });
  for (const { mails, to, channel, sentAt, organisation } of rows) {
    if (channel !== "mail" || sentAt === null) continue;
    const mail = { subject: input.subject[to.language], text: input.body[to.language], organisation };
    for (const address of to.mails) mails.push(await platform.mail.send(tx, { to: address, ...mail }));
  }
  await sql`insert into commerce.notice (id, organisation_id, contract_id, announcement_id, service, kind, rule, channel,
      text_version, language, subject, body, statements, address, state, emergency, announces_on, named_time, sent_at,
      effective_at, mails, delivery, created_by, created_at)
    select r.id, r.organisation, r.contract, ${announcement}::uuid, ${input.service}, ${input.kind},
      ${JSON.stringify(rule)}::jsonb, r.channel, t.version, r.language, t.subject, t.body,
      ${JSON.stringify(statementsOf(input))}::jsonb, r.address, r.state, ${input.emergency ?? false},
      ${input.announcesOn ?? null}::date, ${input.namedTime ?? null}::timestamptz, r."sentAt", r."effectiveAt",
      array(select jsonb_array_elements_text(r.mails)::uuid), r.evidence, ${actorName({ actor })}, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows.map(({ to: _to, ...row }) => row))}::jsonb) as r(id uuid,
      organisation uuid, contract uuid, channel text, language text, address text, state text, "sentAt" timestamptz,
      "effectiveAt" timestamptz, mails jsonb, evidence text)
    join jsonb_to_recordset(${JSON.stringify(textsOf(input))}::jsonb) as t(language text, subject text, body text,
      version text) on t.language = r.language`.execute(tx);
  const evidence = rows
    .filter((row) => row.evidence !== null)
    .map((row) => ({
      id: newId(),
      notice: row.id,
      organisation: row.organisation,
      kind: row.evidence,
      detail: row.address,
    }));
  await sql`insert into commerce.notice_evidence (id, organisation_id, notice_id, at, kind, detail, by)
    select r.id, r.organisation, r.notice, ${now}::timestamptz, r.kind, coalesce(r.detail, ''), ${actorName({ actor })}
    from jsonb_to_recordset(${JSON.stringify(evidence)}::jsonb) as r(id uuid, organisation uuid, notice uuid, kind text,
      detail text)`.execute(tx);
  if (rows.length <= TOLD_LIVE) {
    for (const { id, organisation } of rows)
      await platform.live.publish(tx, organisation, { topic: "notice", data: { id } });
  }
  return rows.map(({ id, organisation, sentAt, effectiveAt }) => ({ id, organisation, sentAt, effectiveAt }));
}

const lacksAddress = (to: Recipient, channel: NoticeChannel): boolean =>
  (channel === "post" && to.postal === "") || (channel === "mail" && to.mails.length === 0);

/** Each language's text once, with its hash: which text was given. */
const textsOf = ({ subject, body }: NoticeText) =>
  (["ja", "en"] as const).map((language) => ({
    language,
    subject: subject[language],
    body: body[language],
    version: createHash("sha256").update(`${subject[language]}\n${body[language]}`).digest("hex"),
  }));

function prepare(work: NoticeWork, rule: NoticeRule, input: NoticeText, to: Addressee) {
  const { organisation, language, contract } = to;
  const { channel } = input;
  const state = input.draft === true ? "draft" : channel === "post" ? "to-print" : "sent";
  const sentAt = state === "sent" ? work.now : null;
  const sending = {
    channel,
    namedTime: input.namedTime ?? null,
    announcesOn: input.announcesOn ?? null,
    receivedAt: null,
  };
  const mails: Uuid[] = [];
  return {
    id: newId(),
    to,
    organisation,
    contract,
    channel,
    language,
    address: addressOf(to, channel),
    state,
    sentAt,
    effectiveAt: sentAt === null ? null : effectiveTime(rule, { ...sending, sentAt }),
    mails,
    evidence: sentAt === null ? null : firstEvidence[channel],
  };
}

/** Where it goes, as it is kept with the notice. NOTICE_ADDRESS_MISSING. */
function addressOf(to: Recipient, channel: NoticeChannel): string | null {
  if (channel === "web" || channel === "other") return null;
  const address = channel === "post" ? to.postal : to.mails.join(", ");
  if (address === "") throw raise("NOTICE_ADDRESS_MISSING", { organisation: to.name, channel });
  return address;
}

export interface Delivery {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly channel: NoticeChannel;
  readonly subject: string;
  readonly body: string;
  readonly mails: readonly string[];
}

/** What is known of it the moment it is sent. */
const firstEvidence = { web: "posted", mail: "queued", other: "sent", post: "sent" } as const;

/** Posts it on the customer's page or queues the mails, and keeps the evidence. */
export async function deliver(work: NoticeWork, notice: Delivery): Promise<void> {
  const { tx, platform } = work;
  const { id, organisation, channel, subject, body: text } = notice;
  const mails: Uuid[] = [];
  if (channel === "mail") {
    for (const to of notice.mails) mails.push(await platform.mail.send(tx, { to, subject, text, organisation }));
  }
  await sql`update commerce.notice set mails = ${mails}::uuid[] where id = ${id}`.execute(tx);
  await addEvidence(
    work,
    { id, organisation },
    firstEvidence[channel],
    notice.mails.length > 0 && channel === "mail" ? notice.mails.join(", ") : "",
  );
  await platform.live.publish(tx, organisation, { topic: "notice", data: { id } });
}

/** A line of what happened to a notice; the newest is also on the notice. */
export async function addEvidence(
  work: Pick<NoticeWork, "tx" | "now" | "actor">,
  notice: { readonly id: Uuid; readonly organisation: OrganisationId },
  kind: "posted" | "queued" | "sent" | "delivered" | "received" | "bounced" | "returned" | "read" | "note",
  detail: string,
  at: Date = work.now,
): Promise<void> {
  await sql`insert into commerce.notice_evidence (id, organisation_id, notice_id, at, kind, detail, by)
    values (${newId()}, ${notice.organisation}, ${notice.id}, ${at}, ${kind}, ${detail}, ${actorName(work)})`.execute(
    work.tx,
  );
  if (kind === "note") return;
  await sql`update commerce.notice set delivery = ${kind} where id = ${notice.id}`.execute(work.tx);
}
