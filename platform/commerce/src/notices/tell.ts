/**
 * What a step of a contract tells the customer by mail, kept as a notice (COM-15). The step has checked grounds and lead time by
 * its own rules; here the notice gets the row of matrix 7.3 that it belongs to, its time of effect and its evidence.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { NoticeRule, Offer } from "../charging/offer.ts";
import { sayActor } from "../terms/work.ts";
import type { NoticeWork } from "./check.ts";
import { addEvidence } from "./give.ts";
import { effectiveTime } from "./lead-time.ts";
import { recipientOf } from "./recipients.ts";
import type { Statements } from "./shapes.ts";

export interface Told {
  readonly organisation: OrganisationId;
  readonly contract: Uuid | null;
  readonly service: string;
  /** A row of matrix 7.3 where the service has one: `suspension`, `withdrawal`, `acceptance`, … */
  readonly kind: string;
  /** In the organisation's language. */
  readonly mail: { readonly subject: string; readonly text: string };
  readonly announcesOn?: Day | undefined;
  readonly statements?: Statements | undefined;
  readonly emergency?: boolean | undefined;
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

/** Mails the registered address and the people of the account, and keeps the notice. Gives its id. */
export async function tellCustomer(
  work: Omit<NoticeWork, "offers"> & { readonly offers?: readonly Offer[] | undefined },
  told: Told,
): Promise<Uuid> {
  const { tx, now, actor, platform } = work;
  const { organisation, contract, service, kind, mail } = told;
  const offer = work.offers?.find((one) => one.service === service);
  const rule = offer?.notices.find((one) => one.by === "provider" && one.kind === kind) ?? plain(kind);
  const { mails, people, language } = await recipientOf(tx, organisation);
  // Where the terms name the web alone, the customer's page is the notice and the mail tells of it.
  const channel = rule.channels.includes("mail") && mails.length > 0 ? "mail" : "web";
  const sent: Uuid[] = [];
  for (const to of new Set([...mails, ...people]))
    sent.push(await platform.mail.send(tx, { to, organisation, ...mail }));
  const announcesOn = told.announcesOn ?? null;
  const sending = { channel, sentAt: now, namedTime: null, announcesOn, receivedAt: null } as const;
  const statements: Statements = { ...(announcesOn === null ? {} : { date: announcesOn }), ...told.statements };
  const version = createHash("sha256").update(`${mail.subject}\n${mail.text}`).digest("hex");
  const id = newId();
  await sql`insert into commerce.notice (id, organisation_id, contract_id, service, kind, rule, channel, text_version,
      language, subject, body, statements, address, state, emergency, announces_on, sent_at, effective_at, mails,
      created_by, created_at)
    values (${id}, ${organisation}, ${contract}, ${service}, ${kind}, ${JSON.stringify(rule)}::jsonb, ${channel},
      ${version}, ${language}, ${mail.subject}, ${mail.text}, ${JSON.stringify(statements)}::jsonb,
      ${mails.length === 0 ? null : mails.join(", ")}, 'sent', ${told.emergency ?? false}, ${announcesOn}::date, ${now},
      ${effectiveTime(rule, sending)}, ${sent}::uuid[], ${sayActor(actor)}, ${now})`.execute(tx);
  await addEvidence(work, { id, organisation }, channel === "mail" ? "queued" : "posted", mails.join(", "));
  await platform.live.publish(tx, organisation, { topic: "notice", data: { id } });
  return id;
}
