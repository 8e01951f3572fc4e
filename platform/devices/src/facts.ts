/** What the door must know of a device on each request, kept in memory: no query per batch in the steady state. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { sql } from "kysely";
import type { DeviceId, OrganisationId } from "@yagura/core/ids.ts";
import type { Store } from "@yagura/store/store.ts";

export interface DeviceFacts {
  readonly device: DeviceId;
  readonly organisation: OrganisationId;
  readonly key: KeyObject;
  /** Why it was cut off; null while it is welcome. */
  readonly revoked: string | null;
}

/** Devices kept in memory; the one read longest ago is forgotten, and read again when it comes back. */
const MAX_FACTS = 200_000;
/** Unknown ids are remembered too, but shortly: an enrolment on another process must be seen. */
const UNKNOWN_MS = 1_000;
/** DER prefix of an Ed25519 public key (RFC 8410 section 4). */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export interface Facts {
  of(device: DeviceId): Promise<DeviceFacts | null>;
  /** Facts already in memory: undefined when a query would be needed. */
  peek(device: DeviceId): DeviceFacts | undefined;
  forget(device: DeviceId): void;
  forgetAll(): void;
}

interface Row {
  id: string;
  organisation_id: string;
  public_key: Buffer;
  revoked_reason: string | null;
}

/** What is known of devices, in memory; changes are heard by NOTIFY. `monotonic` in milliseconds. */
export function createFacts(store: Store, monotonic: () => number): Facts {
  const known = new Map<DeviceId, DeviceFacts>();
  const unknown = new Map<DeviceId, number>();
  let waiting = new Map<
    DeviceId,
    { resolve: (facts: DeviceFacts | null) => void; reject: (error: unknown) => void }[]
  >();
  let generation = 0;

  /** Everybody who asked in the same turn is answered by one query: a thousand devices may come back at once. */
  async function load(): Promise<void> {
    const asked = waiting;
    const before = generation;
    waiting = new Map();
    try {
      const ids = [...asked.keys()];
      const { rows } = await store.provider((tx) =>
        sql<Row>`select id, organisation_id, public_key, revoked_reason from devices.device where id = any(${ids}::uuid[])`.execute(
          tx,
        ),
      );
      const found = new Map(rows.map((row) => [row.id, toFacts(row)]));
      for (const [id, askers] of asked) {
        const facts = found.get(id) ?? null;
        // A change that was told while we were reading may not be in what we read.
        if (before === generation) remember(id, facts);
        for (const { resolve } of askers) resolve(facts);
      }
    } catch (error) {
      for (const askers of asked.values()) for (const { reject } of askers) reject(error);
    }
  }

  function remember(id: DeviceId, facts: DeviceFacts | null): void {
    if (facts === null) {
      if (unknown.size > 10_000) unknown.clear();
      unknown.set(id, monotonic() + UNKNOWN_MS);
      return;
    }
    known.set(id, facts);
    if (known.size > MAX_FACTS) {
      const oldest = known.keys().next().value;
      if (oldest !== undefined) known.delete(oldest);
    }
  }

  return {
    peek: (device) => known.get(device),
    async of(device) {
      const facts = known.get(device);
      if (facts !== undefined) return facts;
      if ((unknown.get(device) ?? 0) > monotonic()) return null;
      return new Promise((resolve, reject) => {
        const askers = waiting.get(device);
        if (askers !== undefined) return void askers.push({ resolve, reject });
        if (waiting.size === 0) setImmediate(() => void load());
        waiting.set(device, [{ resolve, reject }]);
      });
    },
    forget(device) {
      generation++;
      known.delete(device);
      unknown.delete(device);
    },
    forgetAll() {
      generation++;
      known.clear();
      unknown.clear();
    },
  };
}

function toFacts(row: Row): DeviceFacts {
  const key = createPublicKey({ key: Buffer.concat([SPKI, row.public_key]), format: "der", type: "spki" });
  return { device: row.id, organisation: row.organisation_id, key, revoked: row.revoked_reason };
}
