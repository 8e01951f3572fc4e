/** Where packets come from: rings, a tcpdump pipe, capture files; one face for all. */
import type { EdgeLog } from "@yagura/edge/service.ts";
import { readInterface, loudness, sentPackets } from "./interface.ts";
import { raise } from "./errors.ts";
import { loadLibc, type Libc } from "./libc.ts";
import { startPipe, type Pipe } from "./pipe.ts";
import { openRingSocket, RETIRE_MS, Ring, ringShare, type RingOptions, type RingSocket } from "./ring.ts";

/**
 * One frame of a capture; its bytes are valid until the call returns. `length`: as it was on the wire; `time`: µs since the
 * epoch; `link`: link type of pcap; `capture`: index in the list of captures.
 */
export type OnFrame = (
  bytes: Uint8Array,
  from: number,
  to: number,
  length: number,
  time: number,
  link: number,
  capture: number,
) => void;

export interface CaptureCounters {
  readonly name: string;
  /** Packets that the kernel dropped because they were not read in time. */
  readonly dropped: number;
  /** How often the ring was full; 0 where that is not told. */
  readonly freezes: number;
  /** Packets that this machine itself sent through the interface since capturing began (OST-T05: must stay 0); null: not known. */
  readonly sent: number | null;
}

/** A running capture of one or several interfaces. */
export interface Capture {
  readonly method: "ring" | "pipe" | "replay";
  readonly names: readonly string[];
  /** What was used and why, for people. */
  readonly told: string;
  counters(): readonly CaptureCounters[];
  /** Resolves when the capture ended by `stop`; rejects with CAPTURE_ENDED when it cannot go on. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** How long packets are read before timers, files and sockets get their turn, ms. */
const SLICE_MS = 8;
/** The longest wait for packets at once; stopping waits for it, ms. */
const WAIT_MS = 100;
/** When the wait ended at once and there was nothing (an error on the socket), ms. */
const PAUSE_MS = 20;
/** How long what waits is still read after a stop, ms. */
const LAST_MS = 2_000;
const ETHERNET_LINK = 1;

export interface CaptureOptions {
  readonly interfaces: readonly string[];
  readonly ring: Omit<RingOptions, "bytes"> & { readonly bytes?: number };
  /** Capture although the interface could send: on a machine that is itself watched, not at a mirror port. */
  readonly allowLoud: boolean;
}

/** Sockets that were opened with rights, to be read without. */
export type Opened = { readonly method: "ring"; readonly libc: Libc; readonly sockets: readonly RingSocket[] };

/** Refuses interfaces that could send into the plant. Throws INTERFACE_LOUD, INTERFACE_UNKNOWN. */
export function checkSilence(libc: Libc | null, options: Pick<CaptureOptions, "interfaces" | "allowLoud">): void {
  for (const name of options.interfaces) {
    const why = loudness(readInterface(libc, name));
    if (why.length > 0 && !options.allowLoud) throw raise("INTERFACE_LOUD", { name, why: why.join(", ") });
  }
}

/** Opens a ring for each interface: needs CAP_NET_RAW. A sentence when rings cannot be had here. Throws INTERFACE_*. */
export function openRings(options: CaptureOptions): Opened | string {
  const libc = loadLibc();
  if (typeof libc === "string") return libc;
  const bytes = ringShare(options.interfaces.length, options.ring.bytes);
  const sockets: RingSocket[] = [];
  try {
    for (const name of options.interfaces) sockets.push(openRingSocket(libc, name, { ...options.ring, bytes }));
    return { method: "ring", libc, sockets };
  } catch (error) {
    for (const { fd } of sockets) libc.close(fd);
    if ((error as { code?: string }).code !== "CAPTURE_REFUSED") throw error;
    return (error as Error).message;
  }
}

/** Reads open rings until stopped. */
export function startRings(opened: Opened, onFrame: OnFrame, log: EdgeLog): Capture {
  const { libc, sockets } = opened;
  const rings = sockets.map((socket) => new Ring(libc, socket));
  const fds = rings.map(({ fd }) => fd);
  const sentBefore = rings.map(({ name }) => sentPackets(name));
  const takers = rings.map(
    (_, capture) => (bytes: Uint8Array, from: number, to: number, length: number, time: number) =>
      onFrame(bytes, from, to, length, time, ETHERNET_LINK, capture),
  );
  const stop = new AbortController();
  const down = new Set<string>();

  function slice(): boolean {
    const until = performance.now() + SLICE_MS;
    let more = false;
    for (const [i, ring] of rings.entries()) more = ring.drain(takers[i] as (typeof takers)[number], until) || more;
    return more;
  }
  /** The interface went down or away: the kernel says so once, and goes on by itself when it comes up again. */
  function trouble(): void {
    for (const ring of rings) {
      if (ring.error() === 0) continue;
      if (sentPackets(ring.name) === null)
        throw raise("CAPTURE_ENDED", { name: ring.name, told: "the interface is gone" });
      if (!down.has(ring.name)) log.warn("the capture interface went down", { interface: ring.name });
      down.add(ring.name);
    }
  }
  /** What arrived before the stop: the kernel hands over a block that is not full a little later. */
  async function rest(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, RETIRE_MS + PAUSE_MS));
    const until = performance.now() + LAST_MS;
    while (slice() && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  }
  async function loop(): Promise<void> {
    try {
      while (!stop.signal.aborted) {
        if (slice()) {
          down.clear();
          await new Promise((resolve) => setImmediate(resolve));
          continue;
        }
        const began = performance.now();
        await libc.readable(fds, WAIT_MS);
        if (stop.signal.aborted || performance.now() - began > 1 || slice()) continue;
        trouble();
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      await rest();
    } finally {
      counters();
      for (const ring of rings) ring.close();
    }
  }
  let last: readonly CaptureCounters[] = [];
  let closed = false;
  function counters(): readonly CaptureCounters[] {
    if (closed) return last;
    last = rings.map((ring, i) => {
      const { dropped, freezes } = ring.counters();
      const [now, before] = [sentPackets(ring.name), sentBefore[i] ?? null];
      return { name: ring.name, dropped, freezes, sent: now === null || before === null ? null : now - before };
    });
    return last;
  }
  const ended = loop().finally(() => {
    closed = true;
  });
  // Whoever waits hears of it; nobody waiting is no reason to fall.
  ended.catch(() => undefined);
  return {
    method: "ring",
    names: rings.map(({ name }) => name),
    told: `packet ring, ${Math.round(sockets.reduce((sum, { blocks }) => sum + blocks, 0) / 4)} MiB`,
    counters,
    ended,
    stop: () => stop.abort(),
  };
}

/** Starts tcpdump for each interface and waits until all of them listen. Throws CAPTURE_PIPE_FAILED. */
export async function startPipes(
  options: CaptureOptions,
  user: string,
  why: string,
  onFrame: OnFrame,
  log: EdgeLog,
): Promise<Capture> {
  const sentBefore = options.interfaces.map((name) => sentPackets(name));
  const pipes: Pipe[] = [];
  try {
    for (const [capture, name] of options.interfaces.entries())
      pipes.push(
        await startPipe(name, options.ring, user, (bytes, from, to, length, time, link) =>
          onFrame(bytes, from, to, length, time, link, capture),
        ),
      );
  } catch (error) {
    for (const pipe of pipes) pipe.stop();
    throw error;
  }
  log.info("capturing by tcpdump", { why });
  const ended = Promise.all(pipes.map((pipe) => pipe.ended)).then(() => undefined);
  ended.catch(() => pipes.forEach((pipe) => pipe.stop()));
  return {
    method: "pipe",
    names: options.interfaces,
    told: `tcpdump pipe (${why})`,
    counters: () =>
      pipes.map((pipe, i) => {
        const [now, before] = [sentPackets(pipe.name), sentBefore[i] ?? null];
        const sent = now === null || before === null ? null : now - before;
        return { name: pipe.name, dropped: pipe.dropped(), freezes: 0, sent };
      }),
    ended,
    stop: () => pipes.forEach((pipe) => pipe.stop()),
  };
}
