/**
 * ICMP echo through one socket per family: sends probes in batches, matches answers by index and random cookie, and takes
 * the times from the kernel. Reading late costs no accuracy, so nothing here waits or is woken.
 */
import { createCipheriv, randomBytes } from "node:crypto";
import { sameHost, type SocketAddress } from "./address.ts";
import { BatchSocket } from "./batch-socket.ts";
import type { AgentClock } from "./clock.ts";
import { checksum, ECHO_HEADER, ipv4HeaderOctets, MARK, types } from "./icmp.ts";
import { AF_INET, AF_INET6, errnos, SOCK_DGRAM, SOCK_NONBLOCK_CLOEXEC, SOCK_RAW, type Libc } from "./libc.ts";

/** Largest ICMP payload (see the configuration's `size`). */
const LARGEST = 1400;
/** Enough of an answer to recognise it: IPv4 header with options, ICMP header, mark. */
const KEPT = 96;
const COOKIES = 1024;
const ZEROS = new Uint8Array(COOKIES * 4);

/** One echo request on its way. Times are microseconds of the wall clock since the engine's base; NaN while unknown. */
export class EchoProbe {
  target: SocketAddress;
  octets: number;
  index = -1;
  cookie = 0;
  /** Round the send call. */
  before = Number.NaN;
  after = Number.NaN;
  /** Kernel stamps: handed to the driver, taken from the driver. */
  transmitted = Number.NaN;
  received = Number.NaN;
  /** Program's clock round the read that found the answer: since the last read that found none, and now. */
  readAfter = Number.NaN;
  readAt = Number.NaN;
  answered = false;
  /** The answer came more than once. */
  doubled = false;

  /** `octets`: ICMP payload, 16 to 1400. */
  constructor(target: SocketAddress, octets: number) {
    this.target = target;
    this.octets = octets;
  }
}

export interface EchoSink {
  answered(probe: EchoProbe): void;
  /** The same answer came again, perhaps before `answered` was told. */
  duplicate(probe: EchoProbe): void;
  /** An ICMP error came about it: from a router or the target, or (`local`) from this host itself. */
  refused(probe: EchoProbe, type: number, code: number, local: boolean): void;
}

export interface EchoCounts {
  /** Answers with our run mark but no probe waiting: later than the late window. */
  stray: number;
  /** Answers to our probe from another address: ignored. */
  wrongSource: number;
}

export interface EchoOptions {
  readonly family: 4 | 6;
  readonly mode: "raw" | "dgram";
  readonly batch?: number;
}

export class EchoSocket {
  readonly family: 4 | 6;
  readonly mode: "raw" | "dgram";
  readonly counts: EchoCounts = { stray: 0, wrongSource: 0 };
  readonly #socket: BatchSocket;
  readonly #clock: AgentClock;
  readonly #sink: EchoSink;
  readonly #base: number;
  readonly #baseSeconds: number;
  readonly #identifier: number;
  readonly #run: Uint8Array;
  readonly #run0: number;
  readonly #run1: number;
  #cookies = new Uint32Array(COOKIES);
  /** A key stream gives unguessable cookies at a tenth of what the random generator costs. */
  readonly #stream = createCipheriv("aes-128-ctr", randomBytes(16), randomBytes(16));
  #cookieAt = COOKIES;
  #sequence = 0;
  #key = 0;
  #waiting: (EchoProbe | null)[] = [];
  readonly #free: number[] = [];
  /** By the low 16 bits of the transmit key, and of the ICMP sequence number: index of the probe last sent with them. */
  readonly #byKey = new Int32Array(65_536).fill(-1);
  readonly #bySequence = new Int32Array(65_536).fill(-1);
  readonly #fresh: EchoProbe[] = [];
  #lastRead = Number.NaN;

