/** What services may ask of commerce, and what commerce tells them. The commerce issue extends this schema. */
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Platform } from "@yagura/server/route.ts";

export interface Contract {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly service: string;
  /** Shown to people, e.g. `EXP-2611-000123-5`: service, year and month, counter, check digit (ISO 7064 MOD 11-10). */
  readonly number: string;
  /** Calendar days in Asia/Tokyo, ISO 8601. */
  readonly startedOn: string | null;
  /** Last day in force. */
  readonly endedOn: string | null;
}

/** Each is called inside the transaction that causes it. */
export interface ContractHooks {
  readonly started?: (tx: Tx, contract: Contract, on: string, devices: Devices, platform: Platform) => Promise<void>;
  /** An end was set for a later day: time to ask for what has to be done before it. */
  readonly ending?: (tx: Tx, contract: Contract, on: string, devices: Devices, platform: Platform) => Promise<void>;
  readonly ended?: (tx: Tx, contract: Contract, on: string, devices: Devices, platform: Platform) => Promise<void>;
}
