/**
 * Install invitations (EXP-T08, EXP-05): a single-use key by mail to the holder of the PC, with the manual and the day on
 * which it expires. A new one revokes the older. Installing on another PC replaces the device of the agent.
 */
import { sql } from "kysely";
import type { DeviceId, Uuid } from "@yagura/core/ids.ts";
import type { Language } from "@yagura/core/errors.ts";
import { organisationFacts, type OrganisationFacts } from "@yagura/commerce/organisations.ts";
import type { EnrolmentSubject } from "@yagura/devices/devices.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { lockAgent, needRunning } from "./agent-row.ts";
import { configureAgents } from "./configuration.ts";
import { raise } from "./errors.ts";
import { installMail } from "./mails.ts";
import { announce, type Work } from "./work.ts";

/** Days that an invitation is good for, unless told. */
export const DEFAULT_DAYS = 14;

export interface IssuedInvitation {
  readonly id: Uuid;
  readonly agentId: Uuid;
  /** Shown this once; only its hash is stored. */
  readonly key: string;
  readonly expiresAt: string;
  readonly manualUrl: string;
  readonly command: string;
}

const subjectOf = (agent: Uuid): EnrolmentSubject => ({ service: "experience", kind: "agent", id: agent });

/** Issues a key for the agent, revokes the older one, and mails it when there is somebody to mail. AGENT_ENDED, NOT_FOUND. */
export async function inviteToInstall(
  work: Work,
  agentId: Uuid,
  input: { mail?: string; days?: number },
): Promise<IssuedInvitation> {
  const { tx, organisation, now, platform } = work;
  const { row: agent } = await lockAgent(work, agentId);
  needRunning(agent);
  const expiresAt = new Date(now.getTime() + (input.days ?? DEFAULT_DAYS) * 86_400_000);
  await revokeInvitations(work, agentId);
  const { id, key } = await work.devices.issueKey(tx, {
    organisation,
    subject: subjectOf(agentId),
    program: "agent",
    expiresAt,
  });
  const mail = input.mail ?? null;
  await sql`insert into experience.invitation (id, organisation_id, agent_id, sent_to, created_at, expires_at)
    values (${id}, ${organisation}, ${agentId}, ${mail}, ${now}, ${expiresAt})`.execute(tx);
  const facts: OrganisationFacts | null = await organisationFacts(tx, organisation);
  if (facts === null) throw raiseServer("NOT_FOUND");
  const language: Language = facts.language;
  const server = platform.publicUrl();
  const issued: IssuedInvitation = {
    id,
    agentId,
    key,
    expiresAt: expiresAt.toISOString(),
    manualUrl: `${server}/manual/agent?language=${language}`,
    command: `npx yagura agent --server ${server} --key ${key}`,
  };
  if (mail !== null) {
    const text = installMail({ issued, agent, organisation: facts, expiresAt }, language);
    await platform.mail.send(tx, { to: mail, organisation, ...text });
  }
  await work.audit({
    action: "agent.invite",
    subject: agentId,
    details: { invitation: id, sentTo: mail, expiresAt: issued.expiresAt, label: agent.label },
  });
  await announce(work, "agent", agentId);
  return issued;
}

/** Revokes the agent's open invitation on request. INVITATION_NONE when there is none. */
export async function withdrawInvitation(work: Work, agentId: Uuid): Promise<void> {
  const { row: agent } = await lockAgent(work, agentId);
  if ((await revokeInvitations(work, agentId)) === 0) throw raise("INVITATION_NONE", { label: agent.label });
  await work.audit({ action: "agent.invitation-revoke", subject: agentId, details: { label: agent.label } });
  await announce(work, "agent", agentId);
}

/** Revokes what is open and not expired; returns how many. */
export async function revokeInvitations(work: Work, agentId: Uuid): Promise<number> {
  const { rows } = await sql<{ id: Uuid }>`update experience.invitation set revoked_at = ${work.now}
    where organisation_id = ${work.organisation} and agent_id = ${agentId} and used_at is null and revoked_at is null
      and expires_at > ${work.now}
    returning id`.execute(work.tx);
  for (const { id } of rows) await work.devices.revokeKey(work.tx, work.organisation, id);
  return rows.length;
}

/** A program enrolled with the agent's key: it is the agent's device now, and the one before is cut off. AGENT_ENDED, NOT_FOUND. */
export async function agentInstalled(work: Work, agentId: Uuid, device: DeviceId): Promise<void> {
  const { tx, organisation, now } = work;
  const { row: agent } = await lockAgent(work, agentId);
  needRunning(agent);
  if (agent.device_id !== null && agent.device_id !== device) {
    await work.devices.revokeDevice(
      tx,
      organisation,
      agent.device_id,
      `The agent “${agent.label}” was installed again on another PC.`,
    );
  }
  await sql`update experience.agent set device_id = ${device} where id = ${agentId}`.execute(tx);
  await sql`update experience.invitation set used_at = ${now} where agent_id = ${agentId}
    and id in (select id from devices.enrolment_key where device_id = ${device})`.execute(tx);
  await configureAgents(tx, work.devices, organisation, now, [agentId]);
  await work.audit({
    action: "agent.install",
    subject: agentId,
    details: { label: agent.label, device, replaced: agent.device_id },
  });
  await announce(work, "agent", agentId);
}
