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
  close(): Promise<void>;
}

/** The hub of one process. */
export function createLiveHub(store: Store, log: Logger): LiveHub {
  const boot = newId().slice(-12);
  const connections = new Set<LiveConnection>();
  const hints = new Map<string, string>();
  let told: Told[] = [];
  let number = 0;
  let stopListening: (() => Promise<void>)[] = [];
  let hintTimer: NodeJS.Timeout | null = null;
  const heartbeat = setInterval(() => void beat(), HEARTBEAT);
  heartbeat.unref();

  const leave = (connection: LiveConnection): void => {
    if (!connections.delete(connection)) return;
    connection.response.end();
  };
  const write = (connection: LiveConnection, text: string): void => {
    connection.response.write(text);
    if (connection.response.writableLength > SLOW_READER) {
      connections.delete(connection);
      connection.response.destroy();
    }
  };
  const recheck = async (connection: LiveConnection): Promise<void> => {
    const may = await connection.mayStay().catch(() => true);
    if (may) return;
    write(connection, 'data: {"topic":"live.end","data":{}}\n\n');
    leave(connection);
  };
  const beat = async (): Promise<void> => {
    for (const connection of connections) write(connection, ": still here\n\n");
    for (const connection of connections) await recheck(connection);
  };
  const hear = (payload: string): void => {
    const event = decode(payload);
    if (event === null) {
      log.warn("an event that is none was heard");
      return;
    }
    const { o, t, d } = event;
    number++;
    const text = `id: ${boot}-${number}\ndata: ${JSON.stringify({ topic: t, data: d, organisation: o })}\n\n`;
    told.push({ number, organisation: o, text });
    if (told.length > 2 * KEPT) told = told.slice(-KEPT);
    for (const connection of connections) if (hears(connection, o)) write(connection, text);
  };
  const hearCut = (subject: string): void => {
    for (const connection of connections) if (connection.subjects.includes(subject)) void recheck(connection);
  };
  const reset = (): void => {
    for (const connection of connections) write(connection, resetText(`${boot}-${number}`));
  };
  const sendHints = async (): Promise<void> => {
    hintTimer = null;
    const payloads = [...hints.values()];
    hints.clear();
    // A hint only says "look again"; when the database is away the pages say so themselves.
    await store
      .provider((tx) => sql`select pg_notify(${EVENTS}, p) from unnest(${payloads}::text[]) as p`.execute(tx))
      .catch((error: unknown) => log.debug({ err: error }, "live hints were not sent"));
  };

  return {
    async start() {
      if (stopListening.length > 0) return;
      stopListening = [await store.listen(EVENTS, hear, reset), await store.listen(CUTS, hearCut, () => void beat())];
    },
    connect(connection) {
      connections.add(connection);
      connection.response.on("close", () => connections.delete(connection));
      for (const text of missed(connection, told, boot, number)) write(connection, text);
    },
    async publish(tx, organisation, event) {
      await sql`select pg_notify(${EVENTS}, ${encode(organisation, event)})`.execute(tx);
    },
    hint(organisation, event) {
      hints.set(`${organisation} ${event.topic}`, encode(organisation, event));
      hintTimer ??= setTimeout(() => void sendHints(), HINT_INTERVAL);
      hintTimer.unref();
    },
    async cut(tx, subject) {
      await sql`select pg_notify(${CUTS}, ${subject})`.execute(tx);
    },
    size: () => connections.size,
    async close() {
      clearInterval(heartbeat);
      if (hintTimer !== null) clearTimeout(hintTimer);
      for (const connection of connections) leave(connection);
      const stops = stopListening;
      stopListening = [];
      await Promise.all(stops.map((stop) => stop()));
    },
  };
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
