/**
 * Taking a device off the network (OT-31): what the server asks of a sensor, and what the sensor answers. The server only says
 * what should be; whether it may be, and how it is done, stands in a file on the premises that the server never sees.
 */
import { Type, type Static } from "typebox";

const closed = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" });
/** Milliseconds since the epoch by the server's clock. */
const Time = Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 });
const literals = <const T extends readonly string[]>(list: T) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...list] }));

/** Version of the report's shape. 1: 2026-11-20. */
export const ENFORCEMENT_VERSION = 1;
/** Orders of a sensor at most. */
export const MAX_BLOCKS = 64;

/** One device that should be off the network; when the order is no longer in the configuration it should be on again. */
export const Block = Type.Object(
  {
    order: Uuid,
    /** As the server knows it: a token where the sensor uploads tokens. */
    mac: Type.String({ pattern: "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$" }),
    /** Addresses that the device had, for the list of what is never blocked. */
    addresses: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 }),
    asked: Time,
    /** The sensor lifts it by itself then, whether or not it hears from the server. */
    until: Time,
  },
  closed,
);
export type Block = Static<typeof Block>;

/**
 * working: it is being tried; done: the device is off; refused: it will not be tried; failed: it was tried for ten minutes; undone:
 * it was off and is on again; stuck: it is off and could not be put on again, which goes on being tried.
 */
export const blockStates = ["working", "done", "refused", "failed", "undone", "stuck"] as const;
export type BlockState = (typeof blockStates)[number];

/** Why, as a closed list: nothing that a switch answered leaves the premises. */
export const blockCodes = [
  "",
  /** Refused by what stands on the premises. */
  "no-means",
  "never-block",
  "own-address",
  "address-unknown",
  "not-seen",
  "limit",
  "too-long",
  "too-late",
  /** Refused by what was found at switch or NAC. */
  "not-found",
  "port-shared",
  "port-ambiguous",
  "port-aggregated",
  "port-protected",
  "port-already-down",
  /** Failed, or stuck. */
  "unreachable",
  "switch-refuses",
  "nac-refuses",
  "answer-unproven",
  "fault",
  /** Undone. */
  "ended",
  "expired",
  "lifted-on-site",
  "cut-off",
] as const;
export type BlockCode = (typeof blockCodes)[number];

/** A name of the premises: of a switch and its port. A token where the sensor uploads tokens. */
const Place = Type.String({ maxLength: 160, pattern: "^[^\\u0000-\\u001f\\u007f]*$" });

export const BlockReport = Type.Object(
  {
    order: Uuid,
    state: literals(blockStates),
    code: literals(blockCodes),
    /** Where it was done: the switch and its port, or the NAC. */
    where: Place,
    /** MACs that were learned at the port, 0 when it is not known. */
    learned: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    at: Time,
  },
  closed,
);
export type BlockReport = Static<typeof BlockReport>;

/** What the premises gave to the sensor; nothing of addresses, names or secrets. */
export const Means = Type.Object(
  {
    /** RADIUS servers, switches, and those among them that are spoken to without encryption (SNMPv2c). */
    nacs: Type.Integer({ minimum: 0, maximum: 16 }),
    switches: Type.Integer({ minimum: 0, maximum: 64 }),
    unencrypted: Type.Integer({ minimum: 0, maximum: 80 }),
    /** Devices at once, hours at most, MACs behind a port at most. */
    devices: Type.Integer({ minimum: 0, maximum: MAX_BLOCKS }),
    hours: Type.Integer({ minimum: 1, maximum: 720 }),
    learned: Type.Integer({ minimum: 1, maximum: 1_000 }),
    /** Entries on the list of what is never blocked. */
    never: Type.Integer({ minimum: 0, maximum: 10_000 }),
  },
  closed,
);
export type Means = Static<typeof Means>;

/** Body of `ot.enforcement`: all orders that the sensor knows, as they are; the newest replaces those before. */
export const EnforcementBody = Type.Object(
  {
    version: Type.Literal(ENFORCEMENT_VERSION),
    at: Time,
    /** Null: the sensor was not given the means. */
    means: Type.Union([Type.Null(), Means]),
    orders: Type.Array(BlockReport, { maxItems: 2 * MAX_BLOCKS }),
  },
  closed,
);
export type EnforcementBody = Static<typeof EnforcementBody>;
