/** DNS sessions: over UDP with kernel stamps where koffi is, else by the program's clock; over TCP when the answer is cut off. */
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { getServers } from "node:dns";
import { connect } from "node:net";
import type { Method, Outcome } from "../wire/samples.ts";
import { socketAddress, type Address } from "./address.ts";
import { wallOffset, type AgentClock } from "./clock.ts";
import { encodeQuestion, firstNameserver, readAnswer, type Answer, type RecordName } from "./dns-message.ts";
import { DnsQuery, DnsSocket } from "./dns-socket.ts";
import { isPortUnreachable } from "./icmp.ts";
import { roundTrip } from "./icmp-prober.ts";
import type { Lag } from "./lag.ts";
import type { Libc } from "./libc.ts";
import {
  discard,
  failureOutcome,
  inTime,
  lateWindow,
  noPhases,
  type Finished,
  type Measured,
  type Prober,
  type Slot,
} from "./measured.ts";
import type { Names } from "./names.ts";

/** After an answer, duplicates are watched for this long, µs. */
const DUPLICATE_WINDOW = 1_000_000;

export interface DnsQuestion {
  readonly server?: string | undefined;
  readonly port?: number | undefined;
  readonly name: string;
  readonly record: RecordName;
  /** Microseconds. */
  readonly timeout: number;
}

/** The system's first resolver: resolv.conf(5), else what Node found. Read each time: it changes with the network. */
export function systemResolver(): string | null {
  let text = "";
  try {
    text = readFileSync("/etc/resolv.conf", "utf8");
  } catch {
    text = "";
  }
  return firstNameserver(text) ?? getServers()[0]?.replace(/:\d+$/, "") ?? null;
}

class Asked extends DnsQuery {
  slot!: Slot;
  finished!: Finished;
  timeout = 0;
  offset = 0;
  ask!: { address: Address; port: number };
}

/** RFC 1035 4.1.1: no error and "no such name" are both full answers of a working server; the rest is a no. */
export const isAnswer = (code: number): boolean => code === 0 || code === 3;

export class DnsGroup {
  readonly #sockets: { 4: DnsSocket | null; 6: DnsSocket | null } = { 4: null, 6: null };
  readonly #clock: AgentClock;
  readonly #lag: Lag;
  unanswered = 0;

  constructor(libc: Libc | null, clock: AgentClock, lag: Lag) {
    this.#clock = clock;
    this.#lag = lag;
    if (libc === null) return;
    const sink = {
      answered: (query: DnsQuery): void => this.#answered(query as Asked),
      duplicate: (query: DnsQuery): void => {
        const { measured } = (query as Asked).slot;
        if (measured !== null) measured.duplicate = true;
      },
      refused: (query: DnsQuery, type: number, code: number): void => this.#refused(query as Asked, type, code),
    };
    for (const family of [4, 6] as const) this.#sockets[family] = DnsSocket.open(libc, clock, sink, family);
  }

  get method(): Method {
    return this.#sockets[4] === null ? "dns-udp-user" : "dns-udp-kernel";
  }

