/** Everything the engine remembers, and the few writes that several of its parts make. */
import { double, FLOW_DOUBLES, FLOW_WORDS, FlowTable, word } from "@yagura/packets/flows.ts";
import { kinds } from "@yagura/packets/packet.ts";
import { protocols } from "../wire/vocabulary.ts";
import { Captures, seen } from "./captures.ts";
import { Commands } from "./commands.ts";
import { Conversations, sum } from "./conversations.ts";
import { Endpoints } from "./endpoints.ts";
import { Facts } from "./facts.ts";
import { bit } from "./flow-state.ts";
import { ANSWER_WAIT } from "./limits.ts";
import { Rhythms, type Beat } from "./rhythms.ts";
import { Texts } from "./texts.ts";
import { Transitions } from "./transitions.ts";

/** A cycle of a conversation that tells no commands. */
export interface ConversationCycle {
  readonly client: number;
  readonly server: number;
  readonly port: number;
  readonly protocol: number;
  readonly beat: Beat;
}
/** Such cycles of one interval. */
const MAX_CYCLES = 4_096;

export class Memory {
  readonly texts = new Texts();
  readonly rhythms = new Rhythms();
  readonly commands = new Commands(this.rhythms);
  readonly transitions = new Transitions(this.commands);
  readonly conversations = new Conversations();
  /** Endpoint, attribute and protocol, value. */
  readonly identities = new Facts(3);
  /** MAC (upper 16 bits with the VLAN, lower 32), kind, address. */
  readonly bindings = new Facts(4);
  /** Client, server, protocol and type, name, outcome. */
  readonly lookups = new Facts(5);
  /** Client, server, port and protocol, kind. */
  readonly weaknesses = new Facts(4);
  /** Source, destination, protocol and kind. */
  readonly weirds = new Facts(3);
  /** Source, destination, rule, port and revision. */
  readonly signatures = new Facts(4);
  readonly captures = new Captures();
  readonly cycles: ConversationCycle[] = [];
  readonly flows: FlowTable;
  readonly endpoints: Endpoints;
  urgent = false;
  /** Times everything was forgotten because a table was full. */
  forgotten = 0;

  constructor(onEnd: (flow: number) => void) {
    this.flows = new FlowTable((flow) => {
      this.settle(flow, true, (this.flows.doubles[flow * FLOW_DOUBLES + double.last] as number) + ANSWER_WAIT);
      onEnd(flow);
    });
    this.endpoints = new Endpoints(this.flows.addresses6);
  }

  /** The flow's port as the table of conversations has it. */
  port(flow: number): number {
    const w = this.flows.words;
    const at = flow * FLOW_WORDS;
    const kind = (w[at + word.meta] as number) & 7;
    const ports = w[at + word.ports] as number;
    if (kind !== kinds.tcp && kind !== kinds.udp) return (w[at + word.type] as number) & 0xffff;
    return ((w[at + word.state] as number) & bit.clientB) === 0 ? ports & 0xffff : ports >>> 16;
  }

  /** Adds what a flow counted in this interval to its conversation. True: it has to be looked at again in the next one. */
  settle(flow: number, ends: boolean, now: number): boolean {
    const w = this.flows.words;
    const d = this.flows.doubles;
    const at = flow * FLOW_WORDS;
    const dat = flow * FLOW_DOUBLES;
    if (w[at + word.touched] === 0) return false;
    const waits = this.#judgeSyn(at, dat, now);
    const state = w[at + word.state] as number;
    const b = state & bit.clientB;
    const client = w[at + word.endpointA + b] as number;
    const server = w[at + word.endpointB - b] as number;
    const kind = (w[at + word.meta] as number) & 7;
    const protocol = (w[at + word.label] as number) - 1;
    const port = this.port(flow);
    const place = this.conversations.place(client, server, port | (kind << 16), Math.max(0, protocol), d[dat + double.first] as number); // prettier-ignore
    if (place >= 0) this.#add(place, at, dat, b);
    if (kind === kinds.tcp) this.#seen(at, dat, state);
    const rhythm = (w[at + word.rhythm] as number) - 1;
    if (rhythm >= 0) {
      const beat = (state & bit.commands) === 0 ? this.rhythms.take(rhythm) : null;
      if (beat !== null && this.cycles.length < MAX_CYCLES)
        this.cycles.push({ client, server, port, protocol: Math.max(0, protocol), beat });
      if (ends) this.rhythms.end(rhythm);
    }
    for (let i = word.packetsA; i <= word.packetsB; i++) w[at + i] = 0;
    for (let i = word.retransmissions; i <= word.rtt; i++) w[at + i] = 0;
    for (let i = double.bytesA; i <= double.tcpBytes; i++) d[dat + i] = 0;
    w[at + word.touched] = 0;
    return waits;
  }

