/**
 * What-if (OT-N3): stored metadata is gone through again with changed settings, beside those in force, before the change goes live.
 * Both begin with nothing learned, and what is counted begins after a learning time.
 */
import { sql } from "kysely";
import type { Finding } from "@yagura/core/finding.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { Replay, type Scene } from "./analysis/detect/replay.ts";
import type { Conditions } from "./analysis/detect/types.ts";
import { findingKinds } from "./analysis/findings.ts";
import type { Asset } from "./analysis/model.ts";
import { observe } from "./analysis/observe.ts";
import { raise } from "./errors.ts";
import { inTurn } from "./heavy.ts";
import { checkChange, settingsOf } from "./settings.ts";
import { endpointsOf, placeOf } from "./store/place.ts";
import { placesOf, uploadsOf } from "./store/replay.ts";
import type { SettingChange, WhatIf } from "./wire/api-rules.ts";
import { loadConditions } from "./watch/conditions.ts";
import { zoneOf } from "./watch/zones.ts";
import { announce, byOf, type Work } from "./work.ts";

export const whatIfJob = "ot.what-if";
const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** Uploads of so many ms are put together; of more than a week more of them, so that ninety days take minutes. */
const FINE = 60_000;
const COARSE = 300_000;
/** Findings told of each side. */
const SAMPLES = 50;

/** SETTING_UNKNOWN, SETTING_RANGE, WHAT_IF_BUSY. */
export async function startWhatIf(work: Work, site: Uuid, days: number, change: SettingChange): Promise<Uuid> {
  checkChange(change);
  const { tx, organisation, now } = work;
  const busy = await sql`select 1 from ot.what_if where site_id = ${site} and state in ('queued', 'running')`.execute(
    tx,
  );
  if (busy.rows.length > 0) throw raise("WHAT_IF_BUSY");
  const id = newId();
  await sql`insert into ot.what_if (id, organisation_id, site_id, days, change, state, created_at, created_by)
    values (${id}, ${organisation}, ${site}, ${days}, ${JSON.stringify(change)}::jsonb, 'queued', ${now}, ${byOf(work)})`.execute(
    tx,
  );
  await work.platform.jobs.add(tx, whatIfJob, { organisation, run: id }, { key: `${whatIfJob}:${id}` });
  await work.audit({ action: "ot-what-if.create", subject: id, details: { site, days, change } });
  await announce(work, "what-if", id);
  return id;
}

/** NOT_FOUND. A run under way ends at its next hour. */
export async function removeWhatIf(work: Work, id: Uuid): Promise<void> {
  const { rows } =
    await sql`delete from ot.what_if where organisation_id = ${work.organisation} and id = ${id} returning id`.execute(
      work.tx,
    );
  if (rows.length === 0) throw raiseServer("NOT_FOUND");
  await work.audit({ action: "ot-what-if.remove", subject: id });
}

export const whatIfJobs = (): JobTable => ({
  handlers: {
    [whatIfJob]: async ({ organisation, run }, platform) => {
      const job = { name: whatIfJob, payload: { organisation, run }, key: `${whatIfJob}:${String(run)}` };
      await inTurn(platform, job, () => runWhatIf(platform, organisation as OrganisationId, run as Uuid));
    },
  },
});

interface Run {
  readonly site: Uuid;
  readonly days: number;
  readonly change: SettingChange;
}

/** Carries out one that waits. A failure is told to who asked, and not tried again. */
export async function runWhatIf(platform: Platform, organisation: OrganisationId, id: Uuid): Promise<void> {
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.store.organisation(organisation, work);
  const { rows } = await within((tx) =>
    sql<Run>`update ot.what_if set state = 'running' where id = ${id} and state in ('queued', 'running')
      returning site_id as site, days, change`.execute(tx),
  );
  const [run] = rows;
  if (run === undefined) return;
  /** False: somebody removed it. */
  const progress = async (share: number): Promise<boolean> => {
    const done = await within((tx) =>
      sql`update ot.what_if set progress = ${share} where id = ${id} returning id`.execute(tx),
    );
    return done.rows.length > 0;
  };
  const finished = (): Date => new Date(platform.clock.now());
  try {
    const result = await replayed(platform, organisation, run, progress);
    if (result === null) return;
    await within((tx) =>
      sql`update ot.what_if set state = 'done', progress = 1, result = ${JSON.stringify(result)}::jsonb,
        finished_at = ${finished()} where id = ${id}`.execute(tx),
    );
  } catch (error) {
    platform.log.error({ err: error, run: id }, "a what-if failed");
    await within((tx) =>
      sql`update ot.what_if set state = 'failed', error = ${String(error).slice(0, 1_000)}, finished_at = ${finished()}
        where id = ${id}`.execute(tx),
    );
  }
  platform.live.hint(organisation, { topic: "ot.what-if", data: { id } });
}

type Result = NonNullable<WhatIf["result"]>;

