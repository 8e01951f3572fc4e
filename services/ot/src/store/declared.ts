/** The protocols that are declared for a site: as they are listed, as sensors are told, and as words of its history. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { vocabularyOf, type Vocabulary } from "../analysis/observe.ts";
import { fixedBits } from "../wire/declared-check.ts";
import { slotName, type DeclaredDescription, type DeclaredSlot } from "../wire/declared.ts";
import type { DeclaredParser } from "../wire/api-declared.ts";

interface Slot {
  readonly slot: number;
  readonly description: DeclaredDescription;
}

/** Names of all slots of a site, also of ended ones: their history is still there. */
export async function readVocabulary(tx: Tx, site: Uuid): Promise<Vocabulary> {
  const { rows } = await sql<Slot>`select slot, description from ot.declared_parser
    where site_id = ${site} order by slot`.execute(tx);
  return vocabularyOf(rows);
}

/** What the sensors of a site are told. */
export async function slotsInUse(tx: Tx, site: Uuid): Promise<DeclaredSlot[]> {
  const { rows } = await sql<Slot>`select slot, description from ot.declared_parser
    where site_id = ${site} and enabled and ended_at is null order by slot`.execute(tx);
  return rows;
}

interface Row extends Slot {
  readonly id: Uuid;
  readonly site: Uuid;
  readonly enabled: boolean;
  readonly created_at: Date;
  readonly created_by: string;
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly ended_at: Date | null;
}

/** By slot; ended ones are among them. */
export async function listParsers(
  tx: Tx,
  organisation: OrganisationId,
  which: { readonly site: Uuid } | { readonly id: Uuid },
): Promise<DeclaredParser[]> {
  const only = "site" in which ? sql`site_id = ${which.site}` : sql`id = ${which.id}`;
  const { rows } = await sql<Row>`select id, site_id as site, slot, description, enabled, created_at, created_by,
      changed_at, changed_by, ended_at
    from ot.declared_parser where organisation_id = ${organisation} and ${only} order by slot`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site,
    slot: row.slot,
    protocol: slotName(row.slot),
    description: row.description,
    bits: fixedBits(row.description),
    enabled: row.enabled,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    endedAt: row.ended_at?.toISOString() ?? null,
  }));
}
