/**
 * Capture by an AF_PACKET ring (TPACKET_V3, Documentation/networking/packet_mmap.rst): the kernel fills blocks of shared
 * memory, `drain` walks over the filled ones and gives them back.
 *
 *   block    u32 version | u32 private | u32 status | u32 packets | u32 first packet | u32 length | …
 *   packet   u32 next | u32 seconds | u32 nanoseconds | u32 captured | u32 length | u32 status | u16 mac | u16 net |
 *            u32 hash | u32 VLAN TCI | u16 VLAN TPID | … | sockaddr_ll at 48 | frame at `mac`
 *
 * The kernel takes the outer VLAN tag out of the frame; it is put back in place, into the room before the frame.
 */
import { raise } from "./errors.ts";
import { ETHERNET, findInterface } from "./interface.ts";
import { AF_PACKET, setOption, SOCK_CLOEXEC, SOCK_RAW, type Libc, type Mapping } from "./libc.ts";

const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const PACKET_RESERVE = 12;
const PACKET_IGNORE_OUTGOING = 23;
const TPACKET_V3 = 2;
const PACKET_MR_PROMISC = 1;
const ETH_P_ALL = 3;
const TP_STATUS_USER = 1;
const TP_STATUS_VLAN_VALID = 0x10;
const TP_STATUS_VLAN_TPID_VALID = 0x40;
const PACKET_OUTGOING = 4;
const PACKET_TYPE_AT = 58;
const TAG = 4;
const TPID_8021Q = 0x8100;

/** Bytes of a block: above the largest frame that a card puts together (64 KiB), small enough to be read in a millisecond or two. */
export const BLOCK = 256 * 1024;
/** A block that is not full is handed over after this, ms. */
export const RETIRE_MS = 50;
/** Bytes of all rings together: at 500,000 small packets a second half a second may pass until they are read. */
export const RING_BYTES = 64 * 1024 * 1024;
const LEAST_RING_BYTES = 4 * 1024 * 1024;

/** One frame; its bytes are valid until the call returns. `length`: as it was on the wire; time: µs since the epoch. */
export type TakeFrame = (bytes: Uint8Array, from: number, to: number, length: number, time: number) => void;

export interface RingSocket {
  readonly name: string;
  readonly fd: number;
  readonly blocks: number;
  readonly ignoreOutgoing: boolean;
}
export interface RingOptions {
  /** Take also what is not addressed to this machine: always so at a mirror port. */
  readonly promiscuous: boolean;
  /** Leave out what this machine itself sends. */
  readonly ignoreOutgoing: boolean;
  readonly bytes: number;
}

const F_DUPFD_CLOEXEC = 1030;
/** Half of what a process usually may open. */
const LEAST_NUMBER = 512;
/** Share of one ring of `count`, in bytes. */
export const ringShare = (count: number, all = RING_BYTES): number =>
  Math.max(LEAST_RING_BYTES, Math.floor(all / Math.max(1, count)));

/** Opens and binds a socket with its ring: needs CAP_NET_RAW. Throws INTERFACE_UNKNOWN, INTERFACE_NOT_ETHERNET, CAPTURE_REFUSED. */
export function openRingSocket(libc: Libc, name: string, options: RingOptions): RingSocket {
  const { index, hardware } = findInterface(libc, name);
  if (hardware !== ETHERNET) throw raise("INTERFACE_NOT_ETHERNET", { name, hardware });
  const refused = (step: string): Error => raise("CAPTURE_REFUSED", { name, step, errno: `errno ${libc.errno()}` });
  // Protocol 0: nothing is taken before the socket is bound to its interface.
  const first = libc.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (first < 0) throw refused("socket");
  const fd = raised(libc, first);
  const blocks = Math.max(16, Math.floor(options.bytes / BLOCK));
  const steps: [string, () => boolean][] = [
    ["PACKET_VERSION", () => setOption(libc, fd, SOL_PACKET, PACKET_VERSION, TPACKET_V3)],
    ["PACKET_RESERVE", () => setOption(libc, fd, SOL_PACKET, PACKET_RESERVE, TAG)],
    ["PACKET_RX_RING", () => libc.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, ringRequest(blocks), 28) === 0],
    ["PACKET_ADD_MEMBERSHIP", () => !options.promiscuous || promiscuous(libc, fd, index)],
    ["bind", () => libc.bind(fd, linkAddress(index), 20) === 0],
  ];
  if (options.ignoreOutgoing) setOption(libc, fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
  for (const [step, done] of steps) {
    if (done()) continue;
    const error = refused(step);
    libc.close(fd);
    throw error;
  }
  return { name, fd, blocks, ignoreOutgoing: options.ignoreOutgoing };
}

/**
 * The same socket under a high number: the filter of silence.ts goes by numbers and holds in programs that this one starts too,
 * whose own sockets get low ones.
 */
function raised(libc: Libc, fd: number): number {
  const high = libc.fcntl(fd, F_DUPFD_CLOEXEC, LEAST_NUMBER);
  if (high < 0) return fd;
  libc.close(fd);
  return high;
}

