/** Allow rules, permits, settings and signatures: what people say beforehand. */
import { sql } from "kysely";
import { isUuid, newId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { roles } from "./analysis/model.ts";
import { configureSensors } from "./configuration.ts";
import { raise } from "./errors.ts";
import { MAX_ALLOW_RULES, MAX_PERMITS, needRoom } from "./room.ts";
import { checkChange } from "./settings.ts";
import { needAssets } from "./store/asset-list.ts";
import { siteChanged } from "./watch/watch.ts";
import { readNetwork } from "./wire/addresses.ts";
import type { SettingChange } from "./wire/api-rules.ts";
import type { CommandClass, ProtocolName } from "./wire/vocabulary.ts";
import { announce, byOf, type Work } from "./work.ts";

/** SELECTOR_INVALID. An asset's id, an address, a network, a MAC, `role:…`, `zone:…`, `internet`, `group`. */
function checkSelector(selector: string | null): void {
  if (selector === null || selector === "internet" || selector === "group" || isUuid(selector)) return;
  if (selector.startsWith("zone:") && selector.length > 5) return;
  if (selector.startsWith("role:") && (roles as readonly string[]).includes(selector.slice(5))) return;
  if (readNetwork(selector) !== null || /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(selector)) return;
  throw raise("SELECTOR_INVALID", { selector });
}

export interface NewAllowRule {
  readonly siteId: Uuid;
  readonly client: string | null;
  readonly server: string | null;
  readonly protocol: ProtocolName | null;
  readonly class: CommandClass | null;
  readonly kinds: readonly string[];
  readonly reason: string;
}

/** ALLOW_EMPTY, ALLOW_RULES_FULL, SELECTOR_INVALID, NOT_FOUND for a device that is not of the organisation. */
export async function createAllowRule(work: Work, input: NewAllowRule): Promise<Uuid> {
  const { client, server, protocol, class: kind, kinds } = input;
  if (client === null && server === null && protocol === null && kind === null && kinds.length === 0)
    throw raise("ALLOW_EMPTY");
  for (const side of [client, server]) checkSelector(side);
  await needAssets(
    work.tx,
    work.organisation,
    input.siteId,
    [client, server].filter((side) => side !== null && isUuid(side)) as Uuid[],
  );
  const all = sql`true`;
  const { siteId: site } = input;
  await needRoom(work, { table: "ot.allow_rule", site, of: all, limit: MAX_ALLOW_RULES, full: "ALLOW_RULES_FULL" });
  const id = newId();
  await sql`insert into ot.allow_rule (id, organisation_id, site_id, client, server, protocol, class, kinds, reason, created_at,
      created_by)
    values (${id}, ${work.organisation}, ${input.siteId}, ${client}, ${server}, ${protocol}, ${kind}, ${[...kinds]}::text[],
      ${input.reason}, ${work.now}, ${byOf(work)})`.execute(work.tx);
  await siteChanged(work.tx, work.organisation, input.siteId);
  await work.audit({ action: "ot-allow-rule.create", subject: id, details: { ...input } });
  await announce(work, "allow-rule", id);
  return id;
}

/** NOT_FOUND. */
export async function removeAllowRule(work: Work, id: Uuid): Promise<void> {
  const { rows } = await sql<{ site: Uuid; reason: string }>`delete from ot.allow_rule
    where organisation_id = ${work.organisation} and id = ${id} returning site_id as site, reason`.execute(work.tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  await siteChanged(work.tx, work.organisation, row.site);
  await work.audit({ action: "ot-allow-rule.remove", subject: id, details: { reason: row.reason } });
  await announce(work, "allow-rule", id);
}

/** Longest planned work, days. */
const PERMIT_DAYS = 92;

export interface PermitFields {
  readonly title: string;
  readonly who: string;
  readonly from: string;
  readonly to: string;
  readonly assetIds: readonly Uuid[];
  readonly clientIds: readonly Uuid[];
  readonly classes: readonly CommandClass[];
  readonly note?: string | undefined;
}
function checkInterval({ from, to }: Pick<PermitFields, "from" | "to">): void {
  const length = Date.parse(to) - Date.parse(from);
  if (!(length > 0) || length > PERMIT_DAYS * 86_400_000)
    throw raise("PERMIT_INTERVAL", { from, to, limit: PERMIT_DAYS });
}

/** PERMIT_INTERVAL, PERMITS_FULL, NOT_FOUND for devices of another site. */
export async function createPermit(work: Work, site: Uuid, input: PermitFields): Promise<Uuid> {
  checkInterval(input);
  await needAssets(work.tx, work.organisation, site, [...input.assetIds, ...input.clientIds]);
  const ahead = sql`cancelled_at is null and to_at > ${work.now}`;
  await needRoom(work, { table: "ot.permit", site, of: ahead, limit: MAX_PERMITS, full: "PERMITS_FULL" });
  const id = newId();
  await sql`insert into ot.permit (id, organisation_id, site_id, title, who, from_at, to_at, asset_ids, client_ids, classes, note,
      created_at, created_by)
    values (${id}, ${work.organisation}, ${site}, ${input.title}, ${input.who}, ${new Date(input.from)}, ${new Date(input.to)},
      ${[...input.assetIds]}::uuid[], ${[...input.clientIds]}::uuid[], ${[...input.classes]}::text[], ${input.note ?? ""},
      ${work.now}, ${byOf(work)})`.execute(work.tx);
  await siteChanged(work.tx, work.organisation, site);
  await work.audit({ action: "ot-permit.create", subject: id, details: { site, ...input } });
  await announce(work, "permit", id);
  return id;
}

interface PermitRow {
  readonly site_id: Uuid;
  readonly title: string;
  readonly who: string;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly asset_ids: Uuid[];
  readonly client_ids: Uuid[];
  readonly classes: CommandClass[];
  readonly note: string;
  readonly cancelled_at: Date | null;
}
/** One that is planned or under way. NOT_FOUND, PERMIT_OVER. */
async function lockPermit(work: Work, id: Uuid): Promise<PermitRow> {
  const { rows } =
    await sql<PermitRow>`select site_id, title, who, from_at, to_at, asset_ids, client_ids, classes, note, cancelled_at
    from ot.permit where organisation_id = ${work.organisation} and id = ${id} for update`.execute(work.tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  if (row.cancelled_at !== null || row.to_at <= work.now) throw raise("PERMIT_OVER", { title: row.title });
  return row;
}

type PermitChange = { readonly [K in keyof PermitFields]?: PermitFields[K] | undefined };

/** PERMIT_INTERVAL, PERMIT_OVER, NOT_FOUND. */
export async function changePermit(work: Work, id: Uuid, change: PermitChange): Promise<void> {
  const row = await lockPermit(work, id);
  const next: PermitFields = {
    title: change.title ?? row.title,
    who: change.who ?? row.who,
    from: change.from ?? row.from_at.toISOString(),
    to: change.to ?? row.to_at.toISOString(),
    assetIds: change.assetIds ?? row.asset_ids,
    clientIds: change.clientIds ?? row.client_ids,
    classes: change.classes ?? row.classes,
    note: change.note ?? row.note,
  };
  checkInterval(next);
  await needAssets(work.tx, work.organisation, row.site_id, [...(change.assetIds ?? []), ...(change.clientIds ?? [])]);
  await sql`update ot.permit set title = ${next.title}, who = ${next.who}, from_at = ${new Date(next.from)},
      to_at = ${new Date(next.to)}, asset_ids = ${[...next.assetIds]}::uuid[], client_ids = ${[...next.clientIds]}::uuid[],
      classes = ${[...next.classes]}::text[], note = ${next.note ?? ""} where id = ${id}`.execute(work.tx);
  await siteChanged(work.tx, work.organisation, row.site_id);
  await work.audit({ action: "ot-permit.change", subject: id, details: { ...change } });
  await announce(work, "permit", id);
}

/** From now on nothing is covered by it. PERMIT_OVER, NOT_FOUND. */
export async function cancelPermit(work: Work, id: Uuid): Promise<void> {
  const row = await lockPermit(work, id);
  await sql`update ot.permit set cancelled_at = ${work.now} where id = ${id}`.execute(work.tx);
  await siteChanged(work.tx, work.organisation, row.site_id);
  await work.audit({ action: "ot-permit.cancel", subject: id, details: { title: row.title } });
  await announce(work, "permit", id);
}

/** SETTING_UNKNOWN, SETTING_RANGE. */
export async function changeSettings(work: Work, site: Uuid, change: SettingChange): Promise<void> {
  checkChange(change);
  await sql`insert into ot.setting (site_id, organisation_id, change, changed_at, changed_by)
    values (${site}, ${work.organisation}, ${JSON.stringify(change)}::jsonb, ${work.now}, ${byOf(work)})
    on conflict (site_id) do update set change = excluded.change, changed_at = excluded.changed_at,
      changed_by = excluded.changed_by`.execute(work.tx);
  await siteChanged(work.tx, work.organisation, site);
  await work.audit({ action: "ot-settings.change", subject: site, details: { change } });
  await announce(work, "settings", site);
}

/** Tells the sensors of the site at once. */
export async function changeSignatures(work: Work, site: Uuid, text: string): Promise<void> {
  await sql`insert into ot.signature_rules (site_id, organisation_id, text, changed_at, changed_by)
    values (${site}, ${work.organisation}, ${text}, ${work.now}, ${byOf(work)})
    on conflict (site_id) do update set text = excluded.text, changed_at = excluded.changed_at,
      changed_by = excluded.changed_by`.execute(work.tx);
  await siteChanged(work.tx, work.organisation, site);
  await configureSensors(work.tx, work.devices, work.organisation, { site });
  await work.audit({ action: "ot-signatures.change", subject: site, details: { lines: text.split("\n").length } });
  await announce(work, "signatures", site);
}
