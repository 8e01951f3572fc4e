/** Organisations: made by the provider, described, exported and erased. */
import { PassThrough } from "node:stream";
import { once } from "node:events";
import { sql } from "kysely";
import { Type } from "typebox";
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { DEFAULT_LIMIT, decodeCursor, PageQuery, toPage } from "../pages.ts";
import { route, type Route } from "../route.ts";
import { closed, Id, NewOrganisation, Organisation, page } from "../shapes.ts";
import { instant, tables, type ServerTables } from "../tables.ts";
import type { Selectable } from "kysely";

const tag = "organisations";
export const OrganisationPath = Type.Object({ organisation: Id });
const one = "/api/v1/organisations/:organisation";

type Row = Selectable<ServerTables["server.organisation"]>;

const toOrganisation = (row: Row): Organisation => ({
  id: row.id,
  name: row.name,
  corporateNumber: row.corporate_number,
  internal: row.internal,
  timeZone: row.time_zone,
  language: row.language,
  retentionDays: row.retention_days,
  state: row.state,
  createdAt: instant(row.created_at),
});

/** Makes an organisation; also used at the first start. */
export async function createOrganisation(
  tx: Tx,
  now: Date,
  input: {
    name: string;
    corporateNumber?: string;
    internal?: boolean;
    language?: "ja" | "en";
    timeZone?: string;
    retentionDays?: number;
  },
): Promise<Organisation> {
  checkTimeZone(input.timeZone);
  checkCorporateNumber(input.corporateNumber);
  const row = await tables(tx)
    .insertInto("server.organisation")
    .values({
      id: newId(),
      name: input.name,
      corporate_number: input.corporateNumber ?? null,
      internal: input.internal ?? false,
      language: input.language ?? "ja",
      time_zone: input.timeZone ?? "Asia/Tokyo",
      retention_days: input.retentionDays ?? 400,
      state: "active",
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toOrganisation(row);
}

/** COM-31: the check digit, beyond the thirteen digits of the schema. */
function checkCorporateNumber(number: string | undefined): void {
  if (number !== undefined && !isCorporateNumber(number)) throw raise("CORPORATE_NUMBER_WRONG", { number });
}

function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return;
  try {
    Intl.DateTimeFormat("en", { timeZone });
  } catch (cause) {
    throw raise("TIME_ZONE_UNKNOWN", { timeZone }, { cause });
  }
}

async function readOrganisation(tx: Tx, id: OrganisationId): Promise<Row> {
  const row = await tables(tx).selectFrom("server.organisation").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) throw raise("NOT_FOUND");
  return row;
}

export function organisationRoutes(environment: Environment): Route[] {
  return [...providerSide(), ...ownSide(), exportRoute(environment), eraseRoute(environment)];
}

function providerSide(): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/organisations",
      summary: "Organisations, by name",
      tag,
      access: { kind: "provider", scope: "organisation.read" },
      query: Type.Object({ ...PageQuery, search: Type.Optional(Type.String({ maxLength: 120 })) }, closed),
      response: page(Organisation),
      handler: async ({ tx, query }) => {
        const limit = query.limit ?? DEFAULT_LIMIT;
        const after = decodeCursor(query.cursor, 2);
        let matching = tables(tx).selectFrom("server.organisation");
        const search = query.search?.trim() ?? "";
        if (search !== "") {
          matching = matching.where(
            sql<boolean>`(position(lower(${search}) in lower(name)) > 0 or corporate_number = ${search})`,
          );
        }
        const counted = await matching.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
        let rows = matching
          .selectAll()
          .orderBy("name")
          .orderBy("id")
          .limit(limit + 1);
        if (after !== null) rows = rows.where(sql<boolean>`(name, id) > (${after[0]}, ${after[1]}::uuid)`);
        return toPage(await rows.execute(), limit, Number(counted.n), toOrganisation, (row) => [row.name, row.id]);
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/organisations",
      summary: "Make an organisation",
      tag,
      access: { kind: "provider", scope: "organisation.write" },
      status: 201,
      body: NewOrganisation,
      response: Organisation,
      handler: async ({ tx, body, now, audit }) => {
        const made = await createOrganisation(tx, now, body);
        await audit({
          action: "organisation.create",
          subject: `organisation:${made.id}`,
          details: { name: made.name },
        });
        return made;
      },
    }),
  ];
}

function ownSide(): Route[] {
  return [
    route({
      method: "GET",
      path: one,
      summary: "One organisation",
      tag,
      access: { kind: "organisation", scope: "organisation.read" },
      params: OrganisationPath,
      response: Organisation,
      handler: async ({ tx, organisation }) => toOrganisation(await readOrganisation(tx, organisation)),
    }),
    route({
      method: "PATCH",
      path: one,
      summary: "Change an organisation's name, language, time zone or retention",
      tag,
      access: { kind: "organisation", scope: "organisation.write" },
      params: OrganisationPath,
      body: Type.Partial(NewOrganisation, closed),
      response: Organisation,
      handler: async ({ tx, organisation, body, audit, platform }) => {
        checkTimeZone(body.timeZone);
        checkCorporateNumber(body.corporateNumber);
        const change = {
          ...(body.name === undefined ? {} : { name: body.name }),
          ...(body.corporateNumber === undefined ? {} : { corporate_number: body.corporateNumber }),
          ...(body.language === undefined ? {} : { language: body.language }),
          ...(body.timeZone === undefined ? {} : { time_zone: body.timeZone }),
          ...(body.retentionDays === undefined ? {} : { retention_days: body.retentionDays }),
        };
        if (Object.keys(change).length > 0) {
          await tables(tx).updateTable("server.organisation").set(change).where("id", "=", organisation).execute();
          await audit({ action: "organisation.change", subject: `organisation:${organisation}`, details: { ...body } });
          await platform.live.publish(tx, organisation, { topic: "organisation", data: {} });
        }
        return toOrganisation(await readOrganisation(tx, organisation));
      },
    }),
  ];
}

