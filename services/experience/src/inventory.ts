/**
 * Reads tenants, targets, agents and sessions in the shapes of the API. Each function names the organisation, and row-level
 * security holds it to that: nobody of another entity sees anything (EXP-T06, EXP-21).
 */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { quotaOf, quotaRuleAt, usesOf } from "./quota.ts";
import type { Agent, Session, Target, Tenant } from "./wire/api.ts";
import type { Probe } from "./wire/configuration.ts";

export interface Filter {
  readonly id?: Uuid | undefined;
  readonly tenant?: Uuid | undefined;
  readonly agent?: Uuid | undefined;
  readonly target?: Uuid | undefined;
}

/** Tenants with their quotas by the terms in force now, oldest first. */
export async function listTenants(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  filter: Filter = {},
): Promise<Tenant[]> {
  const rule = await quotaRuleAt(tx, now);
  const uses = await usesOf(tx, organisation, now, filter.id ?? null);
  const { rows } = await sql<{ id: Uuid; name: string; created_at: Date }>`select id, name, created_at
    from experience.tenant where organisation_id = ${organisation} and (${filter.id ?? null}::uuid is null or id = ${filter.id ?? null}::uuid)
    order by ordinal`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    quota: quotaOf(rule, uses.get(row.id) ?? { agents: 0, targets: 0, sessions: 0 }),
  }));
}

interface TargetRow {
  id: Uuid;
  tenant_id: Uuid;
  name: string;
  probe: Probe;
  paused: "by-hand" | "surplus" | null;
  sessions: number;
  created_at: Date;
}

export async function listTargets(tx: Tx, organisation: OrganisationId, filter: Filter = {}): Promise<Target[]> {
  const { rows } = await sql<TargetRow>`select g.id, g.tenant_id, g.name, g.probe, g.paused, g.created_at,
      (select count(*)::int from experience.session s where s.target_id = g.id) as sessions
    from experience.target g where g.organisation_id = ${organisation}
      and (${filter.id ?? null}::uuid is null or g.id = ${filter.id ?? null}::uuid)
      and (${filter.tenant ?? null}::uuid is null or g.tenant_id = ${filter.tenant ?? null}::uuid)
    order by g.ordinal`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    probe: row.probe,
    paused: row.paused !== null,
    pausedReason: row.paused,
    sessions: row.sessions,
    createdAt: row.created_at.toISOString(),
  }));
}

interface AgentRow {
  id: Uuid;
  organisation_id: Uuid;
  tenant_id: Uuid;
  label: string;
  contract_number: string;
  started_on: string | null;
  ended_on: string | null;
  holder_name: string;
  holder_mail: string | null;
  device_id: Uuid | null;
  ended_at: Date | null;
  revoked_at: Date | null;
  online: boolean | null;
  last_seen_at: Date | null;
  invitation_id: Uuid | null;
  sent_to: string | null;
  expires_at: Date;
  used_at: Date | null;
  invitation_revoked_at: Date | null;
  sessions: number;
  created_at: Date;
}

const selectAgents = sql`select a.id, a.organisation_id, a.tenant_id, a.label, a.contract_number,
    c.started_on::text as started_on, c.ended_on::text as ended_on, a.holder_name, a.holder_mail, a.device_id, a.ended_at,
    a.created_at, d.revoked_at, p.online, p.last_seen_at,
    i.id as invitation_id, i.sent_to, i.expires_at, i.used_at, i.revoked_at as invitation_revoked_at,
    (select count(*)::int from experience.session s where s.agent_id = a.id) as sessions
  from experience.agent a
  join commerce.contract c on c.id = a.contract_id
  left join devices.device d on d.id = a.device_id
  left join devices.presence p on p.device_id = a.device_id
  left join lateral (select * from experience.invitation v where v.agent_id = a.id
    order by v.ordinal desc limit 1) i on true`;

export async function listAgents(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  filter: Filter = {},
): Promise<Agent[]> {
  const { rows } = await sql<AgentRow>`${selectAgents} where a.organisation_id = ${organisation}
      and (${filter.id ?? null}::uuid is null or a.id = ${filter.id ?? null}::uuid)
      and (${filter.tenant ?? null}::uuid is null or a.tenant_id = ${filter.tenant ?? null}::uuid)
    order by a.ordinal`.execute(tx);
  return rows.map((row) => agentOf(row, now));
}

