/** Bits of a flow's state word. Those of side B are those of side A, one place to the left. */
export const bit = {
  /** The client is side B. */
  clientB: 1 << 0,
  /** The SYN was seen: nobody overrules it. */
  clientSure: 1 << 1,
  syn: 1 << 2,
  synAck: 1 << 3,
  finA: 1 << 4,
  finB: 1 << 5,
  rst: 1 << 6,
  /** The expected sequence number is known. */
  sequenceA: 1 << 7,
  sequenceB: 1 << 8,
  /** A question waits for its answer (round-trip time). */
  asked: 1 << 9,
  /** No dissector is asked any more. */
  givenUp: 1 << 10,
  /** A message was dissected. */
  settled: 1 << 11,
  /** The SYN was counted as unanswered. */
  unanswered: 1 << 12,
  /** Commands are told: the conversation itself has no rhythm. */
  commands: 1 << 13,
  /** The side ever sent something, ever sent payload. */
  seenA: 1 << 14,
  seenB: 1 << 15,
  dataA: 1 << 16,
  dataB: 1 << 17,
  /** Something is kept of the side's stream. */
  halfA: 1 << 18,
  halfB: 1 << 19,
  /** After a hole: waits for the beginning of a message. */
  resyncA: 1 << 20,
  resyncB: 1 << 21,
} as const;
/** Two bits that count refusals in a row. */
export const REFUSAL_SHIFT = 24;
export const REFUSAL_MASK = 3 << REFUSAL_SHIFT;
