/** The API of terms changes: the office publishes and keeps consents, customers read, consent and dissent. */
import { sql } from "kysely";
import { Type } from "typebox";
import { addDays, dayOf, type Day } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import { loadTables } from "../terms/load.ts";
import { ServiceId } from "../terms/shapes.ts";
import { pageById, wholeList } from "../paging.ts";
import { ById } from "../shapes.ts";
import { checkNotice, earliestOn } from "./check.ts";
import { recipientsOf } from "./recipients.ts";
import { noticeWork } from "./routes.ts";
import {
  ConsentItem,
  Dissent,
  DissentOffer,
  NewTermsChange,
  NoticeCheck,
  OwnTermsChange,
  RecordConsent,
  TermsChangeItem,
} from "./shapes.ts";
import {
  changeById,
  dissent,
  listChanges,
  planChange,
  publishChange,
  recordConsent,
  type TermsChangeRow,
} from "./terms-change.ts";

const provider = "/api/v1/provider/terms-changes";
const own = "/api/v1/organisations/:organisation/terms-changes";
const ofChange = Type.Object({ change: Id });
const ofOwn = Type.Object({ organisation: Id, change: Id });

const changeOr404 = async (tx: Tx, id: string): Promise<TermsChangeRow> => {
  const change = await changeById(tx, id);
  if (change === null) throw raiseServer("NOT_FOUND");
  return change;
};
const shown = ({ grounds: _grounds, ...change }: Awaited<ReturnType<typeof listChanges>>[number]): TermsChangeItem => ({
  ...change,
  publishedAt: change.publishedAt.toISOString(),
});

const list = route({
  method: "GET",
  path: provider,
  tag: "terms",
  summary: "Published changes of terms, and how many customers were shown them, consented, dissented (COM-22)",
  access: { kind: "provider", scope: "contract.read" },
  query: Type.Object({ service: Type.Optional(ServiceId) }, closed),
  response: page(TermsChangeItem),
  handler: async ({ tx, query }) => wholeList((await listChanges(tx, query.service ?? null)).map(shown)),
});

const publish = (offers: readonly Offer[]): Route =>
  route({
    method: "POST",
    path: provider,
    tag: "terms",
    summary: "Publish a change of terms and show it to every customer concerned; a dry run checks the lead time",
    access: { kind: "provider", scope: "terms.write" },
    body: NewTermsChange,
    bodyLimit: 131_072,
    response: Type.Object({ ...NoticeCheck.properties, change: Type.Union([TermsChangeItem, Type.Null()]) }, closed),
    handler: async (context) => {
      const { body, tx, now } = context;
      const work = noticeWork(offers, context);
      const { notice } = await planChange(work, body);
      const rule = await checkNotice(work, notice);
      const recipients = (await recipientsOf(tx, body.service, dayOf(now))).length;
      const earliest = earliestOn(await loadTables(tx), body.service, rule, dayOf(now));
      const check = {
        rule: rule.rule,
        ruleName: rule.name,
        recipients,
        earliestOn: earliest,
        announcementId: null,
        ids: [],
      };
      if (body.dryRun === true) return { ...check, given: 0, change: null };
      const id = await publishChange(work, body);
      await context.audit({
        action: "terms.publish",
        subject: id,
        details: { service: body.service, code: body.code, recipients },
      });
      const change = (await listChanges(tx, body.service)).find((one) => one.id === id);
      return { ...check, given: recipients, change: change === undefined ? null : shown(change) };
    },
  });

const listConsents = route({
  method: "GET",
  path: `${provider}/:change/consents`,
  tag: "terms",
  summary: "What each customer was shown of a change, when and how, and what it did",
  access: { kind: "provider", scope: "contract.read" },
  params: ofChange,
  query: Type.Object(
    {
      state: Type.Optional(ConsentItem.properties.state),
      ...ById,
    },
    closed,
  ),
  response: page(ConsentItem),
  handler: async ({ tx, params, query }) => {
    const change = await changeOr404(tx, params.change);
    const { state = null, cursor = null, limit = 100 } = query;
    const { rows } = await sql<
      Omit<ConsentItem, "shownAt" | "readAt" | "decidedAt"> & {
        shownAt: Date | null;
        readAt: Date | null;
        decidedAt: Date | null;
        total: number;
      }
    >`select c.id, c.organisation_id as "organisationId", o.name as "organisationName", n.sent_at as "shownAt", n.channel,
        n.read_at as "readAt", c.state, c.ground, c.evidence, c.decided_at as "decidedAt",
        (select count(*)::int from commerce.terms_consent x where x.change_id = ${change.id}
          and (${state}::text is null or x.state = ${state})) as total
      from commerce.terms_consent c join server.organisation o on o.id = c.organisation_id
      left join commerce.notice n on n.id = c.notice_id
      where c.change_id = ${change.id} and (${state}::text is null or c.state = ${state})
        and (${cursor}::uuid is null or c.id < ${cursor}::uuid)
      order by c.id desc limit ${limit + 1}`.execute(tx);
    return pageById(rows, limit, rows[0]?.total ?? 0, ({ total: _total, shownAt, readAt, decidedAt, ...row }) => ({
      ...row,
      shownAt: shownAt?.toISOString() ?? null,
      readAt: readAt?.toISOString() ?? null,
      decidedAt: decidedAt?.toISOString() ?? null,
    }));
  },
});

