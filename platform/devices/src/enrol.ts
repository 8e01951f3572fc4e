/** Enrolment: a single-use key becomes a device, in one transaction with whatever the service does about it (EXP-T08). */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { newId } from "@yagura/core/ids.ts";
import type { EnrolAnswer, EnrolRequest } from "@yagura/wire/envelope.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { DeviceEnrolled, Devices } from "./devices.ts";
import { raise } from "./errors.ts";

/** SHA-256 of a key's secret: what is stored of it. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();

interface KeyRow {
  id: string;
  organisation_id: string;
  program: string;
  subject_service: string;
  subject_kind: string;
  subject_id: string;
  expires_at: Date;
  used_at: Date | null;
  device_id: string | null;
  revoked_at: Date | null;
}

/**
 * Makes the device. The same program asking again with the same key pair (its answer was lost on the way) gets the same
 * device; anybody else gets KEY_USED. Raced, the key's row lock lets exactly one through.
 */
export async function enrol(
  request: EnrolRequest,
  address: string,
  around: {
    platform: Platform;
    devices: Devices;
    /** By service. */
    enrolled: Readonly<Record<string, DeviceEnrolled>>;
  },
): Promise<EnrolAnswer> {
  const { platform } = around;
  const hash = hashSecret(request.key);
  const organisation = await platform.store.provider(async (tx) => {
    const { rows } = await sql<{ organisation_id: string }>`
      select organisation_id from devices.enrolment_key where hash = ${hash}`.execute(tx);
    return rows[0]?.organisation_id;
  });
  if (organisation === undefined) throw raise("KEY_UNKNOWN");
  const device = await platform.store.organisation(organisation, async (tx) => {
    const { rows } = await sql<KeyRow>`select * from devices.enrolment_key where hash = ${hash} for update`.execute(tx);
    const key = rows[0];
    if (key === undefined) throw raise("KEY_UNKNOWN");
    const before = await sameAgain(tx, key, request);
    if (before !== null) return before;
    const now = new Date(platform.clock.now());
    refuseKey(key, request.program, now);
    return makeDevice(tx, key, request, address, now, around);
  });
  return { device, organisation, serverTime: Math.round(platform.clock.now() * 1000) };
}

function refuseKey(key: KeyRow, program: string, now: Date): void {
  if (key.revoked_at !== null) throw raise("KEY_REVOKED");
  if (key.used_at !== null) throw raise("KEY_USED", { usedAt: key.used_at.toISOString() });
  if (key.expires_at <= now) throw raise("KEY_EXPIRED", { expiresAt: key.expires_at.toISOString() });
  if (key.program !== program) throw raise("KEY_OTHER_PROGRAM", { expected: key.program, program });
}

async function sameAgain(tx: Tx, key: KeyRow, request: EnrolRequest): Promise<string | null> {
  if (key.device_id === null) return null;
  const { rows } = await sql<{ id: string }>`
    select id from devices.device where id = ${key.device_id} and revoked_at is null
      and public_key = ${Buffer.from(request.publicKey, "base64url")}`.execute(tx);
  return rows[0]?.id ?? null;
}

async function makeDevice(
  tx: Tx,
  key: KeyRow,
  request: EnrolRequest,
  address: string,
  now: Date,
  around: { platform: Platform; devices: Devices; enrolled: Readonly<Record<string, DeviceEnrolled>> },
): Promise<string> {
  const device = newId();
  const organisation = key.organisation_id;
  const publicKey = Buffer.from(request.publicKey, "base64url");
  // A key pair belongs to one device for ever: a state folder that was copied makes its own pair when it enrols.
  await sql`
    insert into devices.device (id, organisation_id, program, version, hostname, platform, public_key,
      subject_service, subject_kind, subject_id, enrolled_at)
    values (${device}, ${organisation}, ${request.program}, ${request.version}, ${request.hostname}, ${request.platform},
      ${publicKey}, ${key.subject_service}, ${key.subject_kind}, ${key.subject_id}, ${now})`.execute(tx);
  await sql`
    insert into devices.presence (device_id, organisation_id, online, last_seen_at, address)
    values (${device}, ${organisation}, true, ${now}, ${address})`.execute(tx);
  await sql`update devices.enrolment_key set used_at = ${now}, device_id = ${device} where id = ${key.id}`.execute(tx);
  const subject = { service: key.subject_service, kind: key.subject_kind, id: key.subject_id };
  await around.enrolled[subject.service]?.(tx, { device, organisation, subject }, around.devices, around.platform);
  await around.platform.audit(tx, { kind: "device", deviceId: device, name: request.hostname }, organisation, {
    action: "device.enrol",
    subject: device,
    details: { program: request.program, version: request.version, key: key.id, address },
  });
  await around.platform.live.publish(tx, organisation, { topic: "device", data: { device, state: "online" } });
  return device;
}
