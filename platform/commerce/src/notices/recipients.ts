/** To whom a notice goes: the registered addresses of a customer, else the people who run its account. */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import type { Language } from "@yagura/core/errors.ts";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";

export interface Recipient {
  readonly organisation: OrganisationId;
  readonly name: string;
  readonly language: Language;
  /** Registered address for letters, several lines; empty when there is none. */
  readonly postal: string;
  /** The registered mail address, else those of the owners and administrators. */
  readonly mails: readonly string[];
  /** Owners and administrators of the account. */
  readonly people: readonly string[];
}

const people = sql`coalesce((select jsonb_agg(distinct m.mail) from server.membership m where m.organisation_id = o.id
  and m.role in ('owner', 'admin') and m.revoked_at is null), '[]')`;
const columns = sql`o.id as organisation, coalesce(c.details ->> 'holder', o.name) as name, o.language,
  coalesce(concat_ws(E'\\n', c.details ->> 'address', c.details ->> 'holder', c.details ->> 'contact'), '') as postal,
  case when c.details ->> 'mail' is not null then jsonb_build_array(c.details ->> 'mail') else ${people} end as mails,
  ${people} as people`;
const from = sql`server.organisation o left join commerce.customer c on c.organisation_id = o.id`;

/** NOT_FOUND when there is no such organisation. */
export async function recipientOf(tx: Tx, organisation: OrganisationId): Promise<Recipient> {
  const { rows } = await sql<Recipient>`select ${columns} from ${from}
    where o.id = ${organisation} and o.state = 'active'`.execute(tx);
  if (rows[0] === undefined) throw raiseServer("NOT_FOUND");
  return rows[0];
}

/** Everybody who has a contract of the service that is not over. The provider's own organisation is no customer. */
export async function recipientsOf(tx: Tx, service: string, today: Day): Promise<Recipient[]> {
  const { rows } = await sql<Recipient>`select ${columns} from ${from}
    where o.state = 'active' and not o.internal and exists (
      select from commerce.contract k where k.organisation_id = o.id and k.service = ${service}
        and k.state not in ('ended', 'revoked', 'void') and (k.ended_on is null or k.ended_on >= ${today}::date))
    order by o.id`.execute(tx);
  return rows;
}

/** Those of these organisations that are active. */
export async function recipientsAmong(tx: Tx, organisations: readonly OrganisationId[]): Promise<Recipient[]> {
  const { rows } = await sql<Recipient>`select ${columns} from ${from}
    where o.state = 'active' and o.id = any(${[...organisations]}::uuid[]) order by o.id`.execute(tx);
  return rows;
}
