/**
 * The matcher. Rules lie by the port that they name, so that a packet meets only those of its two ports and those of any port;
 * among many, only those are looked at of which four bytes are in the payload.
 */
import type { Signatures, SignatureView } from "../signatures.ts";
import { lower } from "./bytes.ts";
import { Payload } from "./checks.ts";
import { Counts } from "./counts.ts";
import { inAddresses, inPorts } from "./header.ts";
import type { AddressSet, FlagTest, FlowBit, PortSet, Rule, SizeTest } from "./rule.ts";

/** A rule that names more ports than this lies with those of any port. */
const MAX_PORTS = 64;
/** Below so many rules each is tried. */
const FEW = 8;
/** Conversations whose bits are kept; the oldest are forgotten. */
const MAX_CONVERSATIONS = 16_384;
const GRAM = 4;

/** Rules that share a port, those with four bytes to look for by these bytes. */
class Group {
  readonly #plain: Rule[] = [];
  readonly #byGram = new Map<number, Rule[]>();
  /** A bit for each hash of four bytes that some rule has. */
  readonly #seen = new Uint8Array(8_192);
  readonly #tried = new Set<Rule>();
  #count = 0;

  add(rule: Rule): void {
    this.#count++;
    const content = rule.checks[rule.first];
    if (content?.type !== "content" || content.bytes.length < GRAM) {
      this.#plain.push(rule);
      return;
    }
    const gram = gramAt(content.bytes, rarest(content.bytes));
    const same = this.#byGram.get(gram);
    if (same === undefined) this.#byGram.set(gram, [rule]);
    else same.push(rule);
    const hash = hashOf(gram);
    this.#seen[hash >> 3] = (this.#seen[hash >> 3] as number) | (1 << (hash & 7));
  }

