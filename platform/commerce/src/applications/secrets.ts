/** Secrets of order forms: sealed with the key of this installation, opened for the work that needs them, destroyed after it. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { OrderForm } from "../charging/offer.ts";
import { fieldsOf, isEmpty, type Values } from "./fields.ts";
import type { OrderWork } from "./offer-of.ts";
import type { FieldValue } from "./shapes.ts";

/** Secrets apart, sealed with the key of this installation; in their place stands `sealed`. */
export function sealSecrets(
  { platform }: Pick<OrderWork, "platform">,
  id: Uuid,
  form: OrderForm,
  fields: Values,
): { readonly open: Record<string, FieldValue>; readonly sealed: Buffer | null } {
  const secrets: Record<string, FieldValue> = {};
  const open: Record<string, FieldValue> = { ...fields };
  for (const { name, type } of fieldsOf(form)) {
    const value = fields[name];
    if (type !== "secret" || value === undefined || isEmpty(value)) continue;
    secrets[name] = value;
    open[name] = "sealed";
  }
  if (Object.keys(secrets).length === 0) return { open, sealed: null };
  return { open, sealed: platform.keys.seal(Buffer.from(JSON.stringify(secrets), "utf8"), `application:${id}`) };
}

/** The secrets of an application in clear, for the work that needs them; empty once destroyed. */
export async function openSecrets(
  work: Pick<OrderWork, "tx" | "platform">,
  organisation: OrganisationId,
  id: Uuid,
): Promise<Record<string, string>> {
  const { rows } = await sql<{ sealed: Buffer | null }>`select sealed from commerce.application
    where organisation_id = ${organisation} and id = ${id}`.execute(work.tx);
  const sealed = rows[0]?.sealed ?? null;
  if (sealed === null) return {};
  return JSON.parse(work.platform.keys.open(sealed, `application:${id}`).toString("utf8")) as Record<string, string>;
}

/** UTM-80: what was got for the setting work is destroyed when that is over. Gives whether there was something. */
export async function destroySecrets(
  work: Pick<OrderWork, "tx">,
  organisation: OrganisationId,
  id: Uuid,
): Promise<boolean> {
  const { numAffectedRows } = await sql`update commerce.application set sealed = null
    where organisation_id = ${organisation} and id = ${id} and sealed is not null`.execute(work.tx);
  return (numAffectedRows ?? 0n) > 0n;
}
