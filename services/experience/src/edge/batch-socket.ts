/**
 * A non-blocking datagram or raw socket that sends and receives in batches (sendmmsg, recvmmsg) and learns from the kernel
 * when each packet left and came (SO_TIMESTAMPING; transmit stamps and ICMP errors arrive on the error queue).
 */
import { errnos, MSG_DONTWAIT, MSG_ERRQUEUE, setOption, type Libc, type Memory } from "./libc.ts";

const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SO_TIMESTAMPING = 37;
/** TX_SOFTWARE | RX_SOFTWARE | SOFTWARE | OPT_ID | OPT_TSONLY (Documentation/networking/timestamping.rst). */
const TIMESTAMPING = 2 | 8 | 16 | 128 | 2048;
const TIMESTAMPING_WITHOUT_ID = 2 | 8 | 16 | 2048;
/** Room for what comes while a busy machine keeps us waiting: the kernel takes memory only as it fills. */
const BUFFER_OCTETS = 16 << 20;
/** getsockopt SO_MEMINFO: nine words, the last is the number of packets dropped for lack of room (linux/sock_diag.h). */
const SO_MEMINFO = 55;
const MEMINFO_DROPS = 8;
const IP_RECVERR = 11;
const IPV6_RECVERR = 25;
const SOL_IP = 0;
const SOL_IPV6 = 41;
/** Octets per entry: struct mmsghdr, struct iovec, a socket address, control messages. */
const HEADER = 64;
const VECTOR = 16;
const NAME = 32;
const CONTROL = 256;

/** Origin of a sock_extended_err that is a transmit stamp, no error (linux/errqueue.h). */
const ORIGIN_TIMESTAMPING = 4;

export interface BatchSizes {
  /** Messages per system call. */
  readonly batch: number;
  /** Largest datagram sent and kept of a received one, octets; the rest of a received one is cut off. */
  readonly sendOctets: number;
  readonly receiveOctets: number;
}

/** Called for each packet; offsets are into `received` and `names32`. The stamp is CLOCK_REALTIME: seconds −1 when absent. */
export type OnPacket = (offset: number, octets: number, nameWord: number, seconds: number, nanoseconds: number) => void;
/** A packet left: `key` counts the packets sent by this socket since the last reset. */
export type OnSent = (key: number, seconds: number, nanoseconds: number) => void;
/** A router, the target or this host said no to the packet whose beginning lies at `offset` of `received`. */
export type OnError = (
  offset: number,
  octets: number,
  nameWord: number,
  origin: number,
  type: number,
  code: number,
) => void;

export class BatchSocket {
  readonly fd: number;
  readonly batch: number;
  /** False when the kernel refused time stamps. */
  readonly stamps: boolean;
  readonly sendOctets: number;
  readonly receiveOctets: number;
  /** Octets of the packets to send, `sendOctets` apart, and the socket addresses (8 words apart). */
  readonly sending: Uint8Array;
  readonly destinations32: Uint32Array;
  readonly received: Uint8Array;
  readonly names32: Uint32Array;
  readonly #libc: Libc;
  readonly #send: { headers: Memory; vectors: Memory };
  readonly #receive: { headers: Memory; control: Memory };

  constructor(libc: Libc, fd: number, sizes: BatchSizes, family: 4 | 6) {
    this.#libc = libc;
    this.fd = fd;
    this.batch = sizes.batch;
    this.sendOctets = Math.ceil(sizes.sendOctets / 8) * 8;
    this.receiveOctets = Math.ceil(sizes.receiveOctets / 8) * 8;
    for (const [force, plain] of [
      [SO_RCVBUFFORCE, SO_RCVBUF],
      [SO_SNDBUFFORCE, SO_SNDBUF],
    ] as const)
      if (!setOption(libc, fd, SOL_SOCKET, force, BUFFER_OCTETS)) setOption(libc, fd, SOL_SOCKET, plain, BUFFER_OCTETS);
    this.stamps = setOption(libc, fd, SOL_SOCKET, SO_TIMESTAMPING, TIMESTAMPING);
    setOption(libc, fd, family === 4 ? SOL_IP : SOL_IPV6, family === 4 ? IP_RECVERR : IPV6_RECVERR, 1);

    const out = this.#table(this.sendOctets, 0);
    const into = this.#table(this.receiveOctets, CONTROL);
    this.#send = out;
    this.#receive = into;
    this.sending = out.packets.bytes;
    this.destinations32 = out.names.u32;
    this.received = into.packets.bytes;
    this.names32 = into.names.u32;
  }

