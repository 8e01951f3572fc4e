/**
 * Whether a session is in trouble now, judged against its own usual state: the same hour of the day in the last week. What is
 * not observed is no trouble: a PC that sleeps says nothing about the network.
 */

/** The last minutes of a session. */
export interface Recent {
  readonly sent: number;
  readonly lost: number;
  /** Of the last three minutes: whether anything came back at all. */
  readonly sentLately: number;
  readonly answeredLately: number;
  /** Median round trip, µs; null when nothing was answered. */
  readonly p50: number | null;
}
/** The usual state. */
export interface Usual {
  readonly sent: number;
  readonly lost: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Probes of the last three minutes that must all be unanswered before a session is called down. */
export const DOWN_PROBES = 5;
/** Probes without which nothing is said about loss and latency. */
export const ENOUGH_RECENT = 20;
export const ENOUGH_USUAL = 500;
/** Share of loss that is trouble at least, and how many times the usual one. */
export const LOSS_FLOOR = 0.05;
export const LOSS_FACTOR = 3;
/** Median latency is trouble above the usual 95th percentile by this factor, and by at least so much, µs. */
export const LATENCY_FACTOR = 1.5;
export const LATENCY_FLOOR = 10_000;

export type Trouble =
  | { readonly kind: "down"; readonly sent: number; readonly usualLoss: number | null }
  | { readonly kind: "loss"; readonly loss: number; readonly usualLoss: number }
  | { readonly kind: "slow"; readonly p50: number; readonly usualP50: number; readonly usualP95: number };
/** `unknown`: too little was observed to say anything, also not that a trouble is over. */
export type Judgement =
  | { readonly state: "well" | "unknown" }
  | { readonly state: "trouble"; readonly trouble: Trouble };

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** `troubled`: it was before; then it is well only when it is clearly back (half the threshold), so that it does not flap. */
export function judge(recent: Recent, usual: Usual | null, troubled: boolean): Judgement {
  const known = usual !== null && usual.sent >= ENOUGH_USUAL;
  const usualLoss = known ? share(usual.lost, usual.sent) : null;
  if (recent.sentLately >= DOWN_PROBES && recent.answeredLately === 0) {
    // What never answered is a target that does not answer such probes, not one that went down.
    if (usualLoss !== null && usualLoss > 0.95) return { state: "well" };
    return { state: "trouble", trouble: { kind: "down", sent: recent.sentLately, usualLoss } };
  }
  if (recent.sent < ENOUGH_RECENT) return { state: recent.answeredLately > 0 ? "well" : "unknown" };
  if (!known || usualLoss === null) return { state: "well" };
  const ease = troubled ? 0.5 : 1;
  const loss = share(recent.lost, recent.sent);
  if (loss >= ease * Math.max(LOSS_FLOOR, LOSS_FACTOR * usualLoss))
    return { state: "trouble", trouble: { kind: "loss", loss, usualLoss } };
  if (recent.p50 !== null && usual.p50 !== null && usual.p95 !== null) {
    const limit = Math.max(usual.p95 * LATENCY_FACTOR, usual.p95 + LATENCY_FLOOR);
    if (recent.p50 >= (troubled ? (limit + usual.p95) / 2 : limit))
      return {
        state: "trouble",
        trouble: { kind: "slow", p50: recent.p50, usualP50: usual.p50, usualP95: usual.p95 },
      };
  }
  return { state: "well" };
}
