/** Which device may speak for which session: facts kept in memory, so that the steady state asks the database nothing. */
import { sql } from "kysely";
import type { DeviceId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";

/** Sessions remembered; at the limit the memory is emptied and filled again by what arrives. */
const MAX_OWNERS = 500_000;
/** Milliseconds for which a fact that speaks against a batch is believed; one that speaks for it is believed for long. */
const DOUBT_MS = 2_000;
const BELIEF_MS = 600_000;

/** Owner of a session whose agent is not installed. */
const NOBODY = "";

/** `removed`: no such session, or none any more. */
export type Ownership = "own" | "foreign" | "removed";

interface Fact {
  /** Null: there is no such session. */
  readonly device: DeviceId | null;
  /** Monotonic milliseconds. */
  readonly readAt: number;
}

export interface Owners {
  /** For each session of a batch of the device. */
  check(device: DeviceId, sessions: ReadonlySet<Uuid>): Promise<Map<Uuid, Ownership>>;
}

export function createOwners(platform: Pick<Platform, "store" | "clock">): Owners {
  const facts = new Map<Uuid, Fact>();
  let asked = new Set<Uuid>();
  let reading: Promise<void> | null = null;

  /** Everybody who asks in the same turn is answered by one query: a thousand agents may come back at once. */
  function read(sessions: readonly Uuid[]): Promise<void> {
    for (const session of sessions) asked.add(session);
    reading ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      const all = [...asked];
      asked = new Set();
      reading = null;
      return load(all);
    });
    return reading;
  }

  async function load(sessions: readonly Uuid[]): Promise<void> {
    const readAt = platform.clock.monotonic();
    const { rows } = await platform.store.provider((tx) =>
      sql<{ id: Uuid; device: DeviceId | null }>`select s.id, a.device_id as device
        from experience.session s join experience.agent a on a.id = s.agent_id
        where s.id = any(${sessions}::uuid[])`.execute(tx),
    );
    if (facts.size + sessions.length > MAX_OWNERS) facts.clear();
    for (const session of sessions) facts.set(session, { device: null, readAt });
    for (const { id, device } of rows) facts.set(id, { device: device ?? NOBODY, readAt });
  }

  return {
    async check(device, sessions) {
      const now = platform.clock.monotonic();
      const missing: Uuid[] = [];
      for (const session of sessions) {
        const fact = facts.get(session);
        if (fact === undefined || now - fact.readAt > (fact.device === device ? BELIEF_MS : DOUBT_MS))
          missing.push(session);
      }
      if (missing.length > 0) await read(missing);
      const out = new Map<Uuid, Ownership>();
      for (const session of sessions) {
        const owner = facts.get(session)?.device ?? null;
        out.set(session, owner === device ? "own" : owner === null ? "removed" : "foreign");
      }
      return out;
    },
  };
}
