/** Who is hurt when a device fails (OT-N8): the talk of the site, and what is plugged into it. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { impactOf, type Dependence } from "../analysis/assets/impact.ts";
import type { Asset } from "../analysis/model.ts";
import { protocolName } from "../analysis/observe.ts";
import { spanView, wholeHours, type Range } from "../range.ts";
import type { Criticality } from "../wire/api.ts";
import type { Impact } from "../wire/api-assets.ts";
import type { AssetPlace } from "./asset-detail.ts";
import { assetRefs } from "./asset-list.ts";
import { ownersOf, type Owner, type Within } from "./place.ts";
import { readEdges } from "./traffic.ts";

interface ImpactFacts {
  readonly endpoints: ReadonlyMap<number, Owner>;
  readonly criticality: ReadonlyMap<Uuid, Criticality>;
  /** The device, and those that say where they are plugged in. */
  readonly assets: readonly Asset[];
}
async function impactFacts(tx: Tx, { place, asset }: AssetPlace): Promise<ImpactFacts> {
  const criticality = await sql<{ id: Uuid; criticality: Criticality }>`select id, criticality from ot.asset
    where site_id = ${place.site} and criticality <> 'normal'`.execute(tx);
  const assets = await sql<{ id: Uuid; document: Omit<Asset, "id"> }>`select id, document from ot.asset
    where site_id = ${place.site} and merged_into is null
      and (id = ${asset.id} or document->'attributes' ? 'attached-to')`.execute(tx);
  return {
    endpoints: await ownersOf(tx, place.site),
    criticality: new Map(criticality.rows.map((row) => [row.id, row.criticality])),
    assets: assets.rows.map(({ id, document }) => ({ ...document, id })),
  };
}

/** Both stores are asked at the same time. */
export async function readImpact(within: Within, at: AssetPlace, range: Range): Promise<Impact> {
  const { place, asset } = at;
  const [facts, edges] = await Promise.all([within((tx) => impactFacts(tx, at)), readEdges(place, range)]);
  const dependences: Dependence[] = [];
  for (let i = 0; i < edges.client.length; i++) {
    const client = facts.endpoints.get(edges.client[i] as number)?.asset ?? null;
    const server = facts.endpoints.get(edges.server[i] as number)?.asset ?? null;
    if (client === null || server === null) continue;
    dependences.push({
      client,
      server,
      protocol: protocolName(edges.protocol[i] as number),
      last: edges.last[i] as number,
    });
  }
  const found = impactOf(asset.id, dependences, facts.assets);
  const named = [...[...found.direct, ...found.indirect].map((one) => one.asset), ...found.attached];
  const refs = await within((tx) => assetRefs(tx, place.organisation, named));
  const known = <T extends { readonly asset: string }>(list: readonly T[]) =>
    list.flatMap((one) => {
      const ref = refs.get(one.asset);
      return ref === undefined ? [] : { ...one, asset: ref, criticality: facts.criticality.get(ref.id) ?? "normal" };
    });
  return {
    span: spanView(wholeHours(range)),
    asset,
    direct: known(found.direct).map(({ last, protocols, ...one }) => ({
      ...one,
      protocols: [...protocols],
      lastAt: new Date(last).toISOString(),
    })),
    indirect: known(found.indirect),
    attached: found.attached.flatMap((id) => refs.get(id) ?? []),
    factory: found.factory,
  };
}
