/** What services may ask of commerce, and what commerce tells them. */
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Platform } from "@yagura/server/route.ts";

export interface Contract {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly service: string;
  /** Which of the service's plans, e.g. `agent`. */
  readonly plan: string;
  /** Shown to people, e.g. `EXP-2611-000123-5`: service, year and month, counter, check digit (ISO 7064 MOD 11-10). */
  readonly number: string;
  /** Calendar days in Asia/Tokyo, ISO 8601. */
  readonly startedOn: string | null;
  /** Last day in force. */
  readonly endedOn: string | null;
}

/** One step of a contract, told to its service. `on` is the day from which it holds. */
export type ContractHook = (
  tx: Tx,
  contract: Contract,
  on: string,
  devices: Devices,
  platform: Platform,
) => Promise<void>;

/** What is ordered from a day on: the kinds of contract facts, without their day. */
export interface ContractChange {
  readonly kind: string;
  readonly item?: string;
  readonly quantity?: number;
  readonly name?: string;
  readonly value?: string;
}

/** Each is called inside the transaction that causes it. */
export interface ContractHooks {
  /** An application was accepted: the contract exists and waits for its start. */
  readonly accepted?: ContractHook;
  readonly started?: ContractHook;
  /** Quantities, options or attributes change from a day on, which may lie ahead. */
  readonly changed?: (
    tx: Tx,
    contract: Contract,
    on: string,
    changes: readonly ContractChange[],
    devices: Devices,
    platform: Platform,
  ) => Promise<void>;
  readonly suspended?: ContractHook;
  readonly resumed?: ContractHook;
  /** An end was set for a later day: time to ask for what has to be done before it. */
  readonly ending?: ContractHook;
  /** A set end was taken back. */
  readonly kept?: ContractHook;
  /** Over: ended, revoked or rescinded. */
  readonly ended?: ContractHook;
}
