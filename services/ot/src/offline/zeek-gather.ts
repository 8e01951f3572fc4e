/** What logs in Zeek's format are made of: the tables of the engine over whole captures, with addresses instead of devices. */
import { sha256 } from "@yagura/packets/node/primitives.ts";
import type { Interval } from "../decode/engine.ts";
import type { LoadedDeclared } from "../protocols/declared/load.ts";
import type { Dissector } from "../protocols/dissector.ts";
import { dissectors } from "../protocols/registry.ts";
import { writeMac } from "../wire/addresses.ts";
import { slotName } from "../wire/declared.ts";
import { rowsOf, type Row, type TableName } from "../wire/metadata.ts";
import { attributes, protocols, transports, type Attribute, type ProtocolName, type Transport } from "../wire/vocabulary.ts"; // prettier-ignore

/** Who talks with whom; `mac` is that of the client. Times are seconds since the epoch. */
export interface Pair {
  readonly client: string;
  readonly clientMac: string;
  readonly server: string;
  readonly port: number;
  readonly protocol: ProtocolName;
  readonly first: number;
  readonly last: number;
}
export interface Talk extends Pair {
  readonly transport: Transport;
  readonly counts: Readonly<Record<"packetsOut" | "packetsIn" | "bytesOut" | "bytesIn" | "connections" | "refused" | "unanswered" | "missing", number>>; // prettier-ignore
}
export interface Asked extends Pair {
  readonly code: number;
  readonly name: string;
  readonly object: number;
  readonly objectName: string | null;
  readonly unit: number | null;
  readonly label: string | null;
  readonly counts: Readonly<Record<"requests" | "responses" | "errors" | "events", number>>;
}
export interface Lookup extends Pair {
  readonly name: string;
  readonly type: number;
  /** RCODE; null while unanswered. */
  readonly outcome: number | null;
  readonly counts: Readonly<Record<"count", number>>;
}
export interface Said {
  readonly address: string;
  readonly mac: string;
  readonly attribute: Attribute;
  readonly value: string;
  readonly protocol: ProtocolName;
  readonly first: number;
  readonly last: number;
  readonly counts: Readonly<Record<"count", number>>;
}

const names: ReadonlyMap<number, ProtocolName> = new Map(
  Object.entries(protocols).map(([name, { id }]) => [id, name as ProtocolName]),
);
const UNANSWERED = 255;

/** Sums rows that are the same but for counts and times. */
class Sums<
  T extends { readonly first: number; readonly last: number; readonly counts: Readonly<Record<string, number>> },
