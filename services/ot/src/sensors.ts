/** Sensors: one for each contract (OST-14), in a site, with a machine that enrolled by a key. */
import { sql } from "kysely";
import { newId, type DeviceId, type Uuid } from "@yagura/core/ids.ts";
import type { Contract } from "@yagura/commerce/commerce.ts";
import { contractById, isOver, lockContractByNumber } from "@yagura/commerce/contracts/contracts.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { configureSensors } from "./configuration.ts";
import { cutOffBlocks } from "./enforcement.ts";
import { raise } from "./errors.ts";
import { firstSite, siteRow } from "./sites.ts";
import { announce, type Work } from "./work.ts";

/** Days that a key is good for, unless told: the sensor is installed days before the opening. */
export const DEFAULT_KEY_DAYS = 30;

export interface SensorRow {
  readonly id: Uuid;
  readonly site_id: Uuid;
  readonly contract_id: Uuid;
  readonly contract_number: string;
  readonly label: string;
  readonly place: string;
  readonly device_id: DeviceId | null;
  readonly key_id: Uuid | null;
  readonly key_expires_at: Date | null;
  readonly first_upload_at: Date | null;
  readonly ended_at: Date | null;
}

/** The sensor, kept from changing until this transaction is over. NOT_FOUND. */
export async function lockSensor(
  { tx, organisation }: Pick<Work, "tx" | "organisation">,
  id: Uuid,
): Promise<SensorRow> {
  const { rows } =
    await sql<SensorRow>`select id, site_id, contract_id, contract_number, label, place, device_id, key_id,
      key_expires_at, first_upload_at, ended_at
    from ot.sensor where organisation_id = ${organisation} and id = ${id} for no key update`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  return row;
}
const needRunning = (row: SensorRow): void => {
  if (row.ended_at !== null) throw raise("SENSOR_ENDED", { label: row.label, number: row.contract_number });
};

/** The slot of a contract: made when the contract is accepted or starts, once. */
export async function ensureSlot(
  work: Work,
  contract: Contract,
  given: { siteId?: Uuid | undefined; label?: string | undefined; place?: string | undefined } = {},
): Promise<Uuid> {
  const { tx, organisation, now } = work;
  const known = await sql<{ id: Uuid }>`select id from ot.sensor
    where organisation_id = ${organisation} and contract_id = ${contract.id}`.execute(tx);
  if (known.rows[0] !== undefined) return known.rows[0].id;
  const site = given.siteId === undefined ? await firstSite(work) : (await siteRow(tx, organisation, given.siteId)).id;
  const attributes = (await contractById(tx, organisation, contract.id))?.attributes ?? {};
  const type = attributes["sensor-type"] ?? null;
  const id = newId();
  await sql`insert into ot.sensor (id, organisation_id, site_id, contract_id, contract_number, type, label, place, created_at)
    values (${id}, ${organisation}, ${site}, ${contract.id}, ${contract.number}, ${type},
      ${given.label ?? contract.number}, ${given.place ?? ""}, ${now})`.execute(tx);
  await work.audit({ action: "sensor.create", subject: id, details: { contract: contract.number, site, type } });
  await announce(work, "sensor", id);
  return id;
}

/** CONTRACT_NUMBER_INVALID, SENSOR_CONTRACT_UNKNOWN, SENSOR_CONTRACT_OVER, SENSOR_CONTRACT_TAKEN, NOT_FOUND for the site. */
export async function createSensor(
  work: Work,
  input: { contractNumber: string; siteId?: Uuid | undefined; label?: string | undefined; place?: string | undefined },
): Promise<Uuid> {
  const { tx, organisation } = work;
  const contract = await lockContractByNumber(tx, organisation, "ot", input.contractNumber);
  if (contract === null) throw raise("SENSOR_CONTRACT_UNKNOWN", { number: input.contractNumber });
  const { number } = contract;
  if (isOver(contract)) throw raise("SENSOR_CONTRACT_OVER", { number, endedOn: contract.endedOn ?? "" });
  const taken = await sql<{ label: string }>`select label from ot.sensor
    where organisation_id = ${organisation} and contract_id = ${contract.id}`.execute(tx);
  if (taken.rows[0] !== undefined) throw raise("SENSOR_CONTRACT_TAKEN", { number, label: taken.rows[0].label });
  return ensureSlot(work, contract, input);
}

export interface SensorChange {
  readonly label?: string | undefined;
  readonly place?: string | undefined;
  readonly siteId?: Uuid | undefined;
  readonly interfaces?: readonly string[] | undefined;
  readonly uploadMs?: number | undefined;
}

