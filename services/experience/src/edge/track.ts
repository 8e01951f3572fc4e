/** One session on the agent: its grid of slots, the slots under way, and what was not observed. */
import { gapReasons } from "../wire/samples.ts";
import type { Probe, SessionConfiguration } from "../wire/configuration.ts";
import type { BlockBuilder } from "./blocks.ts";
import { OVERLOADED, Slot, type Measured, type Prober } from "./measured.ts";

export type GapReason = (typeof gapReasons)[number];
export const reasonIndex = (reason: GapReason): number => gapReasons.indexOf(reason);

/** Timers fire up to a millisecond late: slots begin this much early, so that they are off by half a millisecond at most, µs. */
export const EARLY = 500;
/** After sleep or a change of network, losses prove nothing until an answer came or this time has passed, µs. */
export const GRACE = 15_000_000;
/** A gap that lasts is told in parts of this length, µs. */
const GAP_PART = 60_000_000;

export class Track {
  readonly configuration: SessionConfiguration;
  readonly prober: Prober;
  /** Microseconds. */
  readonly interval: number;
  readonly timeout: number;
  /** The target is this machine: changes of the network do not concern it. */
  readonly #local: boolean;
  /** Share of the interval: see `Circle`. */
  readonly place: number;
  /** Monotonic time of the next slot. */
  due: number;
  /** Wall clock minus monotonic clock by which slots are dated. */
  #offset: number;
  #nextIndex = 0;
  #queue: Slot[] = [];
  #grace: { reason: number; until: number; after: number } | null = null;
  #gap: { from: number; to: number; reason: number } | null = null;
  #highestAnswered = -1;
  readonly #finished = (slot: Slot, measured: Measured): void => this.#answer(slot, measured);

  /** The grid is phase + n × interval of the wall clock, so that it is the same after a restart. Offset: wall − monotonic, µs. */
  constructor(configuration: SessionConfiguration, prober: Prober, place: number, now: number, offset: number) {
    this.configuration = configuration;
    this.prober = prober;
    this.interval = configuration.interval * 1000;
    this.timeout = configuration.timeout * 1000;
    this.place = place;
    this.#local = isLocal(configuration.probe);
    this.#offset = Math.round(offset);
    const phase = Math.floor(place * this.interval);
    const wall = now + this.#offset;
    this.due = Math.floor((wall - phase) / this.interval + 1) * this.interval + phase - this.#offset;
  }

  get session(): string {
    return this.configuration.session;
  }
  /** When the next slot is due, by the wall clock, µs. */
  get nextAt(): number {
    return this.due + this.#offset;
  }
  get underWay(): number {
    return this.#queue.length;
  }

