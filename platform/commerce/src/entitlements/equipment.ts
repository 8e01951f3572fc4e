/** The verbs of the equipment register: a unit comes, something happens to it, another takes its place (RNS-73, UTM-64 to UTM-68). */
import { sql } from "kysely";
import type { Static } from "typebox";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { index } from "../charging/index.ts";
import { lockContract, type ContractRow } from "../contracts/contract-row.ts";
import { addFact } from "../contracts/fact-door.ts";
import { loadTables } from "../terms/load.ts";
import { raise } from "./errors.ts";
import type { Arrangement } from "./ownership.ts";
import { addEvent, readRegister, shownUnit, type UnitRow } from "./register.ts";
import { awaitFaulty, returnsOf } from "./returns.ts";
import type { EquipmentDetail, NewEquipment, NewEquipmentEvent, ReplaceEquipment } from "./shapes.ts";
import type { EntitlementWork } from "./work.ts";

interface Came {
  readonly kind: string;
  readonly model: string;
  readonly serial: string;
  readonly arrangement: Arrangement;
  readonly lessor: string | null;
  readonly warrantyUntil: Day | null;
  readonly replaces: Uuid | null;
  readonly dispatchedOn: Day | null;
}

async function store({ tx, now, actor }: EntitlementWork, contract: ContractRow, unit: Came): Promise<Uuid> {
  const id = newId();
  const { rows } = await sql<{ id: Uuid }>`
    insert into commerce.equipment (id, organisation_id, contract_id, kind, model, serial, arrangement, lessor, warranty_until,
      replaces_id, dispatched_on, registered_by, registered_at)
    values (${id}, ${contract.organisation}, ${contract.id}, ${unit.kind}, ${unit.model}, ${unit.serial}, ${unit.arrangement},
      ${unit.lessor}, ${unit.warrantyUntil}::date, ${unit.replaces}, ${unit.dispatchedOn}::date, ${actorName({ actor })}, ${now})
    on conflict (contract_id, serial) do nothing returning id`.execute(tx);
  if (rows.length === 0) throw raise("EQUIPMENT_SERIAL_TAKEN", { serial: unit.serial, number: contract.number });
  return id;
}

/**
 * A unit comes to a contract, which has to be locked. How it is held: as told; else the provider's setting `KIND-owner` (OST-23),
 * else sold. EQUIPMENT_SERIAL_TAKEN, EQUIPMENT_LESSOR_MISSING.
 */
export async function registerUnit(
  work: EntitlementWork,
  contract: ContractRow,
  given: Static<typeof NewEquipment>,
): Promise<Uuid> {
  const on = dayOf(work.now);
  const arrangement = given.arrangement ?? (await usualArrangement(work.tx, contract, given.kind, on));
  if ((arrangement === "leased") !== (given.lessor !== undefined)) throw raise("EQUIPMENT_LESSOR_MISSING");
  const id = await store(work, contract, {
    kind: given.kind,
    model: given.model,
    serial: given.serial.trim(),
    arrangement,
    lessor: given.lessor ?? null,
    warrantyUntil: given.warrantyUntil ?? null,
    replaces: null,
    dispatchedOn: null,
  });
  const unit = { id, organisation: contract.organisation };
  await addEvent(work, unit, { kind: "registered", on, details: { arrangement } });
  if (given.deliveredOn !== undefined) await addEvent(work, unit, { kind: "delivered", on: given.deliveredOn });
  if (given.installedOn !== undefined) await addEvent(work, unit, { kind: "installed", on: given.installedOn });
  return id;
}

async function usualArrangement(tx: Tx, { service }: ContractRow, kind: string, on: Day): Promise<Arrangement> {
  const set = index(await loadTables(tx)).setting(service, `${kind}-owner`, on);
  return set === "customer" ? "owned-by-customer" : set === "provider" ? "lent" : "sold";
}

/** The unit, with its contract locked. NOT_FOUND. */
async function lockedUnit(
  work: EntitlementWork,
  organisation: OrganisationId,
  id: Uuid,
): Promise<{ readonly unit: UnitRow; readonly contract: ContractRow; readonly replacedOn: Day | null }> {
  const known = (await readRegister(work.tx, organisation)).units.find((one) => one.id === id);
  const contract = known === undefined ? null : await lockContract(work.tx, organisation, known.contract);
  if (known === undefined || contract === null) throw raiseServer("NOT_FOUND");
  const { units } = await readRegister(work.tx, organisation, contract.id);
  return { unit: known, contract, replacedOn: units.find(({ replaces }) => replaces === id)?.dispatchedOn ?? null };
}

