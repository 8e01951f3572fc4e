/** Who is there: remembered in memory on each sign of life, written in bulk every few seconds. */
import { sql } from "kysely";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";

/** A device that gave no sign for this long is offline. */
export const OFFLINE_MS = 45_000;
const FLUSH_MS = 3_000;
/** A sign of life is written anew this often, and at once when something about it changed. */
const REFRESH_MS = 15_000;

export interface Sign {
  readonly device: string;
  readonly organisation: string;
  readonly address: string;
  /** Version of the configuration that the program has applied, when it told. */
  readonly configuration: number | null;
}
export interface Liveness {
  seen(sign: Sign): void;
  forget(device: string): void;
  /** Writes what is known now. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

interface Known extends Sign {
  at: number;
  writtenAt: number;
}

/** Keeps signs of life and writes them in bulk. `present`: the devices whose streams are open here. */
export function createLiveness(platform: Platform, present: () => Iterable<Sign>): Liveness {
  const known = new Map<string, Known>();
  // Those that were online when we stopped get the time to come back before they are called offline.
  const sweepFrom = platform.clock.now() + OFFLINE_MS;
  let flushing: Promise<void> = Promise.resolve();

  function seen(sign: Sign): void {
    const at = platform.clock.now();
    const before = known.get(sign.device);
    if (before === undefined) return void known.set(sign.device, { ...sign, at, writtenAt: 0 });
    const configuration = sign.configuration ?? before.configuration;
    const changed = before.address !== sign.address || before.configuration !== configuration;
    const writtenAt = changed ? 0 : before.writtenAt;
    known.set(sign.device, { ...sign, configuration, at, writtenAt });
  }

  async function write(): Promise<void> {
    for (const sign of present()) seen(sign);
    const now = platform.clock.now();
    const due = [...known.values()].filter(({ at, writtenAt }) => at > writtenAt && now - writtenAt >= REFRESH_MS);
    if (due.length > 0 || now >= sweepFrom) {
      await platform.store.provider(async (tx) => {
        if (due.length > 0) await tell(tx, platform, await writeSigns(tx, due), "online");
        if (now >= sweepFrom) await tell(tx, platform, await sweep(tx, new Date(now - OFFLINE_MS)), "offline");
      });
    }
    for (const sign of due) sign.writtenAt = now;
    for (const [device, { at }] of known) if (now - at > 2 * OFFLINE_MS) known.delete(device);
  }

  const flush = (): Promise<void> => {
    flushing = flushing.then(write).catch((error: unknown) => {
      platform.log.warn({ err: error }, "signs of life could not be written");
    });
    return flushing;
  };
  const timer = setInterval(() => void flush(), FLUSH_MS);
  return {
    seen,
    flush,
    forget: (device) => void known.delete(device),
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

interface Change {
  device_id: string;
  organisation_id: string;
}

/** Writes the signs and gives those that were not online before. Revoked devices stay as they are. */
async function writeSigns(tx: Tx, signs: readonly Known[]): Promise<Change[]> {
  const rows = signs
    .map(({ device, organisation, address, configuration, at }) => {
      return { device, organisation, address, configuration, at: new Date(at).toISOString() };
    })
    .sort((a, b) => (a.device < b.device ? -1 : 1));
  const { rows: changed } = await sql<Change>`
    with sign as (
      select x.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as x (device uuid, organisation uuid, address text, configuration integer, at timestamptz)
      join devices.device d on d.id = x.device and d.revoked_at is null
    ), before as (
      select p.device_id from devices.presence p join sign on sign.device = p.device_id where p.online
    ), written as (
      insert into devices.presence as p (device_id, organisation_id, online, last_seen_at, address, configuration_acknowledged)
      select device, organisation, true, at, address, configuration from sign
      on conflict (device_id) do update set online = true, address = excluded.address,
        last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at),
        configuration_acknowledged = coalesce(excluded.configuration_acknowledged, p.configuration_acknowledged)
      returning device_id, organisation_id
    )
    select device_id, organisation_id from written where device_id not in (select device_id from before)`.execute(tx);
  return changed;
}

/** The update's row locks give each change to exactly one of several processes. */
async function sweep(tx: Tx, before: Date): Promise<Change[]> {
  const { rows } = await sql<Change>`
    update devices.presence set online = false where online and last_seen_at < ${before}
    returning device_id, organisation_id`.execute(tx);
  return rows;
}

/** Events told one by one for an organisation; above this, pages are only told to look again. */
const MAX_EVENTS = 20;
async function tell(
  tx: Tx,
  platform: Platform,
  changes: readonly Change[],
  state: "online" | "offline",
): Promise<void> {
  for (const [organisation, devices] of Map.groupBy(changes, (change) => change.organisation_id)) {
    if (devices.length > MAX_EVENTS) platform.live.hint(organisation, { topic: "device", data: { state } });
    else {
      for (const { device_id: device } of devices) {
        await platform.live.publish(tx, organisation, { topic: "device", data: { device, state } });
      }
    }
  }
}