  /** Begins the slot that is due, or passes over the slots for which it is too late. */
  begin(now: number, overloaded: GapReason, networkMissing: boolean): void {
    const limit = Math.min(Math.max(this.interval / 2, 100_000), 1_000_000);
    while (now - this.due > limit) {
      this.#notObserved(this.due + this.#offset, this.interval, reasonIndex(overloaded));
      this.#step();
    }
    // The slots passed over may have led into the future.
    if (this.due > now + EARLY) return;
    const slot = new Slot(this.#nextIndex, this.due + this.#offset, this.due, now);
    if (networkMissing && !this.#local) slot.suspect = reasonIndex("no-network");
    else if (this.#grace !== null) {
      if (now < this.#grace.until) slot.suspect = this.#grace.reason;
      else this.#grace = null;
    }
    this.#queue.push(slot);
    this.#step();
    this.prober.start(slot, this.#finished);
  }

  #step(): void {
    this.due += this.interval;
    this.#nextIndex++;
  }

  #answer(slot: Slot, measured: Measured): void {
    if (slot.abandoned) return;
    if (isProven(measured)) {
      // RFC 4737 section 3.3: reordered when a packet sent later was answered before.
      if (measured.outcome !== "refused" && slot.index < this.#highestAnswered) measured.reordered = true;
      this.#highestAnswered = Math.max(this.#highestAnswered, slot.index);
      if (this.#grace !== null && slot.sent >= this.#grace.after) this.#grace = null;
    }
    slot.measured = measured;
  }

  /** Hands over the slots that are final, in order. */
  settle(now: number, blocks: BlockBuilder): void {
    let done = 0;
    for (const slot of this.#queue) {
      if (slot.finalAt > now) break;
      done++;
      slot.release?.();
      const measured = slot.measured ?? { outcome: "lost", method: this.prober.method, rtt: 0, bound: 0 };
      if (slot.suspect >= 0 && !isProven(measured)) this.#notObserved(slot.at, this.interval, slot.suspect);
      else {
        this.#closeGap(blocks);
        blocks.add(this, slot, measured);
      }
    }
    if (done > 0) this.#queue.splice(0, done);
    const gap = this.#gap;
    if (gap !== null && gap.to - gap.from >= GAP_PART) this.#closeGap(blocks);
  }

  /** The machine slept: what is unanswered cannot be judged, and later slots are dated anew. Offset: wall − monotonic, µs. */
  slept(now: number, offset: number, blocks: BlockBuilder): void {
    for (const slot of this.#queue) if (slot.measured !== null) slot.finalAt = Math.min(slot.finalAt, now);
    const open = this.#queue.filter((slot) => slot.finalAt > now);
    this.#queue = this.#queue.filter((slot) => slot.finalAt <= now);
    this.settle(now, blocks);
    for (const slot of open) abandon(slot);
    const from = open[0]?.at ?? this.due + this.#offset;
    this.#offset = Math.round(offset);
    const reason = reasonIndex("sleep");
    this.#notObserved(from, this.due + this.#offset - from, reason);
    this.#grace = { reason, until: now + GRACE, after: now };
  }

  /** The way to the network changed: what is not answered from before, and losses for a while after, prove nothing. */
  networkChanged(now: number): void {
    if (this.#local) return;
    const reason = reasonIndex("network-change");
    for (const slot of this.#queue) if (!isProven(slot.measured) && slot.suspect < 0) slot.suspect = reason;
    this.#grace = { reason, until: now + GRACE, after: now };
  }

  /** Answers were dropped on this machine. */
  overflowed(): void {
    for (const slot of this.#queue) if (slot.measured === null && slot.suspect < 0) slot.suspect = OVERLOADED;
  }

  networkLost(): void {
    if (this.#local) return;
    const reason = reasonIndex("no-network");
    for (const slot of this.#queue) if (!isProven(slot.measured)) slot.suspect = reason;
  }

  /** The wall clock was set: slots keep their pace and are dated anew. */
  redate(offset: number): void {
    this.#offset = Math.round(offset);
  }

  #notObserved(from: number, length: number, reason: number): void {
    const gap = this.#gap;
    // Lost slots of a gap come after its other parts: parts that touch are one gap.
    if (gap !== null && gap.reason === reason && from <= gap.to + this.interval) {
      gap.to = Math.max(gap.to, from + length);
      gap.from = Math.min(gap.from, from);
      return;
    }
    if (gap !== null) this.#gaps.push(gap);
    this.#gap = { from, to: from + length, reason };
  }
  readonly #gaps: { from: number; to: number; reason: number }[] = [];

  #closeGap(blocks: BlockBuilder): void {
    for (const gap of this.#gaps) blocks.gap(this.session, gap);
    this.#gaps.length = 0;
    if (this.#gap !== null) blocks.gap(this.session, this.#gap);
    this.#gap = null;
  }

  /** Hands over what is known; what is still open is neither measured nor lost. */
  stop(now: number, blocks: BlockBuilder): void {
    for (const slot of this.#queue) if (slot.measured !== null) slot.finalAt = now;
    this.#queue = this.#queue.filter((slot) => {
      if (slot.finalAt <= now) return true;
      abandon(slot);
      return false;
    });
    this.settle(now, blocks);
    this.#closeGap(blocks);
    this.prober.close?.();
  }
}

function isLocal(probe: Probe): boolean {
  const host = probe.kind === "http" ? new URL(probe.url).hostname : probe.kind === "dns" ? probe.server : probe.host;
  return host !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(host);
}

/** Whether something answered: then the network was there. */
const isProven = (measured: Measured | null): boolean =>
  measured !== null && (measured.outcome === "ok" || measured.outcome === "late" || measured.outcome === "refused");

function abandon(slot: Slot): void {
  slot.abandoned = true;
  slot.release?.();
}
