/** The ways in which an organisation is told, and the steps of its escalation. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Keys } from "@yagura/server/secrets.ts";
import { newSecret } from "@yagura/server/secrets.ts";
import type { Tx } from "@yagura/store/store.ts";
import { raise } from "./errors.ts";
import { stepsOf } from "./notify.ts";
import { severities, type Channel, type NewChannel, type Policy } from "./shapes.ts";

const MOST_CHANNELS = 20;

export interface ChannelRow {
  readonly id: Uuid;
  readonly organisation_id: OrganisationId;
  readonly kind: Channel["kind"];
  readonly name: string;
  readonly settings: Channel["settings"];
  readonly sealed: Buffer | null;
  readonly minimum_severity: number;
  readonly services: string[];
  readonly language: Channel["language"];
  readonly enabled: boolean;
  readonly last_success_at: Date | null;
  readonly last_error: string | null;
  readonly created_at: Date;
}

/** What is sealed of a webhook: the key of its signature, and its address, which is a secret by itself with many receivers. */
interface Webhook {
  readonly key: string;
  readonly url: string;
}
/** What is shown and exported of an address: whose it is. */
const HIDDEN = "/***";
const shownUrl = (url: string): string => `${new URL(url).origin}${HIDDEN}`;
const shownSettings = (settings: Channel["settings"]): Channel["settings"] =>
  "url" in settings ? { url: shownUrl(settings.url) } : settings;

/** Sealed texts are bound to their row. */
const about = (id: Uuid): string => `alerts.channel ${id}`;
const sealWebhook = (keys: Keys, id: Uuid, webhook: Webhook): Buffer =>
  keys.seal(Buffer.from(JSON.stringify(webhook)), about(id));
export const openWebhook = (keys: Keys, { id, sealed }: Pick<ChannelRow, "id" | "sealed">): Webhook =>
  sealed === null ? { key: "", url: "" } : (JSON.parse(keys.open(sealed, about(id)).toString()) as Webhook);

export const showChannel = (row: ChannelRow): Channel => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  settings: row.settings,
  minimumSeverity: severities[row.minimum_severity] ?? "bad",
  services: row.services,
  language: row.language,
  enabled: row.enabled,
  lastSuccessAt: row.last_success_at?.toISOString() ?? null,
  lastError: row.last_error,
  createdAt: row.created_at.toISOString(),
});

export async function listChannels(tx: Tx, organisation: OrganisationId): Promise<ChannelRow[]> {
  const { rows } = await sql<ChannelRow>`select * from alerts.channel where organisation_id = ${organisation}
    order by created_at, id`.execute(tx);
  return rows;
}

