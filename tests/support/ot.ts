/** For tests of OT security: stores, a platform and a customer with a sensor that uploads what the test writes. */
import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { createContract, endContract, lockContract, type ContractWork } from "@yagura/commerce/contracts/contracts.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import type { Devices, IngestBatch } from "@yagura/devices/devices.ts";
import { enrol } from "@yagura/devices/enrol.ts";
import { offer } from "@yagura/ot/charges.ts";
import { ot } from "@yagura/ot/index.ts";
import { otIngest } from "@yagura/ot/ingest.ts";
import { issueKey } from "@yagura/ot/sensors.ts";
import { watchOf } from "@yagura/ot/watch/watch.ts";
import { FIRST_PREVIOUS, ledgerOf } from "@yagura/ot/wire/ledger.ts";
import { METADATA_VERSION, tables, type MetadataBody, type TableName } from "@yagura/ot/wire/metadata.ts";
import type { Work } from "@yagura/ot/work.ts";
import type { CustomerRole } from "@yagura/server/shapes.ts";
import type { ServerPlatform } from "@yagura/server/platform.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { TestStores } from "@yagura/testkit/database.ts";
import { testClock, testServer, type Client, type TestClock } from "@yagura/testkit/server.ts";
import { readEnrolmentKey } from "@yagura/wire/envelope.ts";

const folder = (path: string): URL => new URL(`../../${path}/`, import.meta.url);

/** Every room that the service needs, in the order in which they stand. */
export const otMigrations = [
  { room: "devices", postgres: folder("platform/devices/migrations") },
  { room: "commerce", postgres: folder("platform/commerce/migrations") },
  { room: "alerts", postgres: folder("platform/alerts/migrations") },
  {
    room: "ot",
    postgres: folder("services/ot/migrations/postgres"),
    clickhouse: folder("services/ot/migrations/clickhouse"),
  },
];

export interface Plant {
  /** The provider's administrator at the API. */
  readonly admin: Client;
  /** Whoever holds an API token. */
  readonly bearer: (token: string) => Client;
  /** A member who accepted the invitation, signed in. */
  readonly member: (organisation: string, mail: string, role: CustomerRole) => Promise<Client>;
  readonly stores: TestStores;
  readonly platform: ServerPlatform;
  readonly devices: Devices;
  readonly clock: TestClock;
  /** Runs verbs in a transaction of the organisation, as a request would. */
  as<T>(organisation: OrganisationId, verb: (work: Work) => Promise<T>): Promise<T>;
  organisation(name?: string): Promise<OrganisationId>;
  contract(organisation: OrganisationId, startedOn?: string | null): Promise<{ id: Uuid; number: string }>;
  end(organisation: OrganisationId, contract: Uuid, on: string): Promise<void>;
  /** A customer with a contract and a sensor whose machine has enrolled. */
  customer(): Promise<Customer>;
  /** Enrols a machine for the sensor with a new key. */
  machine(organisation: OrganisationId, sensor: Uuid): Promise<Uuid>;
  /** Stores uploads as the mover does, and waits until they were looked at. */
  upload(batches: readonly IngestBatch<MetadataBody>[]): Promise<void>;
  stop(): Promise<void>;
}
export interface Customer {
  readonly organisation: OrganisationId;
  readonly contract: Uuid;
  readonly site: Uuid;
  readonly sensor: Uuid;
  readonly device: Uuid;
}

export async function openPlant(
  start = "2026-11-20T03:00:00.000Z",
  host: { readonly checkAnswers?: boolean } = {},
): Promise<Plant> {
  const clock = testClock(Date.parse(start));
  const devices = createDevices({ clock, fingerprint: () => null });
  const server = await testServer({
    routes: ot.routes(devices),
    scopes: [ot.scopes],
    clock,
    migrations: otMigrations,
    ...host,
  });
  const { stores, platform } = server;
  const actor = { kind: "system", name: "test" } as const;
  const workOf = (tx: Tx, organisation: OrganisationId): Work => ({
    tx,
    organisation,
    now: new Date(clock.now()),
    devices,
    platform,
    actor: "test",
    audit: (entry) => platform.audit(tx, actor, organisation, entry),
  });
  const contractWork = (tx: Tx): ContractWork => ({
    tx,
    now: new Date(clock.now()),
    actor,
    hooks: { ot: ot.contracts },
    offers: [offer],
    devices,
    platform,
  });
  const plant: Plant = {
    admin: server.admin,
    bearer: (token) => server.client(token),
    member: (organisation, mail, role) => server.member(organisation, mail, role),
    stores,
    platform,
    devices,
    clock,
    as: (organisation, verb) => stores.store.organisation(organisation, (tx) => verb(workOf(tx, organisation))),
    organisation: (name = "Plant") => addOrganisation(stores, clock, name),
    contract: (organisation, startedOn) =>
      stores.store.organisation(organisation, (tx) =>
        createContract(contractWork(tx), {
          organisation,
          service: "ot",
          plan: "sensor",
          items: { basic: 1 },
          attributes: { "sensor-type": "n" },
          charged: true,
          ...(startedOn === undefined ? {} : { startedOn }),
        }),
      ),
    end: (organisation, contract, on) =>
      stores.store.organisation(organisation, async (tx) => {
        const row = await lockContract(tx, organisation, contract);
        if (row === null) throw new Error("no such contract");
        await endContract(contractWork(tx), row, on);
      }),
    async machine(organisation, sensor) {
      const { key } = await plant.as(organisation, (work) => issueKey(work, sensor));
      const { device } = await enrol(
        {
          wire: 1,
          key: readEnrolmentKey(key)?.secret ?? "",
          publicKey: randomBytes(32).toString("base64url"),
          program: "sensor",
          version: "0.1.0",
          hostname: "sensor-1",
          platform: "linux x64",
        },
        "192.0.2.9",
        { platform, devices, enrolled: { ot: ot.deviceEnrolled ?? (async () => undefined) } },
      );
      return device;
    },
    async customer() {
      const organisation = await plant.organisation();
      const { id: contract } = await plant.contract(organisation);
      const { rows } = await stores.store.organisation(organisation, (tx) =>
        sql<{ id: Uuid; site: Uuid }>`select id, site_id as site from ot.sensor`.execute(tx),
      );
      const { id: sensor, site } = rows[0] as { id: Uuid; site: Uuid };
      return { organisation, contract, site, sensor, device: await plant.machine(organisation, sensor) };
    },
    async upload(batches) {
      for (const { table, columns } of otIngest.toRows(batches))
        await stores.telemetry.insert(table, columns, `${newId()}:${table}`);
      await otIngest.stored?.(batches, platform);
      await watchOf(platform).settled();
    },
    stop: () => server.stop(),
  };
  return plant;
}