  each(view: SignatureView, look: (rule: Rule) => void): void {
    for (const rule of this.#plain) look(rule);
    if (this.#byGram.size === 0) return;
    if (this.#count <= FEW) {
      for (const rules of this.#byGram.values()) for (const rule of rules) look(rule);
      return;
    }
    this.#tried.clear();
    const { payload, payloadFrom, payloadTo } = view;
    let gram = 0;
    for (let at = payloadFrom; at < payloadTo; at++) {
      gram = (gram << 8) | (lower[payload[at] as number] as number);
      if (at - payloadFrom < GRAM - 1) continue;
      const hash = hashOf(gram);
      if (((this.#seen[hash >> 3] as number) & (1 << (hash & 7))) === 0) continue;
      for (const rule of this.#byGram.get(gram) ?? []) {
        if (this.#tried.has(rule)) continue;
        this.#tried.add(rule);
        look(rule);
      }
    }
  }
}

function gramAt(bytes: Uint8Array, at: number): number {
  let gram = 0;
  for (let i = 0; i < GRAM; i++) gram = (gram << 8) | (lower[bytes[at + i] as number] as number);
  return gram;
}
/** Where the four bytes begin that are the least common: fillers and repetitions are in every packet. */
function rarest(bytes: Uint8Array): number {
  let [best, score] = [0, -1];
  for (let at = 0; at + GRAM <= bytes.length; at++) {
    const part = new Set(bytes.subarray(at, at + GRAM));
    for (const filler of [0x00, 0x20, 0xff]) part.delete(filler);
    if (part.size > score) [best, score] = [at, part.size];
  }
  return best;
}
/** Sixteen bits (Knuth's multiplicative hash). */
const hashOf = (gram: number): number => Math.imul(gram, 0x9e3779b1) >>> 16;

/** The single ports that a set names, or null for too many. */
function portsOf({ include, exclude }: PortSet): number[] | null {
  if (include.length === 0 || exclude.length > 0) return null;
  const ports: number[] = [];
  for (const [from, to] of include) {
    if (to - from >= MAX_PORTS || ports.length > MAX_PORTS) return null;
    for (let port = from; port <= to; port++) ports.push(port);
  }
  return ports;
}

type Table = Map<number, Group>;
/** Rules of one transport. */
interface Side {
  readonly bySource: Table;
  readonly byDestination: Table;
  readonly any: Group;
}

class Matcher implements Signatures {
  readonly #sides = new Map<string, Side>();
  readonly #payload = new Payload();
  readonly #counts = new Counts();
  readonly #bits = new Map<number, Set<string>>();
  #view: SignatureView | null = null;
  #matched: (rule: number, revision: number) => void = () => undefined;
  readonly #told = new Set<number>();
  /** One function for all packets. */
  readonly #look = (rule: Rule): void => this.#try(rule);

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      for (const transport of rule.transport === "ip" ? ["tcp", "udp", "icmp", "ip"] : [rule.transport]) {
        this.#add(transport, rule);
      }
    }
  }

  #add(transport: string, rule: Rule): void {
    const side = this.#sides.get(transport) ?? { bySource: new Map(), byDestination: new Map(), any: new Group() };
    this.#sides.set(transport, side);
    const [source, destination] = [portsOf(rule.sourcePorts), portsOf(rule.destinationPorts)];
    if (transport === "icmp" || transport === "ip" || (source === null && destination === null)) side.any.add(rule);
    else if (destination !== null) {
      into(side.byDestination, destination, rule);
      if (rule.bothWays) into(side.bySource, destination, rule);
    } else if (source !== null) {
      into(side.bySource, source, rule);
      if (rule.bothWays) into(side.byDestination, source, rule);
    }
  }

  match(view: SignatureView, matched: (rule: number, revision: number) => void): void {
    const side = this.#sides.get(view.transport);
    if (side === undefined) return;
    this.#view = view;
    this.#matched = matched;
    this.#told.clear();
    this.#payload.open(view.payload, view.payloadFrom, view.payloadTo);
    side.byDestination.get(view.destinationPort)?.each(view, this.#look);
    side.bySource.get(view.sourcePort)?.each(view, this.#look);
    side.any.each(view, this.#look);
    this.#view = null;
  }

  #try(rule: Rule): void {
    const view = this.#view;
    if (view === null || !isFlow(rule, view) || this.#told.has(rule.sid)) return;
    if (rule.size !== null && !isSize(rule.size, this.#payload.length)) return;
    if (rule.flags !== null && !isFlags(rule.flags, view.tcpFlags)) return;
    // A rule about content says nothing of a packet without any.
    if (rule.checks.length > 0 && this.#payload.length === 0) return;
    // Bytes at a fixed place are compared faster than addresses; a search through the payload is not.
    const [check] = rule.checks;
    const fixed = check?.type === "content" && check.depth !== null;
    if (fixed ? !this.#payload.fulfils(rule.checks) : !isHeader(rule, view)) return;
    if (rule.bits.length > 0 && !this.#bitsHold(rule.bits, view.conversation)) return;
    if (fixed ? !isHeader(rule, view) : !this.#payload.fulfils(rule.checks)) return;
    if (rule.bits.length > 0) this.#setBits(rule.bits, view.conversation);
    if (rule.silent) return;
    const { threshold } = rule;
    if (threshold !== null) {
      const [source, destination] = [addressText(view, view.sourceAt), addressText(view, view.destinationAt)];
      if (!this.#counts.passes(rule.sid, threshold, source, destination, view.time)) return;
    }
    this.#told.add(rule.sid);
    this.#matched(rule.sid, rule.revision);
  }

  #bitsHold(bits: readonly FlowBit[], conversation: number): boolean {
    const set = this.#bits.get(conversation);
    return bits.every(({ action, names }) => {
      if (action === "isset") return names.some((name) => set?.has(name) === true);
      return action !== "isnotset" || !names.some((name) => set?.has(name) === true);
    });
  }
  #setBits(bits: readonly FlowBit[], conversation: number): void {
    const set = this.#bits.get(conversation) ?? new Set<string>();
    for (const { action, names } of bits) {
      for (const name of names) {
        if (action === "set" || (action === "toggle" && !set.has(name))) set.add(name);
        else if (action === "unset" || action === "toggle") set.delete(name);
      }
    }
    if (set.size === 0) this.#bits.delete(conversation);
    else this.#bits.set(conversation, set);
    const oldest = this.#bits.size > MAX_CONVERSATIONS ? this.#bits.keys().next() : undefined;
    if (oldest?.done === false) this.#bits.delete(oldest.value);
  }
}

function into(table: Table, ports: readonly number[], rule: Rule): void {
  for (const port of new Set(ports)) {
    const group = table.get(port) ?? new Group();
    group.add(rule);
    table.set(port, group);
  }
}

function isHeader(rule: Rule, view: SignatureView): boolean {
  const { source, sourcePorts, destination, destinationPorts, bothWays } = rule;
  if (isWay(source, sourcePorts, destination, destinationPorts, view)) return true;
  return bothWays && isWay(destination, destinationPorts, source, sourcePorts, view);
}
function isWay(from: AddressSet, fromPorts: PortSet, to: AddressSet, toPorts: PortSet, view: SignatureView): boolean {
  if (view.transport === "tcp" || view.transport === "udp") {
    if (!inPorts(fromPorts, view.sourcePort) || !inPorts(toPorts, view.destinationPort)) return false;
  }
  const { packet, addressLength } = view;
  if (addressLength === 0) return false;
  return (
    inAddresses(from, packet, view.sourceAt, addressLength) &&
    inAddresses(to, packet, view.destinationAt, addressLength)
  );
}

function isFlow({ flow, protocol }: Rule, view: SignatureView): boolean {
  if (protocol !== null && view.protocol !== protocol) return false;
  if (flow.established !== null && view.established !== flow.established) return false;
  return flow.fromClient === null || view.fromClient === flow.fromClient;
}

const isSize = ({ from, to, negated }: SizeTest, size: number): boolean => (size >= from && size <= to) !== negated;

function isFlags({ flags, ignored, mode }: FlagTest, found: number): boolean {
  const rest = found & ~ignored & 0xff;
  if (mode === "+") return (rest & flags) === flags;
  if (mode === "*") return (rest & flags) !== 0;
  return mode === "!" ? (rest & flags) !== flags : rest === flags;
}

function addressText({ packet, addressLength }: SignatureView, at: number): string {
  let text = "";
  for (let i = 0; i < addressLength; i++) text += String.fromCharCode(packet[at + i] as number);
  return text;
}

/** Rules as the engine wants them; null when there are none, so that packets are not even asked. */
export const compile = (rules: readonly Rule[]): Signatures | null => (rules.length === 0 ? null : new Matcher(rules));
