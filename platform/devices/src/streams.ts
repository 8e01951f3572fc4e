/** Configuration streams: one open answer per device, through which configuration, beats and revocation go out. */
import type { ServerResponse } from "node:http";
import { sql } from "kysely";
import type { StreamMessage } from "@yagura/wire/envelope.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Facts } from "./facts.ts";
import type { Sign } from "./liveness.ts";
import { CHANNEL } from "./create-devices.ts";

/** Beats are spread over this many turns of a second each. */
const BEAT_TURNS = 10;
/** Changes that commit close together are read and sent together. */
const GATHER_MS = 30;
/** A program that does not read loses its stream at this many waiting bytes, and comes back. */
const MAX_UNREAD = 16 * 1024 * 1024;

interface Stream {
  readonly sign: Sign;
  readonly response: ServerResponse;
  readonly turn: number;
  /** Version last sent; -1 before the first. */
  version: number;
}
export interface Streams {
  open(sign: Sign, response: ServerResponse): void;
  present(): Iterable<Sign>;
  count(): number;
  stop(): Promise<void>;
}

export async function createStreams(
  platform: Platform,
  facts: Facts,
  changed: (count: number) => void,
): Promise<Streams> {
  const streams = new Map<string, Stream>();
  let asked = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let turn = 0;
  let next = 0;

  function send(stream: Stream, message: StreamMessage): void {
    const { response } = stream;
    response.write(`${JSON.stringify(message)}\n`);
    if (response.writableLength > MAX_UNREAD) response.destroy();
  }
  const beat = (): StreamMessage => ({ type: "beat", serverTime: Math.round(platform.clock.now() * 1000) });
  function ask(device: string): void {
    if (!streams.has(device)) return;
    asked.add(device);
    timer ??= setTimeout(() => void answer(), GATHER_MS);
  }
  /** Reads and sends the configuration of all that asked, by one query. */
  async function answer(): Promise<void> {
    timer = null;
    const devices = [...asked];
    asked = new Set();
    try {
      const rows = new Map((await readConfigurations(platform, devices)).map((row) => [row.id, row]));
      for (const device of devices) {
        const [row, stream] = [rows.get(device), streams.get(device)];
        if (stream === undefined) continue;
        if (row === undefined) close(stream, "It was erased.");
        else if (row.revoked_reason !== null) close(stream, row.revoked_reason);
        else if (row.version > stream.version) {
          stream.version = row.version;
          send(stream, { type: "configuration", version: row.version, services: row.services });
        }
      }
    } catch (error) {
      platform.log.warn({ err: error }, "configurations could not be read; trying again");
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      for (const device of devices) ask(device);
    }
  }
  function close(stream: Stream, reason: string): void {
    send(stream, { type: "revoked", reason });
    stream.response.end();
  }

  const unlisten = await platform.store.listen(
    CHANNEL,
    (payload) => {
      const [what, device] = payload.split(" ");
      if (device === undefined) return;
      if (what === "revoked") facts.forget(device);
      ask(device);
    },
    () => {
      facts.forgetAll();
      for (const device of streams.keys()) ask(device);
    },
  );
  const beats = setInterval(() => {
    turn = (turn + 1) % BEAT_TURNS;
    const message = beat();
    for (const stream of streams.values()) if (stream.turn === turn) send(stream, message);
  }, 1_000);

  return {
    count: () => streams.size,
    *present() {
      for (const { sign, response } of streams.values()) if (!response.destroyed) yield sign;
    },
    open(sign, response) {
      const stream: Stream = { sign, response, turn: next++ % BEAT_TURNS, version: -1 };
      // A program has one stream: an older one is a connection that died unnoticed.
      streams.get(sign.device)?.response.end();
      streams.set(sign.device, stream);
      changed(streams.size);
      response.on("close", () => {
        if (streams.get(sign.device) === stream) streams.delete(sign.device);
        changed(streams.size);
      });
      response.on("error", () => response.destroy());
      response.writeHead(200, {
        "content-type": "application/x-ndjson",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        // The connection ends with the stream; kept alive it would hold up a stop.
        connection: "close",
      });
      // At once: by it the program sets its clock before it has sent anything.
      send(stream, beat());
      ask(sign.device);
    },
    async stop() {
      clearInterval(beats);
      if (timer !== null) clearTimeout(timer);
      await unlisten();
      for (const { response } of streams.values()) response.end();
    },
  };
}

interface ConfigurationRow {
  id: string;
  version: number;
  revoked_reason: string | null;
  services: Record<string, unknown>;
}
async function readConfigurations(platform: Platform, devices: readonly string[]): Promise<ConfigurationRow[]> {
  const { rows } = await platform.store.provider((tx) =>
    sql<ConfigurationRow>`
      select d.id, d.configuration_version as version, d.revoked_reason,
        coalesce(jsonb_object_agg(c.service, c.document) filter (where c.service is not null), '{}') as services
      from devices.device d left join devices.configuration c on c.device_id = d.id
      where d.id = any(${devices}::uuid[]) group by d.id`.execute(tx),
  );
  return rows;
}
