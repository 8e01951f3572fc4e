/** Live events: LISTEN/NOTIFY between processes, server-sent events to pages. */
import { sql } from "kysely";
import type { ServerResponse } from "node:http";
import type { Logger } from "pino";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import type { Store, Tx } from "@yagura/store/store.ts";
import type { Live, LiveEvent } from "./route.ts";

const EVENTS = "yagura_live";
const CUTS = "yagura_cut";
/** NOTIFY carries less than 8,000 bytes. */
const EVENT_LIMIT = 6_000;
/** Events kept to answer Last-Event-ID after a short break; older gaps are told as `live.reset`. */
const KEPT = 2_000;
const HEARTBEAT = 15_000;
const HINT_INTERVAL = 1_000;
/** Bytes waiting for one slow reader before it is dropped; it comes back and is told to start afresh. */
const SLOW_READER = 1_000_000;

interface Told {
  readonly number: number;
  readonly organisation: OrganisationId;
  readonly text: string;
}

export interface LiveConnection {
  /** The organisation to hear of, or null for all of them (provider pages). */
  readonly organisation: OrganisationId | null;
  /** Ids whose loss of rights may concern this connection: session, token, user. */
  readonly subjects: readonly string[];
  /** Asked at each heartbeat and after each cut: may this connection still listen? */
  readonly mayStay: () => Promise<boolean>;
  readonly response: ServerResponse;
  readonly lastEventId: string | undefined;
}

export interface LiveHub extends Live {
  /** Begins to hear events of all processes. */
  start(): Promise<void>;
  /** Serves one page until it leaves or loses the right to listen. The head was already written. */
  connect(connection: LiveConnection): void;
  /** Tells all processes that a session, token or user may have lost rights. Sent at commit. */
  cut(tx: Tx, subject: string): Promise<void>;
  readonly size: () => number;
  /** Connections of a session, token or user in this process. */
  readonly listening: (subject: string) => number;
  close(): Promise<void>;
}

/** The hub of one process. */
export const createLiveHub = (store: Store, log: Logger): LiveHub => new Hub(store, log);

