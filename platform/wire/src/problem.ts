/** How the door refuses an edge program, and what the program does about each refusal. */
import { Type, type Static } from "typebox";
import { Microseconds } from "./envelope.ts";

/** Body of every refusal: RFC 9457 problem details and the server's clock, by which a program with a wrong clock signs again. */
export const EdgeProblem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  instance: Type.String(),
  serverTime: Microseconds,
});
export type EdgeProblem = Static<typeof EdgeProblem>;

/**
 * What a program does when it hears a code.
 * - stop: says so and ends with status 3
 * - clock: takes `serverTime` and signs again
 * - aside: the batch itself is bad: it is kept beside the spool, counted, and the next one is sent
 * - wait: nothing is wrong with the batch; it tries again after a long pause
 * - again: tries again after the usual back-off
 */
export type Reaction = "stop" | "clock" | "aside" | "wait" | "again";
export const reactions = {
  DEVICE_REVOKED: "stop",
  SIGNATURE_TIME: "clock",
  SIGNATURE_REPLAYED: "again",
  SIGNATURE_INVALID: "wait",
  DEVICE_UNKNOWN: "wait",
  WIRE_TOO_OLD: "wait",
  WIRE_TOO_NEW: "wait",
  BATCH_MALFORMED: "aside",
  BATCH_TOO_LARGE: "aside",
  BATCH_KIND_UNKNOWN: "aside",
  BATCH_REFUSED: "aside",
  BATCH_SEQUENCE_GAP: "again",
  ENCODING_UNKNOWN: "aside",
  DIGEST_MISMATCH: "again",
  DEVICE_RATE_LIMITED: "again",
  DOOR_BUSY: "again",
} as const satisfies Record<string, Reaction>;
export type RefusalCode = keyof typeof reactions;

/** The reaction to a code; null when it is not one of ours (a proxy on the way answered, or a newer server). */
export const reactionTo = (code: string): Reaction | null =>
  Object.hasOwn(reactions, code) ? reactions[code as RefusalCode] : null;
