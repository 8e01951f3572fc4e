/** What each sensor is told, written in the transaction that changes it. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Tx } from "@yagura/store/store.ts";
import { slotsInUse } from "./store/declared.ts";
import { blocksOf } from "./store/enforcement.ts";
import type { SensorConfiguration } from "./wire/metadata.ts";

/** Signatures of a sensor at most. */
export const MAX_RULES = 20_000;

/** Not empty, no comment. */
export const isRuleLine = (line: string): boolean => /^\s*[^\s#]/.test(line);

/** Lines that are rules. */
export const ruleLines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .filter(isRuleLine)
    .map((line) => line.trim())
    .slice(0, MAX_RULES);

/** Writes the configuration of the machines of some sensors; of all of a site when `of` names one. Ended ones are left out. */
export async function configureSensors(
  tx: Tx,
  devices: Devices,
  organisation: OrganisationId,
  of: { readonly sensor: Uuid } | { readonly site: Uuid },
): Promise<void> {
  const which = "sensor" in of ? sql`s.id = ${of.sensor}` : sql`s.site_id = ${of.site}`;
  const { rows } = await sql<{
    sensor: Uuid;
    device: Uuid;
    site: Uuid;
    interfaces: string[];
    upload: number;
    rules: string | null;
  }>`select s.id as sensor, s.device_id as device, s.site_id as site, s.interfaces, s.upload_ms as upload, r.text as rules
    from ot.sensor s left join ot.signature_rules r on r.site_id = s.site_id
    where s.organisation_id = ${organisation} and ${which} and s.device_id is not null and s.ended_at is null
    order by s.id`.execute(tx);
  // All are of one site.
  const declared = rows[0] === undefined ? [] : await slotsInUse(tx, rows[0].site);
  for (const { sensor, device, interfaces, upload, rules } of rows) {
    const blocks = await blocksOf(tx, sensor);
    const document: SensorConfiguration = {
      interfaces,
      upload,
      rules: ruleLines(rules ?? ""),
      ...(declared.length === 0 ? {} : { declared }),
      ...(blocks.length === 0 ? {} : { blocks }),
    };
    await devices.configure(tx, organisation, device, "ot", document);
  }
}
