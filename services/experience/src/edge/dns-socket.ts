/** UDP to name servers with the kernel's time stamps: one socket per family, queries matched by id, server and question. */
import { randomInt } from "node:crypto";
import { sameHost, type SocketAddress } from "./address.ts";
import { BatchSocket } from "./batch-socket.ts";
import type { AgentClock } from "./clock.ts";
import { readAnswer, type Answer } from "./dns-message.ts";
import { AF_INET, AF_INET6, SOCK_DGRAM, SOCK_NONBLOCK_CLOEXEC, type Libc } from "./libc.ts";

const IPPROTO_UDP = 17;
const BATCH = 16;
const LARGEST_QUERY = 512;
const LARGEST_ANSWER = 4096;

/** A query on its way; times as in `EchoProbe`. */
export class DnsQuery {
  readonly server: SocketAddress;
  readonly question: Uint8Array;
  id = -1;
  before = Number.NaN;
  after = Number.NaN;
  transmitted = Number.NaN;
  received = Number.NaN;
  readAfter = Number.NaN;
  readAt = Number.NaN;
  answer: Answer | null = null;
  doubled = false;

  constructor(server: SocketAddress, question: Uint8Array) {
    this.server = server;
    this.question = question;
  }
}

export interface DnsSink {
  answered(query: DnsQuery): void;
  duplicate(query: DnsQuery): void;
  /** An ICMP error came: port unreachable is the server's no. */
  refused(query: DnsQuery, type: number, code: number): void;
}

export class DnsSocket {
  readonly family: 4 | 6;
  readonly #socket: BatchSocket;
  readonly #clock: AgentClock;
  readonly #sink: DnsSink;
  readonly #base: number;
  readonly #baseSeconds: number;
  readonly #waiting = new Map<number, DnsQuery>();
  readonly #byKey = new Map<number, DnsQuery>();
  #key = 0;
  #fresh: DnsQuery[] = [];
  #lastRead = Number.NaN;

  private constructor(socket: BatchSocket, clock: AgentClock, sink: DnsSink, family: 4 | 6) {
    this.family = family;
    this.#socket = socket;
    this.#clock = clock;
    this.#sink = sink;
    this.#baseSeconds = Math.floor(clock.wall() / 1e6) - 10;
    this.#base = this.#baseSeconds * 1e6;
  }

  /** The socket, or null when the kernel refuses it (no IPv6). */
  static open(libc: Libc, clock: AgentClock, sink: DnsSink, family: 4 | 6): DnsSocket | null {
    const fd = libc.socket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK_CLOEXEC, IPPROTO_UDP);
    if (fd < 0) return null;
    const sizes = { batch: BATCH, sendOctets: LARGEST_QUERY, receiveOctets: LARGEST_ANSWER };
    return new DnsSocket(new BatchSocket(libc, fd, sizes, family), clock, sink, family);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Sends one query: 0, or errno of the kernel's refusal. */
  send(query: DnsQuery): number {
    do query.id = randomInt(65_536);
    while (this.#waiting.has(query.id));
    const packet = this.#socket.sending;
    packet.set(query.question, 0);
    packet[0] = query.id >> 8;
    packet[1] = query.id & 0xff;
    this.#socket.destinations32.set(query.server.words, 0);
    this.#socket.shape(0, query.question.length, query.server.octets);
    query.before = this.#clock.wall() - this.#base;
    let sent = this.#socket.flush(1);
    if (sent < 0) {
      // An ICMP error about an earlier query is reported once in place of this send.
      this.read();
      query.before = this.#clock.wall() - this.#base;
      sent = this.#socket.flush(1);
    }
    query.after = this.#clock.wall() - this.#base;
    if (sent !== 1) {
      this.#socket.resetKeys();
      this.#key = 0;
      this.#byKey.clear();
      return -sent;
    }
    this.#byKey.set(this.#key, query);
    this.#key = (this.#key + 1) >>> 0;
    this.#waiting.set(query.id, query);
    return 0;
  }

  read(): void {
    const started = this.#clock.wall() - this.#base;
    this.#socket.drain(this.#onPacket);
    this.#socket.drainErrors(this.#onSent, this.#onError);
    const now = this.#clock.wall() - this.#base;
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const query of fresh) {
      query.readAfter = this.#lastRead;
      query.readAt = now;
      this.#sink.answered(query);
    }
    this.#lastRead = started;
  }

  release(query: DnsQuery): void {
    if (this.#waiting.get(query.id) === query) this.#waiting.delete(query.id);
    for (const [key, each] of this.#byKey) if (each === query) this.#byKey.delete(key);
  }

  close(): void {
    this.#socket.close();
  }

  readonly #onPacket = (offset: number, octets: number, name: number, seconds: number, nanoseconds: number): void => {
    const packet = this.#socket.received;
    if (octets < 2) return;
    const query = this.#waiting.get(((packet[offset] as number) << 8) | (packet[offset + 1] as number));
    if (query === undefined || !sameHost(query.server, this.#socket.names32, name)) return;
    if ((this.#socket.names32[name] as number) >>> 16 !== (query.server.words[0] as number) >>> 16) return;
    const answer = readAnswer(packet, offset, Math.min(octets, LARGEST_ANSWER), query.question);
    if (answer === null) return;
    if (query.answer !== null) {
      query.doubled = true;
      this.#sink.duplicate(query);
      return;
    }
    query.answer = answer;
    if (seconds >= 0) query.received = (seconds - this.#baseSeconds) * 1e6 + nanoseconds / 1e3;
    this.#fresh.push(query);
  };

  readonly #onSent = (key: number, seconds: number, nanoseconds: number): void => {
    const query = this.#byKey.get(key);
    if (query === undefined) return;
    const stamp = (seconds - this.#baseSeconds) * 1e6 + nanoseconds / 1e3;
    if (stamp >= query.before - 1) query.transmitted = stamp;
  };

  readonly #onError = (
    offset: number,
    octets: number,
    _name: number,
    _origin: number,
    type: number,
    code: number,
  ): void => {
    // What is quoted begins with our DNS message.
    const packet = this.#socket.received;
    if (octets < 2) return;
    const query = this.#waiting.get(((packet[offset] as number) << 8) | (packet[offset + 1] as number));
    if (query !== undefined && query.answer === null) this.#sink.refused(query, type, code);
  };
}
