/** What commerce needs to know of an organisation, and how its people are told. */
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Language } from "@yagura/core/errors.ts";
import type { Platform } from "@yagura/server/route.ts";
import { tables as serverTables } from "@yagura/server/tables.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { MailText } from "./contracts/mails.ts";

export interface OrganisationFacts {
  readonly name: string;
  /** The provider's own: never charged. */
  readonly internal: boolean;
  readonly language: Language;
  readonly timeZone: string;
}

/** Null when there is no such organisation. */
export async function organisationFacts(tx: Tx, organisation: OrganisationId): Promise<OrganisationFacts | null> {
  const row = await serverTables(tx)
    .selectFrom("server.organisation")
    .select(["name", "internal", "language", "time_zone"])
    .where("id", "=", organisation)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { name: row.name, internal: row.internal, language: row.language, timeZone: row.time_zone };
}

/** Mails the organisation's owners and administrators; returns how many. */
export async function tellOwners(
  tx: Tx,
  platform: Platform,
  organisation: OrganisationId,
  mail: MailText,
): Promise<number> {
  const people = await serverTables(tx)
    .selectFrom("server.membership")
    .select("mail")
    .distinct()
    .where("organisation_id", "=", organisation)
    .where("role", "in", ["owner", "admin"])
    .where("revoked_at", "is", null)
    .execute();
  for (const { mail: to } of people) await platform.mail.send(tx, { to, organisation, ...mail });
  return people.length;
}
