/** Where dissectors tell what they found: the one `Context`, which writes straight into the engine's tables. */
import { FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import type { Reader } from "@yagura/packets/reader.ts";
import type { CommandDetail, Context, Dissector, Primitives } from "../protocols/dissector.ts";
import {
  attributes,
  bindings,
  commonWeirds,
  FIRST_OWN_WEIRD,
  protocols,
  transports,
  weaknesses,
  type Attribute,
  type BindingKind,
  type CommonWeird,
  type Outcome,
  type ProtocolName,
  type Transport,
  type Weakness,
  isCritical,
} from "../wire/vocabulary.ts";
import { COMMAND_WORDS } from "./commands.ts";
import { Facts } from "./facts.ts";
import { bit } from "./flow-state.ts";
import type { Memory } from "./memory.ts";

const numbersOf = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index]));
const attributeNumbers = numbersOf(attributes);
const bindingNumbers = numbersOf(bindings);
const weaknessNumbers = numbersOf(weaknesses);
const commonWeirdNumbers = numbersOf(commonWeirds);
/** Outcome of a look-up that was not answered yet. */
const UNANSWERED = 255;

/** A dissector with what the engine needs of it as numbers. */
export interface Running {
  readonly dissector: Dissector;
  readonly index: number;
  readonly protocol: number;
  readonly weirds: ReadonlyMap<string, number>;
}

export const runningOf = (dissector: Dissector, index: number): Running => ({
  dissector,
  index,
  protocol: protocols[dissector.protocol].id,
  weirds: new Map((dissector.weirds ?? []).map((text, kind) => [text, FIRST_OWN_WEIRD + kind])),
});

/** Calls a dissector inside another one; implemented by the dispatch. */
export type Inside = (protocol: ProtocolName, r: Reader, from: number, to: number) => number;

export class Telling implements Context {
  time = 0;
  transport: Transport = "tcp";
  sourcePort = 0;
  destinationPort = 0;
  fromClient = true;
  state: unknown = null;
  readonly primitives: Primitives;
  /** Set before a dissector is called. */
  running!: Running;
  readonly inside: Inside;

  readonly #memory: Memory;
  readonly #words: Int32Array;
  #packet!: Packet;
  #at = 0;
  #turned = false;
  #source = 0;
  #destination = 0;
  /** VLAN and address → MAC that claimed it last (upper and lower bits). */
  readonly #owners = new Facts(2);
  readonly #ownerHigh = new Int32Array(this.#owners.counts.length);
  readonly #ownerLow = new Int32Array(this.#owners.counts.length);

  constructor(memory: Memory, primitives: Primitives, inside: Inside) {
    this.#memory = memory;
    this.#words = memory.flows.words;
    this.primitives = primitives;
    this.inside = inside;
  }

  /** Points it at a packet of a flow. */
  begin(p: Packet, flow: number, side: number): void {
    const w = this.#words;
    const at = flow * FLOW_WORDS;
    this.#packet = p;
    this.#at = at;
    this.#source = w[at + word.endpointA + side] as number;
    this.#destination = w[at + word.endpointB - side] as number;
    this.time = p.time;
    this.transport = transports[p.kind as 0] as Transport;
    // Segments that waited may be read at a packet of the other side.
    this.#turned = side !== this.#memory.flows.side;
    this.sourcePort = this.#turned ? p.destinationPort : p.sourcePort;
    this.destinationPort = this.#turned ? p.sourcePort : p.destinationPort;
    this.fromClient = ((w[at + word.state] as number) & bit.clientB) === side;
  }

  get sourceMac(): number {
    return this.#turned ? destinationMacOf(this.#packet) : sourceMacOf(this.#packet);
  }
  get destinationMac(): number {
    return this.#turned ? sourceMacOf(this.#packet) : destinationMacOf(this.#packet);
  }

