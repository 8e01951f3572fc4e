/**
 * `--demo`: a site of the provider's own organisation in which a sensor watches a synthetic factory (demo/), with planned work for
 * its packing line. The site is made once; the planned work again at a start when the last one is over.
 */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { createContract } from "@yagura/commerce/contracts/contracts.ts";
import { organisationFacts } from "@yagura/commerce/organisations.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Actor, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { offer } from "./charges.ts";
import { contractHooks } from "./contracts.ts";
import { plant } from "./demo/plant.ts";
import { changeSettings, createPermit } from "./rules.ts";
import { changeSensor, issueKey } from "./sensors.ts";
import { createSite } from "./sites.ts";
import type { Work } from "./work.ts";

const words = {
  ja: {
    site: "デモ工場",
    note: "架空の工場です。yagura start --demo で作成されました。",
    sensor: "デモセンサー",
    place: "架空のミラーポート",
    work: "包装ラインのプログラム変更",
    who: "保全課",
  },
  en: {
    site: "Demo factory",
    note: "A factory that does not exist, made by yagura start --demo.",
    sensor: "Demo sensor",
    place: "a mirror port that does not exist",
    work: "Packing line: change of the program",
    who: "Maintenance",
  },
} as const;

const DAY_SECONDS = 86_400;
/** What is learned in so many seconds is normal: long enough for everything that goes round in the factory, short enough to wait for. */
const LEARNING_SECONDS = 30;
/** How often the sensor uploads, ms: sooner than by default, for who looks on. */
const UPLOAD_MS = 5_000;
/** Planned work lasts so long, ms; another is made when less than a part of it is left. */
const WORK_MS = 3_600_000;
const LEFT_MS = 600_000;
/** How long the devices of the planned work are waited for, and how often is looked, ms. */
const WITHIN_MS = 120_000;
const LOOK_MS = 500;
const made = "ot-demo.create";
const actor: Actor = { kind: "system", name: "demo" };

export interface DemoPlace {
  readonly platform: Platform;
  readonly devices: Devices;
  readonly organisation: OrganisationId;
}
export interface Demo {
  readonly site: Uuid;
  /** For a sensor that is not enrolled; null: none was asked for. */
  readonly key: string | null;
}

const workIn = ({ platform, devices, organisation }: DemoPlace, tx: Tx): Work => ({
  tx,
  organisation,
  now: new Date(platform.clock.now()),
  devices,
  platform,
  actor: null,
  audit: (entry) => platform.audit(tx, actor, organisation, entry),
});
const wordsOf = async ({ tx, organisation }: Work) =>
  words[(await organisationFacts(tx, organisation))?.language ?? "ja"];

/** The demo's site, made when it is not there, and a key when one is needed; null: its sensor or site was ended by somebody. */
export function ensureDemo(place: DemoPlace, needsKey: boolean): Promise<Demo | null> {
  return place.platform.store.organisation(place.organisation, async (tx) => {
    const work = workIn(place, tx);
    const { sensor, site } = (await known(work)) ?? (await make(work));
    const { rows } = await sql`select 1 from ot.sensor where id = ${sensor} and ended_at is null`.execute(tx);
    if (rows.length === 0) return null;
    return { site, key: needsKey ? (await issueKey(work, sensor)).key : null };
  });
}

/** The audit log is what nobody changes by hand. */
async function known({ tx, organisation }: Work): Promise<{ sensor: Uuid; site: Uuid } | null> {
  const { rows } = await sql<{ sensor: Uuid; site: Uuid }>`select subject as sensor, details->>'site' as site
    from server.audit_entry where organisation_id = ${organisation} and action = ${made}
    order by sequence desc limit 1`.execute(tx);
  return rows[0] ?? null;
}

async function make(work: Work): Promise<{ sensor: Uuid; site: Uuid }> {
  const { tx, organisation, now, devices, platform } = work;
  const { site: name, note, sensor: label, place } = await wordsOf(work);
  const site = await createSite(work, { name, note });
  const thresholds = { "learning.minimumDays": LEARNING_SECONDS / DAY_SECONDS };
  await changeSettings(work, site, { thresholds });
  const contract = await createContract(
    { tx, now, actor, hooks: { ot: contractHooks }, offers: [offer], devices, platform },
    {
      organisation,
      service: "ot",
      plan: "sensor",
      items: { basic: 1 },
      attributes: { "sensor-type": "n" },
      charged: false,
    },
  );
  // The contract's start made the slot, in the organisation's first site.
  const { rows } = await sql<{ id: Uuid }>`select id from ot.sensor
    where organisation_id = ${organisation} and contract_id = ${contract.id}`.execute(tx);
  const sensor = rows[0]?.id as Uuid;
  await changeSensor(work, sensor, { siteId: site, label, place, uploadMs: UPLOAD_MS });
  await work.audit({ action: made, subject: sensor, details: { site, contract: contract.number } });
  return { sensor, site };
}

/** Waits until the sensor has seen who works and what is worked on, then permits it. Ends by the signal, or after a while. */
export async function planDemoWork(place: DemoPlace, site: Uuid, signal: AbortSignal): Promise<void> {
  const until = performance.now() + WITHIN_MS;
  while (!signal.aborted && performance.now() < until) {
    if (await place.platform.store.organisation(place.organisation, (tx) => plan(workIn(place, tx), site))) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** True: it is planned. */
async function plan(work: Work, site: Uuid): Promise<boolean> {
  const { tx, now } = work;
  const left = new Date(now.getTime() + LEFT_MS);
  const planned = await sql`select 1 from ot.permit
    where site_id = ${site} and cancelled_at is null and from_at <= ${now} and to_at > ${left}`.execute(tx);
  if (planned.rows.length > 0) return true;
  const [client, device] = [
    await assetAt(tx, site, plant.engineer.address),
    await assetAt(tx, site, plant.packingPlc.address),
  ];
  if (client === null || device === null) return false;
  const { work: title, who } = await wordsOf(work);
  await createPermit(work, site, {
    title,
    who,
    from: new Date(now.getTime() - LOOK_MS).toISOString(),
    to: new Date(now.getTime() + WORK_MS).toISOString(),
    assetIds: [device],
    clientIds: [client],
    classes: ["upload", "download", "mode"],
  });
  return true;
}

async function assetAt(tx: Tx, site: Uuid, address: string): Promise<Uuid | null> {
  const { rows } = await sql<{ id: Uuid }>`select id from ot.asset
    where site_id = ${site} and addresses @> array[${address}] and merged_into is null limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}
