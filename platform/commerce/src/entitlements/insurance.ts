/**
 * Insurance that comes with seats (SEC-58, SEC-59): whether it does, and for which period, is charging's word; here devices are
 * registered by their MAC address, once each.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { addDays, dayOf, type Day } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Contract } from "../charging/contract.ts";
import { derivedFacts } from "../charging/derived.ts";
import { itemTerms } from "../charging/lives.ts";
import type { InsuranceTerms } from "../charging/tables.ts";
import type { ContractRow } from "../contracts/contract-row.ts";
import { raise } from "./errors.ts";
import { normaliseMac } from "./mac.ts";
import { headOf, readContract } from "./reading.ts";
import { packsOn, seatsOf } from "./seats-allowed.ts";
import type { InsuranceOffer, InsuranceShown, InsuredDevice } from "./shapes.ts";
import type { EntitlementWork } from "./work.ts";

type Period = { readonly from: Day; readonly to: Day };

/** The insurance of the contract, by the terms of the day on which its use began; null when none comes with it. */
function coverOf(contract: Contract): { readonly rule: string; readonly cover: Period } | null {
  const told = derivedFacts(contract);
  const value = (what: string) => told.find((one) => one.what === what);
  const [with_, from, to] = [value("insurance"), value("insurance-from"), value("insurance-to")];
  if (with_?.value !== true || typeof from?.value !== "string" || typeof to?.value !== "string") return null;
  return { rule: with_.rule, cover: { from: from.value, to: to.value } };
}

/** The insurances of the terms, with each condition. */
function offersOf(contract: Contract): InsuranceOffer[] {
  const began = contract.startedOn;
  const terms = contract.knownTermsOn(began ?? contract.asOf)?.plan.insurance ?? [];
  const found = coverOf(contract);
  return terms.map((row) => ({
    rule: row.rule,
    name: row.name,
    useFrom: row.useFrom,
    useTo: row.useTo,
    conditions: conditionsOf(contract, row, began),
    cover: found?.rule === row.rule ? found.cover : null,
  }));
}

function conditionsOf(contract: Contract, row: InsuranceTerms, began: Day | null): InsuranceOffer["conditions"] {
  const order = Object.entries(contract.facts.items).filter(([, quantity]) => quantity > 0);
  const seats = order.reduce((sum, [code, quantity]) => sum + (itemTerms(contract, code)?.seats ?? 0) * quantity, 0);
  const packs = row.items.map((code) => itemTerms(contract, code)?.name ?? { ja: code, en: code });
  return [
    {
      what: {
        ja: `利用開始日が${row.useFrom}から${row.useTo}まで`,
        en: `use began from ${row.useFrom} to ${row.useTo}`,
      },
      met: began !== null && row.useFrom <= began && began <= row.useTo,
    },
    {
      what: {
        ja: `${packs.map(({ ja }) => ja).join("、")}のいずれかでのお申込み`,
        en: `ordered as ${packs.map(({ en }) => en).join(", ")}`,
      },
      met: order.some(([code]) => row.items.includes(code)),
    },
    {
      what: {
        ja: `お申込みのライセンス数が${row.seatsBelow.toLocaleString("ja")}未満(${seats})`,
        en: `fewer than ${row.seatsBelow.toLocaleString("en")} seats in the order (${seats})`,
      },
      met: seats < row.seatsBelow,
    },
  ];
}

interface DeviceRow {
  readonly id: Uuid;
  readonly mac: string;
  readonly device: string;
  readonly registeredAt: Date;
  readonly registeredOn: Day;
  readonly registeredBy: string;
  readonly removedOn: Day | null;
}
async function devicesOf(tx: Tx, row: ContractRow): Promise<DeviceRow[]> {
  const { rows } = await sql<DeviceRow>`select id, upper(mac::text) as mac, device, registered_at as "registeredAt",
      (registered_at at time zone 'Asia/Tokyo')::date::text as "registeredOn", registered_by as "registeredBy",
      removed_on::text as "removedOn"
    from commerce.insured_device where organisation_id = ${row.organisation} and contract_id = ${row.id}
    order by registered_at, id`.execute(tx);
  return rows;
}