/** struct tpacket_req3 */
function ringRequest(blocks: number): Uint8Array {
  const frame = 2048;
  const words = Uint32Array.of(BLOCK, blocks, frame, (BLOCK / frame) * blocks, RETIRE_MS, 0, 0);
  return new Uint8Array(words.buffer);
}
/** struct packet_mreq; the kernel takes it back when the socket is closed. */
function promiscuous(libc: Libc, fd: number, index: number): boolean {
  const request = new Uint8Array(16);
  const view = new DataView(request.buffer);
  view.setInt32(0, index, true);
  view.setUint16(4, PACKET_MR_PROMISC, true);
  return libc.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, request, 16) === 0;
}
/** struct sockaddr_ll */
function linkAddress(index: number): Uint8Array {
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_ALL, false);
  view.setInt32(4, index, true);
  return address;
}

/** What the kernel counted on a ring since it was opened. */
export interface RingCounters {
  /** Packets that the socket was offered, dropped ones among them. */
  readonly packets: number;
  readonly dropped: number;
  /** How often the ring was full. */
  readonly freezes: number;
}

export class Ring {
  readonly name: string;
  readonly fd: number;
  readonly #libc: Libc;
  readonly #mapping: Mapping;
  readonly #blocks: number;
  readonly #ignoreOutgoing: boolean;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  /** For the status words alone, which the kernel changes beneath us. */
  readonly #status: Int32Array;
  #next = 0;
  #counters: RingCounters = { packets: 0, dropped: 0, freezes: 0 };

  /** Maps the ring of an open socket. Throws CAPTURE_REFUSED. */
  constructor(libc: Libc, socket: RingSocket) {
    this.name = socket.name;
    this.fd = socket.fd;
    this.#libc = libc;
    this.#blocks = socket.blocks;
    this.#ignoreOutgoing = socket.ignoreOutgoing;
    const mapping = libc.map(socket.fd, BLOCK * socket.blocks);
    if (mapping === null)
      throw raise("CAPTURE_REFUSED", { name: socket.name, step: "mmap", errno: `errno ${libc.errno()}` });
    this.#mapping = mapping;
    this.#bytes = new Uint8Array(mapping.buffer);
    this.#words = new Uint32Array(mapping.buffer);
    this.#status = new Int32Array(mapping.buffer);
  }

  /** Reads filled blocks until there is none or `until` (performance.now()) has passed. True: more waits. */
  drain(take: TakeFrame, until: number): boolean {
    for (let read = 0; read < this.#blocks; read++) {
      const word = (this.#next * BLOCK) >> 2;
      if ((Atomics.load(this.#status, word + 2) & TP_STATUS_USER) === 0) return false;
      if (read > 0 && performance.now() >= until) return true;
      this.#block(word, take);
      Atomics.store(this.#status, word + 2, 0);
      this.#next = (this.#next + 1) % this.#blocks;
    }
    return true;
  }

  #block(word: number, take: TakeFrame): void {
    const bytes = this.#bytes;
    const words = this.#words;
    const packets = words[word + 3] as number;
    let at = (word << 2) + (words[word + 4] as number);
    for (let i = 0; i < packets; i++) {
      const p = at >> 2;
      const status = words[p + 5] as number;
      let from = at + ((bytes[at + 24] as number) | ((bytes[at + 25] as number) << 8));
      const to = from + (words[p + 3] as number);
      let length = words[p + 4] as number;
      if (!this.#ignoreOutgoing || bytes[at + PACKET_TYPE_AT] !== PACKET_OUTGOING) {
        if ((status & TP_STATUS_VLAN_VALID) !== 0 && to - from >= 12) {
          const tpid = (status & TP_STATUS_VLAN_TPID_VALID) === 0 ? TPID_8021Q : (words[p + 9] as number) & 0xffff;
          restoreTag(bytes, from, tpid, (words[p + 8] as number) & 0xffff);
          from -= TAG;
          length += TAG;
        }
        take(bytes, from, to, length, (words[p + 1] as number) * 1e6 + Math.floor((words[p + 2] as number) / 1000));
      }
      at += words[p] as number;
    }
  }

  /** Asks the kernel, whose counters begin anew at each question, and adds up. */
  counters(): RingCounters {
    const got = new Uint8Array(12);
    const { packets, dropped, freezes } = this.#counters;
    if (this.#libc.getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, got, Uint32Array.of(12)) === 0) {
      const [more = 0, lost = 0, full = 0] = new Uint32Array(got.buffer);
      this.#counters = { packets: packets + more, dropped: dropped + lost, freezes: freezes + full };
    }
    return this.#counters;
  }

  /** The error that waits on the socket (the interface went down), which asking takes away; 0 for none. */
  error(): number {
    const got = new Uint8Array(4);
    this.#libc.getsockopt(this.fd, SOL_SOCKET, SO_ERROR, got, Uint32Array.of(4));
    return new Uint32Array(got.buffer)[0] as number;
  }

  close(): void {
    this.#mapping.unmap();
    this.#libc.close(this.fd);
  }
}

/** Puts a tag behind the two addresses of the frame at `from`, whose bytes before it are free. */
function restoreTag(bytes: Uint8Array, from: number, tpid: number, tci: number): void {
  bytes.copyWithin(from - TAG, from, from + 12);
  bytes[from + 8] = tpid >> 8;
  bytes[from + 9] = tpid & 0xff;
  bytes[from + 10] = tci >> 8;
  bytes[from + 11] = tci & 0xff;
}