async function addOrganisation(stores: TestStores, clock: TestClock, name: string): Promise<OrganisationId> {
  const id = newId();
  await stores.store.provider((tx) =>
    sql`insert into server.organisation (id, name, internal, time_zone, language, retention_days, state, created_at)
      values (${id}, ${name}, false, 'Asia/Tokyo', 'en', 90, 'active', ${new Date(clock.now())})`.execute(tx),
  );
  return id;
}

type Given = { readonly [table in TableName]?: readonly Readonly<Record<string, number>>[] };

/** A body of rows. Columns that a row leaves out are 0. */
export function bodyOf(
  span: { readonly from: number; readonly to: number },
  texts: readonly string[],
  given: Given,
  more: Partial<Pick<MetadataBody, "ledger" | "urgent" | "tokens">> = {},
): MetadataBody {
  const out: Record<string, Record<string, number[]>> = {};
  for (const [table, rows] of Object.entries(given)) {
    const columns = Object.keys(tables[table as TableName]);
    out[table] = Object.fromEntries(columns.map((column) => [column, rows.map((row) => row[column] ?? 0)]));
  }
  return {
    version: METADATA_VERSION,
    from: span.from * 1000,
    to: span.to * 1000,
    urgent: false,
    texts,
    ledger: { number: 1, previous: FIRST_PREVIOUS },
    tokens: null,
    tables: out,
    ...more,
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
/** Uploads of a sensor, one after the other, each with its place in the ledger. */
export function uploader({ device, organisation }: Pick<Customer, "device" | "organisation">) {
  let [sequence, previous] = [0, FIRST_PREVIOUS];
  return (span: { from: number; to: number }, texts: readonly string[], given: Given): IngestBatch<MetadataBody> => {
    sequence++;
    const body = bodyOf(span, texts, given, { ledger: { number: sequence, previous } });
    previous = ledgerOf(body, sha256).hash;
    return { device, organisation, epoch: "e1", sequence, receivedAt: span.to * 1000 + 500_000, clockOffset: 0, body };
  };
}

/** An HMI that reads a controller by Modbus every second, in the rows of ten seconds. */
export const modbusTalk = (hmi = 0x001b1b000001, plc = 0x0080f4000002): { texts: string[]; given: Given } => ({
  texts: ["192.168.10.5", "192.168.10.20", "PLC-7", "eth1"],
  given: {
    endpoints: [
      { mac: hmi, vlan: 0, address: 0 },
      { mac: plc, vlan: 0, address: 1 },
    ],
    conversations: [
      {
        client: 0,
        server: 1,
        transport: 4,
        port: 502,
        protocol: 1,
        first: 100,
        last: 9_900,
        packetsOut: 20,
        bytesOut: 1_320,
        packetsIn: 20,
        bytesIn: 2_000,
        connections: 1,
        rtt: 900,
      },
    ],
    commands: [
      {
        client: 0,
        server: 1,
        port: 502,
        protocol: 1,
        code: 3,
        object: 0,
        low: 0,
        high: 9,
        unit: 1,
        label: -1,
        requests: 10,
        responses: 10,
        first: 100,
        last: 9_900,
      },
    ],
    identities: [{ endpoint: 1, attribute: 0, value: 2, protocol: 1, count: 1, first: 100, last: 100 }],
    captures: [{ name: 3, packets: 40, bytes: 3_320, twoWay: 1, tcpBytes: 3_000, unicasts: 40, payloads: 40 }],
  },
});
