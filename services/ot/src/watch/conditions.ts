/** The standing things that detections go by, as people set them: settings, permits, mutes, allow rules, zones. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { AllowRule, Conditions, Mute, Permit, RuleFacts } from "../analysis/detect/types.ts";
import type { Vocabulary } from "../analysis/observe.ts";
import type { CommandClass, ProtocolName } from "../wire/vocabulary.ts";
import type { SettingChange } from "../wire/api-rules.ts";
import { settingsOf } from "../settings.ts";
import { ruleFacts } from "../signatures.ts";
import { readVocabulary } from "../store/declared.ts";
import type { PlacedZone } from "./zones.ts";

const DAY = 86_400_000;

export type Standing = Omit<Conditions, "organisation" | "site" | "zoneOf"> & {
  readonly zones: readonly PlacedZone[];
  readonly vocabulary: Vocabulary;
};

/** What holds at `now` (ms) and later: permits that ended within two days are still asked for late uploads. */
export async function loadConditions(tx: Tx, site: Uuid, now: number): Promise<Standing> {
  const setting = await sql<{ change: SettingChange }>`select change from ot.setting where site_id = ${site}`.execute(
    tx,
  );
  const zones = await sql<Omit<PlacedZone, "level"> & { level: string | null }>`
    select id, name, level, subnets, vlans, origin from ot.zone where site_id = ${site} order by position, ordinal`.execute(
    tx,
  );
  const vocabulary = await readVocabulary(tx, site);
  return {
    settings: settingsOf(setting.rows[0]?.change ?? {}),
    permits: await permitsOf(tx, site, now),
    mutes: await mutesOf(tx, site, now),
    allowed: await allowedOf(tx, site),
    rules: await rulesOf(tx, site),
    vocabulary,
    titleOf: vocabulary.title,
    zones: zones.rows.map((zone) => ({ ...zone, level: zone.level === null ? null : Number(zone.level) })),
  };
}

async function permitsOf(tx: Tx, site: Uuid, now: number): Promise<Permit[]> {
  const { rows } = await sql<{
    id: Uuid;
    title: string;
    from_at: Date;
    to_at: Date;
    asset_ids: Uuid[];
    client_ids: Uuid[];
    classes: CommandClass[];
  }>`select id, title, from_at, to_at, asset_ids, client_ids, classes from ot.permit
    where site_id = ${site} and cancelled_at is null and to_at > ${new Date(now - 2 * DAY)} order by ordinal`.execute(
    tx,
  );
  const orAny = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);
  return rows.map((row) => ({
    id: row.id,
    name: row.title,
    clients: orAny(row.client_ids),
    devices: orAny(row.asset_ids),
    classes: orAny(row.classes),
    from: row.from_at.getTime(),
    to: row.to_at.getTime(),
  }));
}

async function mutesOf(tx: Tx, site: Uuid, now: number): Promise<Mute[]> {
  const { rows } = await sql<{
    id: Uuid;
    kind: string | null;
    asset: Uuid | null;
    dedupe: string | null;
    reason: string;
    until: Date;
  }>`select id, kind, asset_id as asset, dedupe_key as dedupe, reason, until_at as until from ot.mute
    where site_id = ${site} and ended_at is null and until_at > ${new Date(now)} order by ordinal`.execute(tx);
  return rows.map(({ id, kind, asset, dedupe, reason, until }) => ({
    id,
    kind,
    asset,
    dedupeKey: dedupe,
    reason,
    until: until.getTime(),
  }));
}

async function allowedOf(tx: Tx, site: Uuid): Promise<AllowRule[]> {
  const { rows } = await sql<{
    id: Uuid;
    client: string | null;
    server: string | null;
    protocol: ProtocolName | null;
    class: CommandClass | null;
    kinds: string[];
    reason: string;
  }>`select id, client, server, protocol, class, kinds, reason from ot.allow_rule
    where site_id = ${site} order by ordinal`.execute(tx);
  return rows.map(({ id, client, server, protocol, class: kind, kinds, reason }) => ({
    id,
    note: reason,
    ...(client === null ? {} : { client }),
    ...(server === null ? {} : { server }),
    ...(protocol === null ? {} : { protocol }),
    ...(kind === null ? {} : { class: kind }),
    ...(kinds.length === 0 ? {} : { kinds }),
  }));
}

async function rulesOf(tx: Tx, site: Uuid): Promise<ReadonlyMap<number, RuleFacts>> {
  const { rows } = await sql<{ text: string }>`select text from ot.signature_rules where site_id = ${site}`.execute(tx);
  return ruleFacts(rows[0]?.text ?? "");
}
