/** What one organisation gives to the norms (OT-N9): read with its own scope in both stores, as any of its pages is. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { isFactoryAsset } from "../analysis/detect/run.ts";
import { functionOf, protocolName } from "../analysis/observe.ts";
import type { Asset } from "../analysis/model.ts";
import { habitKey, shareOf, type Habit, type Share, type SiteShare } from "../analysis/norms/sums.ts";
import { subjectKey, subjectsOf, type Subject } from "../analysis/norms/subjects.ts";
import type { Range } from "../range.ts";
import { ownersOf, placeOf, placeParameters, type Place } from "../store/place.ts";
import { sumsOf } from "../store/sql.ts";
import { slotNames } from "../wire/declared.ts";
import { commandClasses, protocols, transports } from "../wire/vocabulary.ts";

/** Different habits of one site at most: forged traffic must not fill the job's memory. */
const MOST_ROWS = 200_000;
const PATIENCE = 60_000;
/** Nobody knows them elsewhere: what has no name, and what a customer declared (OT-N10). */
const ownProtocols = (["unknown", ...slotNames] as const).map((name) => protocols[name].id).join(", ");

/** Sites whose sensors replace names by tokens have no identities that others know: they are left out whole. */
export const plainSites = sql<boolean>`not exists (select from ot.sensor t where t.site_id = s.id and t.tokens is not null)`;

interface SiteFacts {
  readonly place: Place;
  /** Of the factory's devices with a known vendor. */
  readonly subjects: ReadonlyMap<Uuid, readonly Subject[]>;
  /** Number of an endpoint → device. */
  readonly devices: ReadonlyMap<number, Uuid>;
}

export interface Given {
  /** That are in it: a site whose names are tokens, or without a device that others may have, is not. */
  readonly sites: number;
  readonly share: Share;
}
/** Sites in the order in which they were made. */
export async function readShare(platform: Platform, organisation: OrganisationId, range: Range): Promise<Given> {
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.store.organisation(organisation, work);
  const sites = await within((tx) =>
    sql<{ id: Uuid }>`select s.id from ot.site s where s.organisation_id = ${organisation} and ${plainSites}
      order by s.ordinal`.execute(tx),
  );
  const shares: SiteShare[] = [];
  for (const { id } of sites.rows) {
    const facts = await within((tx) => factsOf(tx, platform, organisation, { site: id, since: range.from }));
    if (facts.subjects.size > 0) shares.push(await siteShare(facts, range));
  }
  return { sites: shares.length, share: shareOf(shares) };
}

async function factsOf(
  tx: Tx,
  platform: Platform,
  organisation: OrganisationId,
  { site, since }: { readonly site: Uuid; readonly since: number },
): Promise<SiteFacts> {
  const { rows } = await sql<{ id: Uuid; document: Omit<Asset, "id"> }>`select id, document from ot.asset
    where organisation_id = ${organisation} and site_id = ${site} and merged_into is null and retired_at is null
      and last_at >= ${new Date(since)}`.execute(tx);
  const subjects = new Map<Uuid, readonly Subject[]>();
  for (const { id, document } of rows) {
    const of = isFactoryAsset({ ...document, id }) ? subjectsOf(document) : [];
    if (of.length > 0) subjects.set(id, of);
  }
  const owners = await ownersOf(tx, site);
  return {
    place: await placeOf(tx, platform.telemetry, organisation, site),
    subjects,
    devices: new Map([...owners].flatMap(([id, { asset }]) => (asset === null ? [] : [[id, asset] as const]))),
  };
}

async function siteShare({ place, subjects, devices }: SiteFacts, range: Range): Promise<SiteShare> {
  const share = new Map<string, { readonly subject: Subject; readonly habits: Set<string> }>();
  for (const subject of [...subjects.values()].flat())
    share.set(subjectKey(subject), { subject, habits: new Set<string>() });
  for (const { endpoint, habit } of await habitsSeen(place, range)) {
    const of = subjects.get(devices.get(endpoint) ?? "") ?? [];
    for (const subject of of) share.get(subjectKey(subject))?.habits.add(habitKey(habit));
  }
  return share;
}

interface Seen {
  readonly endpoint: number;
  readonly habit: Habit;
}
interface Row {
  readonly endpoint: number;
  readonly protocol: number;
  readonly code: number;
}

async function habitsSeen(place: Place, range: Range): Promise<Seen[]> {
  if (place.devices.length === 0) return [];
  const ask = (from: string, columns: string): Promise<Row[]> =>
    place.telemetry.query<Row>(
      place.organisation,
      `select distinct ${columns} from ${from} limit {limit:UInt32}`,
      { ...placeParameters(place), limit: MOST_ROWS },
      { timeout: PATIENCE },
    );
  const known = `protocol not in (${ownProtocols})`;
  const tcp = transports.indexOf("tcp");
  const commands = await ask(
    sumsOf("ot_command", range, "server, protocol, code", `${known} and requests + events > 0`),
    "server as endpoint, protocol, code",
  );
  const served = await ask(
    sumsOf("ot_conversation", range, "server, protocol", `${known} and packets_in > 0`),
    "server as endpoint, protocol, 0 as code",
  );
  // Publications have no answer; a connection that nobody answers is none.
  const used = await ask(
    sumsOf("ot_conversation", range, "client, protocol", `${known} and (packets_in > 0 or transport <> ${tcp})`),
    "client as endpoint, protocol, 0 as code",
  );
  const talk = (kind: "serves" | "uses", rows: readonly Row[]): Seen[] =>
    rows.map(({ endpoint, protocol }) => ({ endpoint, habit: { kind, protocol, code: 0 } }));
  return [...commands.flatMap(received), ...talk("serves", served), ...talk("uses", used)];
}

/** A function, and that it is one of its class. */
function received({ endpoint, protocol, code }: Row): Seen[] {
  const kind = functionOf(protocolName(protocol), code).class;
  return [
    { endpoint, habit: { kind: "function", protocol, code } },
    { endpoint, habit: { kind: "class", protocol, code: commandClasses.indexOf(kind) } },
  ];
}
