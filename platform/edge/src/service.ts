/** What a service gives to the edge runtime, and what the runtime offers to it. */
import type { Clock } from "@yagura/core/clock.ts";
import type { ClockOffset } from "@yagura/wire/envelope.ts";

/** Lines for people and for journald; parameters never hold secrets. */
export interface EdgeLog {
  info(message: string, parameters?: Readonly<Record<string, unknown>>): void;
  warn(message: string, parameters?: Readonly<Record<string, unknown>>): void;
  error(message: string, parameters?: Readonly<Record<string, unknown>>): void;
}

/** Time and chance, handed in so that an hour passes in a test within a blink. */
export interface EdgeTime {
  readonly clock: Clock;
  /** Resolves after the milliseconds, or at once when the signal is aborted (never rejects). */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/** What the runtime offers to a service. */
export interface EdgeHost {
  readonly time: EdgeTime;
  readonly log: EdgeLog;
  /** A folder for what services keep, made, readable by this program only; a service names its files after itself. */
  readonly folder: string;
  /** Server minus program clock, or null while it is not yet measured. */
  clockOffset(): ClockOffset | null;
  /**
   * Seals one batch of a kind (`experience.samples`) into the spool; it is sent, again and again if need be, and stored once.
   * Throws SUBMISSION_TOO_LARGE above MAX_BATCH_BYTES of JSON: make smaller bodies. Never throws for a full disk: the batch is
   * counted as dropped. Returns the sequence number, or null when it was dropped. `urgent`: sent before all that waits and is not.
   */
  submit(kind: string, body: unknown, urgent?: boolean): number | null;
  /** What waits in the spool to be acknowledged: a service makes fewer, larger bodies while the line cannot keep up. */
  waiting(): { readonly batches: number; readonly bytes: number };
}

/** A running service inside an edge program. */
export interface EdgeService {
  /** Key of the service's part of the configuration, e.g. `experience`. */
  readonly id: string;
  /**
   * Called with the service's part of the configuration: at start with the last one kept on disk, then at each change;
   * undefined when the server has none for this service. Validate it: a throw is told in the health report and the
   * configuration before stays.
   */
  configure(document: unknown): void | Promise<void>;
  /** What the service can do here and why not, for the health report. */
  capabilities?(): Readonly<Record<string, string>>;
  /** Sentences for people, for the health report. */
  warnings?(): readonly string[];
  /** Seals what is left (by `submit`) and stops. */
  stop(): void | Promise<void>;
}
export type StartService = (host: EdgeHost) => EdgeService | Promise<EdgeService>;
