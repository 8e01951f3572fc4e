/** The API of terms: versions with their parameters, documents, and the history of every dated value. */
import { sql } from "kysely";
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import { pageById, wholeList } from "../paging.ts";
import { attachedAs } from "../downloads.ts";
import { offerOf } from "./offers.ts";
import {
  ChangeItem,
  ChangeQuery,
  DatedChange,
  NewDocument,
  NewTerms,
  ServiceId,
  TermsDetail,
  TermsItem,
} from "./shapes.ts";
import { addVersion, detailOf, readVersion, readVersions, showVersion, supplyText, writeDocument } from "./versions.ts";

const provider = "/api/v1/provider/terms";
const ofVersion = Type.Object({ version: Id });
const ofDocument = Type.Object({ version: Id, document: Id });
/** A document of 1 MB in base64, and the rest. */
const DOCUMENT_BODY = 1_572_864;

const listTerms = route({
  method: "GET",
  path: provider,
  tag: "terms",
  summary: "Versions of terms with the days on which they are in force, oldest first",
  access: { kind: "provider", scope: "contract.read" },
  query: Type.Object({ service: Type.Optional(ServiceId) }, closed),
  response: page(TermsItem),
  handler: async ({ tx, query }) => wholeList((await readVersions(tx, query.service ?? null)).map(showVersion)),
});

const versionOr404 = async (tx: Tx, id: string) => {
  const row = await readVersion(tx, id);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
};

const showTerms = route({
  method: "GET",
  path: `${provider}/:version`,
  tag: "terms",
  summary: "One version: parameters, hash of its text, source, dated copies of its documents (OST-22)",
  access: { kind: "provider", scope: "contract.read" },
  params: ofVersion,
  response: TermsDetail,
  handler: async ({ tx, params }) => detailOf(tx, await versionOr404(tx, params.version)),
});

const AddedTerms = Type.Object({ ...DatedChange.properties, id: Type.Union([Id, Type.Null()]) }, closed);
const makeTerms = (offers: readonly Offer[]): Route =>
  route({
    method: "POST",
    path: provider,
    tag: "terms",
    summary: "Add a version from a day with its text; the one in force ends, the past stays as it was (COM-02)",
    access: { kind: "provider", scope: "terms.write" },
    body: NewTerms,
    bodyLimit: DOCUMENT_BODY,
    response: AddedTerms,
    handler: async ({ tx, now, actor, audit, body }) => {
      offerOf(offers, body.service);
      return addVersion({ tx, now, actor, audit }, body);
    },
  });

const Supplied = Type.Object(
  { document: NewDocument, parameters: NewTerms.properties.parameters, confirmPast: NewTerms.properties.confirmPast },
  closed,
);
const supply = route({
  method: "POST",
  path: `${provider}/:version/text`,
  tag: "terms",
  summary: "Supply the text of a version of which only the date was known (UTM-86, SEC-73)",
  access: { kind: "provider", scope: "terms.write" },
  params: ofVersion,
  body: Supplied,
  bodyLimit: DOCUMENT_BODY,
  response: TermsDetail,
  handler: async ({ tx, now, actor, audit, params, body }) => {
    const row = await versionOr404(tx, params.version);
    await supplyText({ tx, now, actor, audit }, row, {
      document: body.document,
      ...(body.parameters === undefined ? {} : { parameters: body.parameters }),
      ...(body.confirmPast === undefined ? {} : { confirmPast: body.confirmPast }),
    });
    return detailOf(tx, await versionOr404(tx, params.version));
  },
});

const addCopy = route({
  method: "POST",
  path: `${provider}/:version/documents`,
  tag: "terms",
  summary: "Keep a dated copy of a document that belongs to the version, such as the specification page (OST-22)",
  access: { kind: "provider", scope: "terms.write" },
  params: ofVersion,
  body: NewDocument,
  bodyLimit: DOCUMENT_BODY,
  response: TermsDetail,
  status: 201,
  handler: async ({ tx, now, actor, audit, params, body }) => {
    const row = await versionOr404(tx, params.version);
    await writeDocument({ tx, now, actor, audit }, row.id, body);
    await audit({ action: "terms.document", subject: row.id, details: { name: body.name } });
    return detailOf(tx, row);
  },
});