export interface AgentOfOrganisation {
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly agent: Agent;
}

/** Agents over all organisations in the order of their ids, after `cursor`; for the provider's transactions only. */
export async function pageOfAgents(
  tx: Tx,
  now: Date,
  { limit, cursor }: { limit: number; cursor?: Uuid | undefined },
): Promise<{ items: AgentOfOrganisation[]; next: Uuid | null; total: number }> {
  const { rows } = await sql<AgentRow & { organisation_name: string }>`
    select agents.*, o.name as organisation_name from (${selectAgents}
      where ${cursor ?? null}::uuid is null or a.id > ${cursor ?? null}::uuid order by a.id limit ${limit + 1}) agents
    join server.organisation o on o.id = agents.organisation_id order by agents.id`.execute(tx);
  const counted = await sql<{ total: number }>`select count(*)::int as total from experience.agent`.execute(tx);
  const items = rows.slice(0, limit).map((row) => ({
    organisationId: row.organisation_id,
    organisationName: row.organisation_name,
    agent: agentOf(row, now),
  }));
  return {
    items,
    next: rows.length > limit ? (items.at(-1)?.agent.id ?? null) : null,
    total: counted.rows[0]?.total ?? 0,
  };
}

function agentOf(row: AgentRow, now: Date): Agent {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    label: row.label,
    contractNumber: row.contract_number,
    startedOn: row.started_on,
    endedOn: row.ended_on,
    holder: { name: row.holder_name, mail: row.holder_mail },
    state: agentState(row),
    deviceId: row.device_id,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    invitation:
      row.invitation_id === null
        ? null
        : {
            id: row.invitation_id,
            state: invitationState(row, now),
            sentTo: row.sent_to,
            expiresAt: row.expires_at.toISOString(),
          },
    sessions: row.sessions,
    createdAt: row.created_at.toISOString(),
  };
}

function agentState(row: AgentRow): Agent["state"] {
  if (row.ended_at !== null) return "ended";
  if (row.device_id === null) return "waiting";
  if (row.revoked_at !== null) return "revoked";
  return row.online === true ? "online" : "offline";
}

function invitationState(row: AgentRow, now: Date): NonNullable<Agent["invitation"]>["state"] {
  if (row.used_at !== null) return "used";
  if (row.invitation_revoked_at !== null) return "revoked";
  return row.expires_at <= now ? "expired" : "open";
}

interface SessionRow {
  id: Uuid;
  tenant_id: Uuid;
  agent_id: Uuid;
  agent_label: string;
  target_id: Uuid;
  target_name: string;
  probe: Probe;
  interval_ms: number;
  timeout_ms: number;
  paused: "by-hand" | "surplus" | "agent-ended" | null;
  target_paused: "by-hand" | "surplus" | null;
  created_at: Date;
}

/** A session of a paused target counts as paused: `target-by-hand` or `target-surplus`. */
export async function listSessions(tx: Tx, organisation: OrganisationId, filter: Filter = {}): Promise<Session[]> {
  const { rows } = await sql<SessionRow>`select s.id, s.tenant_id, s.agent_id, a.label as agent_label, s.target_id,
      g.name as target_name, g.probe, s.interval_ms, s.timeout_ms, s.paused, g.paused as target_paused, s.created_at
    from experience.session s join experience.agent a on a.id = s.agent_id join experience.target g on g.id = s.target_id
    where s.organisation_id = ${organisation}
      and (${filter.id ?? null}::uuid is null or s.id = ${filter.id ?? null}::uuid)
      and (${filter.tenant ?? null}::uuid is null or s.tenant_id = ${filter.tenant ?? null}::uuid)
      and (${filter.agent ?? null}::uuid is null or s.agent_id = ${filter.agent ?? null}::uuid)
      and (${filter.target ?? null}::uuid is null or s.target_id = ${filter.target ?? null}::uuid)
    order by s.ordinal`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    tenantId: row.tenant_id,
    agentId: row.agent_id,
    agentLabel: row.agent_label,
    targetId: row.target_id,
    targetName: row.target_name,
    probe: row.probe,
    interval: row.interval_ms,
    timeout: row.timeout_ms,
    paused: row.paused !== null || row.target_paused !== null,
    pausedReason: row.paused ?? (row.target_paused === null ? null : (`target-${row.target_paused}` as const)),
    createdAt: row.created_at.toISOString(),
  }));
}
