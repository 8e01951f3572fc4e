/**
 * Contracts: made, started, ended. A contract counts as in force when it has started and its end has not been carried out
 * (EXP-22). An end dated today or earlier is carried out at once; a later one when its last day is over.
 */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { newId } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Actor, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { addDays, dayOf, isDay, startOf, type Day } from "@yagura/core/calendar.ts";
import type { Contract, ContractHooks } from "../commerce.ts";
import { normaliseContractNumber, numberPrefix, readContractNumber, writeContractNumber } from "./contract-number.ts";
import { raise } from "../errors.ts";
import type { ContractState } from "./shapes.ts";

export interface ContractRow extends Contract {
  readonly state: ContractState;
  readonly charged: boolean;
  readonly createdAt: Date;
}

/** Who hears of a contract, by the service's id. */
export type HooksByService = Readonly<Record<string, ContractHooks>>;

/** What every verb needs. */
export interface ContractWork {
  readonly tx: Tx;
  readonly now: Date;
  readonly actor: Actor;
  readonly hooks: HooksByService;
  readonly devices: Devices;
  readonly platform: Platform;
}

const columns = sql`id, organisation_id as organisation, service, number, state, charged, started_on::text as "startedOn",
  ended_on::text as "endedOn", created_at as "createdAt"`;

