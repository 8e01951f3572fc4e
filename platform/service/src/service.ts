/** The one door through which a service joins the platform: an object of tables. */
import type { Route, ScopeTable, JobTable, Platform } from "@yagura/server/route.ts";
import type { DeviceEnrolled, Devices, IngestKind } from "@yagura/devices/devices.ts";
import type { ErrorTable, Language } from "@yagura/core/errors.ts";
import type { FindingKinds } from "@yagura/core/finding.ts";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { ContractHooks } from "@yagura/commerce/commerce.ts";
import type { Offer } from "@yagura/commerce/charging/offer.ts";

export interface Service {
  /** Lower-case word: the room's folder name. */
  readonly id: string;
  /** Folders of numbered plain SQL files, forward only; absent where the service keeps nothing yet. */
  readonly migrations?: { readonly postgres: URL; readonly clickhouse: URL };
  readonly errors: ErrorTable;
  readonly scopes: ScopeTable;
  readonly routes: (devices: Devices) => readonly Route[];
  readonly ingest: readonly IngestKind[];
  readonly jobs: (devices: Devices) => JobTable;
  /** Services whose subject kind enrols devices. */
  readonly deviceEnrolled?: DeviceEnrolled;
  /** The kinds of findings that it raises, with their words; alerts show no other. */
  readonly findings?: FindingKinds;
  readonly contracts: ContractHooks;
  /** What is sold, for how much, on which terms: data for commerce. */
  readonly offer?: Offer;
  /** Deletes telemetry older than the organisation's retention. Run daily for each organisation. */
  readonly retain: (platform: Platform, organisation: OrganisationId, keepDays: number, now: Date) => Promise<void>;
  /** Everything of an organisation: rows as JSON for its export, and erasure. */
  readonly exportRows: (
    tx: Tx,
    organisation: OrganisationId,
  ) => AsyncIterable<{ readonly table: string; readonly row: unknown }>;
  readonly erase: (platform: Platform, tx: Tx, organisation: OrganisationId) => Promise<void>;
  /** Sub-commands of the command line that need no server. */
  readonly cli: readonly CliCommand[];
  /** First start: makes the provider's own organisation useful at once. Returns an enrolment key for an agent on this machine, or null. */
  readonly demo?: (
    tx: Tx,
    organisation: OrganisationId,
    devices: Devices,
    platform: Platform,
    here: FirstStart,
  ) => Promise<{ readonly program: string; readonly key: string } | null>;
}

/** What a first start may use of this machine. */
export interface FirstStart {
  /** Port of the control plane on loopback. */
  readonly port: number;
  /** `loopback`: nothing leaves this machine; `machine`: its default gateway and its resolver may be asked too. */
  readonly reach: "loopback" | "machine";
}

export interface CliCommand {
  /** e.g. `emodel`. */
  readonly name: string;
  readonly summary: Readonly<Record<Language, string>>;
  /** Without its own name, e.g. `NUMBER…`. */
  readonly usage: string;
  /** Returns the exit status. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}
