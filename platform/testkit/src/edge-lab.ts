/** A control plane with only the door for edge programs, over real stores: for the tests of edge and devices. */
import Fastify, { type FastifyInstance } from "fastify";
import { Type, type Static } from "typebox";
import { newId } from "@yagura/core/ids.ts";
import type { Clock } from "@yagura/core/clock.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import type { DeviceEnrolled, Devices, IngestKind } from "@yagura/devices/devices.ts";
import { edgeDoor, type DoorLimits, type EdgeDoor } from "@yagura/devices/door.ts";
import { connectionLimits } from "@yagura/server/host.ts";
import { createLog, createPlatform, type ServerPlatform } from "@yagura/server/platform.ts";
import type { RoomMigrations } from "@yagura/store/migrations/read.ts";
import type { Store, Telemetry } from "@yagura/store/store.ts";

export const LabBody = Type.Object(
  { values: Type.Array(Type.Integer({ minimum: 0, maximum: 4_294_967_295 }), { maxItems: 20_000 }) },
  { additionalProperties: false },
);
export type LabBody = Static<typeof LabBody>;

/** Batches of plain numbers; each becomes a row. The number 13131313 cannot become a row: for tests of what is set aside. */
export const labKind: IngestKind<LabBody> = {
  kind: "lab.values",
  schema: LabBody,
  toRows(batches) {
    const count = batches.reduce((sum, { body }) => sum + body.values.length, 0);
    const [organisation, device] = [new Uint8Array(16 * count), new Uint8Array(16 * count)];
    const [sequence, value] = [new BigUint64Array(count), new Uint32Array(count)];
    const epoch: string[] = [];
    let row = 0;
    for (const batch of batches) {
      const ids = [batch.organisation, batch.device].map((id) => Buffer.from(id.replaceAll("-", ""), "hex"));
      for (const number of batch.body.values) {
        if (number === 13_131_313) throw new Error("this number cannot become a row");
        organisation.set(ids[0] as Buffer, 16 * row);
        device.set(ids[1] as Buffer, 16 * row);
        epoch.push(batch.epoch);
        sequence[row] = BigInt(batch.sequence);
        value[row++] = number;
      }
    }
    return [
      {
        table: "lab_value",
        columns: {
          organisation: { type: "UUID", values: organisation },
          device: { type: "UUID", values: device },
          epoch: { type: "String", values: epoch },
          sequence: { type: "UInt64", values: sequence },
          value: { type: "UInt32", values: value },
        },
      },
    ];
  },
};

/** Migrations of the rooms that the lab needs. */
export const labMigrations: readonly RoomMigrations[] = [
  { room: "server", postgres: new URL("../../server/migrations/", import.meta.url) },
  { room: "devices", postgres: new URL("../../devices/migrations/", import.meta.url) },
  { room: "lab", clickhouse: new URL("../migrations/lab/", import.meta.url) },
];

export interface EdgeLab {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly platform: ServerPlatform;
  readonly devices: Devices;
  readonly door: EdgeDoor;
  /** A fresh enrolment key for a fresh subject. */
  key(organisation: string, options?: { program?: string; expiresAt?: Date }): Promise<string>;
  close(): Promise<void>;
}

/** Starts it on a free port of the loopback, or on `port`. */
export async function startEdgeLab(options: {
  stores: { readonly store: Store; readonly telemetry: Telemetry };
  dataFolder: string;
  port?: number;
  clock?: Clock;
  limits?: Partial<DoorLimits>;
  kinds?: readonly IngestKind[];
  enrolled?: DeviceEnrolled;
  /** Milliseconds in which a request's header must have come. */
  headersTimeout?: number;
}): Promise<EdgeLab> {
  const { stores, dataFolder } = options;
  const log = createLog({ level: process.env["LAB_LOG"] ?? "silent" });
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  const platform = await createPlatform({ stores, dataFolder, publicUrl: "http://127.0.0.1", log, ...clock });
  const devices = createDevices({ clock: platform.clock, fingerprint: () => null });
  const { headersTimeout } = options;
  const limits = connectionLimits(headersTimeout === undefined ? {} : { headers: headersTimeout });
  const app = Fastify({ ...limits, logger: false });
  const door = await edgeDoor(app, {
    platform,
    devices,
    kinds: options.kinds ?? [labKind],
    enrolled: options.enrolled === undefined ? {} : { lab: options.enrolled },
    registry: platform.registry,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const url = await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  return {
    app,
    url,
    platform,
    devices,
    door,
    async key(organisation, { program = "agent", expiresAt = new Date(platform.clock.now() + 3_600_000) } = {}) {
      const subject = { service: "lab", kind: "thing", id: newId() };
      const issued = await stores.store.organisation(organisation, (tx) =>
        devices.issueKey(tx, { organisation, subject, program, expiresAt }),
      );
      return issued.key;
    },
    async close() {
      await app.close();
      await platform.close();
    },
  };
}

/** Values of a device in telemetry, in order, repeats included. */
export async function labValues(telemetry: Telemetry, organisation: string, device: string): Promise<number[]> {
  const rows = await telemetry.query<{ value: number }>(
    organisation,
    "select value from lab_value where organisation = {organisation:UUID} and device = {device:UUID} order by value",
    { device },
    { timeout: 60_000 },
  );
  return rows.map(({ value }) => value);
}
