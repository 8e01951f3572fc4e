/** Units that have to come back: the faulty one of an exchange (RNS-74, UTM-69), the provider's own at the end (RNS-45). */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { chargedOn, returnClocks } from "../charging/replacement.ts";
import { lockContract, type ContractRow } from "../contracts/contract-row.ts";
import { addFact } from "../contracts/fact-door.ts";
import { addTask, closeTask, tasksOf } from "../contracts/tasks.ts";
import { raise } from "./errors.ts";
import { ownerOn } from "./ownership.ts";
import { readContract } from "./reading.ts";
import { addEvent, readRegister, unitOf, type UnitRow } from "./register.ts";
import type { ReturnCase } from "./shapes.ts";
import type { EntitlementWork } from "./work.ts";

/** Source of the facts that are written here. */
const source = "equipment";
type Stored = Omit<ReturnCase, "dueBy" | "chargedOn" | "state" | "way" | "paidBy">;

async function stored(tx: Tx, organisation: OrganisationId, id: Uuid | null, contract: Uuid | null): Promise<Stored[]> {
  const { rows } = await sql<Stored>`
    select r.id, r.equipment_id as "equipmentId", r.contract_id as "contractId", e.serial,
      r.reason, r.opened_on::text as "openedOn", r.place, r.pickup_offered_on::text as "pickupOfferedOn",
      r.returned_on::text as "returnedOn", r.damaged
    from commerce.equipment_return r join commerce.equipment e on e.id = r.equipment_id
    where r.organisation_id = ${organisation} and (${id}::uuid is null or r.id = ${id})
      and (${contract}::uuid is null or r.contract_id = ${contract})
    order by r.opened_on, r.id`.execute(tx);
  return rows;
}

/** Return cases with the day by which the unit has to be back and, where it is not, from when a sum is owed: charging's word. */
export async function returnsOf(
  tx: Tx,
  organisation: OrganisationId,
  on: Day,
  which: { readonly contract?: Uuid; readonly id?: Uuid } = {},
): Promise<ReturnCase[]> {
  const found: ReturnCase[] = [];
  const known = new Map<Uuid, ReturnType<typeof returnClocks>>();
  for (const one of await stored(tx, organisation, which.id ?? null, which.contract ?? null)) {
    const clocks = known.get(one.contractId) ?? returnClocks(await readContract(tx, { id: one.contractId }, on));
    known.set(one.contractId, clocks);
    const clock = one.reason === "replacement" ? clocks.find(({ unit }) => unit === one.serial) : undefined;
    const charged = clock === undefined ? null : chargedOn(clock);
    const dueBy = clock?.by ?? null;
    const late = dueBy === null ? one.reason === "contract-end" && one.openedOn < on : dueBy < on;
    found.push({
      ...one,
      way: clock?.terms.handling.return.way ?? null,
      paidBy: clock?.terms.handling.return.paidBy ?? null,
      dueBy,
      chargedOn: charged !== null && charged <= on ? charged : null,
      state: one.returnedOn !== null ? "returned" : late ? "overdue" : "open",
    });
  }
  return found;
}

/** Opens a case; one of a reason for each unit: opened again it stays as it is. */
async function openReturn(
  { tx, now, actor }: EntitlementWork,
  unit: UnitRow,
  { reason, on, place = "" }: { readonly reason: ReturnCase["reason"]; readonly on: Day; readonly place?: string },
): Promise<boolean> {
  const { rows } = await sql<{
    id: Uuid;
  }>`insert into commerce.equipment_return (id, organisation_id, contract_id, equipment_id,
      reason, opened_on, place, opened_by, opened_at)
    values (${newId()}, ${unit.organisation}, ${unit.contract}, ${unit.id}, ${reason}, ${on}::date, ${place},
      ${actorName({ actor })}, ${now})
    on conflict (equipment_id, reason) do nothing returning id`.execute(tx);
  return rows.length > 0;
}

const taskOf = (unit: Uuid): string => `equipment-return:${unit}`;

/** The customer is asked to hand the unit over, and reminded before the day (RNS-74). */
async function askFor(
  work: EntitlementWork,
  unit: Pick<UnitRow, "id" | "organisation" | "contract" | "serial" | "number">,
  { rule, dueOn }: { readonly rule: string; readonly dueOn: Day },
): Promise<void> {
  const { id, serial, number } = unit;
  await addTask(
    work,
    { id: unit.contract, organisation: unit.organisation },
    {
      kind: taskOf(id),
      rule,
      audience: "customer",
      title: {
        ja: `契約 ${number} の機器(シリアル番号 ${serial})を ${dueOn} までにご返却ください。`,
        en: `Please return the unit with the serial number ${serial} of the contract ${number} by ${dueOn}.`,
      },
      dueOn,
    },
  );
}