/** Something happened to a unit. NOT_FOUND, EQUIPMENT_REPLACED, EQUIPMENT_DAY_ORDER. */
export async function recordEvent(
  work: EntitlementWork,
  organisation: OrganisationId,
  id: Uuid,
  event: Static<typeof NewEquipmentEvent>,
): Promise<UnitRow> {
  const { unit, replacedOn } = await lockedUnit(work, organisation, id);
  if (replacedOn !== null && event.kind !== "collected" && event.kind !== "damaged" && event.on >= replacedOn) {
    throw raise("EQUIPMENT_REPLACED", { serial: unit.serial, on: replacedOn });
  }
  if (unit.dispatchedOn !== null && event.on < unit.dispatchedOn) {
    throw raise("EQUIPMENT_DAY_ORDER", { on: event.on, first: unit.dispatchedOn, serial: unit.serial });
  }
  await addEvent(work, unit, { kind: event.kind, on: event.on, note: event.note ?? "" });
  return unit;
}

/**
 * Another unit takes the place of a faulty one, from the day on which it is sent: ownership changes hands, the return clock of the
 * faulty one runs (RNS-73, RNS-74, UTM-68). NOT_FOUND, EQUIPMENT_REPLACED, EQUIPMENT_SERIAL_TAKEN, EQUIPMENT_DAY_ORDER.
 */
export async function replaceUnit(
  work: EntitlementWork,
  organisation: OrganisationId,
  id: Uuid,
  given: Static<typeof ReplaceEquipment>,
): Promise<Uuid> {
  const { unit, contract, replacedOn } = await lockedUnit(work, organisation, id);
  const { dispatchedOn, acceptedAt, place } = given;
  if (replacedOn !== null) throw raise("EQUIPMENT_REPLACED", { serial: unit.serial, on: replacedOn });
  if (unit.dispatchedOn !== null && dispatchedOn < unit.dispatchedOn) {
    throw raise("EQUIPMENT_DAY_ORDER", { on: dispatchedOn, first: unit.dispatchedOn, serial: unit.serial });
  }
  const next = await store(work, contract, {
    kind: unit.kind,
    model: given.model ?? unit.model,
    serial: given.serial.trim(),
    arrangement: unit.arrangement,
    lessor: unit.lessor,
    warrantyUntil: given.warrantyUntil ?? null,
    replaces: id,
    dispatchedOn,
  });
  const successor = { id: next, organisation };
  await addEvent(work, unit, {
    kind: "replaced",
    on: dispatchedOn,
    details: { by: next, serial: given.serial.trim() },
  });
  await addEvent(work, successor, {
    kind: "registered",
    on: dispatchedOn,
    details: { replaces: id, serial: unit.serial },
  });
  if (acceptedAt !== undefined) {
    const accepted = { kind: "replacement-accepted", on: dayOf(new Date(acceptedAt)), at: acceptedAt } as const;
    await addFact(work, contract, accepted, { source: "equipment", key: `replacement-accepted:${next}` });
  }
  const fact = { kind: "dispatched", on: dispatchedOn, unit: unit.serial } as const;
  await addFact(work, contract, fact, { source: "equipment", key: `dispatched:${next}` });
  await awaitFaulty(work, unit, { on: dispatchedOn, place });
  return next;
}

/** One unit with everything that happened to it. NOT_FOUND. */
export async function unitDetail(tx: Tx, organisation: OrganisationId, id: Uuid, on: Day): Promise<EquipmentDetail> {
  const register = await readRegister(tx, organisation);
  const row = register.units.find((one) => one.id === id);
  if (row === undefined) throw raiseServer("NOT_FOUND");
  const cases = await returnsOf(tx, organisation, on, { contract: row.contract });
  return {
    ...shownUnit(register, row, on),
    events: register.eventsOf(id).map(({ kind, on: day, note, details, recordedBy, recordedAt }) => ({
      kind,
      on: day,
      note,
      details,
      recordedBy,
      recordedAt: recordedAt.toISOString(),
    })),
    returns: cases.filter(({ equipmentId }) => equipmentId === id),
  };
}
