/** The configuration stream: kept open, reopened with jitter, each configuration handed on once. */
import type { StreamMessage } from "@yagura/wire/envelope.ts";
import { createBackoff } from "./backoff.ts";
import type { OffsetFilter } from "./clock-offset.ts";
import type { Dispatcher } from "./connection.ts";
import { causeOf, readAll, signedHeaders } from "./http.ts";
import type { Identity } from "./identity.ts";
import { readRefusal } from "./refusal.ts";
import type { EdgeLog, EdgeTime } from "./service.ts";

export const STREAM_PATH = "/edge/v1/stream";
/** Beats come every 10 s; silence for this long means that the connection is dead. */
const SILENCE_MS = 35_000;
const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 30_000;
const WAIT_MS = 120_000;
/** Characters of one line: a configuration of ten thousand sessions has three million. */
const MAX_LINE = 16 * 1024 * 1024;

export interface ConfigurationMessage {
  readonly version: number;
  readonly services: Readonly<Record<string, unknown>>;
}
export interface StreamClient {
  /** When the last message came, milliseconds by this machine's clock; null while not connected. */
  heardAt(): number | null;
  readonly ended: Promise<void>;
}

export function startStream(options: {
  identity: Identity;
  origin: string;
  dispatcher: Dispatcher;
  offset: OffsetFilter;
  time: EdgeTime;
  log: EdgeLog;
  configured: (message: ConfigurationMessage) => Promise<void>;
  revoked: (reason: string) => void;
  signal: AbortSignal;
}): StreamClient {
  const { identity, offset, time, log, signal } = options;
  const backoff = createBackoff(RETRY_BASE_MS, RETRY_CAP_MS, () => time.random());
  let heardAt: number | null = null;
  let told = "";

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      const pause = await once().catch((error: unknown) => {
        if (!signal.aborted) say(causeOf(error));
        return 0;
      });
      heardAt = null;
      if (!signal.aborted) await time.sleep(backoff.next(pause), signal);
    }
  }
  /** The same trouble is said once. */
  function say(trouble: string): void {
    if (trouble !== told && trouble !== "")
      log.warn("the configuration stream is closed; the last configuration stays", { trouble });
    told = trouble;
  }

  /** One connection; gives the milliseconds to wait at least before the next. */
  async function once(): Promise<number> {
    const ask = { method: "GET" as const, path: STREAM_PATH, headers: { accept: "application/x-ndjson" } };
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(new Error("no beat")), SILENCE_MS);
    try {
      const sentAt = time.clock.now() * 1000;
      const answer = await options.dispatcher.request({
        origin: options.origin,
        path: ask.path,
        method: ask.method,
        headers: signedHeaders(identity, ask, offset.serverNow()),
        signal: AbortSignal.any([signal, silence.signal]),
        bodyTimeout: 0,
      });
      if (answer.statusCode !== 200) {
        const text = await readAll(answer.body);
        return refused({ status: answer.statusCode, headers: answer.headers, text }, sentAt);
      }
      let first = true;
      for await (const line of lines(answer.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(new Error("no beat")), SILENCE_MS);
        heardAt = time.clock.now();
        say("");
        backoff.reset();
        const message = JSON.parse(line) as StreamMessage;
        if (first && message.type === "beat") {
          const { serverTime } = message;
          offset.add({ sentAt, heardAt: heardAt * 1000, receivedAt: serverTime, answeredAt: serverTime });
        }
        first = false;
        await take(message);
      }
      return 0;
    } finally {
      clearTimeout(timer);
    }
  }

  function refused(answer: Parameters<typeof readRefusal>[0], sentAt: number): number {
    const refusal = readRefusal(answer, time.clock.now());
    if (refusal.reaction === "stop") options.revoked(refusal.detail);
    say(`${refusal.code ?? ""} ${refusal.detail}`.trim());
    if (refusal.reaction === "clock" && refusal.serverTime !== null) {
      const { serverTime } = refusal;
      offset.add({ sentAt, heardAt: time.clock.now() * 1000, receivedAt: serverTime, answeredAt: serverTime });
    }
    return refusal.reaction === "wait" ? WAIT_MS : refusal.retryAfter;
  }

  async function take(message: StreamMessage): Promise<void> {
    if (message.type === "configuration") await options.configured(message);
    else if (message.type === "revoked") options.revoked(message.reason);
  }

  return { heardAt: () => heardAt, ended: loop() };
}

async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > MAX_LINE) throw new Error("a line of the configuration stream is too long");
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line !== "") yield line;
    }
  }
}