/** What is covered on a day. */
export async function insuranceShown(tx: Tx, row: ContractRow, on: Day): Promise<InsuranceShown> {
  const contract = await readContract(tx, row, on);
  const found = coverOf(contract);
  const devices = (await devicesOf(tx, row)).map((device) => shownDevice(device, found, on));
  return { ...headOf(row, on), offers: offersOf(contract), devices };
}

/** A device is covered from the first day of the period, or from its registration when that came later. */
function shownDevice(device: DeviceRow, found: ReturnType<typeof coverOf>, on: Day): InsuredDevice {
  const { registeredOn, registeredAt, removedOn } = device;
  const period = found === null ? null : within(found.cover, registeredOn, removedOn);
  return {
    id: device.id,
    mac: device.mac,
    device: device.device,
    registeredAt: registeredAt.toISOString(),
    registeredBy: device.registeredBy,
    removedOn,
    rule: found?.rule ?? null,
    cover: period,
    state: period === null ? "not-covered" : on < period.from ? "to-come" : on > period.to ? "over" : "covered",
  };
}

function within(cover: Period, registered: Day, removed: Day | null): Period | null {
  const from = registered > cover.from ? registered : cover.from;
  const last = removed === null ? cover.to : addDays(removed, -1);
  const to = last < cover.to ? last : cover.to;
  return from <= to ? { from, to } : null;
}

const hashOf = (mac: string): string => createHash("sha256").update(`mac:${mac}`).digest("hex");

/**
 * Registers a device. The contract has to be locked. MAC_INVALID, MAC_TAKEN (also when another customer registered it: one
 * device is insured once), INSURANCE_NONE, INSURED_ALL when every seat has its device.
 */
export async function registerMac(
  work: EntitlementWork,
  row: ContractRow,
  { mac: typed, device = "" }: { readonly mac: string; readonly device?: string },
): Promise<InsuredDevice> {
  const { tx, now } = work;
  const on = dayOf(now);
  const mac = normaliseMac(typed);
  if (mac === null) throw raise("MAC_INVALID", { mac: typed });
  const contract = await readContract(tx, row, on);
  const found = coverOf(contract);
  if (found === null) throw raise("INSURANCE_NONE", { number: row.number, reason: unmet(contract) });
  const allowed = seatsOf(packsOn(contract, on));
  const registered = (await devicesOf(tx, row)).filter(({ removedOn }) => removedOn === null);
  if (registered.some((one) => one.mac === mac)) throw raise("MAC_TAKEN", { mac });
  if (registered.length >= allowed) {
    throw raise("INSURED_ALL", { registered: registered.length, allowed, number: row.number });
  }
  const id = newId();
  const held = await sql<{
    held: boolean;
  }>`select commerce.hold_value('insurance', 'mac', ${hashOf(mac)}, ${id}) as held`.execute(tx);
  if (held.rows[0]?.held !== true) throw raise("MAC_TAKEN", { mac });
  const by = actorName(work);
  await sql`insert into commerce.insured_device (id, organisation_id, contract_id, mac, device, registered_by, registered_at)
    values (${id}, ${row.organisation}, ${row.id}, ${mac}::macaddr, ${device}, ${by}, ${now})`.execute(tx);
  return shownDevice(
    { id, mac, device, registeredAt: now, registeredOn: on, registeredBy: by, removedOn: null },
    found,
    on,
  );
}

function unmet(contract: Contract): string {
  const open = offersOf(contract).flatMap(({ name, conditions }) =>
    conditions.filter(({ met }) => !met).map(({ what }) => `${name.ja} / ${name.en}: ${what.ja} / ${what.en}`),
  );
  return open.join("; ") || "–";
}

/** Takes a device off the register from today on; the address may then be registered again. NOT_FOUND. */
export async function removeMac(work: EntitlementWork, row: ContractRow, device: Uuid): Promise<InsuredDevice> {
  const { tx, now } = work;
  const on = dayOf(now);
  const found = (await devicesOf(tx, row)).find(({ id }) => id === device);
  if (found === undefined) throw raiseServer("NOT_FOUND");
  if (found.removedOn === null) {
    await sql`update commerce.insured_device set removed_on = ${on}::date, removed_by = ${actorName(work)}
      where organisation_id = ${row.organisation} and id = ${device}`.execute(tx);
    await sql`select commerce.release_values(${device})`.execute(tx);
  }
  const contract = await readContract(tx, row, on);
  return shownDevice({ ...found, removedOn: found.removedOn ?? on }, coverOf(contract), on);
}
