/** The register of equipment as it is stored: units with their events, and what follows for a day (RNS-40, OST-23). */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { index } from "../charging/index.ts";
import { loadTables } from "../terms/load.ts";
import { ownerOn, riskOn, type Arrangement, type Unit } from "./ownership.ts";
import type { EquipmentDetail, EquipmentItem } from "./shapes.ts";
import type { EntitlementWork } from "./work.ts";

export interface UnitRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly contract: Uuid;
  readonly number: string;
  readonly service: string;
  readonly plan: string;
  readonly kind: string;
  readonly model: string;
  readonly serial: string;
  readonly arrangement: Arrangement;
  readonly lessor: string | null;
  readonly warrantyUntil: Day | null;
  readonly replaces: Uuid | null;
  readonly dispatchedOn: Day | null;
}
export interface EventRow {
  readonly equipment: Uuid;
  readonly kind: EquipmentDetail["events"][number]["kind"];
  readonly on: Day;
  readonly note: string;
  readonly details: Record<string, unknown>;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

/** The units of an organisation (of one contract) with their events and the days on which their prices were paid. */
export interface Register {
  readonly units: readonly UnitRow[];
  readonly eventsOf: (unit: Uuid) => readonly EventRow[];
  readonly paidOn: (contract: Uuid) => Day | null;
}

export async function readRegister(
  tx: Tx,
  organisation: OrganisationId,
  contract: Uuid | null = null,
): Promise<Register> {
  const { rows: units } = await sql<UnitRow>`
    select e.id, e.organisation_id as organisation, e.contract_id as contract, c.number, c.service, c.plan, e.kind, e.model,
      e.serial, e.arrangement, e.lessor, e.warranty_until::text as "warrantyUntil", e.replaces_id as replaces,
      e.dispatched_on::text as "dispatchedOn"
    from commerce.equipment e join commerce.contract c on c.id = e.contract_id
    where e.organisation_id = ${organisation} and (${contract}::uuid is null or e.contract_id = ${contract})
    order by e.id`.execute(tx);
  const { rows: events } = await sql<EventRow>`
    select v.equipment_id as equipment, v.kind, v.on_day::text as "on", v.note, v.details, v.recorded_by as "recordedBy",
      v.recorded_at as "recordedAt"
    from commerce.equipment_event v join commerce.equipment e on e.id = v.equipment_id
    where v.organisation_id = ${organisation} and (${contract}::uuid is null or e.contract_id = ${contract})
    order by v.on_day, v.ordinal`.execute(tx);
  const byUnit = Map.groupBy(events, ({ equipment }) => equipment);
  const paid = await paidDays(tx, units);
  return { units, eventsOf: (unit) => byUnit.get(unit) ?? [], paidOn: (of) => paid.get(of) ?? null };
}

/**
 * RNS-40: by contract, the day on which every document that bears the price of what was sold was settled; cheques and bills count
 * when cleared. A contract with such a document that is not settled is left out.
 */
async function paidDays(tx: Tx, units: readonly UnitRow[]): Promise<Map<Uuid, Day>> {
  const sold = [
    ...new Map(units.filter(({ arrangement }) => arrangement === "sold").map((one) => [one.contract, one])).values(),
  ];
  if (sold.length === 0) return new Map();
  const versions = index(await loadTables(tx));
  const priced = sold.map(({ contract, service, plan }) => ({
    contract,
    items: versions
      .versions(service)
      .flatMap(({ plans }) =>
        Object.entries(plans[plan]?.items ?? {}).flatMap(([code, { clause, kind }]) =>
          clause === "sale" || (clause === undefined && kind === "initial") ? [code] : [],
        ),
      ),
  }));
  const { rows } = await sql<{ contract: Uuid; on: Day | null }>`
    select w.contract, case when bool_and(c.state = 'paid') then max(c.settled_on)::text end as "on"
    from jsonb_to_recordset(${JSON.stringify(priced)}::jsonb) as w(contract uuid, items text[])
      join lateral (select distinct l.invoice_id from commerce.invoice_line l
        where l.contract_id = w.contract and l.item = any(w.items) and l.amount > 0) d on true
      join commerce.claim c on c.invoice_id = d.invoice_id and c.state <> 'cancelled'
        and (c.contract_id is null or c.contract_id = w.contract)
    group by w.contract`.execute(tx);
  return new Map(rows.flatMap(({ contract, on }) => (on === null ? [] : [[contract, on]])));
}

/** Writes an event of a unit. */
export async function addEvent(
  { tx, now, actor }: EntitlementWork,
  unit: { readonly id: Uuid; readonly organisation: OrganisationId },
  event: Pick<EventRow, "kind" | "on"> & Partial<Pick<EventRow, "note" | "details">>,
): Promise<void> {
  await sql`insert into commerce.equipment_event (id, organisation_id, equipment_id, kind, on_day, note, details, recorded_by,
      recorded_at)
    values (${newId()}, ${unit.organisation}, ${unit.id}, ${event.kind}, ${event.on}::date, ${event.note ?? ""},
      ${JSON.stringify(event.details ?? {})}::jsonb, ${actorName({ actor })}, ${now})`.execute(tx);
}

/** A unit with its predecessor and successor, as ownership asks for it. */
export function unitOf(register: Register, row: UnitRow): Unit {
  const events = register.eventsOf(row.id);
  const first = (...kinds: readonly EventRow["kind"][]): Day | null =>
    events.find(({ kind }) => kinds.includes(kind))?.on ?? null;
  const former = register.units.find(({ id }) => id === row.replaces);
  const next = register.units.find(({ replaces }) => replaces === row.id);
  const titles = [first("title-passed"), register.paidOn(row.contract)].filter((day) => day !== null);
  return {
    arrangement: row.arrangement,
    deliveredOn: first("delivered", "installed"),
    titleOn: titles.toSorted()[0] ?? null,
    replaces:
      former === undefined || row.dispatchedOn === null
        ? null
        : { unit: unitOf(register, former), on: row.dispatchedOn },
    replacedOn: next?.dispatchedOn ?? null,
    returnedOn: first("returned"),
  };
}

/** As lists show a unit on a day. */
export function shownUnit(register: Register, row: UnitRow, on: Day): EquipmentItem {
  const unit = unitOf(register, row);
  const events = register.eventsOf(row.id).filter((one) => one.on <= on);
  const last = (kind: EventRow["kind"]): Day | null => events.findLast((one) => one.kind === kind)?.on ?? null;
  const owner = ownerOn(unit, on);
  const risk = riskOn(unit, on);
  const replacedBy = register.units.find(
    ({ replaces, dispatchedOn }) => replaces === row.id && (dispatchedOn ?? "") <= on,
  );
  return {
    id: row.id,
    contractId: row.contract,
    number: row.number,
    kind: row.kind,
    model: row.model,
    serial: row.serial,
    arrangement: row.arrangement,
    lessor: row.lessor,
    owner: owner.owner,
    ownerSince: owner.since,
    ownerBecause: owner.because,
    risk: risk.bears,
    riskBecause: risk.because,
    deliveredOn: last("delivered"),
    installedOn: last("installed"),
    warrantyUntil: row.warrantyUntil,
    replacedBy: replacedBy?.id ?? null,
    replaces: row.replaces,
    state:
      last("returned") !== null
        ? "returned"
        : last("lost") !== null
          ? "lost"
          : replacedBy !== undefined
            ? "replaced"
            : last("faulty") !== null
              ? "faulty"
              : "in-use",
  };
}
