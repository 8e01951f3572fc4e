/** Server-sent events of an organisation: one connection for all pages and tabs, open while anybody listens. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { refreshPaths } from "./queries.ts";

export interface LiveEvent {
  readonly topic: string;
  readonly data: Readonly<Record<string, unknown>>;
}
type Listener = (event: LiveEvent) => void;

/** Reconnects after a closed stream wait this long at first, and at most `LONGEST_WAIT`, in milliseconds. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** What tabs of one browser tell each other: an event's text, or that events may have been missed. */
type Told = { readonly text: string } | { readonly missed: true };

/**
 * The events of one address. Only one tab of a browser holds the connection (by a Web Lock) and passes events on to the
 * others: over HTTP/1.1 a browser opens at most six connections to a server, and six tabs would otherwise starve all requests.
 */
class Stream {
  readonly #url: string;
  readonly #listeners = new Set<Listener>();
  readonly #missed = new Set<() => void>();
  #stop: (() => void) | null = null;

  constructor(url: string) {
    this.#url = url;
  }
  /** `missed` is called when events may have been lost. */
  add(listener: Listener, missed: () => void): () => void {
    this.#listeners.add(listener);
    this.#missed.add(missed);
    this.#stop ??= this.#start();
    return () => {
      this.#listeners.delete(listener);
      this.#missed.delete(missed);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = null;
    };
  }
  #start(): () => void {
    const name = `yagura.live ${this.#url}`;
    const channel = new BroadcastChannel(name);
    const tell = (told: Told): void => {
      this.#hear(told);
      // Hearing it may have ended the last page that listened.
      if (!leaving.signal.aborted) channel.postMessage(told);
    };
    channel.addEventListener("message", (message: MessageEvent<Told>) => this.#hear(message.data));
    const leaving = new AbortController();
    // Without Web Locks (plain HTTP beyond this machine) each tab connects by itself.
    if (navigator.locks === undefined) connect(this.#url, tell, leaving.signal, false);
    else {
      const url = this.#url;
      const asked = performance.now();
      navigator.locks
        .request(name, { signal: leaving.signal }, async () => {
          // Granted in the moment of leaving: without this the lock would be held for ever by nobody.
          if (leaving.signal.aborted) return;
          connect(url, tell, leaving.signal, performance.now() - asked > FIRST_WAIT);
          await new Promise<void>((left) => leaving.signal.addEventListener("abort", () => left()));
        })
        // Given up while waiting: the page left before its turn came.
        .catch(() => undefined);
    }
    return () => {
      leaving.abort();
      channel.close();
    };
  }
  #hear(told: Told): void {
    if ("missed" in told) {
      for (const missed of this.#missed) missed();
      return;
    }
    const event = readEvent(told.text);
    // Something was missed, or the right to listen ended: asking again tells which.
    if (event?.topic === "live.reset" || event?.topic === "live.end") for (const missed of this.#missed) missed();
    else if (event !== null) for (const listener of this.#listeners) listener(event);
  }
}

function readEvent(text: string): LiveEvent | null {
  try {
    return JSON.parse(text) as LiveEvent;
  } catch {
    return null;
  }
}

/** Keeps a connection until the signal aborts. `heir`: another tab held it before, and events may have fallen between. */
function connect(url: string, tell: (told: Told) => void, signal: AbortSignal, heir: boolean): void {
  let wait = FIRST_WAIT;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource | null = null;
  let opened = heir ? 1 : 0;
  const open = (): void => {
    const now = new EventSource(url);
    source = now;
    now.addEventListener("open", () => {
      wait = FIRST_WAIT;
      if (opened++ > 0) tell({ missed: true });
    });
    now.addEventListener("message", (message: MessageEvent<string>) => tell({ text: message.data }));
    now.addEventListener("error", () => {
      // A browser reconnects by itself only while the state is CONNECTING; after an HTTP error it gives up.
      if (now.readyState !== EventSource.CLOSED || signal.aborted) return;
      timer = setTimeout(open, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  };
  open();
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    source?.close();
  });
}

const streams = new Map<string, Stream>();
function streamOf(url: string): Stream {
  let stream = streams.get(url);
  if (stream === undefined) {
    stream = new Stream(url);
    streams.set(url, stream);
  }
  return stream;
}

export interface LiveOptions {
  /** API paths that load again on an event of the topics. */
  readonly refresh?: readonly string[];
  /** What else to do with an event. */
  readonly on?: (event: LiveEvent) => void;
  /** Milliseconds within which several events refresh once; 300 unless told. */
  readonly gather?: number;
}

/** Listens to the topics of an organisation (`null`: the provider's) while the page is shown. A topic also matches those below it (`experience` matches `experience.samples`). */
export function useLiveOf(organisation: string | null, topics: readonly string[], options: LiveOptions): void {
  const client = useQueryClient();
  const url = organisation === null ? "/api/v1/provider/live" : `/api/v1/organisations/${organisation}/live`;
  const refresh = useEffectEvent(() => void refreshPaths(client, options.refresh ?? []));
  const hear = useEffectEvent((event: LiveEvent): boolean => {
    const heard = topics.some((topic) => event.topic === topic || event.topic.startsWith(`${topic}.`));
    if (heard) options.on?.(event);
    return heard;
  });
  const wait = options.gather ?? 300;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const gather = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh();
      }, wait);
    };
    const remove = streamOf(url).add((event) => {
      if (hear(event)) gather();
    }, gather);
    return () => {
      clearTimeout(timer);
      remove();
    };
  }, [url, wait]);
}
