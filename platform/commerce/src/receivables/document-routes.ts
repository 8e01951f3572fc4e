/** The API of documents that bear fees, and of claims that a billing operator collects. */
import { sql } from "kysely";
import { Type } from "typebox";
import { keysOf } from "../banking/customer-accounts.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id, LanguageCode } from "@yagura/server/shapes.ts";
import { attachedAs } from "../downloads.ts";
import { certificatePaper } from "./certificate-pdf.ts";
import { certificatesWhere, issueCertificate } from "./certificates.ts";
import { assignClaims, importStates, transferFile, transfersWhere } from "./claim-transfers.ts";
import { auditMoney, dayAsked, ofOrganisation, office, own, workOf } from "./paths.ts";
import {
  CertificateItem,
  ClaimTransferItem,
  NewCertificate,
  NewClaimTransfer,
  TransferStates,
  TransferStatesResult,
} from "./shapes.ts";

const tag = "payments";
const read = { tag, access: { kind: "organisation", scope: "invoice.read" } } as const;
const staff = { tag, access: { kind: "provider", scope: "payment.write" } } as const;
const ofCertificate = Type.Object({ organisation: Id, certificate: Id });

const listCertificates = route({
  ...read,
  method: "GET",
  path: `${own}/certificates`,
  summary: "Payment certificates and qualified invoices on request, newest first",
  params: ofOrganisation,
  response: Type.Object({ items: Type.Array(CertificateItem) }),
  handler: async ({ tx, organisation }) => ({
    items: await certificatesWhere(tx, sql`organisation_id = ${organisation}`),
  }),
});

const makeCertificate = route({
  tag,
  access: { kind: "organisation", scope: "payment.write" },
  method: "POST",
  path: `${own}/certificates`,
  summary:
    "Issue a payment certificate (UTM-57) or a qualified invoice on request (UTM-56); the fee comes with the next bill",
  params: ofOrganisation,
  body: NewCertificate,
  response: CertificateItem,
  status: 201,
  handler: async (context) => {
    const { organisation, body, now } = context;
    const request = { ...body, from: dayAsked(body.from, now), to: dayAsked(body.to, now) };
    const { item, made } = await issueCertificate(workOf(context), organisation, request);
    if (made) {
      const { number, kind, postage, consent } = item;
      await auditMoney(context, organisation, "certificate.issue", item.id, { number, kind, postage, consent });
    }
    return item;
  },
});

const showCertificate = route({
  ...read,
  method: "GET",
  path: `${own}/certificates/:certificate`,
  summary: "One document on request",
  params: ofCertificate,
  response: CertificateItem,
  handler: async ({ tx, organisation, params }) => {
    const [found] = await certificatesWhere(tx, sql`organisation_id = ${organisation} and id = ${params.certificate}`);
    if (found === undefined) throw raiseServer("NOT_FOUND");
    return found;
  },
});

const printCertificate = route({
  ...read,
  method: "GET",
  path: `${own}/certificates/:certificate/pdf`,
  summary: "The document as PDF",
  params: ofCertificate,
  query: Type.Object({ language: Type.Optional(LanguageCode) }, closed),
  raw: "application/pdf",
  rate: 60,
  handler: async ({ tx, organisation, params, query, language, reply }) => {
    const [found] = await certificatesWhere(tx, sql`organisation_id = ${organisation} and id = ${params.certificate}`);
    if (found === undefined) throw raiseServer("NOT_FOUND");
    attachedAs(reply, `${found.number}.pdf`);
    return certificatePaper(found.content, query.language ?? language);
  },
});

const listTransfers = route({
  ...staff,
  method: "GET",
  path: `${office}/claim-transfers`,
  summary: "Claims that were assigned to a billing operator, by file, newest first (UTM-53)",
  response: Type.Object({ items: Type.Array(ClaimTransferItem) }),
  handler: async ({ tx }) => ({ items: await transfersWhere(tx, sql`true`) }),
});

const assign = route({
  ...staff,
  method: "POST",
  path: `${office}/claim-transfers`,
  summary: "Assign open claims to a billing operator; makes the file and keeps what was passed of whom",
  body: NewClaimTransfer,
  response: ClaimTransferItem,
  status: 201,
  handler: async (context) => {
    const made = await assignClaims(workOf(context), await keysOf(context.platform), context.body);
    const { operator, claims, total, fields, sha256 } = made;
    await context.audit({
      action: "claim.assign",
      subject: made.id,
      details: { operator, claims, total, fields, sha256 },
    });
    return made;
  },
});

const downloadTransfer = route({
  ...staff,
  method: "GET",
  path: `${office}/claim-transfers/:transfer/csv`,
  summary: "The file for the operator",
  params: Type.Object({ transfer: Id }),
  raw: "text/csv; charset=utf-8",
  handler: async (context) => {
    const { tx, params, platform, reply } = context;
    const csv = await transferFile(tx, await keysOf(platform), params.transfer);
    await context.audit({ action: "claim.assign-download", subject: params.transfer });
    attachedAs(reply, `claims-${params.transfer}.csv`);
    return csv;
  },
});

class Refused extends Error {}

const readStates = route({
  ...staff,
  method: "POST",
  path: `${office}/claim-transfers/states`,
  summary:
    "Read the operator's payment states (CSV: id, state, on); all or nothing, the same file again changes nothing",
  body: TransferStates,
  bodyLimit: 6_000_000,
  transaction: false,
  response: TransferStatesResult,
  status: 200,
  handler: async ({ body, platform, actor, now, language }) => {
    let result: Awaited<ReturnType<typeof importStates>>["result"] | null = null;
    try {
      await platform.store.provider(async (tx) => {
        const done = await importStates(workOf({ tx, now, actor }), body.csv, language);
        result = done.result;
        if (done.result.problems.length > 0) throw new Refused();
        for (const organisation of done.organisations) {
          await auditMoney({ tx, platform, actor }, organisation, "claim.assigned-state", organisation, {});
        }
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    return result;
  },
});

export const documentRoutes: readonly Route[] = [
  listCertificates,
  makeCertificate,
  showCertificate,
  printCertificate,
  listTransfers,
  assign,
  downloadTransfer,
  readStates,
];
