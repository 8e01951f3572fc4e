/** What became of one slot of a session's schedule. */
import { gapReasons, type Method, type Outcome } from "../wire/samples.ts";

/** Microseconds each; `status` is the HTTP status code or 0. A phase that did not take place is 0. */
export interface Phases {
  resolve: number;
  connect: number;
  tls: number;
  firstByte: number;
  transfer: number;
  status: number;
}
export const noPhases: Readonly<Phases> = { resolve: 0, connect: 0, tls: 0, firstByte: 0, transfer: 0, status: 0 };

export interface Measured {
  outcome: Outcome;
  method: Method;
  /** Microseconds; 0 where there was no answer. */
  rtt: number;
  /** Bound of the measuring error, microseconds; 0 where there was no answer. */
  bound: number;
  duplicate?: boolean;
  reordered?: boolean;
  phases?: Phases;
}

/** A slot of the schedule that is being measured. Times of the program's clock (monotonic, µs) unless told. */
export class Slot {
  /** Position in the session's grid. */
  readonly index: number;
  /** Scheduled, by the agent's wall clock. */
  readonly at: number;
  readonly due: number;
  /** When sending began. */
  sent: number;
  measured: Measured | null = null;
  /** From then on nothing can change any more. */
  finalAt = Number.POSITIVE_INFINITY;
  /** Reason why an unanswered slot would prove nothing: index into `gapReasons`, or −1. */
  suspect = -1;
  /** Frees what the prober still holds. */
  release: (() => void) | null = null;
  /** Nobody waits for it any more: the machine slept, or the session ended. */
  abandoned = false;

  constructor(index: number, at: number, due: number, sent: number) {
    this.index = index;
    this.at = at;
    this.due = due;
    this.sent = sent;
  }
}

/** How long after its timeout an answer is still told as late rather than lost, µs. */
export const lateWindow = (timeout: number): number => Math.min(Math.max(timeout, 500_000), 3_000_000);

export type Finished = (slot: Slot, measured: Measured) => void;

/** How one session measures. `start` begins at once (or with the tick's batch) and fills `slot.measured` and `slot.finalAt`. */
export interface Prober {
  /** Method told of a slot to which nothing came. */
  readonly method: Method;
  start(slot: Slot, finished: Finished): void;
  close?(): void;
}

/** Index of "agent-overloaded" in `gapReasons`. */
export const OVERLOADED = gapReasons.indexOf("agent-overloaded");
const NOT_PERMITTED = gapReasons.indexOf("not-permitted");

/** The program itself stood still while it measured: the slot says nothing. */
export function discard(slot: Slot): void {
  slot.suspect = OVERLOADED;
  slot.measured = null;
}

/** This machine lets the program measure in no way at all: the slot says nothing of the target. */
export function forbid(slot: Slot): void {
  slot.suspect = NOT_PERMITTED;
  slot.measured = null;
}

/** Outcome by the time it took: an answer after the timeout is late. Microseconds. */
export const inTime = (rtt: number, timeout: number): "ok" | "late" => (rtt <= timeout ? "ok" : "late");

/** Outcome of a failed socket operation by its code (errno names as Node tells them), and whose fault it was. */
export function failureOutcome(code: string | undefined): "refused" | "unreachable" | "failed" | "lost" | "unresolved" {
  switch (code) {
    case "ECONNREFUSED":
    case "ECONNRESET":
    case "EPIPE":
      return "refused";
    case "EHOSTUNREACH":
    case "EHOSTDOWN":
      return "unreachable";
    case "ETIMEDOUT":
      return "lost";
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_FAIL":
    case "ENODATA":
    case "ESERVFAIL":
    case "ENONAME":
      return "unresolved";
    default:
      return "failed";
  }
}