async function factsOf(tx: Tx, platform: Platform, organisation: OrganisationId, site: Uuid) {
  const { rows } = await sql<{ id: Uuid; document: Omit<Asset, "id">; zone: Uuid | null }>`select id, document,
      coalesce(given_zone, zone_id) as zone from ot.asset where site_id = ${site} and merged_into is null`.execute(tx);
  return {
    place: await placeOf(tx, platform.telemetry, organisation, site),
    places: await placesOf(tx, site),
    endpoints: await endpointsOf(tx, site),
    standing: await loadConditions(tx, site, 0),
    assets: new Map(rows.map(({ id, document }): [Uuid, Asset] => [id, { ...document, id }])),
    zones: new Map(rows.map(({ id, zone }) => [id, zone])),
  };
}

async function replayed(
  platform: Platform,
  organisation: OrganisationId,
  run: Run,
  progress: (share: number) => Promise<boolean>,
): Promise<Result | null> {
  const facts = await platform.store.organisation(organisation, (tx) => factsOf(tx, platform, organisation, run.site));
  const { zones, vocabulary, ...standing } = facts.standing;
  const before: Conditions = {
    ...standing,
    organisation,
    site: run.site,
    zoneOf: (id) => {
      const asset = facts.assets.get(id);
      const zone = facts.zones.get(id) ?? (asset === undefined ? null : zoneOf(asset, zones));
      return zones.find((one) => one.id === zone) ?? null;
    },
  };
  const after: Conditions = { ...before, settings: settingsOf(run.change) };
  const now = platform.clock.now();
  const learning = before.settings.learning.minimumDays * DAY;
  const range = { from: now - run.days * DAY - learning, to: now };
  const countFrom = now - run.days * DAY;
  const [was, is] = [new Replay(before, countFrom), new Replay(after, countFrom)];
  let told = range.from;
  for await (const upload of uploadsOf(facts.place, facts.places, range, run.days > 7 ? COARSE : FINE)) {
    const scene: Scene = {
      observation: observe(upload.body, { sensor: upload.device, clockOffset: 0, vocabulary }),
      assets: facts.assets,
      assetOf: (endpoint) => facts.endpoints.get(upload.endpoints[endpoint] as number)?.asset ?? null,
    };
    was.feed(scene);
    is.feed(scene);
    if (upload.to - told < 3_600_000) continue;
    told = upload.to;
    if (!(await progress(Math.min(0.99, (told - range.from) / (range.to - range.from))))) return null;
  }
  return resultOf(was.result().findings, is.result().findings, { from: countFrom, to: now });
}

/** The same trouble seen again is one alert, and its end is none. */
const alertsOf = (findings: readonly Finding[]): Map<string, Finding> => {
  const alerts = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.until === undefined && !alerts.has(finding.dedupeKey)) alerts.set(finding.dedupeKey, finding);
  }
  return alerts;
};

function resultOf(was: readonly Finding[], is: readonly Finding[], { from, to }: { from: number; to: number }): Result {
  const [before, after] = [alertsOf(was), alertsOf(is)];
  const weeks = (to - from) / WEEK;
  const count = (alerts: ReadonlyMap<string, Finding>, kind: string): number =>
    [...alerts.values()].filter((alert) => alert.kind === kind).length / weeks;
  const kinds = [...new Set([...before.values(), ...after.values()].map(({ kind }) => kind))].toSorted();
  const samples = (list: ReadonlyMap<string, Finding>, others: ReadonlyMap<string, Finding>) =>
    [...list.values()]
      .filter(({ dedupeKey }) => !others.has(dedupeKey))
      .toSorted((a, b) => b.since - a.since)
      .slice(0, SAMPLES)
      .map(({ kind, severity, since, parameters }) => ({
        kind,
        severity,
        since: new Date(since).toISOString(),
        parameters: { ...parameters },
      }));
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    before: before.size / weeks,
    after: after.size / weeks,
    kinds: kinds.map((kind) => ({
      kind,
      severity: findingKinds[kind]?.severity ?? "notice",
      before: count(before, kind),
      after: count(after, kind),
    })),
    added: samples(after, before),
    removed: samples(before, after),
  };
}

/** Newest first. */
export async function listWhatIfs(
  tx: Tx,
  organisation: OrganisationId,
  only: { readonly site?: Uuid | undefined; readonly id?: Uuid | undefined },
): Promise<WhatIf[]> {
  interface Row extends Pick<WhatIf, "id" | "state" | "progress" | "days" | "change" | "error" | "result"> {
    readonly site_id: Uuid;
    readonly created_at: Date;
    readonly created_by: string;
    readonly finished_at: Date | null;
  }
  const { rows } =
    await sql<Row>`select id, site_id, state, progress, days, change, error, result, created_at, created_by, finished_at
    from ot.what_if where organisation_id = ${organisation}
      and (${only.site ?? null}::uuid is null or site_id = ${only.site ?? null}::uuid)
      and (${only.id ?? null}::uuid is null or id = ${only.id ?? null}::uuid)
    order by ordinal desc limit 50`.execute(tx);
  return rows.map(({ site_id, created_at, created_by, finished_at, ...row }) => ({
    ...row,
    siteId: site_id,
    createdAt: created_at.toISOString(),
    createdBy: created_by,
    finishedAt: finished_at?.toISOString() ?? null,
  }));
}
