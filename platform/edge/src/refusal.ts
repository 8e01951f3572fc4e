/** Reads a refusal: what the server says is wrong, and what this program does about it. */
import { reactionTo, type EdgeProblem, type Reaction } from "@yagura/wire/problem.ts";
import type { Answer } from "./http.ts";

export interface Refusal {
  readonly status: number;
  /** Null when it is not our server's own problem document (a proxy's page, for one). */
  readonly code: string | null;
  readonly detail: string;
  readonly reaction: Reaction;
  /** Milliseconds that the server asks to wait; 0 when it does not. */
  readonly retryAfter: number;
  /** Microseconds by the server's clock, when it told. */
  readonly serverTime: number | null;
}

/** Statuses that say something about the way and not about the batch, whoever sent them. */
const ABOUT_THE_WAY = new Set([401, 403, 404, 405, 407, 408, 421, 425, 426, 429]);

/**
 * What an answer other than 200 asks of the program; only a problem document of our own server can make it stop or drop
 * anything. `now` in milliseconds.
 */
export function readRefusal(answer: Answer, now: number): Refusal {
  const problem = readProblem(answer);
  const known = problem === null ? null : reactionTo(problem.code);
  const bad = problem !== null && answer.status >= 400 && answer.status < 500 && !ABOUT_THE_WAY.has(answer.status);
  return {
    status: answer.status,
    code: problem?.code ?? null,
    detail: problem?.detail ?? `HTTP status ${answer.status}`,
    reaction: known ?? (bad ? "aside" : "again"),
    retryAfter: readRetryAfter(answer.headers["retry-after"], now),
    serverTime: problem !== null && Number.isSafeInteger(problem.serverTime) ? problem.serverTime : null,
  };
}

function readProblem(answer: Answer): EdgeProblem | null {
  if (!String(answer.headers["content-type"] ?? "").startsWith("application/problem+json")) return null;
  try {
    const problem = JSON.parse(answer.text) as EdgeProblem;
    return typeof problem.code === "string" ? problem : null;
  } catch {
    return null;
  }
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3), as milliseconds from now; at most an hour. */
export function readRetryAfter(value: string | string[] | undefined, now: number): number {
  if (typeof value !== "string") return 0;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 3_600_000) : 0;
}
