/** What an edge program says to the control plane, and what it hears. Times are microseconds since the epoch unless told. */
import { Type, type Static, type TSchema } from "typebox";

const closed = { additionalProperties: false } as const;
const Uuid = Type.String({ format: "uuid" });
/** Microseconds since the epoch; a double holds them exactly until the year 2255. */
export const Microseconds = Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 });

/** Bodies of one batch are at most this many bytes before compression; larger ones are split by the sender. */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Compressed request bodies larger than this are refused. */
export const MAX_REQUEST_BYTES = 1024 * 1024;

/** POST /edge/v1/enrol (not signed: the key is the proof). */
export const EnrolRequest = Type.Object(
  {
    wire: Type.Integer(),
    /** The secret part of the enrolment key. */
    key: Type.String({ minLength: 20, maxLength: 200 }),
    /** Ed25519 public key, raw 32 bytes, base64url. */
    publicKey: Type.String({ pattern: "^[A-Za-z0-9_-]{43}$" }),
    program: Type.String({ pattern: "^[a-z]{2,20}$" }),
    version: Type.String({ maxLength: 40 }),
    hostname: Type.String({ maxLength: 253 }),
    platform: Type.String({ maxLength: 120, description: "e.g. linux x64 6.1" }),
  },
  closed,
);
export type EnrolRequest = Static<typeof EnrolRequest>;

export const EnrolAnswer = Type.Object({ device: Uuid, organisation: Uuid, serverTime: Microseconds }, closed);
export type EnrolAnswer = Static<typeof EnrolAnswer>;

/** Measured by the program: how its clock stands to the server's (server minus program), and how sure. */
export const ClockOffset = Type.Object(
  {
    offset: Type.Integer({ description: "µs" }),
    bound: Type.Integer({ minimum: 0, description: "µs: half the smallest round trip" }),
    at: Microseconds,
  },
  closed,
);
export type ClockOffset = Static<typeof ClockOffset>;

/** POST /edge/v1/batches, signed, `content-encoding: zstd` or `gzip` or none. */
export const batchOf = <T extends TSchema>(body: T) =>
  Type.Object(
    {
      wire: Type.Integer(),
      /** A new random epoch starts when a program loses its spool; sequence numbers count within it. */
      epoch: Type.String({ pattern: "^[0-9a-f]{16}$" }),
      /** 1, 2, 3 … within the epoch; each number stands for the same bytes for ever. */
      sequence: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }),
      /** Key of the service's ingest table, e.g. `experience.samples`. */
      kind: Type.String({ pattern: "^[a-z]+\\.[a-z-]+$" }),
      sentAt: Microseconds,
      clock: Type.Union([ClockOffset, Type.Null()]),
      /** Batches dropped unsent because the spool was full, since the epoch began. */
      dropped: Type.Integer({ minimum: 0 }),
      body,
    },
    closed,
  );
export const AnyBatch = batchOf(Type.Unknown());
export type AnyBatch = Static<typeof AnyBatch>;

/** Durable when this is answered. `duplicate` when it had been stored before. */
export const BatchAnswer = Type.Object(
  { sequence: Type.Integer(), duplicate: Type.Boolean(), receivedAt: Microseconds, answeredAt: Microseconds },
  closed,
);
export type BatchAnswer = Static<typeof BatchAnswer>;

/** GET /edge/v1/stream, signed: newline-delimited JSON, a `beat` at least every 15 s. */
export const StreamMessage = Type.Union([
  Type.Object(
    {
      type: Type.Literal("configuration"),
      version: Type.Integer(),
      services: Type.Record(Type.String(), Type.Unknown()),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal("beat"), serverTime: Microseconds }, closed),
  Type.Object({ type: Type.Literal("revoked"), reason: Type.String() }, closed),
]);
export type StreamMessage = Static<typeof StreamMessage>;

/** Body of a batch of kind `edge.health`, sent every minute. */
export const Health = Type.Object(
  {
    at: Microseconds,
    program: Type.String({ maxLength: 20 }),
    version: Type.String({ maxLength: 40 }),
    /** User and system time since the last report over the wall time, 0 to number of cores. */
    cpu: Type.Number({ minimum: 0 }),
    /** Resident bytes. */
    memory: Type.Integer({ minimum: 0 }),
    spool: Type.Object(
      {
        batches: Type.Integer({ minimum: 0 }),
        bytes: Type.Integer({ minimum: 0 }),
        limit: Type.Integer({ minimum: 0 }),
        dropped: Type.Integer({ minimum: 0 }),
      },
      closed,
    ),
    /** What the program can do here and why not, e.g. `icmp: unprivileged socket, kernel timestamps`. */
    capabilities: Type.Record(Type.String(), Type.String({ maxLength: 300 })),
    warnings: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 20 }),
  },
  closed,
);
export type Health = Static<typeof Health>;

/**
 * Enrolment key as a person copies it: `yk1.<secret>.<fingerprint>`; the secret is 32 random bytes, the fingerprint the
 * SHA-256 of the server's certificate authority (DER), both base64url; fingerprint `-` for plain HTTP on loopback or a
 * certificate that the system's own authorities vouch for.
 */
export interface EnrolmentKey {
  readonly secret: string;
  readonly fingerprint: string | null;
}
/** Reads `yk1.SECRET.FINGERPRINT`, a fingerprint of `-` for the system's authorities; null when it is no key. */
export function readEnrolmentKey(text: string): EnrolmentKey | null {
  const match = /^yk1\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43}|-)$/.exec(text.trim());
  return match === null
    ? null
    : { secret: match[1] as string, fingerprint: match[2] === "-" ? null : (match[2] as string) };
}
/** The key as people paste it. */
export const writeEnrolmentKey = (key: EnrolmentKey): string => `yk1.${key.secret}.${key.fingerprint ?? "-"}`;
