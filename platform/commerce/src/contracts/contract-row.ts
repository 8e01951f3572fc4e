/** A contract as it is stored: reading it, taking it, and whether it is in force. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Actor, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import type { Contract, ContractHooks } from "../commerce.ts";
import { raise } from "../errors.ts";
import { normaliseContractNumber, readContractNumber } from "./contract-number.ts";
import type { ContractState } from "./shapes.ts";

export interface ContractRow extends Contract {
  readonly state: ContractState;
  readonly stopped: "suspension" | "discontinuance" | null;
  /** Last announced day of the stop. */
  readonly stoppedUntil: Day | null;
  /** A stop announced for a day to come. */
  readonly plannedStop: PlannedStop | null;
  readonly charged: boolean;
  /** C: the cancellation date. */
  readonly cancelledOn: Day | null;
  /** S: the first day of service. */
  readonly serviceStartedOn: Day | null;
  readonly anchor: number;
  readonly items: Readonly<Record<string, number>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly applicationId: Uuid | null;
  readonly createdAt: Date;
}

/** A stop with what its notice has to state (SEC-19, UTM-23). */
export interface PlannedStop {
  readonly measure: "suspension" | "discontinuance";
  /** Code of the offer's ground, and its rule. */
  readonly ground: string;
  readonly rule: string;
  readonly reason: string;
  readonly on: Day;
  readonly until: Day;
  readonly evidence: readonly Uuid[];
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
  /** What is sold; without it no rule of an offer takes part. */
  readonly offers?: readonly Offer[];
}

const columns = sql`id, organisation_id as organisation, service, plan, number, state, stopped,
  stopped_until::text as "stoppedUntil", planned_stop as "plannedStop", charged, started_on::text as "startedOn",
  ended_on::text as "endedOn", cancelled_on::text as "cancelledOn", service_started_on::text as "serviceStartedOn", anchor,
  items, attributes, application_id as "applicationId", created_at as "createdAt"`;
/** The columns of a `ContractRow`, of a query on commerce.contract alone. */
export const contractColumns = columns;

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

/** Ended, revoked or rescinded: nothing changes any more. */
export const isOver = (contract: { readonly state: ContractState }): boolean =>
  contract.state === "ended" || contract.state === "revoked" || contract.state === "void";

/** SQL condition on `commerce.contract c`: started and not ended on the day (EXP-22). */
export const inForceOn = (day: Day) =>
  sql<boolean>`(c.started_on <= ${day}::date and c.ended_at is null and (c.ended_on is null or c.ended_on >= ${day}::date))`;

/** Started, and its end neither carried out nor past (EXP-22). */
export const isInForce = (contract: ContractRow, day: Day): boolean =>
  !isOver(contract) &&
  contract.startedOn !== null &&
  contract.startedOn <= day &&
  (contract.endedOn === null || contract.endedOn >= day);