const sendDocument = async (tx: Tx, version: string, document: string) => {
  const { rows } = await sql<{ name: string; type: string; bytes: Buffer }>`select name, media_type as type, bytes
    from commerce.terms_document where version_id = ${version} and id = ${document}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return found;
};
/** Never shown inside a page of ours: a text of others could hold scripts. */
const showDocument = route({
  method: "GET",
  path: `${provider}/:version/documents/:document`,
  tag: "terms",
  summary: "A document of a version, as it was kept",
  access: { kind: "provider", scope: "contract.read" },
  params: ofDocument,
  raw: "application/octet-stream",
  handler: async ({ tx, params, reply }) => {
    const { name, type, bytes } = await sendDocument(tx, params.version, params.document);
    void reply.type(type);
    attachedAs(reply, name);
    return bytes;
  },
});

const own = "/api/v1/organisations/:organisation/terms";
const ownTerms = route({
  method: "GET",
  path: own,
  tag: "terms",
  summary: "Terms of the services that the organisation has contracts of: those in force, past and planned",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id }),
  response: page(TermsDetail),
  handler: async ({ tx, organisation }) => {
    const { rows } = await sql<{ service: string }>`select distinct service from commerce.contract
      where organisation_id = ${organisation}`.execute(tx);
    const services = new Set(rows.map(({ service }) => service));
    const versions = (await readVersions(tx, null)).filter(({ service }) => services.has(service));
    const items: TermsDetail[] = [];
    for (const version of versions) items.push(await detailOf(tx, version));
    return wholeList(items);
  },
});

const ownDocument = route({
  method: "GET",
  path: `${own}/:version/documents/:document`,
  tag: "terms",
  summary: "A document of the terms, as it was kept",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id, version: Id, document: Id }),
  raw: "application/octet-stream",
  handler: async ({ tx, params, reply }) => {
    const { name, type, bytes } = await sendDocument(tx, params.version, params.document);
    void reply.type(type);
    attachedAs(reply, name);
    return bytes;
  },
});

const listChanges = route({
  method: "GET",
  path: "/api/v1/provider/terms-history",
  tag: "terms",
  summary: "What was changed by whom: prices, rates, hours, settings, offering, terms; newest first",
  access: { kind: "provider", scope: "contract.read" },
  query: ChangeQuery,
  response: page(ChangeItem),
  handler: async ({ tx, query }) => {
    const { kind = null, key = null, cursor = null } = query;
    const limit = query.limit ?? 100;
    const { rows } = await sql<
      Omit<ChangeItem, "at"> & { at: Date; total: number }
    >`select id, at, by, kind, key, effect,
        from_day::text as "from", before, after, reason,
        (select count(*)::int from commerce.dated_change where (${kind}::text is null or kind = ${kind})
          and (${key}::text is null or key = ${key})) as total
      from commerce.dated_change
      where (${kind}::text is null or kind = ${kind}) and (${key}::text is null or key = ${key})
        and (${cursor}::uuid is null
          or ordinal < (select c.ordinal from commerce.dated_change c where c.id = ${cursor}::uuid))
      order by ordinal desc limit ${limit + 1}`.execute(tx);
    return pageById(rows, limit, rows[0]?.total ?? 0, ({ total: _total, at, ...row }) => ({
      ...row,
      at: at.toISOString(),
    }));
  },
});

export const versionRoutes = (offers: readonly Offer[]): readonly Route[] => [
  listTerms,
  showTerms,
  makeTerms(offers),
  supply,
  addCopy,
  showDocument,
  ownTerms,
  ownDocument,
  listChanges,
];
