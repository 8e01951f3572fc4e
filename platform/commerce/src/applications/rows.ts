/** Applications as they are stored. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { countRows } from "../paging.ts";
import type { Application, ApplicationState, FieldValue, Remark } from "./shapes.ts";

export interface ApplicationRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly orderId: Uuid;
  readonly service: string;
  readonly plan: string;
  readonly state: ApplicationState;
  readonly channel: string;
  readonly orderedOn: Day;
  readonly receivedAt: Date | null;
  readonly sequence: number | null;
  readonly terms: string | null;
  readonly items: Record<string, number>;
  readonly fields: Record<string, FieldValue>;
  readonly desiredStartOn: Day | null;
  readonly quoteId: Uuid | null;
  readonly remarks: Remark[];
  readonly clauses: Application["clauses"];
  readonly contractId: Uuid | null;
  readonly rescindBy: Day | null;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly ground: string | null;
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

const columns = sql`a.id, a.organisation_id as organisation, a.order_id as "orderId", a.service, a.plan, a.state, a.channel,
  a.ordered_on::text as "orderedOn", a.received_at as "receivedAt", a.sequence::int as sequence, a.terms, a.items, a.fields,
  a.desired_start_on::text as "desiredStartOn", a.quote_id as "quoteId", a.remarks, a.clauses, a.contract_id as "contractId",
  a.rescind_by::text as "rescindBy", a.decided_at as "decidedAt", a.decided_by as "decidedBy", a.ground, a.reason,
  a.created_by as "createdBy", a.created_at as "createdAt"`;

/** The organisation's application, kept from changing until this transaction is over; null when there is none. */
export async function lockApplication(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<ApplicationRow | null> {
  const { rows } = await sql<ApplicationRow>`select ${columns} from commerce.application a
    where a.organisation_id = ${organisation} and a.id = ${id} for update`.execute(tx);
  return rows[0] ?? null;
}

export interface ApplicationFilter {
  readonly organisation?: OrganisationId | null;
  readonly id?: Uuid | null;
  readonly ids?: readonly Uuid[] | null;
  readonly state?: string | null;
  readonly service?: string | null;
  readonly before?: Uuid | null;
  readonly limit?: number;
}
interface FullRow extends ApplicationRow {
  readonly organisationName: string;
  readonly contractNumber: string | null;
  readonly consents: Application["consents"];
}

function matching({ organisation = null, id = null, ids = null, state = null, service = null }: ApplicationFilter) {
  const among = ids === null ? null : [...ids];
  return sql`(${organisation}::uuid is null or a.organisation_id = ${organisation}::uuid) and (${id}::uuid is null or a.id = ${id}::uuid)
    and (${among}::uuid[] is null or a.id = any(${among}::uuid[]))
    and (${state}::text is null or a.state = ${state}) and (${service}::text is null or a.service = ${service})`;
}

export const countApplications = (tx: Tx, filter: ApplicationFilter): Promise<number> =>
  countRows(tx, sql`commerce.application a where ${matching(filter)}`);

/** Applications with what their pages show: newest first, or by place in the queue when a service's open ones are asked for. */
export async function applicationsOf(tx: Tx, filter: ApplicationFilter): Promise<Application[]> {
  const { before = null, limit = 200 } = filter;
  const { rows } = await sql<FullRow>`select ${columns}, o.name as "organisationName", c.number as "contractNumber",
      coalesce((select jsonb_agg(jsonb_build_object('field', s.field, 'rule', s.rule, 'textVersion', s.text_version,
          'at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', s.given_by) order by s.field)
        from commerce.application_consent s where s.application_id = a.id), '[]') as consents
    from commerce.application a join server.organisation o on o.id = a.organisation_id
      left join commerce.contract c on c.id = a.contract_id
    where ${matching(filter)} and (${before}::uuid is null or a.id < ${before}::uuid)
    order by a.id desc limit ${limit}`.execute(tx);
  return rows.map(shown);
}

export async function applicationById(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<Application | null> {
  return (await applicationsOf(tx, { organisation, id, limit: 1 }))[0] ?? null;
}

const shown = ({ organisation, receivedAt, decidedAt, createdAt, ...row }: FullRow): Application => ({
  ...row,
  organisationId: organisation,
  receivedAt: receivedAt?.toISOString() ?? null,
  decidedAt: decidedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});