/** After the dispatch of a replacement: the faulty unit is awaited, by the day that charging says. */
export async function awaitFaulty(
  work: EntitlementWork,
  unit: UnitRow,
  { on, place }: { readonly on: Day; readonly place?: string | undefined },
): Promise<void> {
  await openReturn(work, unit, { reason: "replacement", on, ...(place === undefined ? {} : { place }) });
  const clocks = returnClocks(await readContract(work.tx, { id: unit.contract }, on));
  const clock = clocks.findLast((one) => one.unit === unit.serial);
  if (clock !== undefined && clock.by !== null) await askFor(work, unit, { rule: clock.terms.rule, dueOn: clock.by });
}

async function openCase(
  work: EntitlementWork,
  organisation: OrganisationId,
  id: Uuid,
  on: Day,
): Promise<[Stored, ContractRow]> {
  const [found] = await stored(work.tx, organisation, id, null);
  const row = found === undefined ? null : await lockContract(work.tx, organisation, found.contractId);
  if (found === undefined || row === null) throw raiseServer("NOT_FOUND");
  // Read again: the contract is held only now.
  const [present = found] = await stored(work.tx, organisation, id, null);
  if (present.returnedOn !== null) throw raise("RETURN_CLOSED", { serial: present.serial, on: present.returnedOn });
  if (on < present.openedOn) {
    throw raise("EQUIPMENT_DAY_ORDER", { on, first: present.openedOn, serial: present.serial });
  }
  return [present, row];
}

/** The courier offered to collect the unit (A-RNS-12). The first offer stands. NOT_FOUND, RETURN_CLOSED, EQUIPMENT_DAY_ORDER. */
export async function pickupOffered(
  work: EntitlementWork,
  organisation: OrganisationId,
  id: Uuid,
  on: Day,
): Promise<void> {
  const [found, row] = await openCase(work, organisation, id, on);
  if (found.reason === "replacement") {
    const key = `pickup-offered:${id}:${on}`;
    await addFact(work, row, { kind: "pickup-offered", on, unit: found.serial }, { source, key });
  }
  await sql`update commerce.equipment_return set pickup_offered_on = least(pickup_offered_on, ${on}::date)
    where organisation_id = ${organisation} and id = ${id}`.execute(work.tx);
}

/** The unit came back. NOT_FOUND, RETURN_CLOSED, EQUIPMENT_DAY_ORDER. */
export async function unitReturned(
  work: EntitlementWork,
  organisation: OrganisationId,
  id: Uuid,
  { on, damaged = false }: { readonly on: Day; readonly damaged?: boolean },
): Promise<void> {
  const [found, row] = await openCase(work, organisation, id, on);
  if (found.reason === "replacement") {
    const fact = { kind: "returned", on, unit: found.serial, ...(damaged ? { damaged } : {}) } as const;
    await addFact(work, row, fact, { source, key: `returned:${id}` });
  }
  await sql`update commerce.equipment_return set returned_on = ${on}::date, damaged = ${damaged}
    where organisation_id = ${organisation} and id = ${id}`.execute(work.tx);
  await addEvent(
    work,
    { id: found.equipmentId, organisation },
    { kind: "returned", on, details: { damaged, case: id } },
  );
  const tasks = await tasksOf(work.tx, { organisation, contract: row.id, state: "open" });
  for (const task of tasks.filter(({ kind }) => kind === taskOf(found.equipmentId))) {
    await closeTask(work, task.id, { state: "done" });
  }
}

/**
 * RNS-45: opens a case for each unit of an ended contract that belongs to the provider and has not come back. Run daily; gives how
 * many were opened.
 */
export async function sweepEndedContracts(platform: Platform): Promise<number> {
  const now = new Date(platform.clock.now());
  const { rows } = await platform.store.provider((tx) =>
    sql<{ organisation: OrganisationId; contract: Uuid; endedOn: Day }>`
      select distinct c.organisation_id as organisation, c.id as contract, c.ended_on::text as "endedOn"
      from commerce.contract c join commerce.equipment e on e.contract_id = c.id
      where c.ended_at is not null and c.ended_on is not null and not exists (select from commerce.equipment_return r
        where r.equipment_id = e.id)
      order by contract`.execute(tx),
  );
  let opened = 0;
  for (const { organisation, contract, endedOn } of rows) {
    opened += await platform.store.organisation(organisation, async (tx) => {
      const work: EntitlementWork = { tx, now, actor: { kind: "system", name: "equipment-returns" } };
      return openForContract(work, platform, organisation, contract, endedOn);
    });
  }
  return opened;
}

async function openForContract(
  work: EntitlementWork,
  platform: Platform,
  organisation: OrganisationId,
  contract: Uuid,
  endedOn: Day,
): Promise<number> {
  const register = await readRegister(work.tx, organisation, contract);
  const today = dayOf(work.now);
  let opened = 0;
  for (const row of register.units) {
    const unit = unitOf(register, row);
    if (unit.returnedOn !== null || ownerOn(unit, today).owner !== "provider") continue;
    if (!(await openReturn(work, row, { reason: "contract-end", on: endedOn }))) continue;
    opened += 1;
    await askFor(work, row, { rule: "RNS-45", dueOn: today });
    await platform.audit(work.tx, work.actor, organisation, {
      action: "equipment.return-open",
      subject: row.id,
      details: { number: row.number, serial: row.serial, rule: "RNS-45" },
    });
  }
  return opened;
}
