/** Sums of an analysis over all its slices, by device: what stores would keep. */
import type { Observation } from "../analysis/model.ts";

type Talk = Observation["conversations"][number];
type Command = Observation["commands"][number];

/** A party is a device's id, or the address (else the MAC) of a group or of a place outside. */
export interface TalkRow extends Pick<Talk, "transport" | "port" | "protocol"> {
  readonly client: string;
  readonly server: string;
  packetsOut: number;
  bytesOut: number;
  packetsIn: number;
  bytesIn: number;
  connections: number;
  refused: number;
  unanswered: number;
  retransmissions: number;
  missing: number;
  first: number;
  last: number;
}
export interface CommandRow extends Pick<
  Command,
  "protocol" | "port" | "code" | "name" | "class" | "object" | "objectName" | "unit" | "label"
> {
  readonly client: string;
  readonly server: string;
  low: number | null;
  high: number | null;
  requests: number;
  responses: number;
  errors: number;
  events: number;
  first: number;
  last: number;
}
export interface Capture {
  readonly name: string;
  readonly counters: Record<string, number>;
}

const sums = [
  "packetsOut",
  "bytesOut",
  "packetsIn",
  "bytesIn",
  "connections",
  "refused",
  "unanswered",
  "retransmissions",
  "missing",
] as const;
const counts = ["requests", "responses", "errors", "events"] as const;
const extreme = (choose: (a: number, b: number) => number, a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : choose(a, b);

export class Gathering {
  readonly #talk = new Map<string, TalkRow>();
  readonly #commands = new Map<string, CommandRow>();
  readonly #captures = new Map<string, Capture>();
  /** Devices that were found to be others. */
  readonly #into = new Map<string, string>();

  merge(from: string, into: string): void {
    this.#into.set(from, into);
  }

  add(observation: Observation, assetOf: (endpoint: number) => string | null): void {
    const party = (endpoint: number): string => {
      const place = observation.endpoints[endpoint];
      return assetOf(endpoint) ?? place?.address ?? place?.mac ?? "?";
    };
    for (const row of observation.conversations) this.#addTalk(row, party(row.client), party(row.server));
    for (const row of observation.commands) this.#addCommand(row, party(row.client), party(row.server));
    for (const { name, counters } of observation.captures) {
      const known = this.#captures.get(name);
      if (known === undefined) this.#captures.set(name, { name, counters: { ...counters } });
      else
        for (const [key, value] of Object.entries(counters)) known.counters[key] = (known.counters[key] ?? 0) + value;
    }
  }

  #addTalk(row: Talk, client: string, server: string): void {
    const { transport, port, protocol, first, last } = row;
    const key = `${client}|${server}|${transport}|${port}|${protocol}`;
    const known = this.#talk.get(key);
    if (known === undefined) {
      const counters = Object.fromEntries(sums.map((name) => [name, row[name]])) as Pick<
        TalkRow,
        (typeof sums)[number]
      >;
      this.#talk.set(key, { client, server, transport, port, protocol, ...counters, first, last });
      return;
    }
    for (const name of sums) known[name] += row[name];
    known.first = Math.min(known.first, first);
    known.last = Math.max(known.last, last);
  }

  #addCommand(row: Command, client: string, server: string): void {
    const { protocol, port, code, name, class: kind, object, objectName, unit, label, low, high, first, last } = row;
    const key = `${client}|${server}|${protocol}|${port}|${code}|${object}|${unit ?? ""}|${label ?? ""}`;
    const known = this.#commands.get(key);
    if (known === undefined) {
      const { requests, responses, errors, events } = row;
      this.#commands.set(key, {
        client,
        server,
        protocol,
        port,
        code,
        name,
        class: kind,
        object,
        objectName,
        unit,
        label,
        low,
        high,
        requests,
        responses,
        errors,
        events,
        first,
        last,
      });
      return;
    }
    for (const count of counts) known[count] += row[count];
    known.low = extreme(Math.min, known.low, low);
    known.high = extreme(Math.max, known.high, high);
    known.first = Math.min(known.first, first);
    known.last = Math.max(known.last, last);
  }

  /** The device that a party is by now. */
  #now(party: string): string {
    let at = party;
    for (let hops = 0; hops < 8; hops++) {
      const next = this.#into.get(at);
      if (next === undefined) break;
      at = next;
    }
    return at;
  }
  conversations(): TalkRow[] {
    return [...this.#talk.values()].map((row) => ({
      ...row,
      client: this.#now(row.client),
      server: this.#now(row.server),
    }));
  }
  commands(): CommandRow[] {
    return [...this.#commands.values()].map((row) => ({
      ...row,
      client: this.#now(row.client),
      server: this.#now(row.server),
    }));
  }
  captures(): Capture[] {
    return [...this.#captures.values()];
  }
}
