/** What measuring costs, before it is begun: how many sessions, samples, octets. Pure. */
import type { ProbeKind } from "../../wire/configuration.ts";
import type { Session } from "../../wire/api.ts";

/** Octets on the line for one sample both ways, headers included: an estimate to plan with, not a bill. */
const TRAFFIC: Readonly<Record<ProbeKind, number>> = {
  // Two Ethernet frames with IP, ICMP and 56 octets of payload.
  icmp: 196,
  // SYN, SYN-ACK, RST or FIN exchange.
  tcp: 380,
  // A question and a typical answer.
  dns: 260,
  // Connection, TLS handshake and a small document.
  http: 12_000,
};
/** Octets kept for one sample, compressed (measured on 100 million samples). */
const STORED = 3.5;
/** Octets uploaded for one sample, compressed, with its share of the request. */
const UPLOADED = 6;
const DAY = 86_400_000;

export interface Volume {
  readonly sessions: number;
  /** Samples a day of one session. */
  readonly samples: number;
  /** Octets a day of all. */
  readonly traffic: number;
  readonly stored: number;
}

/** `interval` in milliseconds; one kind for each session. */
export function volumeOf(kinds: readonly ProbeKind[], interval: number): Volume {
  const samples = DAY / interval;
  const traffic = kinds.reduce((sum, kind) => sum + TRAFFIC[kind] + UPLOADED, 0) * samples;
  return { sessions: kinds.length, samples, traffic, stored: kinds.length * samples * STORED };
}

export interface Pair {
  readonly agentId: string;
  readonly targetId: string;
}
/** All pairs of agents and targets, split into those to make and those that exist. */
export function pairsOf(
  agents: readonly string[],
  targets: readonly string[],
  existing: readonly Pick<Session, "agentId" | "targetId">[],
): { readonly fresh: readonly Pair[]; readonly known: number } {
  const known = new Set(existing.map((session) => `${session.agentId} ${session.targetId}`));
  const all = agents.flatMap((agentId) => targets.map((targetId) => ({ agentId, targetId })));
  const fresh = all.filter((pair) => !known.has(`${pair.agentId} ${pair.targetId}`));
  return { fresh, known: all.length - fresh.length };
}

/** Seconds as typed, to whole milliseconds; null when it is no number in the range (seconds). */
export function milliseconds(text: string, least: number, most: number): number | null {
  const value = Number(text.trim());
  return text.trim() !== "" && value >= least && value <= most ? Math.round(value * 1000) : null;
}
