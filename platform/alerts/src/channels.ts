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

/** The address of a webhook is a secret by itself with many receivers: whoever may not change it sees only whose it is. */
const masked = (settings: Channel["settings"]): Channel["settings"] =>
  "url" in settings ? { url: `${new URL(settings.url).origin}/***` } : settings;

export const showChannel = (row: ChannelRow, whole: boolean): Channel => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  settings: whole ? row.settings : masked(row.settings),
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

/** Sealed keys are bound to their row. */
export const aboutKey = (id: Uuid): string => `alerts.channel ${id}`;

function check(input: NewChannel): void {
  if (input.kind === "mail" && !input.settings.members && input.settings.to.length === 0) throw raise("MAIL_NOBODY");
}

/** MAIL_NOBODY, CHANNELS_FULL. The key of a webhook is given this once. */
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
  const sealed = key === null ? null : keys.seal(Buffer.from(key), aboutKey(id));
  await sql`insert into alerts.channel (id, organisation_id, kind, name, settings, sealed, minimum_severity, services,
      language, enabled, created_at)
    values (${id}, ${organisation}, ${input.kind}, ${input.name}, ${JSON.stringify(input.settings)}::jsonb, ${sealed},
      ${severities.indexOf(input.minimumSeverity)}, ${[...input.services]}::text[], ${input.language}, ${input.enabled},
      ${now})`.execute(tx);
  return { id, key };
}

/** The kind stays as it is: another kind is another channel. NOT_FOUND, MAIL_NOBODY. */
export async function changeChannel(tx: Tx, organisation: OrganisationId, id: Uuid, input: NewChannel): Promise<void> {
  check(input);
  const { rows } = await sql`update alerts.channel set name = ${input.name},
      settings = ${JSON.stringify(input.settings)}::jsonb, minimum_severity = ${severities.indexOf(input.minimumSeverity)},
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
