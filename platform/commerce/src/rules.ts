/** Which version of a service's terms holds on a day, and what it says (COM-02, spec/commercial.md section 10). */
import { sql } from "kysely";
import type { Tx } from "@yagura/store/store.ts";
import type { Day } from "@yagura/core/calendar.ts";
import { raise } from "./errors.ts";

export interface ServiceVersion {
  readonly service: string;
  /** e.g. `EXP-v2`. */
  readonly code: string;
  /** First day in force; null: since ever. */
  readonly from: Day | null;
  /** First day no longer in force; null: until further notice. */
  readonly until: Day | null;
  readonly labels: Readonly<Record<string, { readonly ja: string; readonly en: string }>>;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The version in force on the day, or null where there is a hole. ISO days compare as texts. */
export function ruleOn(versions: readonly ServiceVersion[], day: Day): ServiceVersion | null {
  for (const version of versions) {
    if ((version.from === null || version.from <= day) && (version.until === null || day < version.until))
      return version;
  }
  return null;
}

/** Every version of a service's terms, oldest first. */
export async function versionsOf(tx: Tx, service: string): Promise<ServiceVersion[]> {
  const { rows } = await sql<ServiceVersion>`
    select v.service, v.code, lower(v.in_force)::text as "from", upper(v.in_force)::text as until, v.labels,
      coalesce((select jsonb_object_agg(p.key, p.value) from commerce.rule_parameter p where p.version_id = v.id), '{}')
        as parameters
    from commerce.service_version v where v.service = ${service} order by lower(v.in_force) nulls first`.execute(tx);
  return rows;
}

/** The version in force on the day. TERMS_MISSING where no version holds. */
export async function versionOn(tx: Tx, service: string, day: Day): Promise<ServiceVersion> {
  const version = ruleOn(await versionsOf(tx, service), day);
  if (version === null) throw raise("TERMS_MISSING", { service, day });
  return version;
}