  /** Asks over UDP. */
  ask(slot: Slot, address: Address, port: number, question: Uint8Array, timeout: number, finished: Finished): void {
    const socket = this.#sockets[address.family];
    if (socket === null) return this.#askNode(slot, address, port, question, timeout, finished);
    const query = new Asked(socketAddress(address, port), question);
    const now = this.#clock.monotonic();
    Object.assign(query, { slot, finished, timeout, offset: wallOffset(this.#clock), ask: { address, port } });
    const refused = socket.send(query);
    slot.sent = now;
    if (refused !== 0) {
      finished(slot, { outcome: refused === 113 ? "unreachable" : "failed", method: this.method, rtt: 0, bound: 0 });
      slot.finalAt = now;
      return;
    }
    this.unanswered++;
    slot.finalAt = now + timeout + lateWindow(timeout);
    slot.release = () => {
      if (query.answer === null && slot.measured === null) this.unanswered--;
      socket.release(query);
      slot.release = null;
    };
  }

  read(): void {
    for (const family of [4, 6] as const) {
      const socket = this.#sockets[family];
      if (socket !== null && socket.waiting > 0) socket.read();
    }
  }

  #answered(query: Asked): void {
    const { slot, timeout, finished } = query;
    const answer = query.answer as Answer;
    this.unanswered--;
    const { rtt, bound, kernel } = roundTrip(query, wallOffset(this.#clock) - query.offset);
    if (answer.truncated) {
      this.#sockets[query.server.family]?.release(query);
      slot.release = null;
      const { address, port } = query.ask;
      this.#askTcp(slot, address, port, query.question, timeout, rtt, finished);
      return;
    }
    const method: Method = kernel ? "dns-udp-kernel" : "dns-udp-user";
    finished(slot, { ...result(answer, method, Math.max(1, rtt), bound, timeout), duplicate: query.doubled });
    slot.finalAt = this.#clock.monotonic() + DUPLICATE_WINDOW;
  }

  #refused(query: Asked, type: number, code: number): void {
    const { slot } = query;
    if (slot.measured !== null) return;
    this.unanswered--;
    const outcome: Outcome = isPortUnreachable(query.server.family, type, code) ? "refused" : "unreachable";
    query.finished(slot, { outcome, method: this.method, rtt: 0, bound: 0 });
    slot.finalAt = this.#clock.monotonic();
  }

  /** Without koffi: a socket of its own for each query. */
  #askNode(slot: Slot, address: Address, port: number, asked: Uint8Array, timeout: number, finished: Finished): void {
    const socket = createSocket(address.family === 4 ? "udp4" : "udp6");
    const question = withId(asked);
    const id = question.readUInt16BE(0);
    const mark = this.#lag.mark();
    const begun = this.#clock.monotonic();
    slot.sent = begun;
    slot.finalAt = Number.POSITIVE_INFINITY;
    const end = (): void => {
      clearTimeout(timer);
      slot.release = null;
      socket.close();
      slot.finalAt = this.#clock.monotonic();
    };
    const timer = setTimeout(end, (timeout + lateWindow(timeout)) / 1000);
    slot.release = end;
    socket.on("message", (message) => {
      const rtt = this.#clock.monotonic() - begun;
      const answer = readAnswer(message, 0, message.length, question);
      if (slot.release === null || answer === null || answer.id !== id) return;
      if (answer.truncated) {
        end();
        slot.finalAt = Number.POSITIVE_INFINITY;
        this.#askTcp(slot, address, port, asked, timeout, rtt, finished);
        return;
      }
      if (this.#lag.stalled) discard(slot);
      else finished(slot, result(answer, "dns-udp-user", rtt, this.#lag.bound(mark), timeout));
      end();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (slot.release === null) return;
      finished(slot, { outcome: failureOutcome(error.code), method: "dns-udp-user", rtt: 0, bound: 0 });
      end();
    });
    socket.connect(port, address.text, () => {
      if (slot.release !== null) socket.send(question);
    });
  }

  /** RFC 7766: two octets of length before the message. The round trip holds the UDP attempt, the handshake and the answer. */
  #askTcp(
    slot: Slot,
    address: Address,
    port: number,
    asked: Uint8Array,
    timeout: number,
    spent: number,
    finished: Finished,
  ): void {
    const question = withId(asked);
    const mark = this.#lag.mark();
    const begun = this.#clock.monotonic();
    slot.finalAt = Number.POSITIVE_INFINITY;
    const socket = connect({ host: address.text, port, family: address.family });
    const end = (): void => {
      clearTimeout(timer);
      slot.release = null;
      socket.destroy();
      slot.finalAt = this.#clock.monotonic();
    };
    const timer = setTimeout(end, (timeout + lateWindow(timeout)) / 1000);
    slot.release = end;
    let received = Buffer.alloc(0);
    socket.once("connect", () => socket.write(Buffer.concat([prefix(question.length), question])));
    socket.on("data", (part) => {
      received = Buffer.concat([received, part]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const rtt = spent + this.#clock.monotonic() - begun;
      const answer = readAnswer(received, 2, received.readUInt16BE(0), question);
      if (this.#lag.stalled) discard(slot);
      else if (answer === null)
        finished(slot, { outcome: "refused", method: "dns-tcp-user", rtt, bound: this.#lag.bound(mark) });
      else finished(slot, result(answer, "dns-tcp-user", rtt, this.#lag.bound(mark), timeout));
      end();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      finished(slot, { outcome: failureOutcome(error.code), method: "dns-tcp-user", rtt: 0, bound: 0 });
      end();
    });
  }

  close(): void {
    this.#sockets[4]?.close();
    this.#sockets[6]?.close();
  }
}

function withId(question: Uint8Array): Buffer {
  const message = Buffer.from(question);
  message.writeUInt16BE(randomInt(65_536), 0);
  return message;
}

function prefix(length: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(length, 0);
  return octets;
}

const result = (answer: Answer, method: Method, rtt: number, bound: number, timeout: number): Measured => ({
  outcome: isAnswer(answer.code) ? inTime(rtt, timeout) : "refused",
  method,
  rtt,
  bound,
  phases: { ...noPhases, resolve: rtt },
});

/** Measures one name at one server (or the system's first resolver). */
export function dnsProber(group: DnsGroup, names: Names, question: DnsQuestion, resolver: () => string | null): Prober {
  const { method } = group;
  const octets = encodeQuestion(question.name, question.record);
  const failed = { outcome: "failed", method, rtt: 0, bound: 0 } as const;
  return {
    method,
    start(slot, finished) {
      const host = question.server ?? resolver();
      if (octets === null || host === null) {
        finished(slot, failed);
        slot.finalAt = slot.sent;
        return;
      }
      names.forSlot(slot, { host, timeout: question.timeout }, method, finished, (address) =>
        group.ask(slot, address, question.port ?? 53, octets, question.timeout, finished),
      );
    },
  };
}
