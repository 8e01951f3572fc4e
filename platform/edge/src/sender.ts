/**
 * The sender: takes batches from the spool, urgent ones first, then oldest first, as many in flight as the line carries, until
 * each is acknowledged. What the server refuses for good is set aside; everything else is tried again, for ever, with back-off
 * and jitter.
 */
import type { BatchAnswer } from "@yagura/wire/envelope.ts";
import { STATE_HEADER, writeState } from "@yagura/wire/signature.ts";
import { createBackoff } from "./backoff.ts";
import type { OffsetFilter } from "./clock-offset.ts";
import type { Dispatcher } from "./connection.ts";
import { call, causeOf, signedHeaders } from "./http.ts";
import type { Identity } from "./identity.ts";
import { Line } from "./line.ts";
import { readRefusal, type Refusal } from "./refusal.ts";
import type { EdgeLog, EdgeTime } from "./service.ts";
import type { Spool, SpooledBatch } from "./spool.ts";

export const BATCH_PATH = "/edge/v1/batches";
/** Batches under way at once: enough to empty an hour's spool in seconds over a long line. */
const IN_FLIGHT = 6;
/** Every so many batches the oldest goes, urgent or not: the server remembers only so many numbers above a gap. */
const OLDEST_EVERY = 4;
const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 60_000;
/** After a refusal that only a person can end (an update, a new enrolment). */
const WAIT_MS = 300_000;
const REQUEST_TIMEOUT_MS = 60_000;

export interface SenderState {
  /** Microseconds by this machine's clock; null before the first. */
  readonly acknowledgedAt: number | null;
  readonly acknowledged: number;
  readonly duplicates: number;
  /** What is in the way now; null while batches flow. */
  readonly trouble: string | null;
}
export interface Sender {
  /** Something was appended. */
  wake(): void;
  state(): SenderState;
  /** Resolves when stopped. Rejects never. */
  readonly ended: Promise<void>;
}

export function startSender(options: {
  identity: Identity;
  origin: string;
  dispatcher: Dispatcher;
  spool: Spool;
  offset: OffsetFilter;
  time: EdgeTime;
  log: EdgeLog;
  /** Version of the configuration that is applied. */
  configuration: () => number | null;
  /** The device is cut off: called once. */
  revoked: (reason: string) => void;
  signal: AbortSignal;
}): Sender {
  const { identity, spool, offset, time, log, signal } = options;
  const flying = new Set<SpooledBatch>();
  const backoff = createBackoff(RETRY_BASE_MS, RETRY_CAP_MS, () => time.random());
  let state: SenderState = { acknowledgedAt: null, acknowledged: 0, duplicates: 0, trouble: null };
  const line = new Line();
  let notBefore = 0;
  let launched = 0;
  let wakeUp: AbortController = new AbortController();
  const wake = (): void => wakeUp.abort();
  signal.addEventListener("abort", wake);

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      wakeUp = new AbortController();
      const wait = notBefore - time.clock.monotonic();
      if (wait > 0) await time.sleep(wait, signal);
      else if (!(await launch())) await sleepUntilWoken();
    }
  }
  const sleepUntilWoken = (): Promise<void> =>
    new Promise((resolve) => {
      if (wakeUp.signal.aborted) return resolve();
      wakeUp.signal.addEventListener("abort", () => resolve(), { once: true });
    });

  /** Sends what may be sent; false when there is nothing to do until somebody wakes us. */
  async function launch(): Promise<boolean> {
    // While there is trouble one batch tries the way; the others do not pile up behind it.
    const room = state.trouble === null ? IN_FLIGHT : 1;
    const batch = flying.size < room ? spool.next(flying, launched % OLDEST_EVERY !== OLDEST_EVERY - 1) : null;
    if (batch === null || (!batch.urgent && !line.fits(batch.bytes))) return false;
    launched++;
    flying.add(batch);
    try {
      await spool.sync();
    } catch (error) {
      flying.delete(batch);
      pause(backoff.next(), `the disk does not sync: ${causeOf(error)}`);
      return true;
    }
    void fly(batch);
    return true;
  }

  async function fly(batch: SpooledBatch): Promise<void> {
    line.began(batch.bytes);
    const began = time.clock.monotonic();
    const answered = await send(batch);
    line.ended(batch.bytes, answered ? time.clock.monotonic() - began : null);
    flying.delete(batch);
    wake();
  }

  /** Never rejects; true: the server answered. */
  async function send(batch: SpooledBatch): Promise<boolean> {
    const bytes = spool.read(batch);
    if (bytes === null) {
      spool.done(batch);
      return true;
    }
    const ask = {
      method: "POST" as const,
      path: BATCH_PATH,
      headers: {
        "content-type": "application/json",
        "content-encoding": "zstd",
        [STATE_HEADER]: writeState({
          oldest: spool.oldest(batch),
          configuration: options.configuration(),
          clock: offset.current()?.offset ?? null,
        }),
      },
      body: bytes,
    };
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    try {
      const headers = signedHeaders(identity, ask, offset.serverNow());
      const sentAt = time.clock.now() * 1000;
      const both = AbortSignal.any([timeout, signal]);
      const answer = await call(options.dispatcher, options.origin, { ...ask, headers, signal: both });
      const heardAt = time.clock.now() * 1000;
      if (answer.status === 200) taken(batch, JSON.parse(answer.text) as BatchAnswer, sentAt, heardAt);
      else refused(batch, readRefusal(answer, time.clock.now()), sentAt, heardAt);
      return true;
    } catch (error) {
      if (!signal.aborted) pause(backoff.next(), causeOf(error));
      return false;
    }
  }

  function taken(batch: SpooledBatch, answer: BatchAnswer, sentAt: number, heardAt: number): void {
    if (answer.sequence !== batch.sequence) return pause(backoff.next(), "the answer is for another batch");
    spool.done(batch);
    offset.add({ sentAt, heardAt, receivedAt: answer.receivedAt, answeredAt: answer.answeredAt });
    if (state.trouble !== null) log.info("batches flow again", { waiting: spool.stats().batches });
    backoff.reset();
    state = {
      acknowledgedAt: heardAt,
      acknowledged: state.acknowledged + 1,
      duplicates: state.duplicates + (answer.duplicate ? 1 : 0),
      trouble: null,
    };
  }

  function refused(batch: SpooledBatch, refusal: Refusal, sentAt: number, heardAt: number): void {
    const { code, detail, reaction, retryAfter, serverTime } = refusal;
    if (reaction === "stop") return options.revoked(detail);
    if (reaction === "aside") {
      log.error("the server refuses a batch for good; it is kept aside", { code, detail, sequence: batch.sequence });
      return spool.setAside(batch, `${code ?? ""} ${detail}`);
    }
    if (reaction === "clock" && serverTime !== null) {
      log.warn("this machine's clock is wrong; signatures are corrected by the server's", { detail });
      offset.add({ sentAt, heardAt, receivedAt: serverTime, answeredAt: serverTime });
      return pause(backoff.next(), detail);
    }
    pause(reaction === "wait" ? backoff.next(WAIT_MS) : backoff.next(retryAfter), `${code ?? ""} ${detail}`.trim());
  }

  function pause(milliseconds: number, trouble: string): void {
    if (state.trouble !== trouble) log.warn("batches wait", { trouble, milliseconds, waiting: spool.stats().batches });
    state = { ...state, trouble };
    notBefore = Math.max(notBefore, time.clock.monotonic() + milliseconds);
  }

  return { wake, state: () => state, ended: loop() };
}