/** SENSOR_SITE_FIXED for another site once it has uploaded: what it told belongs to its site. */
export async function changeSensor(work: Work, id: Uuid, change: SensorChange): Promise<void> {
  const { tx, organisation } = work;
  const row = await lockSensor(work, id);
  if (change.siteId !== undefined && change.siteId !== row.site_id) {
    await siteRow(tx, organisation, change.siteId);
    if (row.first_upload_at !== null) {
      const { name } = await siteRow(tx, organisation, row.site_id);
      const since = row.first_upload_at.toISOString();
      throw raise("SENSOR_SITE_FIXED", { label: row.label, since, site: name });
    }
    await sql`update ot.sensor_device set site_id = ${change.siteId} where sensor_id = ${id}`.execute(tx);
  }
  await sql`update ot.sensor set label = ${change.label ?? row.label}, place = ${change.place ?? row.place},
      site_id = ${change.siteId ?? row.site_id}, upload_ms = coalesce(${change.uploadMs ?? null}, upload_ms),
      interfaces = coalesce(${change.interfaces === undefined ? null : [...change.interfaces]}::text[], interfaces)
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  await configureSensors(tx, work.devices, organisation, { sensor: id });
  await work.audit({ action: "sensor.change", subject: id, details: { ...change } });
  await announce(work, "sensor", id);
}

/** Issues a key; an older open one is revoked. SENSOR_ENDED, NOT_FOUND. */
export async function issueKey(
  work: Work,
  id: Uuid,
  days: number = DEFAULT_KEY_DAYS,
): Promise<{ id: Uuid; sensorId: Uuid; key: string; expiresAt: string; command: string }> {
  const { tx, organisation, now, platform } = work;
  const row = await lockSensor(work, id);
  needRunning(row);
  const expiresAt = new Date(now.getTime() + days * 86_400_000);
  const issued = await work.devices.issueKey(tx, {
    organisation,
    subject: { service: "ot", kind: "sensor", id },
    program: "sensor",
    expiresAt,
  });
  await sql`update ot.sensor set key_id = ${issued.id}, key_expires_at = ${expiresAt} where id = ${id}`.execute(tx);
  await work.audit({
    action: "sensor.key-issue",
    subject: id,
    details: { key: issued.id, expiresAt: expiresAt.toISOString(), label: row.label },
  });
  await announce(work, "sensor", id);
  return {
    id: issued.id,
    sensorId: id,
    key: issued.key,
    expiresAt: expiresAt.toISOString(),
    command: `yagura sensor --server ${platform.publicUrl()} --key ${issued.key} --interface eth1 --state /var/lib/yagura-sensor`,
  };
}

/** SENSOR_KEY_NONE when none is open. */
export async function revokeKey(work: Work, id: Uuid): Promise<void> {
  const row = await lockSensor(work, id);
  if (row.key_id === null || (row.key_expires_at ?? work.now) <= work.now)
    throw raise("SENSOR_KEY_NONE", { label: row.label });
  await dropKey(work, row);
  await work.audit({ action: "sensor.key-revoke", subject: id, details: { label: row.label } });
  await announce(work, "sensor", id);
}
async function dropKey(work: Work, row: SensorRow): Promise<void> {
  if (row.key_id === null) return;
  await work.devices.revokeKey(work.tx, work.organisation, row.key_id);
  await sql`update ot.sensor set key_id = null, key_expires_at = null where id = ${row.id}`.execute(work.tx);
}

/** Cuts the machine off; the slot waits for another. SENSOR_DEVICE_NONE. */
export async function revokeMachine(work: Work, id: Uuid): Promise<void> {
  const row = await lockSensor(work, id);
  if (row.device_id === null) throw raise("SENSOR_DEVICE_NONE", { label: row.label });
  await cutOff(work, row, `The sensor “${row.label}” was revoked by ${work.actor ?? "the platform"}.`);
  await work.audit({ action: "sensor.revoke", subject: id, details: { label: row.label, device: row.device_id } });
  await announce(work, "sensor", id);
}
async function cutOff(work: Work, row: SensorRow, reason: string): Promise<void> {
  if (row.device_id === null) return;
  await cutOffBlocks(work, { sensor: row.id, site: row.site_id });
  await work.devices.revokeDevice(work.tx, work.organisation, row.device_id, reason);
  await sql`update ot.sensor set device_id = null where id = ${row.id}`.execute(work.tx);
}

/** A machine enrolled with the sensor's key: it is the sensor now, and the one before is cut off. SENSOR_ENDED, NOT_FOUND. */
export async function sensorEnrolled(work: Work, id: Uuid, device: DeviceId): Promise<void> {
  const { tx, organisation, now } = work;
  const row = await lockSensor(work, id);
  needRunning(row);
  if (row.device_id !== device) await cutOff(work, row, `The sensor “${row.label}” was set up on another machine.`);
  await sql`update ot.sensor set device_id = ${device}, key_id = null, key_expires_at = null where id = ${id}`.execute(
    tx,
  );
  await sql`insert into ot.sensor_device (device_id, organisation_id, sensor_id, site_id, since)
    values (${device}, ${organisation}, ${id}, ${row.site_id}, ${now}) on conflict (device_id) do nothing`.execute(tx);
  await configureSensors(tx, work.devices, organisation, { sensor: id });
  await work.audit({
    action: "sensor.install",
    subject: id,
    details: { label: row.label, device, replaced: row.device_id },
  });
  await announce(work, "sensor", id);
}

/** The contract is over: key and machine are cut off, what was seen stays. */
export async function endSensor(work: Work, contract: Contract, on: string): Promise<void> {
  const { rows } = await sql<{ id: Uuid }>`select id from ot.sensor
    where organisation_id = ${work.organisation} and contract_id = ${contract.id}`.execute(work.tx);
  const id = rows[0]?.id;
  if (id === undefined) return;
  const row = await lockSensor(work, id);
  await dropKey(work, row);
  await cutOff(work, row, `The contract ${contract.number} ended on ${on}.`);
  await sql`update ot.sensor set ended_at = ${work.now} where id = ${id}`.execute(work.tx);
  await work.audit({ action: "sensor.end", subject: id, details: { contract: contract.number, on } });
  await announce(work, "sensor", id);
}
