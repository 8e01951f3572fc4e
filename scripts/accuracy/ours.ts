/**
 * What the engine says of a capture, message by message. The dissectors run in the engine as everywhere; what each tells is
 * written down beside it, with the addresses of the packet, and counted once for each message even when it names several objects.
 */
import { Decoder } from "@yagura/packets/decode.ts";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import { createEngine } from "@yagura/ot/decode/engine.ts";
import type { Context, Dissector } from "@yagura/ot/protocols/dissector.ts";
import { dissectors } from "@yagura/ot/protocols/registry.ts";
import type { Attribute, Outcome, ProtocolName } from "@yagura/ot/wire/vocabulary.ts";
import { rowsOf } from "@yagura/ot/wire/metadata.ts";

export interface Told {
  readonly protocol: ProtocolName;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly outcome: Outcome;
  readonly code: number;
  readonly object: number;
  readonly label: string;
}
/** A device was said to be so; `by` tells whether it sent the message, received it, or was named in it. */
export interface Identity {
  readonly protocol: ProtocolName;
  readonly by: "source" | "destination" | "device";
  readonly address: string;
  readonly attribute: Attribute;
  readonly value: string;
}
export interface Lookup {
  readonly protocol: ProtocolName;
  readonly source: string;
  readonly name: string;
  /** −1 for a question. */
  readonly outcome: number;
}
export interface Ours {
  readonly packets: number;
  /** Packets with payload, and those whose payload nobody knew. */
  readonly payloads: number;
  readonly undissected: number;
  readonly linkTypes: ReadonlySet<number>;
  /** Exceptions of dissectors: there should be none. */
  readonly faults: readonly string[];
  /** What stopped the reading of a damaged file. */
  readonly damage: string | null;
  readonly told: readonly Told[];
  /** Messages read, by `source>destination` for each protocol. */
  readonly messages: ReadonlyMap<ProtocolName, ReadonlyMap<string, number>>;
  readonly identities: readonly Identity[];
  readonly lookups: readonly Lookup[];
  /** Pairs of addresses: `a>b`, those of IP both ways. */
  readonly pairs: ReadonlySet<string>;
  /** Seconds since the epoch of the first and last packet. */
  readonly first: number;
  readonly last: number;
}

/** µs of capture time between two takings, as a sensor uploads. */
const SLICE = 10_000_000;
const macText = (mac: number): string => mac.toString(16).padStart(12, "0").match(/../g)?.join(":") ?? "";
const ipv4Text = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");

/** IPv6 as Zeek and tshark write it (RFC 5952). */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[at + 2 * i] ?? 0) << 8) | (bytes[at + 2 * i + 1] ?? 0));
  let best = { from: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && words[i + length] === 0) length++;
    if (length > best.length) best = { from: i, length };
  }
  const hex = (some: readonly number[]): string => some.map((word) => word.toString(16)).join(":");
  return best.from < 0 ? hex(words) : `${hex(words.slice(0, best.from))}::${hex(words.slice(best.from + best.length))}`;
}

class Recorder {
  readonly told: Told[] = [];
  readonly identities: Identity[] = [];
  readonly lookups: Lookup[] = [];
  readonly messages = new Map<ProtocolName, Map<string, number>>();
  readonly pairs = new Set<string>();
  packet: Packet | null = null;
  readonly #running: { readonly protocol: ProtocolName; readonly said: Set<string> }[] = [];
  readonly #known = new WeakSet<Context>();

  wrap(dissector: Dissector): Dissector {
    const { protocol } = dissector;
    return {
      ...dissector,
      dissect: (r, c) => {
        this.#listen(c);
        this.#running.push({ protocol, said: new Set() });
        const took = dissector.dissect(r, c);
        this.#running.pop();
        if (took > 0) this.#count(protocol, c);
        return took;
      },
    };
  }

  /** The engine has one context for all packets: its two doors for commands are listened at. */
  #listen(c: Context): void {
    if (this.#known.has(c)) return;
    this.#known.add(c);
    this.#listenToNames(c);
    const fast = c.commandFast.bind(c);
    const whole = c.command.bind(c);
    let inside = false;
    c.commandFast = (outcome, code, object, low, high, unit) => {
      if (!inside) this.#tell(c, outcome, code, object, "");
      fast(outcome, code, object, low, high, unit);
    };
    c.command = (outcome, code, detail) => {
      this.#tell(c, outcome, code, detail?.object ?? 0, detail?.label ?? "");
      inside = true;
      whole(outcome, code, detail);
      inside = false;
    };
  }