class Hub implements LiveHub {
  readonly #store: Store;
  readonly #log: Logger;
  /** Part of every event's id: events of another process or life are not ours to repeat. */
  readonly #boot = newId().slice(-12);
  readonly #connections = new Set<LiveConnection>();
  readonly #hints = new Map<string, string>();
  readonly #heartbeat: NodeJS.Timeout;
  #hintTimer: NodeJS.Timeout | null = null;
  #told: Told[] = [];
  #number = 0;
  #stopListening: (() => Promise<void>)[] = [];

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
    this.#heartbeat = setInterval(() => void this.#beat(), HEARTBEAT);
    this.#heartbeat.unref();
  }

  readonly size = (): number => this.#connections.size;
  readonly listening = (subject: string): number =>
    [...this.#connections].filter(({ subjects }) => subjects.includes(subject)).length;

  async start(): Promise<void> {
    if (this.#stopListening.length > 0) return;
    const reset = (): void => {
      for (const connection of this.#connections) this.#write(connection, resetText(`${this.#boot}-${this.#number}`));
    };
    this.#stopListening = [
      await this.#store.listen(EVENTS, (payload) => this.#hear(payload), reset),
      await this.#store.listen(
        CUTS,
        (subject) => this.#hearCut(subject),
        () => void this.#beat(),
      ),
    ];
  }

  connect(connection: LiveConnection): void {
    this.#connections.add(connection);
    connection.response.on("close", () => this.#connections.delete(connection));
    for (const text of missed(connection, this.#told, this.#boot, this.#number)) this.#write(connection, text);
  }

  async publish(tx: Tx, organisation: OrganisationId, event: LiveEvent): Promise<void> {
    await sql`select pg_notify(${EVENTS}, ${encode(organisation, event)})`.execute(tx);
  }

  hint(organisation: OrganisationId, event: LiveEvent): void {
    this.#hints.set(`${organisation} ${event.topic}`, encode(organisation, event));
    this.#hintTimer ??= setTimeout(() => void this.#sendHints(), HINT_INTERVAL);
    this.#hintTimer.unref();
  }

  async cut(tx: Tx, subject: string): Promise<void> {
    await sql`select pg_notify(${CUTS}, ${subject})`.execute(tx);
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    if (this.#hintTimer !== null) clearTimeout(this.#hintTimer);
    for (const connection of this.#connections) this.#leave(connection);
    const stops = this.#stopListening;
    this.#stopListening = [];
    await Promise.all(stops.map((stop) => stop()));
  }

  #leave(connection: LiveConnection): void {
    if (this.#connections.delete(connection)) connection.response.end();
  }

  #write(connection: LiveConnection, text: string): void {
    connection.response.write(text);
    if (connection.response.writableLength <= SLOW_READER) return;
    this.#connections.delete(connection);
    connection.response.destroy();
  }

  async #recheck(connection: LiveConnection): Promise<void> {
    if (await connection.mayStay().catch(() => true)) return;
    this.#write(connection, 'data: {"topic":"live.end","data":{}}\n\n');
    this.#leave(connection);
  }

  async #beat(): Promise<void> {
    for (const connection of this.#connections) this.#write(connection, ": still here\n\n");
    for (const connection of this.#connections) await this.#recheck(connection);
  }

  #hear(payload: string): void {
    const event = decode(payload);
    if (event === null) {
      this.#log.warn("an event that is none was heard");
      return;
    }
    const { o, t, d } = event;
    const number = ++this.#number;
    const text = `id: ${this.#boot}-${number}\ndata: ${JSON.stringify({ topic: t, data: d, organisation: o })}\n\n`;
    this.#told.push({ number, organisation: o, text });
    if (this.#told.length > 2 * KEPT) this.#told = this.#told.slice(-KEPT);
    for (const connection of this.#connections) if (hears(connection, o)) this.#write(connection, text);
  }

  #hearCut(subject: string): void {
    for (const connection of this.#connections) {
      if (connection.subjects.includes(subject)) void this.#recheck(connection);
    }
  }

  async #sendHints(): Promise<void> {
    this.#hintTimer = null;
    const payloads = [...this.#hints.values()];
    this.#hints.clear();
    // A hint only says "look again"; when the database is away the pages say so themselves.
    await this.#store
      .provider((tx) => sql`select pg_notify(${EVENTS}, p) from unnest(${payloads}::text[]) as p`.execute(tx))
      .catch((error: unknown) => this.#log.debug({ err: error }, "live hints were not sent"));
  }
}

const hears = (connection: LiveConnection, organisation: OrganisationId): boolean =>
  connection.organisation === null || connection.organisation === organisation;

const resetText = (id: string): string => `id: ${id}\ndata: {"topic":"live.reset","data":{}}\n\n`;

/** What a returning page has not heard; a reset when that is no longer known (another process, too long ago). */
function missed(connection: LiveConnection, told: readonly Told[], boot: string, now: number): string[] {
  const hello = `retry: 2000\nid: ${boot}-${now}\ndata: {"topic":"live.hello","data":{}}\n\n`;
  if (connection.lastEventId === undefined || connection.lastEventId === "") return [hello];
  const [from, last] = connection.lastEventId.split("-");
  const since = Number(last);
  const oldest = told[0]?.number ?? now + 1;
  if (from !== boot || !Number.isInteger(since) || since + 1 < oldest) return [hello, resetText(`${boot}-${now}`)];
  return [
    ...told.filter((event) => event.number > since && hears(connection, event.organisation)).map((event) => event.text),
    hello,
  ];
}

interface Payload {
  readonly o: OrganisationId;
  readonly t: string;
  readonly d: LiveEvent["data"];
}

/** Anybody who may use the database may NOTIFY; what is no event of ours must not end the process. */
function decode(payload: string): Payload | null {
  try {
    const { o, t, d } = JSON.parse(payload) as Partial<Payload>;
    return typeof o === "string" && typeof t === "string" && typeof d === "object" && d !== null ? { o, t, d } : null;
  } catch {
    return null;
  }
}

function encode(organisation: OrganisationId, event: LiveEvent): string {
  const payload = JSON.stringify({ o: organisation, t: event.topic, d: event.data });
  if (Buffer.byteLength(payload) > EVENT_LIMIT)
    throw new RangeError(`live event ${event.topic} is over ${EVENT_LIMIT} bytes`);
  return payload;
}
