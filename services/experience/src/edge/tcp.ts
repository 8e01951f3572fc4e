/** TCP connect: the kernel's own round trip of the handshake (TCP_INFO) where it can be had, else the program's clock. */
import { connect, type Socket } from "node:net";
import type { Lag } from "./lag.ts";
import type { Libc } from "./libc.ts";
import { discard, failureOutcome, inTime, lateWindow, noPhases, type Prober } from "./measured.ts";
import type { Names } from "./names.ts";

const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** struct tcp_info (linux/tcp.h): octets of tcpi_rtt and tcpi_total_retrans. */
const RTT = 68;
const TOTAL_RETRANS = 100;
/**
 * Bound of TCP_INFO's round trip, µs: the kernel notes the time when it builds the SYN and when it takes up the answer, so
 * the way through its own queues is inside.
 */
const KERNEL_BOUND = 50;

export interface TcpQuestion {
  readonly host: string;
  readonly port: number;
  readonly family?: 4 | 6 | undefined;
  /** Microseconds. */
  readonly timeout: number;
}

/** Round trip of the handshake by the kernel, µs; null when it does not tell or the SYN had to be sent again (Karn's rule). */
export function handshakeTime(libc: Libc | null, socket: Socket): number | null {
  const fd = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd ?? -1;
  if (libc === null || fd < 0) return null;
  const info = new Uint8Array(256);
  const length = new Uint32Array([256]);
  if (libc.getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, length) !== 0 || (length[0] as number) < TOTAL_RETRANS + 4)
    return null;
  const view = new DataView(info.buffer);
  const rtt = view.getUint32(RTT, true);
  return rtt > 0 && view.getUint32(TOTAL_RETRANS, true) === 0 ? rtt : null;
}

export function tcpProber(libc: Libc | null, lag: Lag, names: Names, question: TcpQuestion, now: () => number): Prober {
  const method = libc === null ? "tcp-connect-user" : "tcp-connect-kernel";
  return {
    method,
    start(slot, finished) {
      const asked = now();
      names.forSlot(slot, question, method, finished, (address) => {
        const begun = now();
        const mark = lag.mark();
        const resolve = begun - asked;
        slot.sent = begun;
        slot.finalAt = Number.POSITIVE_INFINITY;
        const socket = connect({ host: address.text, port: question.port, family: address.family });
        const end = (): void => {
          clearTimeout(timer);
          slot.release = null;
          socket.destroy();
          slot.finalAt = now();
        };
        const timer = setTimeout(end, (question.timeout + lateWindow(question.timeout)) / 1000);
        slot.release = end;
        socket.once("connect", () => {
          const user = now() - begun;
          const kernel = handshakeTime(libc, socket);
          const rtt = kernel ?? user;
          const bound = kernel === null ? lag.bound(mark) : KERNEL_BOUND;
          if (kernel === null && lag.stalled) discard(slot);
          else
            finished(slot, {
              outcome: inTime(rtt, question.timeout),
              method: kernel === null ? "tcp-connect-user" : "tcp-connect-kernel",
              rtt,
              bound,
              phases: { ...noPhases, resolve, connect: rtt },
            });
          end();
        });
        socket.once("error", (error: NodeJS.ErrnoException) => {
          const outcome = failureOutcome(error.code);
          const rtt = outcome === "refused" ? now() - begun : 0;
          if (rtt > 0 && lag.stalled) discard(slot);
          else
            finished(slot, {
              outcome,
              method: "tcp-connect-user",
              rtt,
              bound: rtt > 0 ? lag.bound(mark) : 0,
              phases: { ...noPhases, resolve },
            });
          end();
        });
      });
    },
  };
}