  #listenToNames(c: Context): void {
    const name = (by: Identity["by"], address: string, attribute: Attribute, value: string): void => {
      const protocol = this.#running.at(-1)?.protocol;
      if (protocol !== undefined && value !== "")
        this.identities.push({ protocol, by, address, attribute, value: value.slice(0, 128) });
    };
    const source = c.source.bind(c);
    const destination = c.destination.bind(c);
    const device = c.device.bind(c);
    const lookup = c.lookup.bind(c);
    c.source = (attribute, value) => {
      name("source", this.#ends(c).source, attribute, value);
      source(attribute, value);
    };
    c.destination = (attribute, value) => {
      name("destination", this.#ends(c).destination, attribute, value);
      destination(attribute, value);
    };
    c.device = (address, attribute, value) => {
      name("device", address, attribute, value);
      device(address, attribute, value);
    };
    c.lookup = (text, type, outcome) => {
      const protocol = this.#running.at(-1)?.protocol;
      if (protocol !== undefined) this.lookups.push({ protocol, source: this.#ends(c).source, name: text, outcome });
      lookup(text, type, outcome);
    };
  }

  /** Addresses of the sender and the receiver; a segment that waited may be read at a packet of the other side. */
  #ends(c: Context): { source: string; destination: string } {
    const p = this.packet as Packet;
    const turned = p.kind >= kinds.tcp && c.sourcePort !== p.sourcePort;
    const version = p.ipVersion;
    const side = (isSource: boolean): string =>
      version === 4
        ? ipv4Text(isSource ? p.source : p.destination)
        : version === 6
          ? ipv6Text(p.bytes, isSource ? p.sourceAt : p.destinationAt)
          : macText(isSource ? c.sourceMac : c.destinationMac);
    return { source: side(!turned || version === 0), destination: side(turned && version !== 0) };
  }

  /** Writes down who talks with whom. */
  see(p: Packet): void {
    this.packet = p;
    const high = 4_294_967_296;
    this.pairs.add(`${macText(p.sourceMacHigh * high + (p.sourceMacLow >>> 0))}>${macText(p.destinationMacHigh * high + (p.destinationMacLow >>> 0))}`); // prettier-ignore
    if (p.ipVersion === 0) return;
    const text = (word: number, at: number): string => (p.ipVersion === 4 ? ipv4Text(word) : ipv6Text(p.bytes, at));
    const [a, b] = [text(p.source, p.sourceAt), text(p.destination, p.destinationAt)];
    this.pairs.add(`${a}>${b}`).add(`${b}>${a}`);
  }

  #tell(c: Context, outcome: Outcome, code: number, object: number, label: string): void {
    const running = this.#running.at(-1);
    if (running === undefined) return;
    const { protocol, said } = running;
    // A message that touches several objects is one message; a service packet of CIP holds several services.
    const once = `${outcome} ${code}`;
    if (said.has(once) && protocol !== "cip" && protocol !== "bsap") return;
    said.add(once);
    const { sourcePort, destinationPort } = c;
    this.told.push({ protocol, ...this.#ends(c), sourcePort, destinationPort, outcome, code, object, label });
  }

  #count(protocol: ProtocolName, c: Context): void {
    const { source, destination } = this.#ends(c);
    const key = `${source}>${destination}`;
    const counts = this.messages.get(protocol) ?? new Map<string, number>();
    this.messages.set(protocol, counts);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}

/** Reads one capture to its end, or to its damage. */
export async function decode(path: string): Promise<Ours> {
  const recorder = new Recorder();
  const decoder = new Decoder();
  const engine = createEngine({
    dissectors: dissectors.map((one) => recorder.wrap(one)),
    primitives: { sha256, openQuicInitial },
  });
  const linkTypes = new Set<number>();
  let payloads = 0;
  let undissected = 0;
  let last = 0;
  let first = Number.POSITIVE_INFINITY;
  let latest = 0;
  let end = Number.NEGATIVE_INFINITY;
  const take = (): void => {
    const interval = engine.take(last + 1);
    if (interval === null) return;
    for (const row of rowsOf(interval, "captures")) {
      payloads += row.payloads;
      undissected += row.undissected;
    }
  };
  let damage: string | null = null;
  try {
    await readCapture(path, (bytes, from, to, wireLength, time, linkType) => {
      linkTypes.add(linkType);
      if (time >= end || time < end - 2 * SLICE) {
        if (Number.isFinite(end)) take();
        end = time + SLICE;
      }
      last = time;
      if (time < first) first = time;
      if (time > latest) latest = time;
      recorder.see(decoder.decode(bytes, from, to, wireLength, time, linkType));
      engine.packet(bytes, from, to, wireLength, time, linkType, 0);
    });
  } catch (error) {
    damage = (error as Error).message;
  }
  take();
  const { packets, dropped } = engine.stats();
  const faults = Object.keys(dropped).filter((name) => name.startsWith("fault:"));
  const { told, messages, identities, lookups, pairs } = recorder;
  const span = { first: first / 1e6, last: latest / 1e6 };
  return {
    packets,
    payloads,
    undissected,
    linkTypes,
    faults,
    damage,
    told,
    messages,
    identities,
    lookups,
    pairs,
    ...span,
  };
}
