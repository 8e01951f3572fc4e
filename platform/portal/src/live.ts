/** Server-sent events of an organisation: one connection for all pages, opened while anybody listens. */
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

class Stream {
  readonly #url: string;
  readonly #listeners = new Set<Listener>();
  readonly #reopened = new Set<() => void>();
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;
  #opened = 0;

  constructor(url: string) {
    this.#url = url;
  }
  add(listener: Listener, reopened: () => void): () => void {
    this.#listeners.add(listener);
    this.#reopened.add(reopened);
    if (this.#source === null && this.#timer === undefined) this.#open();
    return () => {
      this.#listeners.delete(listener);
      this.#reopened.delete(reopened);
      if (this.#listeners.size === 0) this.#close();
    };
  }
  #open(): void {
    this.#timer = undefined;
    const source = new EventSource(this.#url);
    this.#source = source;
    source.addEventListener("open", () => {
      this.#wait = FIRST_WAIT;
      // Events may have been missed while the stream was away.
      if (this.#opened++ > 0) for (const reopened of this.#reopened) reopened();
    });
    source.addEventListener("message", (message: MessageEvent<string>) => this.#tell(message.data));
    source.addEventListener("error", () => {
      // A browser reconnects by itself only while the state is CONNECTING; after an HTTP error it gives up.
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#source = null;
      this.#timer = setTimeout(() => this.#open(), this.#wait * (0.5 + Math.random()));
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    });
  }
  #tell(text: string): void {
    let event: LiveEvent;
    try {
      event = JSON.parse(text) as LiveEvent;
    } catch {
      return;
    }
    for (const listener of this.#listeners) listener(event);
  }
  #close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#source?.close();
    this.#source = null;
    this.#opened = 0;
    this.#wait = FIRST_WAIT;
  }
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
