/** The functions of devices that other rooms call inside their own transactions. */
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Clock } from "@yagura/core/clock.ts";
import { newId } from "@yagura/core/ids.ts";
import { writeEnrolmentKey } from "@yagura/wire/envelope.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Devices } from "./devices.ts";
import { hashSecret } from "./enrol.ts";
import { raise } from "./errors.ts";

/** Told when a transaction of this room commits: `configuration <device>` or `revoked <device>`. */
export const CHANNEL = "devices_changed";
const notify = async (tx: Tx, what: "configuration" | "revoked", device: string): Promise<void> => {
  await sql`select pg_notify(${CHANNEL}, ${`${what} ${device}`})`.execute(tx);
};

/** `fingerprint`: SHA-256 of our certificate authority (base64url), or null for the system's authorities and plain http. */
export function createDevices(options: { clock: Clock; fingerprint: () => string | null }): Devices {
  const now = (): Date => new Date(options.clock.now());
  return {
    async issueKey(tx, { organisation, subject, program, expiresAt }) {
      const id = newId();
      const secret = randomBytes(32).toString("base64url");
      await sql`
        update devices.enrolment_key set revoked_at = ${now()}
        where subject_service = ${subject.service} and subject_kind = ${subject.kind} and subject_id = ${subject.id}
          and organisation_id = ${organisation} and used_at is null and revoked_at is null`.execute(tx);
      await sql`
        insert into devices.enrolment_key (id, organisation_id, hash, program, subject_service, subject_kind, subject_id,
          created_at, expires_at)
        values (${id}, ${organisation}, ${hashSecret(secret)}, ${program}, ${subject.service}, ${subject.kind},
          ${subject.id}, ${now()}, ${expiresAt})`.execute(tx);
      return { id, key: writeEnrolmentKey({ secret, fingerprint: options.fingerprint() }) };
    },

    async revokeKey(tx, organisation, id) {
      await sql`
        update devices.enrolment_key set revoked_at = ${now()}
        where id = ${id} and organisation_id = ${organisation} and used_at is null and revoked_at is null`.execute(tx);
    },

    async revokeDevice(tx, organisation, device, reason) {
      const { rows } = await sql<{ id: string }>`
        update devices.device set revoked_at = coalesce(revoked_at, ${now()}), revoked_reason = coalesce(revoked_reason, ${reason})
        where id = ${device} and organisation_id = ${organisation} returning id`.execute(tx);
      if (rows.length === 0) throw raise("DEVICE_NOT_FOUND");
      await sql`update devices.presence set online = false where device_id = ${device}`.execute(tx);
      await notify(tx, "revoked", device);
    },

    async configure(tx, organisation, device, service, document) {
      const { rows } = await sql<{ id: string }>`
        update devices.device set configuration_version = configuration_version + 1
        where id = ${device} and organisation_id = ${organisation} returning id`.execute(tx);
      if (rows.length === 0) throw raise("DEVICE_NOT_FOUND");
      await sql`
        insert into devices.configuration (device_id, organisation_id, service, document)
        values (${device}, ${organisation}, ${service}, ${JSON.stringify(document)}::jsonb)
        on conflict (device_id, service) do update set document = excluded.document`.execute(tx);
      await notify(tx, "configuration", device);
    },
  };
}
