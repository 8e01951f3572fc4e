/** ICMP sessions on the shared echo sockets: one slot is one probe; stamps become round trips and error bounds. */
import type { Method } from "../wire/samples.ts";
import { socketAddress, type SocketAddress } from "./address.ts";
import { monotonicNow, wallOffset, type AgentClock } from "./clock.ts";
import { EchoProbe, EchoSocket } from "./echo.ts";
import { isPortUnreachable } from "./icmp.ts";
import { errnos, type Libc } from "./libc.ts";
import { inTime, lateWindow, OVERLOADED, type Measured, type Prober, type Slot } from "./measured.ts";
import type { Names } from "./names.ts";

/**
 * Bound of a round trip by two kernel stamps, µs: what the stamps do not see is the way between driver and wire. Against a
 * reflector with known delays the largest error was 27, 99 % were below 5, quiet and busy (bench "accuracy").
 */
export const KERNEL_BOUND = 50;
/** After an answer, duplicates are watched for this long, µs. */
const DUPLICATE_WINDOW = 1_000_000;
/** A jump of the wall clock of more than this between sending and reading, µs. */
const STEP = 50;

class Sent extends EchoProbe {
  slot!: Slot;
  timeout = 0;
  finished!: (slot: Slot, measured: Measured) => void;
  /** Wall minus monotonic when it was sent. */
  offset = 0;
}

/** The echo sockets of both families, and the probes that wait for the end of the tick to be sent together. */
export class EchoGroup {
  readonly #clock: AgentClock;
  readonly sockets: { 4: EchoSocket | null; 6: EchoSocket | null } = { 4: null, 6: null };
  /** Why a family has no socket. */
  readonly refused: { 4: string; 6: string } = { 4: "", 6: "" };
  readonly #pending: { 4: Sent[]; 6: Sent[] } = { 4: [], 6: [] };
  /** Probes without an answer yet. */
  unanswered = 0;
  duplicates = 0;

  constructor(libc: Libc, clock: AgentClock, modes: readonly ("raw" | "dgram")[] = ["raw", "dgram"]) {
    this.#clock = clock;
    const sink = {
      answered: (probe: EchoProbe): void => this.#answered(probe as Sent),
      duplicate: (probe: EchoProbe): void => this.#duplicate(probe as Sent),
      refused: (probe: EchoProbe, type: number, code: number, local: boolean): void =>
        this.#refused(probe as Sent, type, code, local),
    };
    for (const family of [4, 6] as const)
      for (const mode of modes) {
        if (this.sockets[family] !== null) break;
        const opened = EchoSocket.open(libc, clock, sink, { family, mode });
        if (typeof opened === "number") this.refused[family] = `errno ${opened}`;
        else this.sockets[family] = opened;
      }
  }

  method(family: 4 | 6): Method {
    const socket = this.sockets[family];
    return `icmp-${socket?.mode ?? "raw"}-${socket?.stamps === false ? "user" : "kernel"}`;
  }
  /** Whether every time is the kernel's: then reading late does no harm. */
  get stamps(): boolean {
    return (this.sockets[4]?.stamps ?? true) && (this.sockets[6]?.stamps ?? true);
  }

  add(probe: Sent): void {
    this.#pending[probe.target.family].push(probe);
  }

  /** Sends what the tick collected. */
  flush(): void {
    for (const family of [4, 6] as const) {
      const probes = this.#pending[family];
      if (probes.length === 0) continue;
      this.#pending[family] = [];
      this.#send(this.sockets[family] as EchoSocket, probes);
    }
  }

  #send(socket: EchoSocket, probes: Sent[]): void {
    const offset = wallOffset(this.#clock);
    for (let at = 0; at < probes.length;) {
      const sent = socket.send(probes, at, probes.length);
      const now = monotonicNow();
      for (let i = at; i < at + Math.max(0, sent); i++) {
        const probe = probes[i] as Sent;
        probe.offset = offset;
        probe.slot.sent = now;
        probe.slot.finalAt = now + probe.timeout + lateWindow(probe.timeout);
        probe.slot.release = () => this.#release(socket, probe);
        this.unanswered++;
      }
      at += Math.max(0, sent);
      if (sent > 0) continue;
      // The kernel said no to this one; the others may go.
      const refused = probes[at++] as Sent;
      const busy = -sent === errnos.EAGAIN || -sent === errnos.ENOBUFS;
      if (busy) refused.slot.suspect = OVERLOADED;
      const outcome = -sent === errnos.EHOSTUNREACH ? "unreachable" : "failed";
      refused.finished(refused.slot, { outcome, method: this.method(socket.family), rtt: 0, bound: 0 });
      refused.slot.finalAt = now;
    }
  }

  read(): void {
    for (const family of [4, 6] as const) {
      const socket = this.sockets[family];
      if (socket !== null && socket.waiting > 0) socket.read();
    }
  }