/** NOT_FOUND. */
export async function channelOf(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<ChannelRow> {
  const { rows } = await sql<ChannelRow>`select * from alerts.channel
    where id = ${id} and organisation_id = ${organisation}`.execute(tx);
  if (rows[0] === undefined) throw raiseServer("NOT_FOUND");
  return rows[0];
}

function check(input: NewChannel): void {
  if (input.kind === "mail" && !input.settings.members && input.settings.to.length === 0) throw raise("MAIL_NOBODY");
}

/** An address as it is shown is none to send to. WEBHOOK_HIDDEN. */
function wholeUrl(url: string): string {
  if (new URL(url).pathname === HIDDEN) throw raise("WEBHOOK_HIDDEN", { url });
  return url;
}

/** MAIL_NOBODY, CHANNELS_FULL, WEBHOOK_HIDDEN. The key of a webhook is given this once. */
export async function createChannel(
  tx: Tx,
  keys: Keys,
  organisation: OrganisationId,
  input: NewChannel,
  now: Date,
): Promise<{ readonly id: Uuid; readonly key: string | null }> {
  check(input);
  // The default is made first, so that a first channel of one's own stands beside it and not instead of it.
  await stepsOf(tx, organisation, now);
  const known = await listChannels(tx, organisation);
  if (known.length >= MOST_CHANNELS) throw raise("CHANNELS_FULL", { limit: MOST_CHANNELS });
  const id = newId();
  const key = input.kind === "webhook" ? newSecret("ywk_") : null;
  const sealed =
    input.kind === "webhook" && key !== null ? sealWebhook(keys, id, { key, url: wholeUrl(input.settings.url) }) : null;
  await sql`insert into alerts.channel (id, organisation_id, kind, name, settings, sealed, minimum_severity, services,
      language, enabled, created_at)
    values (${id}, ${organisation}, ${input.kind}, ${input.name}, ${JSON.stringify(shownSettings(input.settings))}::jsonb, ${sealed},
      ${severities.indexOf(input.minimumSeverity)}, ${[...input.services]}::text[], ${input.language}, ${input.enabled},
      ${now})`.execute(tx);
  return { id, key };
}

/**
 * The kind stays as it is: another kind is another channel. A webhook's address that comes back as it was shown stays too.
 * NOT_FOUND, MAIL_NOBODY, WEBHOOK_HIDDEN.
 */
export async function changeChannel(
  tx: Tx,
  keys: Keys,
  organisation: OrganisationId,
  id: Uuid,
  input: NewChannel,
): Promise<void> {
  check(input);
  const before = await channelOf(tx, organisation, id);
  let { sealed } = before;
  if (input.kind === "webhook" && before.kind === "webhook") {
    const { key, url } = openWebhook(keys, before);
    if (input.settings.url !== shownUrl(url))
      sealed = sealWebhook(keys, id, { key, url: wholeUrl(input.settings.url) });
  }
  const { rows } = await sql`update alerts.channel set name = ${input.name}, sealed = ${sealed},
      settings = ${JSON.stringify(shownSettings(input.settings))}::jsonb,
      minimum_severity = ${severities.indexOf(input.minimumSeverity)},
      services = ${[...input.services]}::text[], language = ${input.language}, enabled = ${input.enabled}, last_error = null
    where id = ${id} and organisation_id = ${organisation} and kind = ${input.kind} returning id`.execute(tx);
  if (rows.length === 0) throw raiseServer("NOT_FOUND");
}

export async function removeChannel(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<void> {
  await channelOf(tx, organisation, id);
  const { rows } = await sql<{ steps: Policy["steps"] }>`select steps from alerts.policy
    where organisation_id = ${organisation}`.execute(tx);
  // A step that named only this channel would otherwise begin to name all of them.
  const steps = (rows[0]?.steps ?? []).flatMap((step) => {
    if (!step.channels.includes(id)) return [step];
    const channels = step.channels.filter((channel) => channel !== id);
    return channels.length === 0 ? [] : [{ ...step, channels }];
  });
  await sql`update alerts.policy set steps = ${JSON.stringify(steps)}::jsonb where organisation_id = ${organisation}`.execute(
    tx,
  );
  await sql`delete from alerts.channel where id = ${id}`.execute(tx);
}

export const readPolicy = async (tx: Tx, organisation: OrganisationId, now: Date): Promise<Policy> => ({
  steps: [...(await stepsOf(tx, organisation, now))],
});

/** POLICY_CHANNEL, POLICY_ORDER. */
export async function setPolicy(tx: Tx, organisation: OrganisationId, policy: Policy, now: Date): Promise<void> {
  const known = new Set((await listChannels(tx, organisation)).map(({ id }) => id));
  for (const [i, { after, channels }] of policy.steps.entries()) {
    if (channels.some((channel) => !known.has(channel))) throw raise("POLICY_CHANNEL", { step: i + 1 });
    if (i > 0 && after <= (policy.steps[i - 1] as { after: number }).after)
      throw raise("POLICY_ORDER", { step: i + 1 });
  }
  await sql`insert into alerts.policy (organisation_id, steps, updated_at)
    values (${organisation}, ${JSON.stringify(policy.steps)}::jsonb, ${now})
    on conflict (organisation_id) do update set steps = excluded.steps, updated_at = excluded.updated_at`.execute(tx);
}
