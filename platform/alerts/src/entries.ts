/** The time line of an incident: written once, never changed. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { IncidentEntry } from "./shapes.ts";

export interface Entry {
  readonly organisation: OrganisationId;
  readonly incident: Uuid;
  readonly at: Date;
  readonly kind: IncidentEntry["kind"];
  /** Name of a person, or `system`. */
  readonly by: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export async function note(tx: Tx, entry: Entry): Promise<void> {
  await sql`insert into alerts.entry (id, organisation_id, incident_id, at, kind, by, detail) values (${newId()},
    ${entry.organisation}, ${entry.incident}, ${entry.at}, ${entry.kind}, ${entry.by}, ${JSON.stringify(entry.detail)}::jsonb)`.execute(
    tx,
  );
}

/** Newest first. */
export async function entriesOf(tx: Tx, incident: Uuid, limit = 200): Promise<IncidentEntry[]> {
  const { rows } = await sql<Omit<IncidentEntry, "at"> & { at: Date }>`select id, at, kind, by, detail from alerts.entry
    where incident_id = ${incident} order by ordinal desc limit ${limit}`.execute(tx);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
