/** A declared protocol tried with a capture: what it reads, what it leaves, and where bytes and description do not agree. */
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { protocolName, vocabularyOf } from "../analysis/observe.ts";
import { createEngine, type Interval } from "../decode/engine.ts";
import { compile } from "../protocols/declared/compile.ts";
import type { OddReason } from "../protocols/declared/fields.ts";
import { recognised } from "../protocols/dissector.ts";
import type { LoadedSlot } from "../protocols/declared/load.ts";
import { dissectors } from "../protocols/registry.ts";
import { numeral } from "../wire/declared.ts";
import { rowsOf } from "../wire/metadata.ts";
import { attributes, protocols, transports, type ProtocolName } from "../wire/vocabulary.ts";
import type { ParserTrial } from "../wire/api-declared.ts";

/** µs of capture time that the engine keeps together, as in a sensor. */
const SLICE = 10_000_000;
/** Odd messages and identities that are told. */
const MOST = 50;

type Functions = Map<number, Record<(typeof counted)[number], number>>;
const counted = ["requests", "responses", "errors", "events"] as const;

/** `damaged`: the files could be read up to there only, and why. */
export async function tryParser(
  files: readonly string[],
  { slot, description }: LoadedSlot,
): Promise<{
  readonly trial: ParserTrial;
  readonly damaged: readonly { readonly file: string; readonly error: Error }[];
}> {
  const work = new Trial({ slot, description });
  const damaged: { file: string; error: Error }[] = [];
  for (const file of files) {
    try {
      await readCapture(file, (bytes, from, to, wireLength, time, linkType) =>
        work.packet(bytes, from, to, wireLength, time, linkType),
      );
    } catch (error) {
      damaged.push({ file, error: error as Error });
    }
  }
  return { trial: work.finish(), damaged };
}

class Trial {
  readonly #given: LoadedSlot;
  readonly #engine;
  readonly #protocol: number;
  readonly #odd: { packet: number; byte: number; reason: OddReason }[] = [];
  #oddTotal = 0;
  #messages = 0;
  #packets = 0;
  #end = Number.NEGATIVE_INFINITY;
  #last = 0;
  readonly #functions: Functions = new Map();
  readonly #identities = new Map<string, ParserTrial["identities"][number]>();
  readonly #conversations = new Set<string>();
  readonly #others = new Set<ProtocolName>();
  readonly #there = { packets: 0, unread: 0 };

  constructor(given: LoadedSlot) {
    this.#given = given;
    const own = compile(given.slot, given.description, (reason, byte) => this.#oddly(reason, byte));
    this.#protocol = protocols[own.protocol].id;
    const ports = new Set([...(own.on.tcp ?? []), ...(own.on.udp ?? [])]);
    this.#engine = createEngine({
      dissectors,
      primitives: { sha256, openQuicInitial },
      declared: [
        {
          ...own,
          recognise: (r, c) => {
            const answer = own.recognise(r, c);
            // On its own ports: reading it all the same says which byte is the reason; nothing is told of it.
            if (answer === recognised.no && (c.transport === "ethernet" || ports.has(c.destinationPort) || ports.has(c.sourcePort))) own.dissect(r, c); // prettier-ignore
            return answer;
          },
          dissect: (r, c) => {
            const took = own.dissect(r, c);
            if (took > 0) this.#messages++;
            return took;
          },
        },
      ],
    });
  }

  #oddly(reason: OddReason, byte: number): void {
    this.#oddTotal++;
    const last = this.#odd.at(-1);
    const again = last?.packet === this.#packets && last.byte === byte && last.reason === reason;
    if (this.#odd.length < MOST && !again) this.#odd.push({ packet: this.#packets, byte, reason });
  }

  packet(bytes: Uint8Array, from: number, to: number, wireLength: number, time: number, linkType: number): void {
    if (time >= this.#end || time < this.#end - 2 * SLICE) {
      if (Number.isFinite(this.#end)) this.#take();
      this.#end = time + SLICE;
    }
    this.#last = time;
    this.#packets++;
    this.#engine.packet(bytes, from, to, wireLength, time, linkType, 0);
  }

  #take(): void {
    const interval = this.#engine.take(this.#last + 1);
    if (interval === null) return;
    this.#talk(interval);
    for (const row of rowsOf(interval, "commands")) {
      if (row.protocol !== this.#protocol) continue;
      const known = this.#functions.get(row.code) ?? { requests: 0, responses: 0, errors: 0, events: 0 };
      for (const name of counted) known[name] += row[name];
      this.#functions.set(row.code, known);
    }
    const places = [...rowsOf(interval, "endpoints")];
    for (const row of rowsOf(interval, "identities")) {
      if (row.protocol !== this.#protocol || this.#identities.size >= MOST) continue;
      const address = interval.texts[places[row.endpoint]?.address ?? -1] ?? "";
      const [attribute, value] = [attributes[row.attribute] ?? "", interval.texts[row.value] ?? ""];
      this.#identities.set(`${address} ${attribute} ${value}`, { address, attribute, value });
    }
  }

  #talk(interval: Interval): void {
    const { tcp = [], udp = [], ethertype = [] } = this.#given.description.on;
    const places = { tcp, udp, ethernet: ethertype.map(numeral) } as Partial<Record<string, readonly number[]>>;
    for (const row of rowsOf(interval, "conversations")) {
      const own = row.protocol === this.#protocol;
      if (own) this.#conversations.add(`${row.client} ${row.server} ${row.transport} ${row.port}`);
      if (places[transports[row.transport] ?? ""]?.includes(row.port) !== true) continue;
      const packets = row.packetsIn + row.packetsOut;
      this.#there.packets += packets;
      if (row.protocol === protocols.unknown.id) this.#there.unread += packets;
      else if (!own) this.#others.add(protocolName(row.protocol));
    }
  }

  finish(): ParserTrial {
    this.#take();
    const { slot, description } = this.#given;
    const vocabulary = vocabularyOf([{ slot, description }]);
    const protocol = protocolName(this.#protocol);
    return {
      name: description.name,
      packets: this.#packets,
      conversations: this.#conversations.size,
      messages: this.#messages,
      functions: [...this.#functions]
        .map(([code, counts]) => ({ code, ...vocabulary.functionOf(protocol, code), ...counts }))
        .toSorted((a, b) => a.code - b.code),
      identities: [...this.#identities.values()],
      there: { ...this.#there, others: [...this.#others].toSorted() },
      odd: this.#odd,
      oddTotal: this.#oddTotal,
    };
  }
}
