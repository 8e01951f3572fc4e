/** The room's tables as Kysely sees them. */
import type { ColumnType, Generated } from "kysely";

type Time = ColumnType<Date, Date, Date>;
type Json<T> = ColumnType<T, string, string>;

export interface Tables {
  "devices.device": {
    id: string;
    organisation_id: string;
    program: string;
    version: string;
    hostname: string;
    platform: string;
    public_key: Buffer;
    subject_service: string;
    subject_kind: string;
    subject_id: string;
    enrolled_at: Time;
    revoked_at: Time | null;
    revoked_reason: string | null;
    configuration_version: Generated<number>;
  };
  "devices.enrolment_key": {
    id: string;
    organisation_id: string;
    hash: Buffer;
    program: string;
    subject_service: string;
    subject_kind: string;
    subject_id: string;
    created_at: Time;
    expires_at: Time;
    used_at: Time | null;
    device_id: string | null;
    revoked_at: Time | null;
  };
  "devices.configuration": {
    device_id: string;
    organisation_id: string;
    service: string;
    document: Json<unknown>;
  };
  "devices.presence": {
    device_id: string;
    organisation_id: string;
    online: boolean;
    last_seen_at: Time;
    address: string;
    configuration_acknowledged: number | null;
  };
  "devices.health": {
    device_id: string;
    organisation_id: string;
    at: Time;
    health: Json<unknown>;
    clock: Json<unknown> | null;
  };
  "devices.journal": {
    id: Generated<string>;
    writer: string;
    written_at: Generated<Date>;
    batches: number;
    bytes: number;
    body: Buffer;
    move_id: string | null;
  };
}
