/** How an organisation is doing (EXP-T01): its inventory joined with the last hour of every session. */
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Telemetry } from "@yagura/store/store.ts";
import { voiceOf } from "./analysis/emodel.ts";
import { withSince } from "./analysis/since.ts";
import { groupScore, sessionScore, worstFirst } from "./analysis/score.ts";
import { listAgents, listSessions, listTenants } from "./inventory.ts";
import { readHealth, readLastSeen, readMinutes, SPARKS, type Health } from "./store/health.ts";
import type { Agent, Overview, Score, Session, SessionHealth, Tenant } from "./wire/api.ts";

const HOUR_MS = 3_600_000;
/** Milliseconds for which the figures of an organisation are shared by its readers: pages look again at every hint. */
const SHARED_MS = 1_000;

interface Figures {
  readonly health: Map<Uuid, Health>;
  /** µs since the epoch, of sessions that were silent for the hour. */
  readonly lastSeen: Map<Uuid, number>;
}
const shared = new WeakMap<Telemetry, Map<OrganisationId, { at: number; figures: Promise<Figures> }>>();

/** Samples that the sessions should give in an hour. */
const expected = (sessions: readonly Session[]): number =>
  sessions.reduce((sum, session) => sum + (session.paused ? 0 : HOUR_MS / session.interval), 0);

function figuresOf(
  platform: Pick<Platform, "telemetry">,
  organisation: OrganisationId,
  sessions: readonly Session[],
  now: number,
): Promise<Figures> {
  const { telemetry } = platform;
  const known = shared.get(telemetry) ?? new Map<OrganisationId, { at: number; figures: Promise<Figures> }>();
  shared.set(telemetry, known);
  const before = known.get(organisation);
  if (before !== undefined && now >= before.at && now - before.at < SHARED_MS) return before.figures;
  for (const [key, { at }] of known) if (now - at >= SHARED_MS || at > now) known.delete(key);
  const read = async (): Promise<Figures> => {
    const health = await readHealth(telemetry, organisation, now * 1000, expected(sessions));
    const silent = sessions.filter(({ id }) => !health.has(id)).map(({ id }) => id);
    return { health, lastSeen: await readLastSeen(telemetry, organisation, silent, now * 1000) };
  };
  const figures = read();
  known.set(organisation, { at: now, figures });
  figures.catch(() => known.delete(organisation));
  return figures;
}

/** A session with its last hour, without its line of medians. `now` in ms. */
export function healthOf(
  session: Session,
  health: Health | undefined,
  lastSeen: number | undefined,
  now: number,
): SessionHealth {
  const last = health?.last ?? lastSeen ?? null;
  const score = sessionScore(
    {
      probe: session.probe.kind,
      sent: health?.sent ?? 0,
      lost: health?.lost ?? 0,
      late: health?.late ?? 0,
      refused: health?.refused ?? 0,
      p95Us: health?.p95 ?? null,
      jitterUs: health?.jitter ?? null,
      lastAt: last === null ? null : last / 1000,
      // Within the hour: a session that is younger than that is not blamed for what was before it.
      observed: 1,
    },
    { now, interval: session.interval },
  );
  const voice =
    health === undefined
      ? null
      : voiceOf(session.probe.kind, { ...health, p50Us: health.p50, jitterUs: health.jitter, burstRatio: null });
  return {
    session,
    score,
    lastAt: last === null ? null : new Date(last / 1000).toISOString(),
    p50Us: health?.p50 ?? null,
    p95Us: health?.p95 ?? null,
    loss: health === undefined || health.sent === 0 ? null : health.lost / health.sent,
    jitterUs: health?.jitter ?? null,
    mos: voice?.mos ?? null,
    spark: [],
  };
}

/** The overview at `now`. Throws what the stores throw. */
export async function readOverview(platform: Platform, organisation: OrganisationId, now: Date): Promise<Overview> {
  const [tenants, agents, sessions] = await platform.store.organisation(
    organisation,
    async (tx) =>
      [
        await listTenants(tx, organisation, now),
        await listAgents(tx, organisation, now),
        await listSessions(tx, organisation),
      ] as const,
  );
  const { health, lastSeen } = await figuresOf(platform, organisation, sessions, now.getTime());
  const lines = sessions.map((session) =>
    healthOf(session, health.get(session.id), lastSeen.get(session.id), now.getTime()),
  );
  lines.sort((a, b) => worstFirst(a.score, b.score));
  const drawn = lines.slice(0, SPARKS);
  const minutes = await readMinutes(
    platform.telemetry,
    organisation,
    drawn.map(({ session }) => session.id),
    now.getTime() * 1000,
  );
  const nothing = Array.from<null>({ length: 60 }).fill(null);
  for (const line of drawn) {
    const { medians, pieces } = minutes.get(line.session.id) ?? { medians: nothing, pieces: [] };
    line.spark = medians;
    line.score = withSince(line.score, line.session.probe.kind, pieces);
  }
  return assemble(now, tenants, agents, lines);
}

/** Paused sessions are shown, and count for nobody's score. */
const counting = (lines: readonly SessionHealth[]): Score[] =>
  lines.filter(({ session }) => !session.paused).map(({ score }) => score);

/** Scores of agents, tenants and the organisation from those of the sessions (worst first). */
export function assemble(
  now: Date,
  tenants: readonly Tenant[],
  agents: readonly Agent[],
  lines: readonly SessionHealth[],
): Overview {
  const byTenant = Map.groupBy(lines, ({ session }) => session.tenantId);
  const byAgent = Map.groupBy(lines, ({ session }) => session.agentId);
  const scored = agents.map((agent) => ({ agent, score: groupScore(counting(byAgent.get(agent.id) ?? [])) }));
  return {
    at: now.toISOString(),
    score: groupScore(counting(lines)),
    tenants: tenants
      .map((tenant) => {
        const own = byTenant.get(tenant.id) ?? [];
        const states = (state: Agent["state"]): number =>
          agents.filter((agent) => agent.tenantId === tenant.id && agent.state === state).length;
        const sessions = { good: 0, notice: 0, bad: 0, unknown: 0 };
        for (const { score } of own) sessions[score.state]++;
        return {
          tenant,
          score: groupScore(counting(own)),
          agents: { online: states("online"), offline: states("offline"), waiting: states("waiting") },
          sessions,
        };
      })
      .sort((a, b) => worstFirst(a.score, b.score)),
    agents: scored.sort((a, b) => worstFirst(a.score, b.score)),
    sessions: [...lines],
  };
}

/** Scores of some agents of one organisation at `now`: for the provider's list over all of them. */
export async function scoresOfAgents(
  platform: Platform,
  organisation: OrganisationId,
  agents: ReadonlySet<Uuid>,
  now: Date,
): Promise<Map<Uuid, Score>> {
  const sessions = await platform.store.organisation(organisation, (tx) => listSessions(tx, organisation));
  const { health, lastSeen } = await figuresOf(platform, organisation, sessions, now.getTime());
  const lines = sessions
    .filter(({ agentId }) => agents.has(agentId))
    .map((session) => healthOf(session, health.get(session.id), lastSeen.get(session.id), now.getTime()));
  const byAgent = Map.groupBy(lines, ({ session }) => session.agentId);
  return new Map([...agents].map((agent) => [agent, groupScore(counting(byAgent.get(agent) ?? []))]));
}
