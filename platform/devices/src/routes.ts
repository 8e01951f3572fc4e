/** The API of devices: what is there, how it is, and cutting one off. */
import { sql } from "kysely";
import { Type } from "typebox";
import { page, Id } from "@yagura/server/shapes.ts";
import { DEFAULT_LIMIT, PageQuery, decodeCursor, toPage } from "@yagura/server/pages.ts";
import { route, type Platform, type Route, type ScopeTable } from "@yagura/server/route.ts";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Devices } from "./devices.ts";
import { raise } from "./errors.ts";
import { Device } from "./shapes.ts";

export const deviceScopes: ScopeTable = {
  "device.read": ["provider-admin", "provider-operator", "provider-support", "owner", "admin", "viewer"],
  "device.write": ["provider-admin", "provider-operator", "owner", "admin"],
};

/** A device as the provider's list shows it. */
export const ProviderDevice = Type.Object(
  { ...Device.properties, organisationName: Type.String() },
  { additionalProperties: false },
);

const Organisation = Type.Object({ organisation: Id });
const One = Type.Object({ organisation: Id, id: Id });
const List = Type.Object({ ...PageQuery, program: Type.Optional(Type.String({ maxLength: 20 })) });
const base = "/api/v1/organisations/:organisation/devices";

export const deviceRoutes = (_platform: Platform, devices: Devices): Route[] => [
  route({
    method: "GET",
    path: base,
    summary: "Devices of an organisation, newest first",
    tag: "devices",
    access: { kind: "organisation", scope: "device.read" },
    params: Organisation,
    query: List,
    response: page(Device),
    handler: ({ tx, organisation, query }) => list(tx, organisation, query, toDevice),
  }),
  route({
    method: "GET",
    path: `${base}/:id`,
    summary: "One device",
    tag: "devices",
    access: { kind: "organisation", scope: "device.read" },
    params: One,
    response: Device,
    handler: ({ tx, organisation, params }) => read(tx, organisation, params.id),
  }),
  route({
    method: "POST",
    path: `${base}/:id/revoke`,
    summary: "Cut a device off at once and for ever",
    tag: "devices",
    access: { kind: "organisation", scope: "device.write" },
    params: One,
    body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }),
    response: Device,
    async handler({ tx, organisation, params, body, audit, platform }) {
      await devices.revokeDevice(tx, organisation, params.id, body.reason);
      await audit({ action: "device.revoke", subject: params.id, details: { reason: body.reason } });
      await platform.live.publish(tx, organisation, { topic: "device", data: { device: params.id, state: "revoked" } });
      return read(tx, organisation, params.id);
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/provider/devices",
    summary: "Devices of all organisations, newest first",
    tag: "devices",
    access: { kind: "provider", scope: "device.read" },
    query: List,
    response: page(ProviderDevice),
    handler: ({ tx, query }) => list(tx, null, query, toProviderDevice),
  }),
];

interface Row {
  id: string;
  organisation_id: string;
  organisation_name: string;
  program: string;
  version: string;
  hostname: string;
  platform: string;
  enrolled_at: Date;
  revoked_at: Date | null;
  revoked_reason: string | null;
  configuration_version: number;
  online: boolean | null;
  last_seen_at: Date | null;
  address: string | null;
  configuration_acknowledged: number | null;
  health: Device["health"];
  clock: Device["clock"];
}

const columns = sql`d.id, d.organisation_id, d.program, d.version, d.hostname, d.platform, d.enrolled_at, d.revoked_at,
  d.revoked_reason, d.configuration_version, p.online, p.last_seen_at, p.address, p.configuration_acknowledged, h.health, h.clock`;
const joined = sql`devices.device d
  left join devices.presence p on p.device_id = d.id
  left join devices.health h on h.device_id = d.id`;

async function list<Item>(
  tx: Tx,
  organisation: OrganisationId | null,
  query: { limit?: number; cursor?: string; program?: string },
  item: (row: Row) => Item,
): Promise<{ items: Item[]; next: string | null; total: number }> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const after = decodeCursor(query.cursor, 1);
  const own = organisation === null ? sql`true` : sql`d.organisation_id = ${organisation}`;
  const kind = query.program === undefined ? sql`true` : sql`d.program = ${query.program}`;
  const older = after === null ? sql`true` : sql`d.id < ${after[0]}::uuid`;
  // Ids are in the order of enrolment. The names of organisations are for the provider only.
  const named =
    organisation === null
      ? sql`coalesce((select o.name from server.organisation o where o.id = d.organisation_id), '')`
      : sql`''`;
  const { rows } = await sql<Row>`
    select ${columns}, ${named} as organisation_name from ${joined} where ${own} and ${kind} and ${older}
    order by d.id desc limit ${limit + 1}`.execute(tx);
  const count = await sql<{ total: string }>`
    select count(*) as total from devices.device d where ${own} and ${kind}`.execute(tx);
  return toPage(rows, limit, Number(count.rows[0]?.total ?? 0), item, ({ id }) => [id]);
}

async function read(tx: Tx, organisation: OrganisationId, id: string): Promise<Device> {
  const { rows } = await sql<Row>`
    select ${columns}, '' as organisation_name from ${joined}
    where d.organisation_id = ${organisation} and d.id = ${id}`.execute(tx);
  const row = rows[0];
  if (row === undefined) throw raise("DEVICE_NOT_FOUND");
  return toDevice(row);
}

const instant = (date: Date | null): string | null => (date === null ? null : date.toISOString());

function toDevice(row: Row): Device {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    program: row.program,
    version: row.health?.version ?? row.version,
    hostname: row.hostname,
    platform: row.platform,
    state: row.revoked_at !== null ? "revoked" : row.online === true ? "online" : "offline",
    address: row.address ?? "",
    enrolledAt: row.enrolled_at.toISOString(),
    lastSeenAt: instant(row.last_seen_at),
    revokedAt: instant(row.revoked_at),
    revokedReason: row.revoked_reason,
    configurationVersion: row.configuration_version,
    configurationAcknowledged: row.configuration_acknowledged,
    clock: row.clock,
    health: row.health,
  };
}
const toProviderDevice = (row: Row) => ({ ...toDevice(row), organisationName: row.organisation_name });
