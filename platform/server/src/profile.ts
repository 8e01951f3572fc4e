/** The provider's own profile: one row, made at the first start. */
import type { Tx } from "@yagura/store/store.ts";
import type { ProviderProfile } from "./shapes.ts";
import { tables } from "./tables.ts";

export const DEFAULT_PROVIDER = "Yagura";

/** The name for mails and pages. */
export async function profileName(tx: Tx): Promise<string> {
  const row = await tables(tx).selectFrom("server.provider_profile").select("name").executeTakeFirst();
  return row?.name ?? DEFAULT_PROVIDER;
}

/** The profile, with defaults for what was never set. */
export async function readProfile(tx: Tx, publicUrl: string): Promise<ProviderProfile> {
  const row = await tables(tx).selectFrom("server.provider_profile").selectAll().executeTakeFirst();
  return {
    name: row?.name ?? DEFAULT_PROVIDER,
    senderAddress: row?.sender_address ?? "yagura@localhost",
    logo: row?.logo ?? null,
    registrationNumber: row?.registration_number ?? null,
    contact: row?.contact ?? {},
    portalUrl: row === undefined || row.portal_url === "" ? publicUrl : row.portal_url,
  };
}