  #add(place: number, at: number, dat: number, b: number): void {
    const w = this.flows.words;
    const d = this.flows.doubles;
    const { sums } = this.conversations;
    const add = (column: number, count: number): void => void (sums[place + column] = (sums[place + column] as number) + count); // prettier-ignore
    sums[place + sum.first] = Math.min(sums[place + sum.first] as number, d[dat + double.first] as number);
    sums[place + sum.last] = Math.max(sums[place + sum.last] as number, d[dat + double.last] as number);
    add(sum.packetsOut, w[at + word.packetsA + b] as number);
    add(sum.packetsIn, w[at + word.packetsB - b] as number);
    add(sum.bytesOut, d[dat + double.bytesA + b] as number);
    add(sum.bytesIn, d[dat + double.bytesB - b] as number);
    add(sum.connections, w[at + word.connections] as number);
    add(sum.refused, w[at + word.refused] as number);
    add(sum.unanswered, w[at + word.unanswered] as number);
    add(sum.retransmissions, w[at + word.retransmissions] as number);
    add(sum.missing, d[dat + double.missing] as number);
    const rtt = (w[at + word.rtt] as number) - 1;
    const best = sums[place + sum.rtt] as number;
    if (rtt >= 0 && (best < 0 || rtt < best)) sums[place + sum.rtt] = rtt;
  }

  /** A SYN without answer counts after a while. True while it is too early to say. */
  #judgeSyn(at: number, dat: number, now: number): boolean {
    const w = this.flows.words;
    const state = w[at + word.state] as number;
    if ((state & (bit.syn | bit.synAck | bit.rst | bit.unanswered)) !== bit.syn) return false;
    if (now - (this.flows.doubles[dat + double.began] as number) < ANSWER_WAIT) return true;
    w[at + word.state] = state | bit.unanswered;
    w[at + word.unanswered] = (w[at + word.unanswered] as number) + 1;
    return false;
  }

  /** What the mirror doctor wants to know of a TCP conversation. */
  #seen(at: number, dat: number, state: number): void {
    const w = this.flows.words;
    const d = this.flows.doubles;
    const face = w[at + word.face] as number;
    this.captures.add(face, seen.tcpBytes, d[dat + double.tcpBytes] as number);
    this.captures.add(face, seen.tcpMissing, d[dat + double.missing] as number);
    const both = bit.seenA | bit.seenB;
    const packets = (w[at + word.packetsA] as number) + (w[at + word.packetsB] as number);
    if ((state & (bit.dataA | bit.dataB)) === 0) return;
    if ((state & both) === both) this.captures.add(face, seen.twoWay, 1);
    else if (packets >= 3) this.captures.add(face, seen.oneWay, 1);
  }

  /** Counts an oddity; `kind` as in the table `weirds`. */
  weird(source: number, destination: number, protocol: number, kind: number, time: number): void {
    const { key } = this.weirds.table;
    key[0] = source;
    key[1] = destination;
    key[2] = protocol | (kind << 8);
    this.weirds.add(time);
  }

  signature(source: number, destination: number, port: number, rule: number, revision: number, time: number): void {
    const { key } = this.signatures.table;
    key[0] = source;
    key[1] = destination;
    key[2] = rule;
    key[3] = port | (revision << 16);
    this.signatures.add(time);
    this.urgent = true;
  }

  /** Empties what is crowded, after an upload was made of it. */
  reset(): void {
    const textsFull = this.texts.crowded;
    const all = this.endpoints.crowded || this.flows.full;
    if (all) {
      this.flows.clear();
      this.endpoints.clear();
      this.forgotten++;
    }
    this.conversations.reset(all);
    const known = this.commands.table.count;
    this.commands.reset(all || textsFull);
    this.transitions.reset(all, this.commands.table.count < known);
    for (const facts of [this.identities, this.bindings, this.lookups]) facts.reset(all || textsFull);
    for (const facts of [this.weaknesses, this.weirds, this.signatures]) facts.reset(all);
    if (textsFull || all) this.texts.clear();
    this.cycles.length = 0;
    this.captures.reset();
    this.urgent = false;
  }
}

/** Number of a protocol that the engine itself knows. */
export const builtIn = {
  icmp: protocols.icmp.id,
  icmpv6: protocols.icmpv6.id,
  igmp: protocols.igmp.id,
} as const;
