/** Collects finished samples into column blocks (see wire/samples.ts) and cuts them into bodies of bounded size. */
import {
  flags,
  MAX_BLOCKS,
  MAX_SAMPLES_PER_BLOCK,
  methods,
  outcomes,
  type Gap,
  type SampleBlock,
  type SamplesBody,
} from "../wire/samples.ts";
import { noPhases, type Measured, type Slot } from "./measured.ts";

/** Samples of one body: with every column written out it stays under the envelope's limit of bytes. */
export const MAX_SAMPLES_PER_BODY = 25_000;
const MAX_UNSIGNED = 4_294_967_295;

interface Open {
  readonly session: string;
  readonly method: number;
  readonly start: number;
  readonly interval: number;
  readonly slots: number[];
  readonly delay: number[];
  readonly rtt: number[];
  readonly outcome: number[];
  readonly flags: number[];
  readonly bound: number[];
  readonly phases: Measured["phases"][];
}

/** What the builder needs to know of a session. */
export interface Dated {
  readonly session: string;
  readonly interval: number;
}

export class BlockBuilder {
  readonly #open = new Map<string, Open>();
  #closed: SampleBlock[] = [];
  #gaps: Gap[] = [];

  get empty(): boolean {
    return this.#open.size === 0 && this.#closed.length === 0 && this.#gaps.length === 0;
  }

  add(track: Dated, slot: Slot, measured: Measured): void {
    const method = methods.indexOf(measured.method);
    const key = `${track.session} ${method}`;
    let open = this.#open.get(key);
    if (open !== undefined && !this.#fits(open, track, slot.at)) {
      this.#closed.push(close(open));
      open = undefined;
    }
    if (open === undefined) {
      open = {
        session: track.session,
        method,
        start: slot.at,
        interval: track.interval,
        slots: [],
        delay: [],
        rtt: [],
        outcome: [],
        flags: [],
        bound: [],
        phases: [],
      };
      this.#open.set(key, open);
    }
    open.slots.push((slot.at - open.start) / track.interval);
    open.delay.push(clamp(Math.round(slot.sent - slot.due), -2_147_483_648, 2_147_483_647));
    open.rtt.push(measured.rtt > 0 ? clamp(Math.round(measured.rtt), 1, MAX_UNSIGNED) : 0);
    open.outcome.push(outcomes.indexOf(measured.outcome));
    open.flags.push(
      (measured.duplicate === true ? flags.duplicate : 0) | (measured.reordered === true ? flags.reordered : 0),
    );
    open.bound.push(clamp(Math.ceil(measured.bound), 0, 65_535));
    open.phases.push(measured.phases);
  }

  /** A block goes on while the samples lie on its grid, in order: not after the clock was set. */
  #fits(open: Open, track: Dated, at: number): boolean {
    const slot = (at - open.start) / open.interval;
    return (
      open.interval === track.interval &&
      open.slots.length < MAX_SAMPLES_PER_BLOCK &&
      Number.isInteger(slot) &&
      slot > (open.slots.at(-1) ?? -1) &&
      slot <= MAX_UNSIGNED
    );
  }

  gap(session: string, gap: { from: number; to: number; reason: number }): void {
    if (gap.to > gap.from)
      this.#gaps.push({ session, from: Math.round(gap.from), to: Math.round(gap.to), reason: gap.reason });
  }

  /** Everything collected, as bodies; the builder is empty afterwards. */
  take(): SamplesBody[] {
    const blocks = [...this.#closed, ...Array.from(this.#open.values(), close)];
    let gaps = this.#gaps;
    this.#open.clear();
    this.#closed = [];
    this.#gaps = [];
    const bodies: SamplesBody[] = [];
    let body: SamplesBody = { blocks: [], gaps: [] };
    let samples = 0;
    for (const block of blocks) {
      if (body.blocks.length === MAX_BLOCKS || samples + block.count > MAX_SAMPLES_PER_BODY) {
        bodies.push(body);
        body = { blocks: [], gaps: [] };
        samples = 0;
      }
      body.blocks.push(block);
      samples += block.count;
    }
    while (gaps.length > 0) {
      body.gaps = gaps.slice(0, MAX_BLOCKS);
      gaps = gaps.slice(MAX_BLOCKS);
      if (gaps.length > 0) {
        bodies.push(body);
        body = { blocks: [], gaps: [] };
      }
    }
    if (body.blocks.length > 0 || body.gaps.length > 0) bodies.push(body);
    return bodies;
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** One integer when all are equal. */
function fold(values: readonly number[]): number[] {
  const first = values[0] as number;
  return values.every((value) => value === first) ? [first] : [...values];
}

function close(open: Open): SampleBlock {
  const count = open.slots.length;
  const steps = open.slots.map((slot, i) => (i === 0 ? slot : slot - (open.slots[i - 1] as number)));
  const even = count > 1 && steps.every((step, i) => step === (i === 0 ? 0 : 1));
  const block: SampleBlock = {
    session: open.session,
    method: open.method,
    start: open.start,
    interval: open.interval,
    count,
    slot: even ? [1] : steps,
    delay: fold(open.delay),
    rtt: fold(open.rtt),
    outcome: fold(open.outcome),
    flags: fold(open.flags),
    bound: fold(open.bound),
  };
  if (!open.phases.some((phases) => phases !== undefined)) return block;
  const column = (key: keyof typeof noPhases): number[] =>
    fold(open.phases.map((phases) => clamp(Math.round((phases ?? noPhases)[key]), 0, MAX_UNSIGNED)));
  return {
    ...block,
    phases: {
      resolve: column("resolve"),
      connect: column("connect"),
      tls: column("tls"),
      firstByte: column("firstByte"),
      transfer: column("transfer"),
      status: column("status"),
    },
  };
}
