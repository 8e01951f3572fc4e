/** Packets in, metadata out: decoding, conversations, dissectors and the tables of an upload, in one pass and fixed memory. */
import { Decoder } from "@yagura/packets/decode.ts";
import { double, FLOW_DOUBLES, FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { headerWeirds, kinds, type Packet } from "@yagura/packets/packet.ts";
import type { Dissector, Primitives } from "../protocols/dissector.ts";
import type { MetadataBody } from "../wire/metadata.ts";
import { commonWeirds, protocols } from "../wire/vocabulary.ts";
import { seen } from "./captures.ts";
import { Columns } from "./columns.ts";
import { Dispatch } from "./dispatch.ts";
import { Duplicates } from "./duplicates.ts";
import { Finder } from "./finder.ts";
import { bit } from "./flow-state.ts";
import { EXPIRE_EVERY, IDLE, IDLE_SHORT } from "./limits.ts";
import { Matching } from "./matching.ts";
import { Memory } from "./memory.ts";
import { neighbours } from "./neighbours.ts";
import type { Signatures } from "./signatures.ts";
import { Tcp } from "./tcp.ts";

export interface EngineOptions {
  readonly dissectors: readonly Dissector[];
  readonly primitives: Primitives;
  readonly signatures?: Signatures;
  /** Protocols that are declared for the site, each in its slot. */
  readonly declared?: readonly Dissector[];
}

/** What an interval gives: the body of an upload but for what the sensor adds. */
export type Interval = Omit<MetadataBody, "version" | "ledger" | "tokens">;

/** Counters since the start, for health and tests. */
export interface EngineStats {
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
  /** What limits dropped or evicted, by the name of the limit; exceptions of dissectors as `fault:protocol`. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Engine {
  /** One packet: [from, to) of `bytes`, valid only during the call; `time` in µs since the epoch. Never throws. */
  packet(
    bytes: Uint8Array,
    from: number,
    to: number,
    wireLength: number,
    time: number,
    linkType: number,
    interfaceIndex: number,
  ): void;
  /** Names a capture interface in the table `captures`. */
  nameInterface(interfaceIndex: number, name: string): void;
  /** Exchanges the declared protocols; conversations that nobody knew are looked at again. */
  declare(dissectors: readonly Dissector[]): void;
  /** Adds packets that the kernel dropped on an interface. */
  addDropped(interfaceIndex: number, packets: number): void;
  /** True when something waits that should be uploaded at once. */
  readonly urgent: boolean;
  /** Ends the interval at `now` (µs) and gives its tables, null when there was nothing. Conversations go on. */
  take(now: number): Interval | null;
  stats(): EngineStats;
}

/** Oddities of headers → their place in `commonWeirds`. */
const weirdNumbers = ["", "truncated", "bad-ip-header", "bad-tcp-header", "ip-fragment-overlap", "bad-length"].map(
  (name) => commonWeirds.indexOf(name as (typeof commonWeirds)[number]),
);
/** µs: the year 2223. */
const MAX_TIME = 8e15;
/** µs that an interval may reach back to the end of the one before. */
const MAX_SILENCE = 60_000_000;
/** Packets of the client in an interval before a conversation without commands has a rhythm. */
const RHYTHM_AFTER = 8;

export const createEngine = (options: EngineOptions): Engine => new PacketEngine(options);

class PacketEngine implements Engine {
  readonly #decoder = new Decoder();
  readonly #memory: Memory;
  readonly #columns: Columns;
  readonly #dispatch: Dispatch;
  readonly #finder: Finder;
  readonly #tcp: Tcp;
  readonly #duplicates = new Duplicates();
  readonly #matching: Matching | null;
  /** Flows that counted something in this interval. */
  #touched: number[] = [];
  #packets = 0;
  #bytes = 0;
  #first = Number.POSITIVE_INFINITY;
  #expired = 0;
  #last = 0;
  #ended = Number.NEGATIVE_INFINITY;
  #rowsDropped = 0;

  constructor({ dissectors, primitives, signatures, declared }: EngineOptions) {
    this.#memory = new Memory((flow) => this.#dispatch.end(flow));
    this.#columns = new Columns(this.#memory);
    this.#dispatch = new Dispatch(this.#memory, dissectors, primitives);
    if (declared !== undefined) this.declare(declared);
    this.#finder = new Finder(this.#memory, this.#dispatch);
    const matching = signatures === undefined ? null : new Matching(this.#memory, this.#finder, signatures);
    this.#matching = matching;
    this.#tcp = new Tcp(
      this.#memory,
      this.#dispatch,
      matching === null
        ? (p, flow, side, bytes, from, to) => this.#dispatch.stream(p, flow, side, bytes, from, to)
        : (p, flow, side, bytes, from, to) => {
            const known = this.#dispatch.stream(p, flow, side, bytes, from, to);
            matching.match(p, flow, side, bytes, from, to);
            return known;
          },
    );
  }

  get urgent(): boolean {
    return this.#memory.urgent;
  }
  nameInterface(interfaceIndex: number, name: string): void {
    this.#memory.captures.names[interfaceIndex] = name;
  }
  declare(dissectors: readonly Dissector[]): void {
    this.#dispatch.declare(dissectors);
  }
  addDropped(interfaceIndex: number, packets: number): void {
    this.#memory.captures.add(interfaceIndex, seen.dropped, packets);
  }

  packet(bytes: Uint8Array, from: number, to: number, wire: number, at: number, linkType: number, face: number): void {
    // A damaged capture may say any time; then that of the packet before is taken.
    const time = at >= 0 && at <= MAX_TIME ? at : this.#last;
    this.#last = time;
    const p = this.#decoder.decode(bytes, from, to, wire, time, linkType);
    this.#packets++;
    this.#bytes += wire;
    if (time < this.#first) this.#first = time;
    const { captures } = this.#memory;
    const c = captures.counters;
    const place = captures.place(face);
    c[place] = (c[place] as number) + 1;
    c[place + seen.bytes] = (c[place + seen.bytes] as number) + wire;
    const cast = (p.destinationMacHigh & 0x100) === 0 ? seen.unicasts : seen.broadcasts;
    c[place + cast] = (c[place + cast] as number) + 1;
    if (p.tags > 0) c[place + seen.tagged] = (c[place + seen.tagged] as number) + 1;
    if (p.truncated) c[place + seen.truncated] = (c[place + seen.truncated] as number) + 1;
    if (p.weird !== headerWeirds.none) this.#weird(p, face);
    if (p.kind >= kinds.none) return;
    if (this.#duplicates.isCopy(p)) {
      c[place + seen.duplicates] = (c[place + seen.duplicates] as number) + 1;
      return;
    }
    const known = this.#follow(p, face);
    if (p.payloadLength <= 0) return;
    c[place + seen.payloads] = (c[place + seen.payloads] as number) + 1;
    if (!known) c[place + seen.undissected] = (c[place + seen.undissected] as number) + 1;
  }

  /** Counts the packet in its conversation and shows it to the dissectors. False: nobody knows its payload. */
  #follow(p: Packet, face: number): boolean {
    const { kind } = p;
    const flow = this.#finder.find(p, face);
    const { side } = this.#finder;
    this.#count(p, flow, side);
    let known = true;
    if (kind === kinds.tcp) {
      known = this.#tcp.segment(p, flow, side);
      if (p.payloadLength <= 0) this.#matching?.match(p, flow, side, p.payload, p.payloadFrom, p.payloadTo);
    } else {
      if (kind === kinds.udp) this.#tcp.answerOf(flow, side, p.time);
      known = this.#datagram(p, flow, side);
      this.#matching?.match(p, flow, side, p.payload, p.payloadFrom, p.payloadTo);
    }
    return known;
  }

  #datagram(p: Packet, flow: number, side: number): boolean {
    if (p.kind === kinds.icmp) {
      this.#dispatch.telling.begin(p, flow, side);
      if (p.ipVersion === 6) neighbours(p, this.#dispatch.telling);
      return true;
    }
    if (p.payloadFrom >= p.payloadTo) return true;
    return this.#dispatch.datagram(p, flow, side) || (p.kind === kinds.ip && p.protocol === 2);
  }

  /** Adds the packet to its flow's counters; begins or keeps the rhythm of one that tells no commands. */
  #count(p: Packet, flow: number, side: number): void {
    const { words: w, doubles: d } = this.#memory.flows;
    const at = flow * FLOW_WORDS;
    const dat = flow * FLOW_DOUBLES;
    if (w[at + word.touched] === 0) {
      w[at + word.touched] = 1;
      d[dat + double.first] = p.time;
      this.#touched.push(flow);
    }
    d[dat + double.last] = p.time;
    const packets = (w[at + word.packetsA + side] as number) + 1;
    w[at + word.packetsA + side] = packets;
    d[dat + double.bytesA + side] = (d[dat + double.bytesA + side] as number) + p.wireLength;
    const state = (w[at + word.state] as number) | (bit.seenA << side);
    w[at + word.state] = p.payloadLength > 0 ? state | (bit.dataA << side) : state;
    if ((state & bit.commands) !== 0 || p.payloadLength <= 0 || (state & bit.clientB) !== side) return;
    const rhythm = (w[at + word.rhythm] as number) - 1;
    if (rhythm >= 0) this.#memory.rhythms.beat(rhythm, p.time);
    else if (packets >= RHYTHM_AFTER) w[at + word.rhythm] = this.#memory.rhythms.begin(p.time) + 1;
  }

  #weird(p: Packet, face: number): void {
    this.#memory.captures.add(face, seen.malformed, 1);
    const kind = weirdNumbers[p.weird] as number;
    const { endpoints } = this.#memory;
    const address = p.ipVersion === 4 ? p.source : 0;
    const version = p.ipVersion === 4 ? 4 : 0;
    const source = endpoints.put(p.sourceMacHigh, p.sourceMacLow, p.vlan, version, address);
    const destination = endpoints.put(
      p.destinationMacHigh,
      p.destinationMacLow,
      p.vlan,
      version,
      version === 4 ? p.destination : 0,
    );
    this.#memory.weird(source, destination, protocols.unknown.id, kind, p.time);
  }

  readonly #idleOf = (at: number): number => {
    const w = this.#memory.flows.words;
    const state = w[at + word.state] as number;
    const open = (state & bit.rst) === 0 && (state & (bit.finA | bit.finB)) !== (bit.finA | bit.finB);
    return open && ((w[at + word.meta] as number) & 7) === kinds.tcp ? IDLE : IDLE_SHORT;
  };

  take(at: number): Interval | null {
    const now = at >= 0 && at <= MAX_TIME ? at : this.#last;
    const memory = this.#memory;
    const again: number[] = [];
    for (const flow of this.#touched) if (memory.settle(flow, false, now)) again.push(flow);
    this.#touched = [];
    const from = Math.floor(this.#first - this.#ended <= MAX_SILENCE && this.#ended <= this.#first ? this.#ended : Math.min(this.#first, now)); // prettier-ignore
    const { tables, texts, dropped } = this.#columns.of(from, now);
    this.#tcp.habits.reset();
    this.#rowsDropped += dropped;
    const { urgent } = memory;
    if (Math.abs(now - this.#expired) >= EXPIRE_EVERY) {
      this.#expired = now;
      memory.flows.expire(now, this.#idleOf);
    }
    for (const flow of again) this.#again(flow);
    const { forgotten } = memory;
    memory.reset();
    if (memory.forgotten !== forgotten) {
      this.#dispatch.servers.forget();
      this.#dispatch.telling.forget();
      this.#touched = [];
    }
    this.#ended = now;
    this.#first = Number.POSITIVE_INFINITY;
    return Object.keys(tables).length === 0
      ? null
      : { from, to: Math.max(from, Math.floor(now)), urgent, texts, tables };
  }

  /** A flow whose SYN may still be answered is looked at again. */
  #again(flow: number): void {
    const { flows } = this.#memory;
    const { words: w, doubles: d } = flows;
    if (!flows.used(flow) || w[flow * FLOW_WORDS + word.touched] !== 0) return;
    w[flow * FLOW_WORDS + word.touched] = 1;
    d[flow * FLOW_DOUBLES + double.first] = d[flow * FLOW_DOUBLES + double.last] as number;
    this.#touched.push(flow);
  }

  stats(): EngineStats {
    const memory = this.#memory;
    const dropped: Record<string, number> = {
      texts: memory.texts.dropped,
      endpoints: memory.endpoints.dropped,
      conversations: memory.conversations.dropped,
      commands: memory.commands.dropped,
      transitions: memory.transitions.dropped,
      rhythms: memory.rhythms.dropped,
      identities: memory.identities.dropped,
      bindings: memory.bindings.dropped,
      lookups: memory.lookups.dropped,
      weaknesses: memory.weaknesses.dropped,
      weirds: memory.weirds.dropped,
      signatures: memory.signatures.dropped,
      fragments: this.#decoder.fragments.givenUp,
      streams: this.#dispatch.keptDropped,
      rows: this.#rowsDropped,
      forgotten: memory.forgotten,
    };
    for (const [protocol, count] of this.#dispatch.caller.faults) dropped[`fault:${protocol}`] = count;
    return { packets: this.#packets, bytes: this.#bytes, flows: memory.flows.count, dropped };
  }
}