const keepConsent = route({
  method: "POST",
  path: `${provider}/:change/consents`,
  tag: "terms",
  summary: "Keep a customer's consent with its ground and evidence (SEC-03)",
  access: { kind: "provider", scope: "terms.write" },
  params: ofChange,
  body: RecordConsent,
  handler: async ({ tx, now, params, body, audit }) => {
    const change = await changeOr404(tx, params.change);
    const found = await sql`select 1 from server.organisation where id = ${body.organisation}`.execute(tx);
    if (found.rows.length === 0) throw raiseServer("NOT_FOUND");
    const at = body.at === undefined ? now : new Date(body.at);
    await recordConsent({ tx, now }, change, { ...body, at });
    await audit({ action: "terms.consent", subject: change.id, details: { ...body } });
  },
});

interface OwnRow extends TermsChangeRow {
  readonly noticeSubject: string | null;
  readonly noticeBody: string | null;
  readonly shownAt: Date | null;
  readonly state: "shown" | "consented" | "dissented" | null;
}
async function ownChanges(tx: Tx, organisation: string, language: "ja" | "en", today: Day): Promise<OwnTermsChange[]> {
  const { rows } =
    await sql<OwnRow>`select t.id, t.service, t.code, t.effective_on::text as "effectiveOn", t.subject, t.body,
      t.dissent, n.subject as "noticeSubject", n.body as "noticeBody", n.sent_at as "shownAt", c.state
    from commerce.terms_change t
    left join commerce.terms_consent c on c.change_id = t.id and c.organisation_id = ${organisation}
    left join commerce.notice n on n.id = c.notice_id
    where c.id is not null or exists (select from commerce.contract k where k.organisation_id = ${organisation}
      and k.service = t.service and k.state not in ('ended', 'revoked', 'void'))
    order by t.effective_on desc, t.id desc limit 500`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    service: row.service,
    code: row.code,
    effectiveOn: row.effectiveOn,
    // As it was shown then, else as it was published.
    subject: row.noticeSubject ?? row.subject[language],
    body: row.noticeBody ?? row.body[language],
    shownAt: row.shownAt?.toISOString() ?? null,
    state: row.state ?? "shown",
    dissentUntil: row.dissent && row.effectiveOn > today ? addDays(row.effectiveOn, -1) : null,
  }));
}

const listOwn = route({
  method: "GET",
  path: own,
  tag: "terms",
  summary: "Changes of the terms of the organisation's services, as it was shown them",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id }),
  response: page(OwnTermsChange),
  handler: async ({ tx, organisation, language, now }) =>
    wholeList(await ownChanges(tx, organisation, language, dayOf(now))),
});

/** NOT_FOUND for a change of a service that the organisation has nothing to do with. */
async function ownOr404(tx: Tx, organisation: string, id: string): Promise<TermsChangeRow> {
  const concerned = await ownChanges(tx, organisation, "ja", "0001-01-01");
  if (!concerned.some((one) => one.id === id)) throw raiseServer("NOT_FOUND");
  return changeOr404(tx, id);
}

const consentOwn = route({
  method: "POST",
  path: `${own}/:change/consent`,
  tag: "terms",
  summary: "Consent to a change of terms expressly",
  access: { kind: "organisation", scope: "application.write" },
  params: ofOwn,
  handler: async ({ tx, now, organisation, params, audit, actor }) => {
    const change = await ownOr404(tx, organisation, params.change);
    const evidence = `${actor.kind === "nobody" ? "" : actor.name}, portal`;
    await recordConsent({ tx, now }, change, { organisation, ground: "express", evidence, at: now });
    await audit({ action: "terms.consent", subject: change.id, details: { ground: "express", code: change.code } });
  },
});

const dissentOwn = route({
  method: "POST",
  path: `${own}/:change/dissent`,
  tag: "terms",
  summary: "Dissent from a change of terms before it takes effect; the answer offers to end the contracts (UTM-02)",
  access: { kind: "organisation", scope: "application.write" },
  params: ofOwn,
  body: Dissent,
  response: DissentOffer,
  handler: async ({ tx, now, organisation, params, body, audit }) => {
    const change = await ownOr404(tx, organisation, params.change);
    const offer = await dissent({ tx, now }, change, organisation, body.reason ?? "");
    await audit({ action: "terms.dissent", subject: change.id, details: { code: change.code } });
    return offer;
  },
});

export const termsChangeRoutes = (offers: readonly Offer[]): readonly Route[] => [
  list,
  publish(offers),
  listConsents,
  keepConsent,
  listOwn,
  consentOwn,
  dissentOwn,
];