  client(isSource: boolean): void {
    const state = this.#words[this.#at + word.state] as number;
    if ((state & bit.clientSure) !== 0 || this.fromClient === isSource) return;
    this.fromClient = isSource;
    this.#words[this.#at + word.state] = state ^ bit.clientB;
  }

  become(protocol: ProtocolName): void {
    this.#words[this.#at + word.label] = protocols[protocol].id + 1;
  }

  command(outcome: Outcome, code: number, detail?: CommandDetail): void {
    if (detail === undefined) return this.commandFast(outcome, code, 0, -1, -1, -1);
    const { object = 0, low = -1, high = low, unit = -1, label } = detail;
    const number = label === undefined ? -1 : this.#memory.texts.number(label);
    if (number < 0) return this.commandFast(outcome, code, object, low, high, unit);
    const client = this.fromClient ? this.#source : this.#destination;
    const server = this.fromClient ? this.#destination : this.#source;
    this.#words[this.#at + word.state] = (this.#words[this.#at + word.state] as number) | bit.commands;
    const { commands } = this.#memory;
    const row = commands.row(client, server, this.#portProtocol(), code, object, unit, number);
    if (row < 0) return;
    if (commands.fresh) this.#newCommand(code);
    commands.add(row, outcomeOf(outcome), low, high, this.time);
    if (outcome === "request") this.#memory.transitions.ask(this.#words, this.#at, this.running, row, this.time);
  }

  commandFast(outcome: Outcome, code: number, object: number, low: number, high: number, unit: number): void {
    const w = this.#words;
    const at = this.#at;
    const { commands } = this.#memory;
    const client = this.fromClient ? this.#source : this.#destination;
    const server = this.fromClient ? this.#destination : this.#source;
    const portProtocol = this.#portProtocol();
    // What a flow said last it mostly says again.
    let row = (w[at + word.command] as number) - 1;
    const { keys } = commands.table;
    const base = row * COMMAND_WORDS;
    if (
      row < 0 ||
      row >= commands.table.count ||
      keys[base + 3] !== (code | 0) ||
      keys[base + 4] !== (object | 0) ||
      keys[base + 5] !== (unit | 0) ||
      keys[base] !== client ||
      keys[base + 1] !== server ||
      keys[base + 2] !== portProtocol ||
      keys[base + 6] !== -1
    ) {
      row = commands.row(client, server, portProtocol, code, object, unit, -1);
      if (row < 0) return;
      w[at + word.command] = row + 1;
      w[at + word.state] = (w[at + word.state] as number) | bit.commands;
      if (commands.fresh) this.#newCommand(code);
    }
    commands.add(row, outcomeOf(outcome), low, high, this.time);
    if (outcome === "request") this.#memory.transitions.ask(w, at, this.running, row, this.time);
  }

  #newCommand(code: number): void {
    const { functions } = this.running.dissector;
    const known = functions?.get(code);
    if (known !== undefined && isCritical(known.class)) this.#memory.urgent = true;
  }

  /** Server's port, and the protocol that tells, as one number. */
  #portProtocol(): number {
    const { kind } = this.#packet;
    const port =
      kind < kinds.tcp
        ? (this.#words[this.#at + word.type] as number) & 0xffff
        : this.fromClient
          ? this.destinationPort
          : this.sourcePort;
    return port | (this.running.protocol << 16);
  }