  /** The tables of struct mmsghdr that point at packets, addresses and control messages. */
  #table(octets: number, control: number) {
    const { batch } = this;
    const headers = this.#libc.allocate(HEADER * batch);
    const vectors = this.#libc.allocate(VECTOR * batch);
    const names = this.#libc.allocate(NAME * batch);
    const packets = this.#libc.allocate(octets * batch);
    const controls = this.#libc.allocate(Math.max(8, control * batch));
    for (let i = 0; i < batch; i++) {
      const header = (HEADER / 8) * i;
      headers.u64[header] = names.address + BigInt(NAME * i);
      headers.u64[header + 2] = vectors.address + BigInt(VECTOR * i);
      headers.u64[header + 3] = 1n;
      if (control > 0) headers.u64[header + 4] = controls.address + BigInt(control * i);
      vectors.u64[2 * i] = packets.address + BigInt(octets * i);
      vectors.u64[2 * i + 1] = BigInt(octets);
    }
    return { headers, vectors, names, packets, control: controls };
  }

  /** Sets the length of packet `i` and of its socket address before `flush`. */
  shape(i: number, octets: number, nameOctets: number): void {
    this.#send.vectors.u32[4 * i + 2] = octets;
    this.#send.headers.u32[16 * i + 2] = nameOctets;
  }

  /** Sends the first `count` packets: how many went, or minus errno of the first. */
  flush(count: number): number {
    const sent = this.#libc.sendmmsg(this.fd, this.#send.headers.address, count, MSG_DONTWAIT);
    return sent >= 0 ? sent : -this.#libc.errno();
  }

  /** Starts the keys of transmit stamps at 0 again: a failed send leaves it unknown whether it took a key. */
  resetKeys(): void {
    if (!this.stamps) return;
    setOption(this.#libc, this.fd, SOL_SOCKET, SO_TIMESTAMPING, TIMESTAMPING_WITHOUT_ID);
    setOption(this.#libc, this.fd, SOL_SOCKET, SO_TIMESTAMPING, TIMESTAMPING);
  }

  /** Reads every waiting packet. */
  drain(onPacket: OnPacket): number {
    const h = this.#receive.headers.u32;
    const c = this.#receive.control.u32;
    let total = 0;
    for (;;) {
      const got = this.#fill(MSG_DONTWAIT);
      total += got;
      for (let i = 0; i < got; i++) {
        let seconds = -1;
        let nanoseconds = 0;
        // The stamp is the first control message: no other is asked for.
        const w = (CONTROL / 4) * i;
        if ((h[16 * i + 10] as number) >= 32 && c[w + 2] === SOL_SOCKET && c[w + 3] === SO_TIMESTAMPING) {
          seconds = c[w + 4] as number;
          nanoseconds = c[w + 6] as number;
        }
        onPacket(this.receiveOctets * i, h[16 * i + 14] as number, (NAME / 4) * i, seconds, nanoseconds);
      }
      if (got < this.batch) return total;
    }
  }

  /** Reads the error queue: transmit stamps, and ICMP errors about packets of this socket. */
  drainErrors(onSent: OnSent, onError: OnError): number {
    const h = this.#receive.headers.u32;
    const c = this.#receive.control.u32;
    let total = 0;
    for (;;) {
      const got = this.#fill(MSG_DONTWAIT | MSG_ERRQUEUE);
      total += got;
      for (let i = 0; i < got; i++) {
        let w = (CONTROL / 4) * i;
        const end = w + ((h[16 * i + 10] as number) >>> 2);
        let seconds = -1;
        let nanoseconds = 0;
        let key = -1;
        while (w + 4 <= end) {
          const length = c[w] as number;
          if (length < 16) break;
          const level = c[w + 2];
          if (level === SOL_SOCKET && c[w + 3] === SO_TIMESTAMPING) {
            seconds = c[w + 4] as number;
            nanoseconds = c[w + 6] as number;
          } else if (
            (level === SOL_IP && c[w + 3] === IP_RECVERR) ||
            (level === SOL_IPV6 && c[w + 3] === IPV6_RECVERR)
          ) {
            // struct sock_extended_err: errno, {origin, type, code, pad}, info, data.
            const kind = c[w + 5] as number;
            const origin = kind & 0xff;
            if (origin === ORIGIN_TIMESTAMPING) key = c[w + 7] as number;
            else
              onError(
                this.receiveOctets * i,
                h[16 * i + 14] as number,
                (NAME / 4) * i,
                origin,
                (kind >>> 8) & 0xff,
                (kind >>> 16) & 0xff,
              );
          }
          w += ((length + 7) & ~7) >>> 2;
        }
        if (key >= 0 && seconds >= 0) onSent(key, seconds, nanoseconds);
      }
      if (got < this.batch) return total;
    }
  }

  /** Packets that came and found no room, since the socket was opened. */
  get drops(): number {
    const words = new Uint32Array(16);
    const length = new Uint32Array([64]);
    const told = this.#libc.getsockopt(this.fd, SOL_SOCKET, SO_MEMINFO, new Uint8Array(words.buffer), length);
    return told === 0 && (length[0] as number) > MEMINFO_DROPS * 4 ? (words[MEMINFO_DROPS] as number) : 0;
  }

  #fill(flags: number): number {
    const h = this.#receive.headers.u32;
    for (let i = 0; i < this.batch; i++) {
      h[16 * i + 2] = NAME;
      h[16 * i + 10] = CONTROL;
    }
    // A pending error of an earlier packet is reported once in place of the data; the data is behind it.
    for (let attempt = 0; attempt < 4; attempt++) {
      const got = this.#libc.recvmmsg(this.fd, this.#receive.headers.address, this.batch, flags, null);
      if (got >= 0) return got;
      if (this.#libc.errno() === errnos.EAGAIN) return 0;
    }
    return 0;
  }

  close(): void {
    this.#libc.close(this.fd);
  }
}
