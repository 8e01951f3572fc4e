/** Looks at every session once a minute and hands what is down or worse than usual to alerts; what is well again is ended there. */
import { sql } from "kysely";
import { openFindings, takeFindings, troubledOrganisations } from "@yagura/alerts/alerts.ts";
import type { Finding } from "@yagura/core/finding.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Telemetry, Tx } from "@yagura/store/store.ts";
import { judge, type Trouble, type Usual } from "./analysis/trouble.ts";
import { findings } from "./findings.ts";
import { readLastMinutes, readUsual } from "./store/trouble.ts";

export const troubleJob = "experience.trouble";
const HOUR = 3_600_000;

interface Watched {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly agent: string;
  readonly target_id: Uuid;
  readonly target: string;
}

/** The usual state is the same for an hour: read once by each process. */
const usualOf = new WeakMap<Telemetry, { hour: number; usual: Promise<Map<Uuid, Usual>> }>();
function usual(telemetry: Telemetry, now: number): Promise<Map<Uuid, Usual>> {
  const hour = Math.floor(now / HOUR);
  const known = usualOf.get(telemetry);
  if (known?.hour === hour) return known.usual;
  const read = readUsual(telemetry, now * 1000);
  usualOf.set(telemetry, { hour, usual: read });
  read.catch(() => usualOf.delete(telemetry));
  return read;
}

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const milliseconds = (us: number): string => `${(us / 1000).toFixed(1)} ms`;

function parametersOf(trouble: Trouble): Finding["parameters"] {
  if (trouble.kind === "down")
    return { sent: trouble.sent, usualLoss: trouble.usualLoss === null ? "–" : percent(trouble.usualLoss) };
  if (trouble.kind === "loss") return { loss: percent(trouble.loss), usualLoss: percent(trouble.usualLoss) };
  return {
    p50: milliseconds(trouble.p50),
    usualP50: milliseconds(trouble.usualP50),
    usualP95: milliseconds(trouble.usualP95),
  };
}
const kinds = {
  down: "experience.session.down",
  loss: "experience.session.lossy",
  slow: "experience.session.slow",
} as const;

function findingOf(session: Watched, trouble: Trouble, now: number): Finding {
  const kind = kinds[trouble.kind];
  return {
    kind,
    subject: { kind: "session", id: session.id },
    organisation: session.organisation,
    dedupeKey: `${kind} ${session.id}`,
    // Many machines that cannot reach one target are one trouble.
    group: `target ${session.target_id}`,
    since: now,
    severity: findings[kind]?.severity ?? "notice",
    confidence: trouble.kind === "down" ? 0.95 : 0.8,
    parameters: { agent: session.agent, target: session.target, ...parametersOf(trouble) },
    evidence: [
      {
        label: session.target,
        value: session.agent,
        href: `/o/${session.organisation}/experience/sessions/${session.id}`,
      },
    ],
  };
}

async function watchedSessions(tx: Tx): Promise<Watched[]> {
  const { rows } = await sql<Watched>`select s.id, s.organisation_id as organisation, a.label as agent, s.target_id,
      g.name as target
    from experience.session s join experience.agent a on a.id = s.agent_id join experience.target g on g.id = s.target_id
    where s.paused is null and g.paused is null order by s.organisation_id, s.ordinal`.execute(tx);
  return rows;
}

/** One look at all sessions. Gives how many are in trouble. */
export async function lookForTrouble(platform: Platform): Promise<number> {
  const now = platform.clock.now();
  const [sessions, troubledBefore] = await platform.store.provider(
    async (tx) => [await watchedSessions(tx), await troubledOrganisations(tx, "experience")] as const,
  );
  if (sessions.length === 0 && troubledBefore.length === 0) return 0;
  const [recent, normal] = await Promise.all([
    readLastMinutes(platform.telemetry, now * 1000),
    usual(platform.telemetry, now),
  ]);
  let troubled = 0;
  const byOrganisation = Map.groupBy(sessions, ({ organisation }) => organisation);
  for (const organisation of new Set([...byOrganisation.keys(), ...troubledBefore])) {
    const own = byOrganisation.get(organisation) ?? [];
    troubled += await platform.store.organisation(organisation, async (tx) => {
      const open = (await openFindings(tx, organisation, "experience")).filter(
        ({ subject }) => subject.kind === "session",
      );
      const told = Map.groupBy(open, ({ subject }) => subject.id);
      const found: Finding[] = [];
      const unknown = new Set<Uuid>();
      for (const session of own) {
        const figures = recent.get(session.id);
        const judged =
          figures === undefined
            ? ({ state: "unknown" } as const)
            : judge(figures, normal.get(session.id) ?? null, told.has(session.id));
        if (judged.state === "unknown") unknown.add(session.id);
        else if (judged.state === "trouble") found.push(findingOf(session, judged.trouble, now));
      }
      const still = new Set(found.map(({ dedupeKey }) => dedupeKey));
      // What is not observed stays as it was told; what is well, of another kind, paused or removed is over.
      const over = open.filter(({ dedupeKey, subject }) => !still.has(dedupeKey) && !unknown.has(subject.id));
      const news = [...found, ...over.map((finding) => ({ ...finding, until: now }))];
      if (news.length > 0) await takeFindings(tx, platform, news);
      return found.length;
    });
  }
  return troubled;
}

export const troubleJobs: JobTable = {
  handlers: { [troubleJob]: async (_payload, platform) => void (await lookForTrouble(platform)) },
  schedule: { [troubleJob]: "* * * * *" },
};
