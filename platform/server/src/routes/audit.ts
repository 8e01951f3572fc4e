/** Reading the audit log: an organisation its own, the provider everything. */
import { Type } from "typebox";
import { sql, type Selectable } from "kysely";
import type { Tx } from "@yagura/store/store.ts";
import { DEFAULT_LIMIT, decodeCursor, PageQuery, toPage } from "../pages.ts";
import { route, type Route } from "../route.ts";
import { AuditEntry, Id, page } from "../shapes.ts";
import { instant, tables, type ServerTables } from "../tables.ts";

const query = Type.Object(
  { ...PageQuery, action: Type.Optional(Type.String({ maxLength: 60 })), organisation: Type.Optional(Id) },
  { additionalProperties: false },
);

type Row = Selectable<ServerTables["server.audit_entry"]>;

const toEntry = (row: Row): AuditEntry => ({
  sequence: Number(row.sequence),
  at: instant(row.at),
  actor: row.actor,
  actorKind: row.actor_kind,
  organisationId: row.organisation_id,
  action: row.action,
  subject: row.subject,
  details: row.details,
  hash: row.hash,
});

interface Filter {
  readonly limit?: number;
  readonly cursor?: string;
  readonly action?: string;
  readonly organisation?: string;
}

/** Newest first. Row-level security leaves an organisation only its own entries. */
async function readAudit(tx: Tx, filter: Filter): Promise<unknown> {
  const limit = filter.limit ?? DEFAULT_LIMIT;
  let matching = tables(tx).selectFrom("server.audit_entry");
  if (filter.organisation !== undefined) matching = matching.where("organisation_id", "=", filter.organisation);
  if (filter.action !== undefined)
    matching = matching.where("action", "like", `${filter.action.replace(/[\\%_]/g, "\\$&")}%`);
  const counted = await matching.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const before = decodeCursor(filter.cursor, 1);
  let rows = matching
    .selectAll()
    .orderBy("sequence", "desc")
    .limit(limit + 1);
  if (before !== null) rows = rows.where("sequence", "<", sql<number>`${before[0]}::bigint`);
  return toPage(await rows.execute(), limit, Number(counted.n), toEntry, (row) => [String(row.sequence)]);
}

export const auditRoutes = (): Route[] => [
  route({
    method: "GET",
    path: "/api/v1/organisations/:organisation/audit",
    summary: "What was done in the organisation, newest first",
    tag: "audit",
    access: { kind: "organisation", scope: "audit.read" },
    params: Type.Object({ organisation: Id }),
    query: Type.Omit(query, ["organisation"]),
    response: page(AuditEntry),
    handler: ({ tx, query, organisation }) => readAudit(tx, { ...query, organisation }),
  }),
  route({
    method: "GET",
    path: "/api/v1/provider/audit",
    summary: "What was done anywhere, newest first",
    tag: "audit",
    access: { kind: "provider", scope: "audit.read" },
    query,
    response: page(AuditEntry),
    handler: ({ tx, query }) => readAudit(tx, query),
  }),
];
