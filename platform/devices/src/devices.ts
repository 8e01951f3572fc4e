/** What other rooms may ask of devices; the functions that carry it out stand in this folder. */
import type { DeviceId, OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { TSchema } from "typebox";

/** The thing that an enrolment key will belong to once used, e.g. an experience agent. */
export interface EnrolmentSubject {
  readonly service: string;
  readonly kind: string;
  readonly id: Uuid;
}

export interface Devices {
  /** A new single-use key; the text is shown once and only its hash is stored. Older open keys of the subject are revoked. */
  issueKey(
    tx: Tx,
    input: { organisation: OrganisationId; subject: EnrolmentSubject; program: string; expiresAt: Date },
  ): Promise<{ id: Uuid; key: string }>;
  revokeKey(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<void>;
  /** Cuts a device off at once: its stream is closed with the reason and each later request is refused. */
  revokeDevice(tx: Tx, organisation: OrganisationId, device: DeviceId, reason: string): Promise<void>;
  /** The service's part of a device's configuration; reaches a running program within 5 s of the commit. */
  configure(tx: Tx, organisation: OrganisationId, device: DeviceId, service: string, document: unknown): Promise<void>;
}

/** One kind of batch that a service takes. Rows go to the journal (PostgreSQL) first and from there to telemetry, exactly once. */
export interface IngestKind<Body = unknown> {
  /** e.g. `experience.samples`. */
  readonly kind: string;
  readonly schema: TSchema;
  /**
   * Turns the bodies of one journal group into columns. Pure but for `facts`. Rows that may not be stored (a session that is
   * not the device's own) are left out and counted. The same group always gives the same rows: facts must not change rows.
   */
  toRows(batches: readonly IngestBatch<Body>[]): IngestRows[];
  /** Checked before the batch is taken: may this device say this? Returns a refusal code or null. Cached facts, no query per batch in the steady state. */
  refuse?(batch: IngestBatch<Body>, platform: Platform): Promise<string | null>;
  /** After the rows are stored: live hints, last-seen facts. Must bear being called again. */
  stored?(batches: readonly IngestBatch<Body>[], platform: Platform): Promise<void>;
}
export interface IngestBatch<Body> {
  readonly device: DeviceId;
  readonly organisation: OrganisationId;
  readonly epoch: string;
  readonly sequence: number;
  /** Microseconds, server's clock. */
  readonly receivedAt: number;
  /** Server minus device, µs; 0 when the device has not measured it. */
  readonly clockOffset: number;
  readonly body: Body;
}
export interface IngestRows {
  readonly table: string;
  readonly columns: Readonly<Record<string, import("@yagura/store/store.ts").Column>>;
}

/** Called inside the transaction of an enrolment. */
export type DeviceEnrolled = (
  tx: Tx,
  event: { device: DeviceId; organisation: OrganisationId; subject: EnrolmentSubject },
  devices: Devices,
  platform: Platform,
) => Promise<void>;
