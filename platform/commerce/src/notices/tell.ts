/**
 * What a step of a contract, a bill or a reminder tells the customer by mail, kept as a notice (COM-15). The step has checked
 * grounds and lead time by its own rules; here the notice gets the row of matrix 7.3 that it belongs to, its time of effect and
 * its evidence.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import type { Language } from "@yagura/core/errors.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { actorName } from "../actor.ts";
import type { NoticeRule, Offer } from "../charging/offer.ts";
import type { NoticeWork } from "./check.ts";
import { effectiveTime } from "./lead-time.ts";
import type { NoticePaper } from "./print.ts";
import { recipientsAmong, type Recipient } from "./recipients.ts";
import type { Statements } from "./shapes.ts";

export interface Told {
  readonly organisation: OrganisationId;
  readonly contract: Uuid | null;
  /** Null: it is about no single service, such as a bill of several. */
  readonly service: string | null;
  /** A row of matrix 7.3 where the service has one: `suspension`, `withdrawal`, `acceptance`, … */
  readonly kind: string;
  /** In the organisation's language, or in `language`. */
  readonly mail: { readonly subject: string; readonly text: string };
  readonly language?: Language | undefined;
  /** Where bills go when the customer named an address for them; absent: the registered address and the people of the account. */
  readonly to?: string | undefined;
  readonly announcesOn?: Day | undefined;
  readonly statements?: Statements | undefined;
  readonly emergency?: boolean | undefined;
  /** How it is printed as a letter; absent: its text. */
  readonly paper?: NoticePaper | undefined;
}

/** A notice that was given. */
export interface ToldNotice {
  readonly id: Uuid;
  /** How many mails went out. */
  readonly recipients: number;
}

/** Where the terms say nothing of such a notice: dispatched is given. */
const plain = (kind: string): NoticeRule => ({
  rule: "COM-15",
  kind,
  name: { ja: "お知らせ", en: "notice" },
  lead: { count: 0, unit: "none" },
  channels: ["mail", "web"],
  effective: "dispatch",
  states: [],
  emergencyWithoutLead: false,
  by: "provider",
});

type TellWork = Omit<NoticeWork, "offers"> & { readonly offers?: readonly Offer[] | undefined };

/** Mails the customer and keeps the notice. Gives its id. NOT_FOUND when the organisation is gone. */
export async function tellCustomer(work: TellWork, told: Told): Promise<Uuid> {
  const [given] = await tellCustomers(work, [told]);
  if (given === undefined || given === null) throw raiseServer("NOT_FOUND");
  await work.platform.live.publish(work.tx, told.organisation, { topic: "notice", data: { id: given.id } });
  return given.id;
}

/**
 * The same for many: read and written in three statements however many they are, mails queued one by one. Gives what became of
 * each, in their order; null where the organisation is gone. Open pages hear of it from the caller.
 */
export async function tellCustomers(work: TellWork, list: readonly Told[]): Promise<(ToldNotice | null)[]> {
  const organisations = [...new Set(list.map(({ organisation }) => organisation))];
  const known = new Map((await recipientsAmong(work.tx, organisations)).map((one) => [one.organisation, one]));
  const rows: (NewNotice | null)[] = [];
  for (const told of list) {
    const recipient = known.get(told.organisation);
    rows.push(recipient === undefined ? null : await prepare(work, told, recipient));
  }
  await write(
    work,
    rows.filter((row) => row !== null),
  );
  return rows.map((row) => (row === null ? null : { id: row.id, recipients: row.mails.length }));
}

/** Queues the mails; what is left is the row. */
async function prepare(work: TellWork, told: Told, recipient: Recipient) {
  const { tx, now, platform } = work;
  const { organisation, kind, service, mail } = told;
  const offer = work.offers?.find((one) => one.service === service);
  const rule = offer?.notices.find((one) => one.by === "provider" && one.kind === kind) ?? plain(kind);
  const registered = told.to === undefined ? recipient.mails : [told.to];
  // Where the terms name the web alone, the customer's page is the notice and the mail tells of it.
  const channel = rule.channels.includes("mail") && registered.length > 0 ? ("mail" as const) : ("web" as const);
  const mails: Uuid[] = [];
  for (const to of new Set(told.to === undefined ? [...registered, ...recipient.people] : registered))
    mails.push(await platform.mail.send(tx, { to, organisation, ...mail }));
  const announcesOn = told.announcesOn ?? null;
  const effectiveAt = effectiveTime(rule, { channel, sentAt: now, namedTime: null, announcesOn, receivedAt: null });
  return {
    id: newId(),
    evidence: newId(),
    organisation,
    contract: told.contract,
    service,
    kind,
    rule,
    channel,
    version: createHash("sha256").update(`${mail.subject}\n${mail.text}`).digest("hex"),
    language: told.language ?? recipient.language,
    subject: mail.subject,
    body: mail.text,
    statements: { ...(announcesOn === null ? {} : { date: announcesOn }), ...told.statements },
    paper: told.paper ?? null,
    address: registered.length === 0 ? null : registered.join(", "),
    emergency: told.emergency ?? false,
    announcesOn,
    effectiveAt,
    mails,
    delivery: channel === "mail" ? "queued" : "posted",
  };
}
type NewNotice = Awaited<ReturnType<typeof prepare>>;

async function write({ tx, now, actor }: TellWork, rows: readonly NewNotice[]): Promise<void> {
  if (rows.length === 0) return;
  const by = actorName({ actor });
  const list = JSON.stringify(rows);
  await sql`insert into commerce.notice (id, organisation_id, contract_id, service, kind, rule, channel, text_version,
      language, subject, body, statements, paper, address, state, emergency, announces_on, sent_at, effective_at, mails,
      delivery, created_by, created_at)
    select r.id, r.organisation, r.contract, r.service, r.kind, r.rule, r.channel, r.version, r.language, r.subject, r.body,
      r.statements, r.paper, r.address, 'sent', r.emergency, r."announcesOn", ${now}::timestamptz, r."effectiveAt",
      array(select jsonb_array_elements_text(r.mails)::uuid), r.delivery, ${by}, ${now}::timestamptz
    from jsonb_to_recordset(${list}::jsonb) as r(id uuid, organisation uuid, contract uuid, service text, kind text,
      rule jsonb, channel text, version text, language text, subject text, body text, statements jsonb, paper jsonb,
      address text, emergency boolean, "announcesOn" date, "effectiveAt" timestamptz, mails jsonb, delivery text)`.execute(
    tx,
  );
  await sql`insert into commerce.notice_evidence (id, organisation_id, notice_id, at, kind, detail, by)
    select r.evidence, r.organisation, r.id, ${now}::timestamptz, r.delivery, coalesce(r.address, ''), ${by}
    from jsonb_to_recordset(${list}::jsonb) as r(evidence uuid, organisation uuid, id uuid, delivery text, address text)`.execute(
    tx,
  );
}
