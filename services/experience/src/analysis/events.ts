/** What happened to an agent, from the rows of its devices, and the newest of all events. Pure. */
import type { EventKind, SeriesEvent } from "../wire/api.ts";

/** Most events of one answer; the newest are kept. */
export const MOST_EVENTS = 200;

/** A program that enrolled as the agent. Times ms since the epoch. */
export interface Enrolment {
  readonly hostname: string;
  readonly version: string;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  readonly revokedReason: string | null;
}
/** The agent's contract and when it was over, ms since the epoch. */
export interface AgentEnd {
  readonly contractNumber: string;
  readonly endedAt: number | null;
}

const eventAt = (at: number, kind: EventKind, parameters: SeriesEvent["parameters"]): SeriesEvent => ({
  at: new Date(at).toISOString(),
  kind,
  parameters,
});

/**
 * Installed, replaced by another PC, revoked, ended. A device that was cut off because the next one came, or because the
 * contract was over, is not told as revoked: the cause is told instead.
 */
export function agentEvents(devices: readonly Enrolment[], agent: AgentEnd): SeriesEvent[] {
  const events: SeriesEvent[] = [];
  const inOrder = devices.toSorted((a, b) => a.enrolledAt - b.enrolledAt);
  for (const [i, device] of inOrder.entries()) {
    const { hostname, version, enrolledAt, revokedAt } = device;
    const before = inOrder[i - 1];
    events.push(
      before === undefined
        ? eventAt(enrolledAt, "agent.installed", { hostname, version })
        : eventAt(enrolledAt, "agent.replaced", { hostname, version, before: before.hostname }),
    );
    const next = inOrder[i + 1];
    if (revokedAt === null || (next !== undefined && next.enrolledAt <= revokedAt)) continue;
    if (agent.endedAt !== null && agent.endedAt <= revokedAt) continue;
    events.push(eventAt(revokedAt, "agent.revoked", { reason: device.revokedReason ?? "" }));
  }
  if (agent.endedAt !== null) events.push(eventAt(agent.endedAt, "agent.ended", { contract: agent.contractNumber }));
  return events;
}

/** The events of [from, to] (ms), oldest first; of too many the newest. */
export function newestEvents(events: readonly SeriesEvent[], from: number, to: number): SeriesEvent[] {
  const inside = events.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
  return inside.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-MOST_EVENTS);
}
