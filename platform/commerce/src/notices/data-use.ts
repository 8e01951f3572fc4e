/** Which purposes a customer allows; and the list of those to whom data may go (COM-27). */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Text } from "../charging/tables.ts";
import { raise as raiseTerms } from "../terms/errors.ts";
import type { TermsWork } from "../terms/work.ts";
import { raise } from "./errors.ts";
import { purposes } from "./purposes.ts";
import type { DataUseItem, SubcontractorItem } from "./shapes.ts";

/** Every purpose and whether it is allowed; what was never said stands as allowed by the terms. */
export async function readDataUses(tx: Tx, organisation: OrganisationId): Promise<DataUseItem[]> {
  const { rows } = await sql<{ purpose: string; allowed: boolean; at: Date }>`select purpose, allowed, changed_at as at
    from commerce.data_use where organisation_id = ${organisation}`.execute(tx);
  return purposes.map((purpose) => {
    const said = rows.find((row) => row.purpose === purpose.purpose);
    return { ...purpose, allowed: said?.allowed ?? true, changedAt: said?.at.toISOString() ?? null };
  });
}

/** For those who want to use data: whether the customer allows it for the purpose. */
export async function mayUse(tx: Tx, organisation: OrganisationId, purpose: string): Promise<boolean> {
  return (await readDataUses(tx, organisation)).some((one) => one.purpose === purpose && one.allowed);
}

/** NOT_FOUND for a purpose that is none, DATA_USE_REQUIRED. */
export async function setDataUse(
  work: TermsWork,
  organisation: OrganisationId,
  purpose: string,
  allowed: boolean,
): Promise<void> {
  const found = purposes.find((one) => one.purpose === purpose);
  if (found === undefined) throw raiseServer("NOT_FOUND");
  if (found.required && !allowed) throw raise("DATA_USE_REQUIRED", { purpose });
  await sql`insert into commerce.data_use (organisation_id, purpose, allowed, changed_by, changed_at)
    values (${organisation}, ${purpose}, ${allowed}, ${actorName(work)}, ${work.now})
    on conflict (organisation_id, purpose) do update set allowed = excluded.allowed, changed_by = excluded.changed_by,
      changed_at = excluded.changed_at`.execute(work.tx);
  await work.audit({ action: "data-use.set", subject: purpose, details: { allowed } });
}

/** The list, oldest first; only those of a day when one is given. */
export async function readSubcontractors(tx: Tx, on: Day | null): Promise<SubcontractorItem[]> {
  const { rows } = await sql<SubcontractorItem>`select id, name, task, service, lower(in_force)::text as "from",
      upper(in_force)::text as until
    from commerce.subcontractor where ${on}::date is null or in_force @> ${on}::date
    order by lower(in_force), id`.execute(tx);
  return rows;
}

export async function addSubcontractor(
  work: TermsWork,
  input: {
    readonly name: string;
    readonly task: Text;
    readonly service?: string;
    readonly from: Day;
    readonly until?: Day;
  },
): Promise<SubcontractorItem> {
  const { name, task, service = null, from, until = null } = input;
  if (until !== null && until <= from) throw raiseTerms("DATED_CHANGE_RANGE", { from, lastDay: until });
  const id = newId();
  await sql`insert into commerce.subcontractor (id, name, task, service, in_force, added_by, added_at)
    values (${id}, ${name}, ${JSON.stringify(task)}::jsonb, ${service}, daterange(${from}::date, ${until}::date),
      ${actorName(work)}, ${work.now})`.execute(work.tx);
  await work.audit({ action: "subcontractor.add", subject: id, details: { name, service, from, until } });
  return { id, name, task, service, from, until };
}

/** NOT_FOUND; a day that is not after the first is refused. */
export async function endSubcontractor(work: TermsWork, id: Uuid, until: Day): Promise<SubcontractorItem> {
  const found = (await readSubcontractors(work.tx, null)).find((one) => one.id === id);
  if (found === undefined) throw raiseServer("NOT_FOUND");
  if (until <= found.from) throw raiseTerms("DATED_CHANGE_RANGE", { from: found.from, lastDay: until });
  await sql`update commerce.subcontractor set in_force = daterange(lower(in_force), ${until}::date)
    where id = ${id}`.execute(work.tx);
  await work.audit({ action: "subcontractor.end", subject: id, details: { until } });
  return { ...found, until };
}