  /** Whether answers were dropped on this machine for lack of room since this was last asked. */
  overflowed(): boolean {
    const drops = (this.sockets[4]?.drops ?? 0) + (this.sockets[6]?.drops ?? 0);
    const more = drops !== this.#drops;
    this.#drops = drops;
    return more;
  }
  #drops = 0;

  #release(socket: EchoSocket, probe: Sent): void {
    if (probe.slot.measured === null) this.unanswered--;
    socket.release(probe);
    probe.slot.release = null;
  }

  #answered(probe: Sent): void {
    const { family } = probe.target;
    const now = monotonicNow();
    const { rtt, bound, kernel } = roundTrip(probe, wallOffset(this.#clock) - probe.offset);
    const method: Method = `icmp-${this.sockets[family]?.mode ?? "raw"}-${kernel ? "kernel" : "user"}`;
    if (probe.slot.measured === null) this.unanswered--;
    probe.finished(probe.slot, {
      outcome: inTime(rtt, probe.timeout),
      method,
      rtt: Math.max(1, rtt),
      bound,
      duplicate: probe.doubled,
    });
    probe.slot.finalAt = now + DUPLICATE_WINDOW;
  }

  #duplicate(probe: Sent): void {
    this.duplicates++;
    if (probe.slot.measured !== null) probe.slot.measured.duplicate = true;
  }

  #refused(probe: Sent, type: number, code: number, local: boolean): void {
    if (probe.slot.measured !== null) return;
    const { family } = probe.target;
    this.unanswered--;
    const outcome = local ? "failed" : isPortUnreachable(family, type, code) ? "refused" : "unreachable";
    probe.finished(probe.slot, { outcome, method: this.method(family), rtt: 0, bound: 0 });
    probe.slot.finalAt = monotonicNow();
  }

  close(): void {
    this.sockets[4]?.close();
    this.sockets[6]?.close();
  }
}

/** The times of a packet and its answer: see `EchoProbe`. */
export type Stamps = Pick<EchoProbe, "before" | "after" | "transmitted" | "received" | "readAfter" | "readAt">;

/**
 * Round trip and its bound, µs, from whatever stamps there are. `moved`: how far the wall clock (which stamps follow) was set
 * between sending and reading.
 */
export function roundTrip(probe: Stamps, moved: number): { rtt: number; bound: number; kernel: boolean } {
  const sentKernel = !Number.isNaN(probe.transmitted);
  const receivedKernel = !Number.isNaN(probe.received);
  const sent = sentKernel ? probe.transmitted : probe.before;
  let bound = sentKernel ? 0 : probe.after - probe.before;
  let received = probe.received;
  if (!receivedKernel) {
    // It came somewhere between the last read that found nothing and this one.
    const earliest = Math.max(probe.before, Number.isNaN(probe.readAfter) ? probe.before : probe.readAfter);
    received = probe.readAt;
    bound += received - earliest;
  }
  bound += KERNEL_BOUND;
  const rtt = received - sent;
  if (Math.abs(moved) <= STEP) return { rtt, bound, kernel: sentKernel && receivedKernel };
  // The clock was set in between: before the answer (then the difference is wrong by the step) or after it.
  const elapsed = probe.readAt - moved - probe.before;
  const earliest = probe.readAfter - probe.after;
  const fits = (value: number): boolean =>
    value >= 0 && value <= elapsed && !(value < Math.min(earliest, earliest - moved));
  const stepped = rtt - moved;
  if (fits(rtt) && !fits(stepped)) return { rtt, bound, kernel: sentKernel && receivedKernel };
  if (fits(stepped) && !fits(rtt)) return { rtt: stepped, bound: bound + STEP, kernel: sentKernel && receivedKernel };
  return { rtt: Math.min(Math.max(stepped, 0), Math.max(elapsed, 0)), bound: bound + Math.abs(moved), kernel: false };
}

export interface IcmpQuestion {
  readonly host: string;
  readonly family?: 4 | 6 | undefined;
  readonly size?: number | undefined;
  /** Microseconds. */
  readonly timeout: number;
}

/** Measures one host; `other` is asked when its family has no socket (the ping command). */
export function icmpProber(group: EchoGroup, names: Names, question: IcmpQuestion, other: Prober): Prober {
  let known: { text: string; address: SocketAddress } | null = null;
  const method = group.method(question.family ?? (group.sockets[4] === null ? 6 : 4));
  return {
    method,
    start: (slot, finished) =>
      names.forSlot(slot, question, method, finished, (address) => {
        if (group.sockets[address.family] === null) other.start(slot, finished);
        else {
          if (known?.text !== address.text) known = { text: address.text, address: socketAddress(address, 0) };
          const probe = new Sent(known.address, question.size ?? 56);
          probe.slot = slot;
          probe.timeout = question.timeout;
          probe.finished = finished;
          group.add(probe);
        }
      }),
    close: () => other.close?.(),
  };
}