/** A contract of the organisation, or null. */
export async function contractById(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<ContractRow | null> {
  const { rows } = await sql<ContractRow>`select ${columns} from commerce.contract
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

/** The same, and nobody else changes it until this transaction is over. */
export async function lockContract(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<ContractRow | null> {
  const { rows } = await sql<ContractRow>`select ${columns} from commerce.contract
    where organisation_id = ${organisation} and id = ${id} for update`.execute(tx);
  return rows[0] ?? null;
}

/**
 * The organisation's contract of a number as a person typed it, kept from changing until this transaction is over.
 * CONTRACT_NUMBER_INVALID when its form or check digit is wrong; null when the organisation has no such contract.
 */
export async function lockContractByNumber(
  tx: Tx,
  organisation: OrganisationId,
  service: string,
  text: string,
): Promise<ContractRow | null> {
  if (readContractNumber(text) === null) throw raise("CONTRACT_NUMBER_INVALID", { number: text });
  const { rows } = await sql<ContractRow>`select ${columns} from commerce.contract
    where organisation_id = ${organisation} and service = ${service} and number = ${normaliseContractNumber(text)}
    for update`.execute(tx);
  return rows[0] ?? null;
}

/** SQL condition on `commerce.contract c`: started and not ended on the day (EXP-22). */
export const inForceOn = (day: Day) =>
  sql<boolean>`(c.started_on <= ${day}::date and c.ended_at is null and (c.ended_on is null or c.ended_on >= ${day}::date))`;

/** Started, and its end neither carried out nor past (EXP-22). */
export const isInForce = (contract: ContractRow, day: Day): boolean =>
  contract.state !== "ended" &&
  contract.startedOn !== null &&
  contract.startedOn <= day &&
  (contract.endedOn === null || contract.endedOn >= day);

/** Makes a contract with a new number, counted once for ever (EXP-T09). `startedOn` is today unless told. */
export async function createContract(
  work: ContractWork,
  input: { organisation: OrganisationId; service: string; startedOn?: Day; charged: boolean },
): Promise<ContractRow> {
  const { tx, now } = work;
  const prefix = numberPrefix[input.service];
  if (prefix === undefined || work.hooks[input.service] === undefined) {
    throw raise("CONTRACT_SERVICE_UNKNOWN", {
      service: input.service,
      services: Object.keys(work.hooks).join(", "),
    });
  }
  const today = dayOf(now);
  const startedOn = checkedDay(input.startedOn ?? today);
  const drawn = await sql<{ counter: string }>`select nextval('commerce.contract_counter') as counter`.execute(tx);
  const number = writeContractNumber({
    service: prefix,
    yearMonth: today.slice(2, 4) + today.slice(5, 7),
    counter: Number(drawn.rows[0]?.counter),
  });
  const id = newId();
  await sql`insert into commerce.contract (id, organisation_id, service, number, charged, state, started_on, created_at)
    values (${id}, ${input.organisation}, ${input.service}, ${number}, ${input.charged}, 'awaiting-start', ${startedOn}::date,
      ${now})`.execute(tx);
  await record(work, input.organisation, id, "created", "EXP-02", { number, startedOn });
  const made = (await lockContract(tx, input.organisation, id)) as ContractRow;
  if (startedOn <= today) return start(work, made);
  await work.platform.jobs.add(tx, dueJob, due(made), { key: `contract-start-${id}`, runAt: startOf(startedOn) });
  return made;
}

/**
 * Ends a contract on a day, its last. Never refused for what hangs on it (EXP-T05): the service's hook deals with that.
 * CONTRACT_ENDED, CONTRACT_END_BEFORE_START, CONTRACT_DAY_INVALID.
 */
export async function endContract(work: ContractWork, contract: ContractRow, on: Day): Promise<ContractRow> {
  checkedDay(on);
  const { number } = contract;
  if (contract.state === "ended") {
    throw raise("CONTRACT_ENDED", { number, endedOn: contract.endedOn ?? "" });
  }
  const unstarted = contract.state === "awaiting-start";
  if (!unstarted && contract.startedOn !== null && on < contract.startedOn) {
    throw raise("CONTRACT_END_BEFORE_START", { number, on, startedOn: contract.startedOn });
  }
  // A contract that ends before it begins was never in force: it keeps no start.
  const startedOn = unstarted && contract.startedOn !== null && on < contract.startedOn ? null : contract.startedOn;
  await record(work, contract.organisation, contract.id, "end-requested", "EXP-22", { on });
  if (on <= dayOf(work.now)) return finish(work, { ...contract, startedOn }, on);
  const state = unstarted && startedOn !== null ? "awaiting-start" : "ending";
  await sql`update commerce.contract set ended_on = ${on}::date, started_on = ${startedOn}::date, state = ${state}
    where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
  await work.platform.jobs.add(work.tx, dueJob, due(contract), {
    key: `contract-end-${contract.id}`,
    runAt: startOf(addDays(on, 1)),
  });
  const ending = (await lockContract(work.tx, contract.organisation, contract.id)) as ContractRow;
  await work.hooks[contract.service]?.ending?.(work.tx, ending, on, work.devices, work.platform);
  return ending;
}

/** Name of the job that carries out what a contract's dates ask for. */
export const dueJob = "commerce.contract-due";
const due = (contract: Contract) => ({ organisation: contract.organisation, contract: contract.id });

/** Starts and ends a contract as its dates say. Called again it does nothing. */
export async function carryOutDue(work: ContractWork, contract: ContractRow): Promise<ContractRow> {
  const today = dayOf(work.now);
  let current = contract;
  if (current.state === "awaiting-start" && current.startedOn !== null && current.startedOn <= today) {
    current = await start(work, current);
  }
  if (current.state === "ending" && current.endedOn !== null && current.endedOn < today) {
    current = await finish(work, current, current.endedOn);
  }
  return current;
}

async function start(work: ContractWork, contract: ContractRow): Promise<ContractRow> {
  const state = contract.endedOn === null ? "active" : "ending";
  await sql`update commerce.contract set state = ${state}
    where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
  const on = contract.startedOn ?? dayOf(work.now);
  await record(work, contract.organisation, contract.id, "started", "EXP-22", { on });
  const started: ContractRow = { ...contract, state };
  await work.hooks[contract.service]?.started?.(work.tx, started, on, work.devices, work.platform);
  return started;
}

async function finish(work: ContractWork, contract: ContractRow, on: Day): Promise<ContractRow> {
  await sql`update commerce.contract set state = 'ended', started_on = ${contract.startedOn}::date, ended_on = ${on}::date,
    ended_at = ${work.now} where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
  await record(work, contract.organisation, contract.id, "ended", "EXP-22", { on });
  const ended: ContractRow = { ...contract, state: "ended", endedOn: on };
  await work.hooks[contract.service]?.ended?.(work.tx, ended, on, work.devices, work.platform);
  return ended;
}

async function record(
  work: ContractWork,
  organisation: OrganisationId,
  contract: Uuid,
  kind: "created" | "started" | "end-requested" | "ended",
  ground: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const actor = work.actor.kind === "nobody" ? "nobody" : `${work.actor.kind}:${work.actor.name}`;
  await sql`insert into commerce.contract_event (id, organisation_id, contract_id, at, kind, actor, ground, payload)
    values (${newId()}, ${organisation}, ${contract}, ${work.now}, ${kind}, ${actor}, ${ground}, ${JSON.stringify(payload)}::jsonb)`.execute(
    work.tx,
  );
}

function checkedDay(day: Day): Day {
  if (!isDay(day)) throw raise("CONTRACT_DAY_INVALID", { day });
  return day;
}