  private constructor(
    socket: BatchSocket,
    identifier: number,
    clock: AgentClock,
    sink: EchoSink,
    options: EchoOptions,
  ) {
    this.family = options.family;
    this.mode = options.mode;
    this.#socket = socket;
    this.#clock = clock;
    this.#sink = sink;
    this.#identifier = identifier;
    this.#baseSeconds = Math.floor(clock.wall() / 1e6) - 10;
    this.#base = this.#baseSeconds * 1e6;
    this.#run = randomBytes(8);
    const view = new DataView(this.#run.buffer, this.#run.byteOffset);
    this.#run0 = view.getUint32(0);
    this.#run1 = view.getUint32(4);
    for (let i = 0; i < socket.batch; i++) this.#template(i * socket.sendOctets);
  }

  /** The engine, or the errno with which the kernel refused it. */
  static open(libc: Libc, clock: AgentClock, sink: EchoSink, options: EchoOptions): EchoSocket | number {
    const { family, mode } = options;
    const protocol = family === 4 ? 1 : 58;
    const type = (mode === "raw" ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK_CLOEXEC;
    const fd = libc.socket(family === 4 ? AF_INET : AF_INET6, type, protocol);
    if (fd < 0) return libc.errno();
    let identifier = 1 + (randomBytes(2).readUInt16LE() % 65_535);
    if (mode === "raw") {
      // Only echo replies: ICMP_FILTER (level SOL_RAW) and ICMP6_FILTER (RFC 3542 section 3.2), bits are types to block.
      const filter = new Uint32Array(8).fill(0xffff_ffff);
      filter[types[family].reply >> 5] = ~(1 << (types[family].reply & 31));
      const octets = new Uint8Array(filter.buffer);
      libc.setsockopt(fd, family === 4 ? 255 : 58, 1, octets, family === 4 ? 4 : 32);
    } else {
      // The kernel uses the bound "port" as the ICMP identifier.
      const name = new Uint8Array(28);
      new DataView(name.buffer).setUint16(0, family === 4 ? AF_INET : AF_INET6, true);
      libc.bind(fd, name, family === 4 ? 16 : 28);
      libc.getsockname(fd, name, new Uint32Array([28]));
      identifier = new DataView(name.buffer).getUint16(2);
    }
    const sizes = { batch: options.batch ?? 64, sendOctets: ECHO_HEADER + LARGEST, receiveOctets: KEPT };
    return new EchoSocket(new BatchSocket(libc, fd, sizes, family), identifier, clock, sink, options);
  }

  get stamps(): boolean {
    return this.#socket.stamps;
  }
  /** Answers that the kernel had no room for. */
  get drops(): number {
    return this.#socket.drops;
  }
  /** Probes sent and not released. */
  get waiting(): number {
    return this.#waiting.length - this.#free.length;
  }

  #template(offset: number): void {
    const packet = this.#socket.sending;
    packet[offset] = types[this.family].request;
    packet[offset + 4] = this.#identifier >> 8;
    packet[offset + 5] = this.#identifier & 0xff;
    packet.set(this.#run, offset + 16);
  }

  /** Sends probes `from` to `to`; returns how many the kernel took, or minus errno of the first refused. */
  send(probes: readonly EchoProbe[], from: number, to: number): number {
    let at = from;
    while (at < to) {
      const count = Math.min(this.#socket.batch, to - at);
      for (let i = 0; i < count; i++) this.#write(i, probes[at + i] as EchoProbe);
      const before = this.#clock.wall() - this.#base;
      let sent = this.#socket.flush(count);
      // An ICMP error about an earlier packet is reported once in place of this send: ask again.
      if (sent < 0 && sent !== -errnos.EAGAIN) {
        this.read();
        sent = this.#socket.flush(count);
      }
      const after = this.#clock.wall() - this.#base;
      for (let i = 0; i < count; i++) {
        const probe = probes[at + i] as EchoProbe;
        if (i < sent) {
          probe.before = before;
          probe.after = after;
          this.#byKey[this.#key & 0xffff] = probe.index;
          this.#key = (this.#key + 1) >>> 0;
        } else this.release(probe);
      }
      if (sent < count) {
        this.#resetKeys();
        if (sent <= 0) return at > from ? at - from : sent;
      }
      at += sent;
    }
    return at - from;
  }

  #resetKeys(): void {
    this.read();
    this.#socket.resetKeys();
    this.#key = 0;
    this.#byKey.fill(-1);
  }

  #write(i: number, probe: EchoProbe): void {
    const index = this.#free.length > 0 ? (this.#free.pop() as number) : this.#waiting.length;
    this.#waiting[index] = probe;
    if (this.#cookieAt === COOKIES) {
      this.#cookies = new Uint32Array(Uint8Array.from(this.#stream.update(ZEROS)).buffer);
      this.#cookieAt = 0;
    }
    const cookie = this.#cookies[this.#cookieAt++] as number;
    const sequence = (this.#sequence = (this.#sequence + 1) & 0xffff);
    this.#bySequence[sequence] = index;
    probe.index = index;
    probe.cookie = cookie;
    const { words, octets } = probe.target;
    const names = this.#socket.destinations32;
    const name = 8 * i;
    names[name] = words[0] as number;
    names[name + 1] = words[1] as number;
    if (this.family === 6) for (let w = 2; w < 7; w++) names[name + w] = words[w] as number;
    const p = i * this.#socket.sendOctets;
    const packet = this.#socket.sending;
    packet[p + 6] = sequence >> 8;
    packet[p + 7] = sequence & 0xff;
    put32(packet, p + 8, index);
    put32(packet, p + 12, cookie);
    packet[p + 2] = 0;
    packet[p + 3] = 0;
    // The rest of the payload is zeros and does not change the sum; for IPv6 the kernel fills it in (RFC 3542 section 3.1).
    if (this.family === 4) {
      const sum = checksum(packet, p, ECHO_HEADER + MARK);
      packet[p + 2] = sum >> 8;
      packet[p + 3] = sum & 0xff;
    }
    this.#socket.shape(i, ECHO_HEADER + probe.octets, octets);
  }

  /** Reads what has come and tells the sink. Answers first, then the error queue: a packet's transmit stamp precedes its answer. */
  read(): void {
    const started = this.#clock.wall() - this.#base;
    this.#socket.drain(this.#onPacket);
    const now = this.#fresh.length > 0 ? this.#clock.wall() - this.#base : started;
    this.#socket.drainErrors(this.#onSent, this.#onError);
    const fresh = this.#fresh;
    for (let i = 0; i < fresh.length; i++) {
      const probe = fresh[i] as EchoProbe;
      probe.readAfter = this.#lastRead;
      probe.readAt = now;
      this.#sink.answered(probe);
    }
    fresh.length = 0;
    this.#lastRead = started;
  }

  /** Forgets a probe; an answer after this is counted as stray. */
  release(probe: EchoProbe): void {
    const { index } = probe;
    if (index < 0 || this.#waiting[index] !== probe) return;
    this.#waiting[index] = null;
    this.#free.push(index);
    probe.index = -1;
  }

  close(): void {
    this.#socket.close();
    this.#waiting = [];
  }

  readonly #onPacket = (offset: number, octets: number, name: number, seconds: number, nanoseconds: number): void => {
    const packet = this.#socket.received;
    const header = this.family === 4 && this.mode === "raw" ? ipv4HeaderOctets(packet, offset, octets) : 0;
    if (header < 0 || octets < header + ECHO_HEADER + MARK) return;
    const p = offset + header;
    if (packet[p] !== types[this.family].reply || get32(packet, p + 16) !== this.#run0) return;
    if (get32(packet, p + 20) !== this.#run1) return;
    const probe = this.#waiting[get32(packet, p + 8)] ?? null;
    if (probe === null || probe.cookie !== get32(packet, p + 12)) {
      this.counts.stray++;
      return;
    }
    if (!sameHost(probe.target, this.#socket.names32, name)) {
      this.counts.wrongSource++;
      return;
    }
    if (probe.answered) {
      probe.doubled = true;
      this.#sink.duplicate(probe);
      return;
    }
    probe.answered = true;
    if (seconds >= 0) probe.received = (seconds - this.#baseSeconds) * 1e6 + nanoseconds / 1e3;
    this.#fresh.push(probe);
  };

  readonly #onSent = (key: number, seconds: number, nanoseconds: number): void => {
    const index = this.#byKey[key & 0xffff] as number;
    const probe = index >= 0 ? this.#waiting[index] : null;
    if (probe === null || probe === undefined || !Number.isNaN(probe.transmitted)) return;
    const stamp = (seconds - this.#baseSeconds) * 1e6 + nanoseconds / 1e3;
    // Keys may be wrong after a failed send: a stamp from before the send call is another packet's.
    if (stamp >= probe.before - 1) probe.transmitted = stamp;
  };

  readonly #onError = (
    offset: number,
    octets: number,
    _name: number,
    origin: number,
    type: number,
    code: number,
  ): void => {
    // The quoted packet begins with its ICMP header; routers must quote at least its 8 octets (RFC 792).
    const packet = this.#socket.received;
    if (octets < ECHO_HEADER || packet[offset] !== types[this.family].request) return;
    if (((packet[offset + 4] as number) << 8) + (packet[offset + 5] as number) !== this.#identifier) return;
    const sequence = ((packet[offset + 6] as number) << 8) | (packet[offset + 7] as number);
    const probe = this.#waiting[this.#bySequence[sequence] as number] ?? null;
    if (probe === null || probe.answered) return;
    if (octets >= ECHO_HEADER + MARK && get32(packet, offset + 12) !== probe.cookie) return;
    this.#sink.refused(probe, type, code, origin === 1);
  };
}

function put32(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 24;
  octets[at + 1] = (value >>> 16) & 0xff;
  octets[at + 2] = (value >>> 8) & 0xff;
  octets[at + 3] = value & 0xff;
}

function get32(octets: Uint8Array, at: number): number {
  return (
    (((octets[at] as number) << 24) |
      ((octets[at + 1] as number) << 16) |
      ((octets[at + 2] as number) << 8) |
      (octets[at + 3] as number)) >>>
    0
  );
}