  source(attribute: Attribute, value: string): void {
    this.#identity(this.#source, attribute, value);
  }
  destination(attribute: Attribute, value: string): void {
    this.#identity(this.#destination, attribute, value);
  }
  device(address: string, attribute: Attribute, value: string): void {
    const endpoint = this.#memory.endpoints.named(address, this.#packet.vlan);
    if (endpoint >= 0) this.#identity(endpoint, attribute, value);
  }
  /** What the source's TCP shows of itself, without any dissector. */
  habit(attribute: Attribute, value: string): void {
    this.#identity(this.#source, attribute, value, protocols.tcp.id);
  }
  #identity(endpoint: number, attribute: Attribute, value: string, protocol = this.running.protocol): void {
    const number = this.#memory.texts.number(value);
    if (number < 0 || endpoint < 0) return;
    const { identities } = this.#memory;
    const { key } = identities.table;
    key[0] = endpoint;
    key[1] = (attributeNumbers.get(attribute) as number) | (protocol << 8);
    key[2] = number;
    identities.add(this.time);
  }

  binding(kind: BindingKind, mac: number, address: string): void {
    this.bind(kind, Math.floor(mac / 4_294_967_296), mac | 0, address);
  }
  /** Same with the MAC in two parts. */
  bind(kind: BindingKind, macHigh: number, macLow: number, address: string): void {
    const text = this.#memory.texts.number(address);
    if (text < 0) return;
    const { vlan } = this.#packet;
    const { key } = this.#memory.bindings.table;
    key[0] = macHigh | (vlan << 16);
    key[1] = macLow;
    key[2] = bindingNumbers.get(kind) as number;
    key[3] = text;
    this.#memory.bindings.add(this.time);
    if (kind !== "arp-probe") this.#own(vlan, text, macHigh, macLow);
  }

  /** An address that moves from one MAC to another is told at once. */
  #own(vlan: number, text: number, macHigh: number, macLow: number): void {
    const owners = this.#owners.table;
    owners.key[0] = vlan;
    owners.key[1] = text;
    const row = owners.put();
    if (row < 0) return owners.clear();
    const moved = !owners.fresh && (this.#ownerHigh[row] !== macHigh || this.#ownerLow[row] !== macLow);
    if (moved) this.#memory.urgent = true;
    this.#ownerHigh[row] = macHigh;
    this.#ownerLow[row] = macLow;
  }
  /** Texts were numbered anew. */
  forget(): void {
    this.#owners.table.clear();
  }

  lookup(name: string, type: number, outcome: number): void {
    const number = this.#memory.texts.number(name);
    if (number < 0) return;
    const { lookups } = this.#memory;
    const { key } = lookups.table;
    key[0] = this.fromClient ? this.#source : this.#destination;
    key[1] = this.fromClient ? this.#destination : this.#source;
    key[2] = this.running.protocol | ((type & 0xffff) << 8);
    key[3] = number;
    key[4] = UNANSWERED;
    if (outcome >= 0) {
      // The answer takes its question's place.
      const asked = lookups.table.find();
      if (asked >= 0 && (lookups.counts[asked] as number) > 1)
        lookups.counts[asked] = (lookups.counts[asked] as number) - 1;
      else if (asked >= 0 && lookups.counts[asked] === 1) lookups.withdraw(asked);
      key[4] = Math.min(outcome, 254);
    }
    lookups.add(this.time);
  }

  weakness(kind: Weakness): void {
    const { weaknesses: facts } = this.#memory;
    const { key } = facts.table;
    key[0] = this.fromClient ? this.#source : this.#destination;
    key[1] = this.fromClient ? this.#destination : this.#source;
    key[2] = this.#portProtocol();
    key[3] = weaknessNumbers.get(kind) as number;
    facts.add(this.time);
  }

  weird(kind: CommonWeird | (string & {})): void {
    const number = this.running.weirds.get(kind) ?? commonWeirdNumbers.get(kind);
    if (number === undefined) return;
    this.#memory.weird(this.#source, this.#destination, this.running.protocol, number, this.time);
  }
}

const sourceMacOf = (p: Packet): number => p.sourceMacHigh * 4_294_967_296 + (p.sourceMacLow >>> 0);
const destinationMacOf = (p: Packet): number => p.destinationMacHigh * 4_294_967_296 + (p.destinationMacLow >>> 0);

function outcomeOf(outcome: Outcome): number {
  if (outcome === "request") return 0;
  if (outcome === "response") return 1;
  return outcome === "error" ? 2 : 3;
}
