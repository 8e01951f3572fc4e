/** The API of notices: the office gives them and keeps evidence, customers read theirs. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type RouteContext, type ScopeTable } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import { loadTables } from "../terms/load.ts";
import { pageById } from "../paging.ts";
import { ById } from "../shapes.ts";
import { attachedAs } from "../downloads.ts";
import { markRead, recordEvidence, sendDraft, withdrawNotice } from "./evidence.ts";
import { checkNotice, earliestOn, type NoticeText, type NoticeWork } from "./check.ts";
import { giveNotice, giveToAll } from "./give.ts";
import { printNotice } from "./print.ts";
import { detailOf, listNotices, noticeById, showNotice, showOwn, type NoticeRow } from "./read.ts";
import { recipientsOf } from "./recipients.ts";
import { NewNotice, NoticeCheck, NoticeDetail, NoticeItem, NoticeQuery, OwnNotice, RecordEvidence } from "./shapes.ts";

export const scopes: ScopeTable = {
  "notice.write": ["provider-admin", "provider-billing", "provider-operator"],
};

const provider = "/api/v1/provider/notices";
const own = "/api/v1/organisations/:organisation/notices";
const reads = { kind: "provider", scope: "contract.read" } as const;
const writes = { kind: "provider", scope: "notice.write" } as const;
const ofNotice = Type.Object({ notice: Id });

type Context = RouteContext<unknown, unknown, unknown>;
export const noticeWork = (offers: readonly Offer[], { tx, now, actor, platform }: Context): NoticeWork => ({
  tx,
  now,
  actor,
  platform,
  offers,
});

async function noticeOr404(tx: Tx, id: string): Promise<NoticeRow> {
  const row = await noticeById(tx, id, true);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
}

const list = route({
  method: "GET",
  path: provider,
  tag: "notices",
  summary: "Notices to customers, newest first, with when each takes effect and what became of it",
  access: reads,
  query: NoticeQuery,
  response: page(NoticeItem),
  handler: async ({ tx, query }) => {
    const { rows, total } = await listNotices(tx, query);
    return pageById(rows, query.limit ?? 100, total, showNotice);
  },
});

const show = route({
  method: "GET",
  path: `${provider}/:notice`,
  tag: "notices",
  summary: "One notice: text, address, statements, effect, evidence of delivery (COM-15)",
  access: reads,
  params: ofNotice,
  response: NoticeDetail,
  handler: async ({ tx, params }) => detailOf(tx, await noticeOr404(tx, params.notice)),
});

const textOf = (body: NewNotice): NoticeText => ({
  service: body.service,
  kind: body.kind,
  channel: body.channel,
  subject: body.subject,
  body: body.body,
  announcesOn: body.announcesOn,
  namedTime: body.namedTime === undefined ? undefined : new Date(body.namedTime),
  statements: body.statements,
  emergency: body.emergency,
  draft: body.draft,
});

const make = (offers: readonly Offer[]): Route =>
  route({
    method: "POST",
    path: provider,
    tag: "notices",
    summary:
      "Give a notice to one customer, or to everybody with a living contract of a service; a dry run checks only",
    access: writes,
    body: NewNotice,
    bodyLimit: 131_072,
    response: NoticeCheck,
    handler: async (context) => {
      const { body, tx, now } = context;
      const work = noticeWork(offers, context);
      const rule = await checkNotice(work, textOf(body));
      const earliest = earliestOn(await loadTables(tx), body.service, rule, dayOf(now));
      const check = { rule: rule.rule, ruleName: rule.name, earliestOn: earliest };
      if (body.dryRun === true) {
        const recipients =
          body.organisation === undefined ? (await recipientsOf(tx, body.service, dayOf(now))).length : 1;
        return { ...check, recipients, given: 0, announcementId: null, ids: [] };
      }
      const { organisation, contract } = body;
      const made =
        organisation === undefined
          ? await giveToAll(work, textOf(body))
          : { id: null, given: [await giveNotice(work, { ...textOf(body), organisation, contract })] };
      await context.audit({
        action: "notice.give",
        subject: made.id ?? made.given[0]?.id ?? "",
        details: {
          service: body.service,
          kind: body.kind,
          rule: rule.rule,
          channel: body.channel,
          recipients: made.given.length,
        },
      });
      return {
        ...check,
        recipients: made.given.length,
        given: made.given.length,
        announcementId: made.id,
        ids: made.given.slice(0, 100).map(({ id }) => id),
      };
    },
  });

const send = (offers: readonly Offer[]): Route =>
  route({
    method: "POST",
    path: `${provider}/:notice/send`,
    tag: "notices",
    summary: "Send a draft: its lead time is checked again",
    access: writes,
    params: ofNotice,
    response: NoticeDetail,
    handler: async (context) => {
      const { tx, params } = context;
      await sendDraft(noticeWork(offers, context), await noticeOr404(tx, params.notice));
      await context.audit({ action: "notice.send", subject: params.notice });
      return detailOf(tx, await noticeOr404(tx, params.notice));
    },
  });

const withdraw = (offers: readonly Offer[]): Route =>
  route({
    method: "POST",
    path: `${provider}/:notice/withdraw`,
    tag: "notices",
    summary: "Take back a draft or a letter that was not posted yet; what was given stays given",
    access: writes,
    params: ofNotice,
    response: NoticeDetail,
    handler: async (context) => {
      const { tx, params } = context;
      await withdrawNotice(noticeWork(offers, context), await noticeOr404(tx, params.notice));
      await context.audit({ action: "notice.withdraw", subject: params.notice });
      return detailOf(tx, await noticeOr404(tx, params.notice));
    },
  });

const evidence = route({
  method: "POST",
  path: `${provider}/:notice/evidence`,
  tag: "notices",
  summary: "Keep evidence: posted by hand, delivered, received, bounced, returned",
  access: writes,
  params: ofNotice,
  body: RecordEvidence,
  response: NoticeDetail,
  handler: async ({ tx, now, actor, params, body, audit }) => {
    const at = body.at === undefined ? undefined : new Date(body.at);
    const row = await noticeOr404(tx, params.notice);
    await recordEvidence({ tx, now, actor }, row, { kind: body.kind, detail: body.detail, at });
    await audit({ action: "notice.evidence", subject: params.notice, details: { kind: body.kind } });
    return detailOf(tx, await noticeOr404(tx, params.notice));
  },
});

const print = route({
  method: "GET",
  path: `${provider}/:notice/print`,
  tag: "notices",
  summary: "The notice as a letter to print (PDF), with the registered address in the window",
  access: reads,
  params: ofNotice,
  raw: "application/pdf",
  handler: async ({ tx, params, reply }) => {
    const row = await noticeOr404(tx, params.notice);
    attachedAs(reply, `notice-${row.id}.pdf`);
    return Buffer.from(await printNotice(tx, row));
  },
});

const listOwn = route({
  method: "GET",
  path: own,
  tag: "notices",
  summary: "Notices to the organisation, newest first",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id }),
  query: Type.Object(ById, closed),
  response: page(OwnNotice),
  handler: async ({ tx, organisation, query }) => {
    const { rows, total } = await listNotices(tx, { ...query, organisation, state: "sent" });
    return pageById(rows, query.limit ?? 100, total, showOwn);
  },
});

const ofOwn = Type.Object({ organisation: Id, notice: Id });
const readOwn = route({
  method: "POST",
  path: `${own}/:notice/read`,
  tag: "notices",
  summary: "The notice was opened: the first time is kept as evidence",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofOwn,
  response: OwnNotice,
  handler: async ({ tx, now, actor, role, organisation, params }) => {
    const row = await noticeById(tx, params.notice, true);
    if (row === null || row.organisation !== organisation || row.state !== "sent") throw raiseServer("NOT_FOUND");
    // Staff that look at a customer's page are not the customer.
    if (!isStaff({ role })) await markRead({ tx, now, actor }, row);
    return showOwn((await noticeById(tx, params.notice)) as NoticeRow);
  },
});

export const noticeRoutes = (offers: readonly Offer[]): readonly Route[] => [
  list,
  make(offers),
  show,
  send(offers),
  withdraw(offers),
  evidence,
  print,
  listOwn,
  readOwn,
];
