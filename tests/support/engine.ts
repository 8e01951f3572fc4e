/** Shows frames to the engine with all dissectors and gives its tables as rows with names: for tests. */
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import type { Timed } from "@yagura/packets/build/conversation.ts";
import type { Host } from "@yagura/packets/build/frames.ts";
import { createEngine, type Engine, type EngineOptions, type Interval } from "@yagura/ot/decode/engine.ts";
import { dissectors } from "@yagura/ot/protocols/registry.ts";
import { rowsOf, type Row, type TableName } from "@yagura/ot/wire/metadata.ts";
import { protocols, transports } from "@yagura/ot/wire/vocabulary.ts";

export const client: Host = { mac: "02:00:00:00:00:01", address: "192.0.2.1" };
export const server: Host = { mac: "02:00:00:00:00:02", address: "192.0.2.2" };
export const client6: Host = { mac: "02:00:00:00:00:01", address: "2001:db8::1" };
export const server6: Host = { mac: "02:00:00:00:00:02", address: "2001:db8::2" };

export const engineOf = (options: Partial<EngineOptions> = {}): Engine =>
  createEngine({ dissectors, primitives: { sha256, openQuicInitial }, ...options });

export interface Fed {
  readonly interval: Interval | null;
  readonly engine: Engine;
  rows<T extends TableName>(table: T): Row<T>[];
  /** `address` of an endpoint, its MAC below IP, `vlan/` before it when there is one. */
  who(endpoint: number): string;
  /** Conversations as text: `192.0.2.1 > 192.0.2.2 tcp/502 modbus 3+2`, packets out and in. */
  conversations(): string[];
  /** Commands as text: `modbus 3 4 q2 a2 e0`, code, object, requests, responses, errors. */
  commands(): string[];
  /** The sums of one capture interface. */
  capture(): Row<"captures">;
}

const nameOf = (id: number): string =>
  Object.entries(protocols).find(([, protocol]) => protocol.id === id)?.[0] ?? String(id);

/** All frames at once, as link type `linkType`. */
export function feed(frames: readonly Timed[], options: Partial<EngineOptions> & { linkType?: number } = {}): Fed {
  const engine = engineOf(options);
  for (const { time, frame } of frames)
    engine.packet(frame, 0, frame.length, frame.length, time, options.linkType ?? 1, 0);
  return fedOf(engine, engine.take((frames.at(-1)?.time ?? 0) + 5_000_000));
}

export function fedOf(engine: Engine, interval: Interval | null): Fed {
  const rows = <T extends TableName>(table: T): Row<T>[] => (interval === null ? [] : [...rowsOf(interval, table)]);
  const who = (endpoint: number): string => {
    const row = rows("endpoints")[endpoint];
    if (row === undefined) return "nobody";
    const address = row.address < 0 ? row.mac.toString(16).padStart(12, "0") : (interval?.texts[row.address] as string);
    return row.vlan === 0 ? address : `${row.vlan}/${address}`;
  };
  return {
    interval,
    engine,
    rows,
    who,
    conversations: () =>
      rows("conversations").map(
        (row) =>
          `${who(row.client)} > ${who(row.server)} ${transports[row.transport]}/${row.port} ${nameOf(row.protocol)} ${row.packetsOut}+${row.packetsIn}`,
      ),
    commands: () =>
      rows("commands").map(
        (row) => `${nameOf(row.protocol)} ${row.code} ${row.object} q${row.requests} a${row.responses} e${row.errors}`,
      ),
    capture: () => rows("captures")[0] as Row<"captures">,
  };
}

/** A Modbus/TCP message: read of ten holding registers, or its answer. */
export const modbusRead = (transaction: number): Uint8Array =>
  Uint8Array.from([transaction >> 8, transaction & 255, 0, 0, 0, 6, 1, 3, 0, 100, 0, 10]);
export const modbusAnswer = (transaction: number): Uint8Array =>
  Uint8Array.from([transaction >> 8, transaction & 255, 0, 0, 0, 23, 1, 3, 20, ...Array.from({ length: 20 }, () => 7)]);

/** `count` polls of Modbus/TCP as messages of a conversation, `period` µs apart. */
export const polls = (
  count: number,
  period = 100_000,
): { from: "client" | "server"; bytes: Uint8Array; after?: number }[] =>
  Array.from({ length: count }, (_, i) => [
    { from: "client" as const, bytes: modbusRead(i + 1), after: period - 1_000 },
    { from: "server" as const, bytes: modbusAnswer(i + 1) },
  ]).flat();
