/** The API of contracts over all customers, for the provider's office. */
import { sql } from "kysely";
import { Type } from "typebox";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, page } from "@yagura/server/shapes.ts";
import { countRows, pageById } from "../paging.ts";
import { ById } from "../shapes.ts";
import { contractColumns, type ContractRow } from "./contract-row.ts";
import { ContractState, ListedContract } from "./shapes.ts";
import { shown } from "./work.ts";

const Filter = Type.Object(
  {
    ...ById,
    service: Type.Optional(Type.String({ maxLength: 20 })),
    state: Type.Optional(ContractState),
    /** Part of a contract number or of a customer's name. */
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  closed,
);

interface FoundRow extends ContractRow {
  readonly organisationName: string;
}

const listAll = route({
  method: "GET",
  path: "/api/v1/provider/contracts",
  tag: "contracts",
  summary: "Contracts of every customer, newest first; the provider's own organisation is left out",
  access: { kind: "provider", scope: "contract.read" },
  query: Filter,
  response: page(ListedContract),
  handler: async ({ tx, query }) => {
    const limit = query.limit ?? 100;
    const [service, state, text] = [query.service ?? null, query.state ?? null, query.q ?? null];
    const found = sql`commerce.contract c where c.charged and (${service}::text is null or c.service = ${service})
      and (${state}::text is null or c.state = ${state})
      and (${text}::text is null or position(lower(${text}::text) in lower(c.number)) > 0 or exists (
        select from server.organisation o where o.id = c.organisation_id and position(lower(${text}::text) in lower(o.name)) > 0))`;
    const { rows } = await sql<FoundRow>`select ${contractColumns},
        (select name from server.organisation o where o.id = organisation_id) as "organisationName"
      from commerce.contract
      where id in (select c.id from ${found} and (${query.cursor ?? null}::uuid is null or c.id < ${query.cursor ?? null}::uuid)
        order by c.id desc limit ${limit + 1})
      order by id desc`.execute(tx);
    return pageById(rows, limit, await countRows(tx, found), ({ organisationName, ...row }) => ({
      ...shown(row),
      organisationName: organisationName ?? "",
    }));
  },
});

export const providerContractRoutes: readonly Route[] = [listAll];
