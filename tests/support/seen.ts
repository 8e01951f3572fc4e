/** Observations for tests of the analysis: what was seen is said in a line, the rest is filled in. */
import type { Endpoint, Observation } from "@yagura/ot/analysis/model.ts";

/** Start of the interval of an observation that says nothing else, ms. */
export const SEEN_FROM = Date.UTC(2026, 10, 20);
type Rows = {
  readonly [table in Exclude<keyof Observation, "sensor" | "from" | "to" | "endpoints">]?: readonly Record<
    string,
    unknown
  >[];
};
type Conversation = Observation["conversations"][number];
type Command = Observation["commands"][number];

/** Builds one observation; places are named `mac`, `mac@address`, `@address`, each with an optional `#vlan`. */
export class Seen {
  readonly #endpoints: Endpoint[] = [];
  readonly #places = new Map<string, number>();
  readonly #rows: Record<string, unknown[]> = {};
  readonly from: number;
  readonly to: number;
  constructor(from: number = SEEN_FROM, seconds = 10) {
    this.from = from;
    this.to = from + seconds * 1000;
  }
  /** Index of a place. */
  at(place: string): number {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    const [where = "", vlan = "0"] = place.split("#");
    const [mac = "", address] = where.split("@");
    this.#places.set(place, this.#endpoints.length);
    return this.#endpoints.push({ mac: mac === "" ? null : mac, vlan: Number(vlan), address: address ?? null }) - 1;
  }
  #add(table: keyof Rows, row: Record<string, unknown>): this {
    (this.#rows[table] ??= []).push({ first: this.from, last: this.to, count: 1, ...row });
    return this;
  }
  talk(client: string, server: string, more: Partial<Conversation> = {}): this {
    const counters = {
      packetsOut: 10,
      bytesOut: 1_000,
      packetsIn: 10,
      bytesIn: 1_000,
      connections: 1,
      refused: 0,
      unanswered: 0,
      retransmissions: 0,
      missing: 0,
      rtt: null,
    };
    const kind = { transport: "tcp", port: 0, protocol: "unknown" };
    return this.#add("conversations", {
      client: this.at(client),
      server: this.at(server),
      ...kind,
      ...counters,
      ...more,
    });
  }
  command(client: string, server: string, protocol: Command["protocol"], more: Partial<Command> = {}): this {
    const none = { low: null, high: null, unit: null, label: null, object: 0, objectName: null };
    const counters = { requests: 10, responses: 10, errors: 0, events: 0 };
    const kind = { protocol, port: 0, code: 3, class: "read", name: "read" };
    return this.#add("commands", {
      client: this.at(client),
      server: this.at(server),
      ...kind,
      ...none,
      ...counters,
      ...more,
    });
  }
  says(place: string, protocol: string, values: Readonly<Record<string, string>>): this {
    for (const [attribute, value] of Object.entries(values)) {
      this.#add("identities", { endpoint: this.at(place), attribute, value, protocol });
    }
    return this;
  }
  binds(mac: string, address: string, kind = "arp-reply", vlan = 0): this {
    return this.#add("bindings", { mac, address, kind, vlan });
  }
  observation(): Observation {
    const rows = (table: string): never[] => (this.#rows[table] ?? []) as never[];
    return {
      sensor: "sensor",
      from: this.from,
      to: this.to,
      endpoints: this.#endpoints,
      conversations: rows("conversations"),
      commands: rows("commands"),
      identities: rows("identities"),
      bindings: rows("bindings"),
      lookups: [],
      cycles: [],
      transitions: [],
      weaknesses: [],
      weirds: [],
      signatures: [],
      captures: [],
    };
  }
}
/** Ids in order: `a1`, `a2` … */
export function countingIds(): () => string {
  let next = 0;
  return () => `a${++next}`;
}
