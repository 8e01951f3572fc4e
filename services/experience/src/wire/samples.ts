/**
 * Measurements on the wire: column blocks, one per session and method. A column holds one integer per sample, or a single
 * integer that stands for every sample of the block.
 */
import { Type, type Static } from "typebox";
import { Microseconds } from "@yagura/wire/envelope.ts";

const closed = { additionalProperties: false } as const;
export const MAX_SAMPLES_PER_BLOCK = 20_000;
export const MAX_BLOCKS = 1_000;
/** Samples of all blocks of one batch: a batch of constant columns could otherwise stand for millions. */
export const MAX_SAMPLES_PER_BATCH = 200_000;
const column = (item: Parameters<typeof Type.Array>[0]) =>
  Type.Array(item, { minItems: 1, maxItems: MAX_SAMPLES_PER_BLOCK });
const Unsigned = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const Signed = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });

/**
 * How a sample was measured. Stored as the index in this list: append only.
 * tx/rx: where the send and receive times were taken (kernel socket timestamps, or the program's monotonic clock).
 */
export const methods = [
  "icmp-raw-kernel",
  "icmp-dgram-kernel",
  "icmp-raw-user",
  "icmp-dgram-user",
  "tcp-connect-kernel",
  "tcp-connect-user",
  "dns-udp-kernel",
  "dns-udp-user",
  "dns-tcp-user",
  "http-user",
  "icmp-command",
] as const;
export type Method = (typeof methods)[number];

/** What became of a sample. Stored as the index: append only. `late`: answered after the timeout. `refused`: the target said no (TCP RST, DNS rcode, HTTP status outside the expected). `unreachable`: a router said no. `failed`: the agent could not send. `unresolved`: the name has no address. */
export const outcomes = ["ok", "lost", "late", "refused", "unreachable", "failed", "unresolved"] as const;
export type Outcome = (typeof outcomes)[number];
/** Bits of the flags column. */
export const flags = { duplicate: 1, reordered: 2 } as const;

export const SampleBlock = Type.Object(
  {
    session: Type.String({ format: "uuid" }),
    method: Type.Integer({ minimum: 0, maximum: 255 }),
    /** Scheduled time of slot 0 by the agent's clock. */
    start: Microseconds,
    /** Microseconds between slots. */
    interval: Type.Integer({ minimum: 200_000, maximum: 3_600_000_000 }),
    /** Number of samples. */
    count: Type.Integer({ minimum: 1, maximum: MAX_SAMPLES_PER_BLOCK }),
    /** Slot of each sample minus slot of the one before; the first minus 0. `[1]` alone: first is 0, then 1, 2, 3 … */
    slot: column(Unsigned),
    /** Actual send time minus scheduled time, µs: schedule fidelity. */
    delay: column(Signed),
    /** Round trip (for http: the whole transaction), µs; 0 where there was none. */
    rtt: column(Unsigned),
    outcome: column(Type.Integer({ minimum: 0, maximum: 15 })),
    flags: column(Type.Integer({ minimum: 0, maximum: 255 })),
    /** Bound of the measuring error, µs. */
    bound: column(Type.Integer({ minimum: 0, maximum: 65_535 })),
    /** HTTP and TCP phases, µs; DNS: resolve only. */
    phases: Type.Optional(
      Type.Object(
        {
          resolve: column(Unsigned),
          connect: column(Unsigned),
          tls: column(Unsigned),
          firstByte: column(Unsigned),
          transfer: column(Unsigned),
          status: column(Type.Integer({ minimum: 0, maximum: 999 })),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type SampleBlock = Static<typeof SampleBlock>;

export const gapReasons = [
  "sleep",
  "network-change",
  "agent-stopped",
  "agent-overloaded",
  "paused",
  "no-network",
  "spool-full",
  "not-permitted",
] as const;
/** A time in which nothing was observed: never loss. */
export const Gap = Type.Object(
  {
    session: Type.String({ format: "uuid" }),
    from: Microseconds,
    to: Microseconds,
    reason: Type.Integer({ minimum: 0, maximum: 255 }),
  },
  closed,
);
export type Gap = Static<typeof Gap>;

/** Body of `experience.samples`. */
export const SamplesBody = Type.Object(
  { blocks: Type.Array(SampleBlock, { maxItems: MAX_BLOCKS }), gaps: Type.Array(Gap, { maxItems: MAX_BLOCKS }) },
  closed,
);
export type SamplesBody = Static<typeof SamplesBody>;
