/** One upload through the watch: observed, resolved to devices, judged, stored. All inside the transaction of the caller. */
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Finding } from "@yagura/core/finding.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import { valueOf } from "../analysis/assets/evidence.ts";
import { levelOf } from "../analysis/assets/zones.ts";
import { resolve } from "../analysis/assets/resolve.ts";
import { detect } from "../analysis/detect/detect.ts";
import { baselineKeysOf, keysOf } from "../analysis/detect/keys.ts";
import type { Conditions, Input, Output } from "../analysis/detect/types.ts";
import type { Asset } from "../analysis/model.ts";
import { observe } from "../analysis/observe.ts";
import { endOfSupportOf, vulnerabilitiesOf } from "../feeds/facts.ts";
import { spanOf } from "../ingest/body.ts";
import { endpointIds } from "../ingest/rows.ts";
import type { Waiting } from "./inbox.ts";
import { needBaselines, needLearned, present, type Memory } from "./memory.ts";
import { noteUpload, writeUpload } from "./uploads.ts";
import { writeAssets, writeEndpoints, writeMerged, type Writing } from "./write-assets.ts";
import { writeFindings } from "./write-findings.ts";
import { writeBaselines, writeLearned } from "./write-learned.ts";

/** What pages are told. */
export interface News {
  readonly assets: Set<Uuid>;
  readonly findings: Set<Uuid>;
  /** Handed to alerts. */
  readonly raised: Finding[];
}
export const noNews = (): News => ({ assets: new Set(), findings: new Set(), raised: [] });

/** False: this upload was looked at before. */
export async function pass(tx: Tx, platform: Platform, memory: Memory, waiting: Waiting, news: News): Promise<boolean> {
  const span = spanOf(waiting);
  if (!(await writeUpload(tx, waiting, span))) return false;
  await noteUpload(tx, waiting, span.to);
  const now = platform.clock.now();
  const writing: Writing = { tx, memory, now: new Date(now) };
  const observation = observe(waiting.body, { ...waiting, vocabulary: memory.vocabulary });
  const { changed, assetOf, merged, refused } = resolve(memory.index, observation, newId);
  if (refused > 0)
    platform.log.warn({ site: memory.site, refused, most: memory.index.most }, "the list of devices of a site is full");
  await writeMerged(writing, merged);
  await writeAssets(writing, changed);
  await writeEndpoints(writing, observation, endpointIds(waiting.body), assetOf);
  const conditions = conditionsOf(memory);
  const facts = newFacts(memory, changed, now);
  const heirOf = (asset: string): string | undefined => memory.index.get(asset)?.heirOf;
  await needLearned(tx, memory, keysOf(observation, assetOf, { ...conditions, ...facts, heirOf }));
  await needBaselines(tx, memory, baselineKeysOf(observation, assetOf));
  const output = detect({
    ...conditions,
    ...facts,
    unlisted: { count: refused, limit: memory.index.most },
    observation,
    assets: assetsOf(memory),
    assetOf,
    learned: present(memory.learned),
    baselines: present(memory.baselines),
    now,
  });
  await storeOutput(writing, span.to, output, news);
  for (const { id } of changed) news.assets.add(id);
  return true;
}

/** Ends of support and advisories of devices whose identity is new. */
function newFacts(
  { facts, held }: Memory,
  changed: readonly Asset[],
  now: number,
): Pick<Input, "endOfSupport" | "vulnerabilities"> {
  const fresh = changed.filter((asset) => {
    const identity = (["vendor", "model", "order-number", "firmware", "os"] as const)
      .map((attribute) => valueOf(asset, attribute) ?? "")
      .join("\n");
    if (held.get(asset.id) === identity) return false;
    held.set(asset.id, identity);
    return true;
  });
  return {
    endOfSupport: endOfSupportOf(facts, fresh, dayOf(new Date(now))),
    vulnerabilities: vulnerabilitiesOf(facts, fresh),
  };
}

export async function storeOutput(writing: Writing, at: number, output: Output, news: News): Promise<void> {
  const { tx, memory } = writing;
  await writeLearned(writing, output.learned);
  await writeBaselines(writing, at, output.baselines);
  for (const id of await writeFindings(tx, memory, at, output)) news.findings.add(id);
  news.raised.push(...output.findings);
}

export const assetsOf = ({ index }: Memory): ReadonlyMap<string, Asset> =>
  new Map(Array.from(index.assets(), (asset) => [asset.id, asset]));

export function conditionsOf(memory: Memory): Conditions {
  const zones = new Map(memory.zones.map((zone) => [zone.id, zone]));
  return {
    ...memory.conditions,
    organisation: memory.organisation,
    site: memory.site,
    zoneOf: (id) => {
      const zone = zones.get(memory.known.get(id)?.zone ?? "");
      const asset = memory.index.get(id);
      if (zone === undefined) return null;
      return { name: zone.name, level: zone.level ?? (asset === undefined ? null : levelOf(asset)) };
    },
  };
}
