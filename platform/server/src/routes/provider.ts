/** The provider's own pages: profile and outbox. */
import { Type } from "typebox";
import { sql } from "kysely";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { DEFAULT_LIMIT, decodeCursor, PageQuery, toPage } from "../pages.ts";
import { readProfile } from "../profile.ts";
import { route, type Route } from "../route.ts";
import { closed, OutboxMail, page, ProviderProfile } from "../shapes.ts";
import { instant, tables } from "../tables.ts";

const tag = "provider";
const LOGO_BYTES = 64 * 1024;

export function providerRoutes(environment: Environment): Route[] {
  return [...profileRoutes(environment), outboxRoute()];
}

/** A PNG by its signature or an SVG; shown only as an image, where an SVG cannot run anything. */
function checkLogo(logo: string): void {
  const match = /^data:image\/(png|svg\+xml);base64,([A-Za-z0-9+/]+={0,2})$/.exec(logo);
  const bytes = Buffer.from(match?.[2] ?? "", "base64");
  const isPng = match?.[1] === "png" && bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"));
  const isSvg =
    match?.[1] === "svg+xml" &&
    /^\s*(<\?xml[^>]*>\s*)?(<!--((?!-->).)*-->\s*)*<svg[\s/>]/s.test(bytes.toString("utf8"));
  if ((!isPng && !isSvg) || bytes.length > LOGO_BYTES) throw raise("LOGO_REFUSED");
}

function checkPortalUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url !== null && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (!plain || !/^https?:$/.test(url.protocol)) throw raise("PORTAL_URL_REFUSED", { url: text });
}

function profileRoutes({ platform }: Environment): Route[] {
  const path = "/api/v1/provider/profile";
  return [
    route({
      method: "GET",
      path,
      summary: "The provider's name, logo, sender address, registration number, and where it is reached and paid",
      tag,
      access: { kind: "provider", scope: "provider.read" },
      response: ProviderProfile,
      handler: ({ tx }) => readProfile(tx, platform.publicUrl()),
    }),
    route({
      method: "PATCH",
      path,
      summary: "Change the provider's profile",
      tag,
      access: { kind: "provider", scope: "provider.write" },
      body: Type.Partial(ProviderProfile, closed),
      response: ProviderProfile,
      handler: async ({ tx, body, audit }) => {
        if (typeof body.logo === "string") checkLogo(body.logo);
        if (body.portalUrl !== undefined) checkPortalUrl(body.portalUrl);
        const next = { ...(await readProfile(tx, platform.publicUrl())), ...body };
        const columns = {
          name: next.name,
          sender_address: next.senderAddress,
          logo: next.logo,
          registration_number: next.registrationNumber,
          // Left empty while it is the control plane's own, so that it follows when that one moves.
          portal_url: next.portalUrl === platform.publicUrl() ? "" : next.portalUrl,
          contact: JSON.stringify(next.contact),
        };
        await tables(tx)
          .insertInto("server.provider_profile")
          .values(columns)
          .onConflict((conflict) => conflict.column("one").doUpdateSet(columns))
          .execute();
        await audit({ action: "provider.change", subject: "provider", details: { fields: Object.keys(body) } });
        return next;
      },
    }),
  ];
}

const outboxRoute = (): Route =>
  route({
    method: "GET",
    path: "/api/v1/provider/outbox",
    summary: "Mails, newest first; kept ones with their text, when there is no mail server",
    tag,
    access: { kind: "provider", scope: "outbox.read" },
    query: Type.Object(PageQuery, closed),
    response: page(OutboxMail),
    handler: async ({ tx, query }) => {
      const limit = query.limit ?? DEFAULT_LIMIT;
      const before = decodeCursor(query.cursor, 2);
      const db = tables(tx);
      const counted = await db
        .selectFrom("server.outbox")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .executeTakeFirstOrThrow();
      let rows = db
        .selectFrom("server.outbox")
        .selectAll()
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (before !== null) {
        rows = rows.where(sql<boolean>`(created_at, id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`);
      }
      return toPage(
        await rows.execute(),
        limit,
        Number(counted.n),
        (row) => ({
          id: row.id,
          at: instant(row.created_at),
          to: row.recipient,
          subject: row.subject,
          text: row.body,
          state: row.state,
          error: row.error,
        }),
        (row) => [instant(row.created_at), row.id],
      );
    },
  });
