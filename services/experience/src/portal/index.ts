/** Experience monitoring in the portal: nav entries, lazy pages, search. */
import { api } from "@yagura/portal/api.ts";
import type { PortalService, SearchHit } from "@yagura/portal/plugin.ts";
import type { Agent, Session, Target } from "../wire/api.ts";
import { OverviewMark } from "./mark.tsx";
import { tellProbe } from "./tell.ts";
import { words } from "./words.ts";

const read = "experience.read";
/** Hits of one kind: more would hide the others. */
const MOST = 5;

async function find(
  query: string,
  where: { readonly organisation: string | null; readonly language: "ja" | "en"; readonly signal: AbortSignal },
): Promise<readonly SearchHit[]> {
  if (where.organisation === null) return [];
  const base = `/api/v1/organisations/${where.organisation}/experience`;
  const home = `/o/${where.organisation}/experience`;
  const [agents, targets, sessions] = await Promise.all([
    api.get<Agent[]>(`${base}/agents`, undefined, where.signal),
    api.get<Target[]>(`${base}/targets`, undefined, where.signal),
    api.get<Session[]>(`${base}/sessions`, undefined, where.signal),
  ]);
  const wanted = fold(query).split(/\s+/);
  const fits = (...texts: readonly string[]): boolean => {
    const line = fold(texts.join(" "));
    return wanted.every((word) => line.includes(word));
  };
  return [
    ...agents
      .filter((agent) => fits(agent.label, agent.holder.name, agent.contractNumber))
      .slice(0, MOST)
      .map((agent) => ({
        id: agent.id,
        label: agent.label,
        detail: `${words.agent[where.language]} · ${agent.contractNumber}`,
        href: `${home}/agents/${agent.id}`,
      })),
    ...sessions
      .filter((session) => fits(session.agentLabel, session.targetName, tellProbe(session.probe)))
      .slice(0, MOST)
      .map((session) => ({
        id: session.id,
        label: `${session.agentLabel} → ${session.targetName}`,
        detail: `${words.session[where.language]} · ${tellProbe(session.probe)}`,
        href: `${home}/sessions/${session.id}`,
      })),
    ...targets
      .filter((target) => fits(target.name, tellProbe(target.probe)))
      .slice(0, MOST)
      .map((target) => ({
        id: target.id,
        label: target.name,
        detail: `${words.target[where.language]} · ${tellProbe(target.probe)}`,
        href: `${home}/targets?q=${encodeURIComponent(target.name)}`,
      })),
  ].slice(0, 2 * MOST);
}
const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

export const experiencePortal: PortalService = {
  id: "experience",
  name: words["service.name"],
  nav: [
    { path: "experience", label: words["nav.overview"], scope: read, Mark: OverviewMark },
    { path: "experience/sessions", label: words["nav.sessions"], scope: read },
    { path: "experience/agents", label: words["nav.agents"], scope: read },
    { path: "experience/targets", label: words["nav.targets"], scope: read },
    { path: "experience/tenants", label: words["nav.tenants"], scope: read },
  ],
  routes: [
    { path: "experience", title: words["nav.overview"], scope: read, load: () => import("./overview-page.tsx") },
    {
      path: "experience/sessions",
      title: words["nav.sessions"],
      scope: read,
      load: () => import("./sessions-page.tsx"),
    },
    {
      path: "experience/sessions/$session",
      title: words["title.session"],
      scope: read,
      load: () => import("./session-page.tsx"),
    },
    {
      path: "experience/sessions/compare",
      title: words["title.compare"],
      scope: read,
      load: () => import("./compare-page.tsx"),
    },
    { path: "experience/agents", title: words["nav.agents"], scope: read, load: () => import("./agents-page.tsx") },
    {
      path: "experience/agents/$agent",
      title: words["title.agent"],
      scope: read,
      load: () => import("./agent-page.tsx"),
    },
    { path: "experience/targets", title: words["nav.targets"], scope: read, load: () => import("./targets-page.tsx") },
    { path: "experience/tenants", title: words["nav.tenants"], scope: read, load: () => import("./tenants-page.tsx") },
  ],
  providerNav: [{ path: "experience/agents", label: words["nav.providerAgents"], scope: "provider.read" }],
  providerRoutes: [
    {
      path: "experience/agents",
      title: words["nav.providerAgents"],
      scope: "provider.read",
      load: () => import("./provider-agents-page.tsx"),
    },
  ],
  search: [{ id: "experience", title: words["service.name"], scope: read, find }],
  incidents: async () => (await import("./incident-parts.tsx")).incidentParts,
};
