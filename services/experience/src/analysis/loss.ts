/** Loss: how much, how long in a row, and how far from random. What counts as sent, lost and answered is defined here alone. */
import { outcomes, type Outcome } from "../wire/samples.ts";

const index = (outcome: Outcome): number => outcomes.indexOf(outcome);

/**
 * How each outcome counts. `failed` was never sent (the agent's own trouble), so it is neither sent nor lost. `unreachable`
 * and `unresolved` were tried in vain, which to the user is loss. `late` and `refused` were answered: they have a round trip,
 * and stand beside loss, not in it.
 */
export const counting: Readonly<
  Record<Outcome, { readonly sent: boolean; readonly lost: boolean; readonly answered: boolean }>
> = {
  ok: { sent: true, lost: false, answered: true },
  lost: { sent: true, lost: true, answered: false },
  late: { sent: true, lost: false, answered: true },
  refused: { sent: true, lost: false, answered: true },
  unreachable: { sent: true, lost: true, answered: false },
  failed: { sent: false, lost: false, answered: false },
  unresolved: { sent: true, lost: true, answered: false },
};
const indexesOf = (key: "sent" | "lost" | "answered"): readonly number[] =>
  outcomes.filter((outcome) => counting[outcome][key]).map(index);
/** Stored outcome numbers that count as sent, lost, answered. */
export const sentOutcomes = indexesOf("sent");
export const lostOutcomes = indexesOf("lost");
export const answeredOutcomes = indexesOf("answered");
export const lateOutcome = index("late");
export const refusedOutcome = index("refused");

export interface LossRun {
  readonly length: number;
  readonly times: number;
}

/** How often n losses came in a row, shortest first. Samples in order of their slots; a change of `segment` (a gap) ends a run. */
export function lossRuns(lost: ArrayLike<number | boolean>, segment?: ArrayLike<number>): LossRun[] {
  const times = new Map<number, number>();
  let run = 0;
  const close = () => {
    if (run > 0) times.set(run, (times.get(run) ?? 0) + 1);
    run = 0;
  };
  for (let i = 0; i < lost.length; i++) {
    if (segment !== undefined && i > 0 && segment[i] !== segment[i - 1]) close();
    if (lost[i]) run++;
    else close();
  }
  close();
  return [...times].map(([length, n]) => ({ length, times: n })).sort((a, b) => a.length - b.length);
}

/**
 * Burst ratio (ITU-T G.107 clause 3.5.3): mean length of the loss runs over the mean length 1 / (1 − p) that independent
 * losses of the same share p would have. 1 random, above 1 bursty. Null without loss, or when everything was lost.
 */
export function burstRatio(sent: number, lost: number, runs: number): number | null {
  if (lost <= 0 || runs <= 0 || lost >= sent) return null;
  return (lost / runs) * (1 - lost / sent);
}

/** Number of runs in a table of run lengths. */
export const runCount = (runs: readonly LossRun[]): number => runs.reduce((sum, run) => sum + run.times, 0);
