/** Since when a trouble lasts: the reasons of a score get the moment at which each began. Pure. */
import type { ProbeKind } from "../wire/configuration.ts";
import type { Reason, Score } from "../wire/api.ts";
import { curves, pointsAt } from "./score.ts";

/** A piece of the time, oldest first. Times µs; what was not measured is null. */
export interface Piece {
  /** Begin, ms since the epoch. */ readonly at: number;
  readonly sent: number;
  readonly lost: number;
  readonly late: number;
  readonly refused: number;
  readonly p95Us: number | null;
  readonly jitterUs: number | null;
}

/** So many calm pieces in a row end a trouble; fewer are a breath within it. */
export const CALM_PIECES = 10;

/** The points that a piece alone would lose by the reason; null when it cannot tell. */
function pointsOf(kind: string, probe: ProbeKind, piece: Piece): number | null {
  if (piece.sent === 0) return null;
  const percent = (n: number): number => (100 * n) / piece.sent;
  const milliseconds = (us: number | null, curve: (typeof curves)["loss"]): number | null =>
    us === null ? null : pointsAt(curve, us / 1000);
  switch (kind) {
    case "loss":
    case "unreachable":
      return pointsAt(curves.loss, percent(piece.lost));
    case "late":
      return pointsAt(curves.loss, percent(piece.late));
    case "refused":
      return pointsAt(curves.refused, percent(piece.refused));
    case "latency":
      return milliseconds(piece.p95Us, curves[probe].latency);
    case "jitter":
      return milliseconds(piece.jitterUs, curves[probe].jitter);
    default:
      return null;
  }
}

/**
 * When the trouble that still lasts began: the first troubled piece after the last stretch of CALM_PIECES calm ones. The
 * first piece means "then or earlier". Null when it is over, or when the pieces cannot tell.
 */
export function sinceOf(kind: string, probe: ProbeKind, pieces: readonly Piece[]): number | null {
  let began: number | null = null;
  let calm = 0;
  for (let i = pieces.length - 1; i >= 0 && calm < CALM_PIECES; i--) {
    const piece = pieces[i] as Piece;
    const points = pointsOf(kind, probe, piece);
    if (points === null) continue;
    if (points > 0) {
      began = piece.at;
      calm = 0;
    } else calm++;
  }
  return began;
}

/** The score with the beginnings of its troubles. */
export function withSince(score: Score, probe: ProbeKind, pieces: readonly Piece[]): Score {
  const dated = (reason: Reason): Reason => {
    const since = reason.since === null ? sinceOf(reason.kind, probe, pieces) : null;
    return since === null ? reason : { ...reason, since: new Date(since).toISOString() };
  };
  return { ...score, reasons: score.reasons.map(dated) };
}
