/** Figures of the one-click report (OT-30). */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { organisationFacts } from "@yagura/commerce/organisations.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { protocolName } from "../analysis/observe.ts";
import { spanView, wholeHours, type Range } from "../range.ts";
import { listSites } from "../sites.ts";
import type { Assessment } from "../wire/api-register.ts";
import { protocols } from "../wire/vocabulary.ts";
import { allAssets } from "./asset-list.ts";
import { noTally, pageOfFindings } from "./findings.ts";
import { placeOf } from "./place.ts";
import { need, qualityView, readCaptures, sensorFacts } from "./sensors.ts";
import { readProtocols } from "./traffic.ts";

/** Points that one open finding takes, and at most of one kind: many of one cause are one thing to do. */
const points = { critical: 15, bad: 6, notice: 2, info: 0 } as const;
const MOST_OF_KIND = 25;
const FINDINGS = 50;
const severities = ["info", "notice", "bad", "critical"] as const;

type Kind = Assessment["kinds"][number];

/** 0 to 100, and what takes points away. Pure. */
export function scoreOf(kinds: readonly Kind[]): Pick<Assessment, "score" | "reasons"> {
  const reasons = kinds
    .map(({ kind, severity, count }) => ({ kind, count, points: Math.min(MOST_OF_KIND, points[severity] * count) }))
    .filter((reason) => reason.points > 0)
    .toSorted((a, b) => b.points - a.points);
  const lost = reasons.reduce((sum, reason) => sum + reason.points, 0);
  return { score: Math.max(0, 100 - lost), reasons };
}

async function factsOf(tx: Tx, platform: Platform, organisation: OrganisationId, site: Uuid, range: Range, now: Date) {
  const [from, to] = [new Date(range.from), new Date(range.to)];
  const { rows } = await sql<Kind>`select f.kind, (array['info', 'notice', 'bad', 'critical'])[max(case f.severity
      when 'critical' then 4 when 'bad' then 3 when 'notice' then 2 else 1 end)] as severity,
      count(*)::int as count, count(distinct f.subject_id)::int as assets
    from ot.finding f where f.site_id = ${site} and f.state in ('open', 'ended') and f.last_at >= ${from} and f.since < ${to}
    group by 1 order by 2 desc, 3 desc`.execute(tx);
  const worst = await sql<{ id: Uuid }>`select id from ot.finding
    where site_id = ${site} and state in ('open', 'ended') and last_at >= ${from} and since < ${to}
    order by case severity when 'critical' then 4 when 'bad' then 3 when 'notice' then 2 else 1 end desc, last_at desc
    limit ${FINDINGS}`.execute(tx);
  const findings: Assessment["findings"] = [];
  for (const { id } of worst.rows) findings.push(...(await pageOfFindings(tx, organisation, { id, limit: 1 })).items);
  return {
    kinds: rows,
    findings,
    site: need(await listSites(tx, organisation, now, { id: site })),
    name: (await organisationFacts(tx, organisation))?.name ?? "",
    assets: await allAssets(tx, organisation, { site }),
    sensors: await sensorFacts(tx, organisation, now, { site }),
    place: await placeOf(tx, platform.telemetry, organisation, site),
  };
}

export async function readAssessment(
  platform: Platform,
  organisation: OrganisationId,
  site: Uuid,
  range: Range,
  now: Date,
): Promise<Assessment> {
  const facts = await platform.store.organisation(organisation, (tx) =>
    factsOf(tx, platform, organisation, site, range, now),
  );
  const { assets, kinds, sensors, place } = facts;
  const captures = await readCaptures(platform.telemetry, organisation, place.devices, range);
  const tally = noTally();
  for (const { severity, count } of kinds) tally[severity] += count;
  const seen = await readProtocols(place, range);
  return {
    at: now.toISOString(),
    span: spanView(wholeHours(range)),
    organisation: facts.name,
    site: facts.site,
    ...scoreOf(kinds),
    assets: {
      total: assets.length,
      appeared: assets.filter(({ firstAt }) => Date.parse(firstAt) >= range.from).length,
      roles: countsOf(assets.map(({ role }) => role)),
      vendors: countsOf(assets.flatMap(({ vendor }) => vendor ?? [])),
      unregistered: assets.some(({ registered }) => registered !== null)
        ? assets.filter(({ registered }) => registered === false).length
        : null,
    },
    protocols: seen.map(({ protocol, bytes, pairs }) => {
      const name = protocolName(protocol);
      return { protocol: name, title: place.vocabulary.title(name), ot: protocols[name].ot, bytes, pairs };
    }),
    tally,
    kinds: kinds.toSorted(
      (a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.count - a.count,
    ),
    findings: facts.findings,
    quality: sensors.map(({ sensor, devices }) => {
      const own = captures.filter(({ device }) => devices.includes(device)).map(({ sum }) => qualityView(sum, range));
      const checks = own.flatMap((one) => one.checks);
      const state =
        own.length === 0
          ? "unknown"
          : checks.some((one) => one.state === "bad")
            ? "bad"
            : checks.length > 0
              ? "notice"
              : "good";
      return { sensor: sensor.label, state, checks: [...new Set(checks.map(({ check }) => check))] };
    }),
  };
}

function countsOf<T>(values: readonly T[]): { key: T; count: number }[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Array.from(counts, ([key, count]) => ({ key, count })).toSorted((a, b) => b.count - a.count);
}