> {
  readonly #rows = new Map<string, T>();
  add(key: string, row: T): void {
    const known = this.#rows.get(key);
    if (known === undefined) return void this.#rows.set(key, row);
    const counts = Object.fromEntries(Object.entries(known.counts).map(([name, count]) => [name, count + (row.counts[name] ?? 0)])); // prettier-ignore
    const first = Math.min(known.first, row.first);
    this.#rows.set(key, { ...known, counts, first, last: Math.max(known.last, row.last) });
  }
  all(): T[] {
    return [...this.#rows.values()].toSorted((a, b) => a.first - b.first);
  }
}

export class ZeekGathering {
  readonly #talk = new Sums<Talk>();
  readonly #asked = new Sums<Asked>();
  readonly #lookups = new Sums<Lookup>();
  readonly #said = new Sums<Said>();
  readonly #byProtocol: ReadonlyMap<ProtocolName, Dissector>;
  /** Names of declared protocols: what `service` says. */
  readonly titles: ReadonlyMap<ProtocolName, string>;

  constructor(declared?: LoadedDeclared) {
    this.#byProtocol = new Map([...dissectors, ...(declared?.dissectors ?? [])].map((one) => [one.protocol, one]));
    this.titles = new Map((declared?.loaded ?? []).map(({ slot, description }) => [slotName(slot), description.name]));
  }

  add(interval: Interval): void {
    const places = [...rowsOf(interval, "endpoints")];
    const text = (index: number): string | null => (index < 0 ? null : (interval.texts[index] ?? null));
    const mac = (endpoint: number): string => writeMac(places[endpoint]?.mac ?? 0);
    const who = (endpoint: number): string => text(places[endpoint]?.address ?? -1) ?? mac(endpoint);
    const time = (milliseconds: number): number => interval.from / 1e6 + milliseconds / 1e3;
    const times = (row: { readonly first: number; readonly last: number }) => ({ first: time(row.first), last: time(row.last) }); // prettier-ignore
    const protocolOf = (row: { readonly protocol: number }): ProtocolName => names.get(row.protocol) ?? "unknown";
    const each = <N extends TableName>(table: N, take: (row: Row<N>) => void): void => {
      for (const row of rowsOf(interval, table)) take(row);
    };
    each("conversations", (row) => {
      const { packetsOut, packetsIn, bytesOut, bytesIn, connections, refused, unanswered, missing } = row;
      const counts = { packetsOut, packetsIn, bytesOut, bytesIn, connections, refused, unanswered, missing };
      const transport = transports[row.transport] ?? "ethernet";
      const pair = { client: who(row.client), clientMac: mac(row.client), server: who(row.server), port: row.port };
      this.#talk.add(`${pair.client}|${pair.server}|${transport}|${row.port}|${row.protocol}`, { ...pair, transport, protocol: protocolOf(row), counts, ...times(row) }); // prettier-ignore
    });
    each("commands", (row) => {
      const { requests, responses, errors, events } = row;
      const protocol = protocolOf(row);
      const dissector = this.#byProtocol.get(protocol);
      const label = text(row.label);
      const pair = { client: who(row.client), clientMac: mac(row.client), server: who(row.server), port: row.port };
      this.#asked.add(
        `${pair.client}|${pair.server}|${row.port}|${protocol}|${row.code}|${row.object}|${row.unit}|${label ?? ""}`,
        {
          // prettier-ignore
          ...pair,
          protocol,
          code: row.code,
          name: dissector?.functions?.get(row.code)?.name ?? `0x${row.code.toString(16)}`,
          object: row.object,
          objectName: dissector?.objects?.get(row.object) ?? null,
          unit: row.unit < 0 ? null : row.unit,
          label,
          counts: { requests, responses, errors, events },
          ...times(row),
        },
      );
    });
    each("lookups", (row) => {
      const pair = { client: who(row.client), clientMac: mac(row.client), server: who(row.server), port: 0 };
      const outcome = row.outcome === UNANSWERED ? null : row.outcome;
      const name = text(row.name) ?? "";
      this.#lookups.add(`${pair.client}|${pair.server}|${row.protocol}|${name}|${row.type}|${row.outcome}`, { ...pair, protocol: protocolOf(row), name, type: row.type, outcome, counts: { count: row.count }, ...times(row) }); // prettier-ignore
    });
    each("identities", (row) => {
      const value = text(row.value) ?? "";
      const address = who(row.endpoint);
      this.#said.add(`${address}|${row.attribute}|${value}|${row.protocol}`, { address, mac: mac(row.endpoint), attribute: attributes[row.attribute] as Attribute, value, protocol: protocolOf(row), counts: { count: row.count }, ...times(row) }); // prettier-ignore
    });
  }

  get talk(): Talk[] {
    return this.#talk.all();
  }
  get asked(): Asked[] {
    return this.#asked.all();
  }
  get lookups(): Lookup[] {
    return this.#lookups.all();
  }
  get said(): Said[] {
    return this.#said.all();
  }
}

/** One identifier for the conversations of a pair over a port, the same in every log, as Zeek's `uid`. */
export const uidOf = ({ client, server, port }: Pair): string =>
  `C${BigInt(`0x${sha256(`${client}|${server}|${port}`).slice(0, 24)}`)
    .toString(36)
    .padStart(17, "0")
    .slice(0, 17)}`;
