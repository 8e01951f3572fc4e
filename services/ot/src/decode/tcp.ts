/** TCP as a passive observer sees it (RFC 9293): handshake, order, retransmissions, holes, round-trip times. */
import { double, FLOW_DOUBLES, FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { tcpFlag, type Packet } from "@yagura/packets/packet.ts";
import type { Half } from "@yagura/packets/reassembly.ts";
import type { Dispatch } from "./dispatch.ts";
import { Habits } from "./habits.ts";
import { bit } from "./flow-state.ts";
import type { Memory } from "./memory.ts";

/** A jump of more bytes is no hole but another connection on the same ports. */
const MAX_JUMP = 1 << 24;
/** µs for which an acknowledgement of bytes that were not seen may be ahead of them: mirrors merge two directions. */
const ACKNOWLEDGED_WAIT = 3_000;

/** Takes bytes in order; gives whether somebody knows them. */
export type Deliver = (p: Packet, flow: number, side: number, bytes: Uint8Array, from: number, to: number) => boolean;

export class Tcp {
  readonly habits = new Habits();
  readonly #w: Int32Array;
  readonly #d: Float64Array;
  readonly #dispatch: Dispatch;
  readonly #deliver: Deliver;

  constructor(memory: Memory, dispatch: Dispatch, deliver: Deliver) {
    this.#w = memory.flows.words;
    this.#d = memory.flows.doubles;
    this.#dispatch = dispatch;
    this.#deliver = deliver;
  }

  /** One segment. False: it has payload that nobody knows. */
  segment(p: Packet, flow: number, side: number): boolean {
    const w = this.#w;
    const at = flow * FLOW_WORDS;
    const { flags } = p;
    if ((flags & (tcpFlag.syn | tcpFlag.rst | tcpFlag.fin)) !== 0) this.#control(p, flow, at, side);
    const other = 1 - side;
    if ((flags & tcpFlag.ack) !== 0 && ((w[at + word.state] as number) & (bit.halfA << other)) !== 0)
      this.#acknowledged(p, flow, at, other);
    return p.payloadLength <= 0 || (flags & tcpFlag.rst) !== 0 || this.#data(p, flow, at, side);
  }

  #control(p: Packet, flow: number, at: number, side: number): void {
    const w = this.#w;
    const { flags } = p;
    if ((flags & tcpFlag.syn) !== 0) this.#synchronise(p, flow, at, side);
    const state = w[at + word.state] as number;
    if ((flags & tcpFlag.rst) !== 0) {
      const asked = bit.clientSure | bit.syn;
      const byServer = (state & bit.clientB) !== side;
      if ((state & (asked | bit.synAck | bit.rst)) === asked && byServer)
        w[at + word.refused] = (w[at + word.refused] as number) + 1;
      w[at + word.state] = state | bit.rst;
    } else if ((flags & tcpFlag.fin) !== 0) w[at + word.state] = state | (bit.finA << side);
  }

  #synchronise(p: Packet, flow: number, at: number, side: number): void {
    const w = this.#w;
    const dat = flow * FLOW_DOUBLES;
    const answers = (p.flags & tcpFlag.ack) !== 0;
    let state = w[at + word.state] as number;
    const known = (state & (bit.sequenceA << side)) !== 0;
    if (known && w[at + word.initialA + side] === p.sequence && (state & (answers ? bit.synAck : bit.syn)) !== 0) {
      w[at + word.retransmissions] = (w[at + word.retransmissions] as number) + 1;
      return;
    }
    const began = state & (bit.syn | bit.synAck);
    // A SYN after another connection on the same ports begins anew; so does an answer whose SYN was not seen.
    if (known || (!answers && began !== 0)) {
      this.#dispatch.end(flow);
      state &= bit.clientB | bit.settled | bit.commands | bit.seenA | bit.seenB;
      w[at + word.tries] = 0;
    }
    if (!answers || (state & bit.syn) === 0) {
      w[at + word.connections] = (w[at + word.connections] as number) + 1;
      const clientSide = answers ? 1 - side : side;
      state = (state & ~bit.clientB) | (clientSide === 0 ? 0 : bit.clientB) | bit.clientSure;
    }
    if (!answers) {
      this.#d[dat + double.began] = p.time;
      this.habits.see(p, flow, side, this.#dispatch.telling);
    } else if ((state & (bit.syn | bit.synAck)) === bit.syn)
      this.#rtt(at, p.time - (this.#d[dat + double.began] as number));
    w[at + word.initialA + side] = p.sequence;
    w[at + word.sequenceA + side] = (p.sequence + 1) | 0;
    w[at + word.state] = state | (bit.sequenceA << side) | (answers ? bit.synAck : bit.syn);
  }

  #rtt(at: number, time: number): void {
    if (time < 0 || time > 60e6) return;
    const w = this.#w;
    const best = (w[at + word.rtt] as number) - 1;
    if (best < 0 || time < best) w[at + word.rtt] = Math.round(time) + 1;
  }

  #data(p: Packet, flow: number, at: number, side: number): boolean {
    const w = this.#w;
    const state = w[at + word.state] as number;
    const length = p.payloadLength;
    const start = (p.flags & tcpFlag.syn) !== 0 ? (p.sequence + 1) | 0 : p.sequence;
    if ((state & (bit.sequenceA << side)) === 0) {
      w[at + word.state] = state | (bit.sequenceA << side);
      w[at + word.sequenceA + side] = start;
    }
    this.#answer(at, flow, side, p.time);
    const ahead = (start - (w[at + word.sequenceA + side] as number)) | 0;
    if (ahead === 0) return this.#inOrder(p, flow, at, side, 0);
    if (ahead < 0 && ahead > -MAX_JUMP) {
      // A probe of keep-alive carries a byte that was acknowledged (RFC 9293 section 3.8.4).
      if (length === 1 && ahead === -1) return true;
      w[at + word.retransmissions] = (w[at + word.retransmissions] as number) + 1;
      return -ahead >= length || this.#inOrder(p, flow, at, side, -ahead);
    }
    if (ahead > MAX_JUMP || ahead < 0) {
      this.#dispatch.broken(flow, side);
      w[at + word.sequenceA + side] = start;
      return this.#inOrder(p, flow, at, side, 0);
    }
    const half = this.#dispatch.half(flow, side);
    const before = half.size;
    half.delay(start, p.payload, p.payloadFrom, p.payloadTo, p.time);
    this.#dispatch.keptBytes += half.size - before;
    if (half.impatient(p.time)) this.#skipHole(p, flow, at, side, half);
    return (state & bit.givenUp) === 0 && (w[at + word.dissector] as number) > 0;
  }

  /** Payload that comes next, without its first `over` bytes, and what waited for it. */
  #inOrder(p: Packet, flow: number, at: number, side: number, over: number): boolean {
    const w = this.#w;
    const d = this.#d;
    const place = flow * FLOW_DOUBLES + double.tcpBytes;
    const length = p.payloadLength - over;
    d[place] = (d[place] as number) + length;
    w[at + word.sequenceA + side] = ((w[at + word.sequenceA + side] as number) + length) | 0;
    const from = p.payloadFrom + over;
    let known = true;
    if (from < p.payloadTo) known = this.#deliver(p, flow, side, p.payload, from, p.payloadTo);
    // The capture kept only the beginning of the packet: what follows does not join on.
    if (p.payloadTo - p.payloadFrom < p.payloadLength) this.#dispatch.broken(flow, side);
    const state = w[at + word.state] as number;
    if ((state & (bit.halfA << side)) !== 0) {
      const half = this.#dispatch.half(flow, side);
      if (half.early.length > 0) {
        this.#drain(p, flow, at, side, half);
        if (half.early.length > 0 && half.impatient(p.time)) this.#skipHole(p, flow, at, side, half);
      }
    }
    return known;
  }

  /** Hands on the early segments that now join. */
  #drain(p: Packet, flow: number, at: number, side: number, half: Half): void {
    const w = this.#w;
    for (;;) {
      const first = half.early[0];
      if (first === undefined) return;
      const next = w[at + word.sequenceA + side] as number;
      const ahead = (first.sequence - next) | 0;
      if (ahead > 0) return;
      half.takeEarly();
      this.#dispatch.keptBytes -= first.bytes.length;
      if (-ahead >= first.bytes.length) continue;
      w[at + word.sequenceA + side] = (first.sequence + first.bytes.length) | 0;
      const place = flow * FLOW_DOUBLES + double.tcpBytes;
      this.#d[place] = (this.#d[place] as number) + first.bytes.length + ahead;
      this.#deliver(p, flow, side, first.bytes, (0 - ahead) | 0, first.bytes.length);
    }
  }

  /** Gives up the bytes before the first early segment. */
  #skipHole(p: Packet, flow: number, at: number, side: number, half: Half): void {
    const [first] = half.early;
    if (first === undefined) return;
    const w = this.#w;
    const hole = (first.sequence - (w[at + word.sequenceA + side] as number)) | 0;
    const place = flow * FLOW_DOUBLES + double.missing;
    this.#d[place] = (this.#d[place] as number) + Math.max(0, hole);
    w[at + word.sequenceA + side] = first.sequence;
    this.#dispatch.broken(flow, side);
    this.#drain(p, flow, at, side, half);
  }

  /** The other side acknowledged bytes behind a hole: they were there, only not here. */
  #acknowledged(p: Packet, flow: number, at: number, side: number): void {
    const half = this.#dispatch.half(flow, side);
    const [first] = half.early;
    if (first === undefined || Math.abs(p.time - half.earlySince) < ACKNOWLEDGED_WAIT) return;
    if (((p.acknowledgement - first.sequence) | 0) >= 0) this.#skipHole(p, flow, at, side, half);
  }

  /** Round-trip time from a question's last segment to the first of its answer. */
  #answer(at: number, flow: number, side: number, time: number): void {
    const w = this.#w;
    const state = w[at + word.state] as number;
    const place = flow * FLOW_DOUBLES + double.asked;
    if ((state & bit.clientB) === side) {
      this.#d[place] = time;
      w[at + word.state] = state | bit.asked;
    } else if ((state & bit.asked) !== 0) {
      w[at + word.state] = state & ~bit.asked;
      this.#rtt(at, time - (this.#d[place] as number));
    }
  }

  /** The same for a datagram. */
  answerOf(flow: number, side: number, time: number): void {
    this.#answer(flow * FLOW_WORDS, flow, side, time);
  }
}