/** Rows of the server's own tables; never secrets or hashes. */
export async function* exportServerRows(
  tx: Tx,
  organisation: OrganisationId,
): AsyncGenerator<{ table: string; row: unknown }> {
  const db = tables(tx);
  yield { table: "organisation", row: await readOrganisation(tx, organisation) };
  for (const row of await db.selectFrom("server.membership").selectAll().orderBy("id").execute())
    yield { table: "membership", row };
  const tokens = db
    .selectFrom("server.api_token")
    .select(["id", "name", "role", "scopes", "created_at", "created_by", "expires_at", "last_used_at", "revoked_at"]);
  for (const row of await tokens.orderBy("id").execute()) yield { table: "api_token", row };
  for (let after = 0; ;) {
    const entries = await db
      .selectFrom("server.audit_entry")
      .selectAll()
      .where("organisation_id", "=", organisation)
      .where("sequence", ">", after)
      .orderBy("sequence")
      .limit(1000)
      .execute();
    for (const row of entries) yield { table: "audit_entry", row: { ...row, sequence: Number(row.sequence) } };
    if (entries.length < 1000) return;
    after = Number(entries.at(-1)?.sequence);
  }
}

function exportRoute({ platform, exporters }: Environment): Route {
  return route({
    method: "POST",
    path: `${one}/export`,
    summary: "Everything kept of the organisation, as one JSON object a line: {table, row}",
    tag,
    access: { kind: "organisation", scope: "organisation.export" },
    params: OrganisationPath,
    raw: "application/x-ndjson",
    rate: 6,
    download: true,
    transaction: false,
    handler: async ({ organisation, audit, reply }) => {
      await audit({ action: "organisation.export", subject: `organisation:${organisation}` });
      const out = new PassThrough();
      const write = async (line: unknown): Promise<void> => {
        if (out.destroyed) throw new Error("the reader left");
        if (!out.write(`${JSON.stringify(line)}\n`)) await Promise.race([once(out, "drain"), once(out, "close")]);
      };
      let begun = false;
      const all = platform.store.organisation(organisation, async (tx) => {
        // The store begins a broken transaction again; lines that left cannot be taken back.
        if (begun) throw new Error("the transaction of an export broke off");
        begun = true;
        for (const rows of [exportServerRows, ...exporters])
          for await (const line of rows(tx, organisation)) await write(line);
      });
      // The status line has left by now: a file without its last line {"table":"end"} is not whole.
      all.then(
        () => out.end(`${JSON.stringify({ table: "end", row: {} })}\n`),
        (error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))),
      );
      void reply.header("content-disposition", `attachment; filename="organisation-${organisation}.ndjson"`);
      return out;
    },
  });
}

/** What an erasure leaves: a tombstone without a name of people, and the audit log. */
function eraseRoute({ platform, erasers }: Environment): Route {
  return route({
    method: "POST",
    path: `${one}/erase`,
    summary: "Erase everything of the organisation; its name is typed again. The audit log and a tombstone stay",
    tag,
    access: { kind: "organisation", scope: "organisation.erase" },
    params: OrganisationPath,
    body: Type.Object({ name: Type.String({ maxLength: 200 }) }, closed),
    response: Organisation,
    handler: async ({ tx, organisation, body, now, audit }) => {
      const db = tables(tx);
      const row = await readOrganisation(tx, organisation);
      if (row.state === "erased") throw raise("NOT_FOUND");
      if (row.internal) throw raise("ERASE_INTERNAL");
      if (body.name !== row.name) throw raise("ERASE_NAME", { name: row.name });
      for (const erase of erasers) await erase(platform, tx, organisation);
      const people = await db
        .selectFrom("server.membership")
        .select("user_id")
        .where("user_id", "is not", null)
        .execute();
      const users = people.flatMap(({ user_id }) => (user_id === null ? [] : [user_id]));
      await db.deleteFrom("server.invitation").where("organisation_id", "=", organisation).execute();
      await db.deleteFrom("server.membership").where("organisation_id", "=", organisation).execute();
      await db.deleteFrom("server.api_token").where("organisation_id", "=", organisation).execute();
      await db.deleteFrom("server.outbox").where("organisation_id", "=", organisation).execute();
      const tombstone = await db
        .updateTable("server.organisation")
        .set({ state: "erased", erased_at: now })
        .where("id", "=", organisation)
        .returningAll()
        .executeTakeFirstOrThrow();
      await platform.jobs.add(tx, "server.forget-users", { users });
      for (const user of users) await platform.live.cut(tx, `user:${user}`);
      await platform.live.cut(tx, `organisation:${organisation}`);
      await audit({
        action: "organisation.erase",
        subject: `organisation:${organisation}`,
        details: { name: row.name },
      });
      return toOrganisation(tombstone);
    },
  });
}
