/**
 * Descriptions of protocols that customers declare for a site (OT-N10): what the bytes are, as data and never as code. Offsets count
 * bytes from the beginning of a message. docs/declared-protocols.md explains each field; declared-check.ts is what a sensor, the
 * server and the portal check a description by.
 */
import { Type, type Static } from "typebox";
import { commandClasses, type Attribute, type CommandClass, type ProtocolName } from "./vocabulary.ts";

const closed = { additionalProperties: false } as const;
const oneOf = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...values] }));

/** Descriptions of a site. */
export const MAX_DECLARED = 16;
export const MAX_DECLARED_FUNCTIONS = 256;
export const MAX_DECLARED_OBJECTS = 256;
export const MAX_MATCHES = 16;
/** The bytes by which a message is recognised lie among the first so many. */
export const RECOGNISED_BYTES = 64;
/** A field begins before this byte. */
export const MAX_FIELD_OFFSET = 1_023;
/** Bytes of a message. */
export const MAX_DECLARED_MESSAGE = 65_536;
/** Characters of an identity. */
export const MAX_IDENTITY_LENGTH = 64;

/** Slots are protocols of the static list: what a site calls them is its own. */
export const slotNames = Array.from({ length: MAX_DECLARED }, (_, i) => `declared-${i + 1}` as ProtocolName);
/** Slot (1 to 16) of a protocol's name, 0 for a protocol that is built in. */
export const slotOf = (protocol: string): number => slotNames.indexOf(protocol as ProtocolName) + 1;
/** Protocol of a slot from 1 to 16. */
export const slotName = (slot: number): ProtocolName => slotNames[slot - 1] ?? "unknown";

/** What a declared protocol may say of a device: identifiers only. */
export const declaredAttributes = [
  "name",
  "vendor",
  "model",
  "order-number",
  "firmware",
  "hardware",
  "serial",
  "application",
] as const satisfies readonly Attribute[];

/** A number, also in hexadecimal: `"0x88b5"`. */
const Numeral = Type.Union([
  Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  Type.String({ pattern: "^0x[0-9a-fA-F]{1,8}$" }),
]);
export type Numeral = number | string;
export const numeral = (value: Numeral): number => Number(value);

/** Letters of any script, digits and a few signs: a name stands in sentences, logs and mails. */
const Plain = (longest: number) =>
  Type.String({ minLength: 1, maxLength: longest, pattern: "^[\\p{L}\\p{M}\\p{N} ._/()+:#,-]+$" });
/** One line. */
const Line = (longest: number) =>
  Type.String({ maxLength: longest, pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$" });
const Hexadecimal = Type.String({ maxLength: 48, pattern: "^[0-9a-fA-F]{2}( ?[0-9a-fA-F]{2}){0,15}$" });
const Order = oneOf(["big", "little"] as const);
const Ports = Type.Array(Type.Integer({ minimum: 1, maximum: 65_535 }), {
  minItems: 1,
  maxItems: 8,
  uniqueItems: true,
});

const place = {
  at: Type.Integer({ minimum: 0, maximum: MAX_FIELD_OFFSET }),
  size: Type.Integer({ enum: [1, 2, 4] }),
  order: Type.Optional(Order),
};
const bits = {
  ...place,
  /** Bits that count. */
  mask: Type.Optional(Numeral),
  /** Places to the right, after the mask. */
  shift: Type.Optional(Type.Integer({ minimum: 0, maximum: 31 })),
};
const Bits = Type.Object(bits, closed);
/** `requests`: answers do not repeat it; it is that of the question they answer. */
const Sided = Type.Object({ ...bits, in: Type.Optional(oneOf(["both", "requests"] as const)) }, closed);

export const DeclaredDescription = Type.Object(
  {
    /** What people call the protocol. */
    name: Plain(40),
    /** Document and section that the description follows. */
    specification: Line(200),
    notes: Type.Optional(Type.String({ maxLength: 2_000 })),
    on: Type.Object(
      {
        tcp: Type.Optional(Ports),
        udp: Type.Optional(Ports),
        ethertype: Type.Optional(Type.Array(Numeral, { minItems: 1, maxItems: 4 })),
      },
      closed,
    ),
    /** Byte order of numbers that do not say their own. */
    order: Order,
    /** Bytes that every message has. */
    match: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: Type.Integer({ minimum: 0, maximum: RECOGNISED_BYTES - 1 }),
            bytes: Hexadecimal,
            mask: Type.Optional(Hexadecimal),
          },
          closed,
        ),
        { maxItems: MAX_MATCHES },
      ),
    ),
    /** Bytes of the shortest message. */
    minimum: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_FIELD_OFFSET })),
    /** How long a message is: a field and what to add to it, or always the same. Absent: as long as its packet. */
    length: Type.Optional(
      Type.Union([
        Type.Object({ ...place, add: Type.Integer({ minimum: -65_535, maximum: 65_535 }) }, closed),
        Type.Object({ fixed: Type.Integer({ minimum: 1, maximum: MAX_DECLARED_MESSAGE }) }, closed),
      ]),
    ),
    /** How an answer is known: by the port, by some bits, or there are no answers and every message is sent unasked. */
    reply: Type.Union([
      Type.Object({ by: Type.Literal("port") }, closed),
      Type.Object({ by: Type.Literal("none") }, closed),
      Type.Object({ by: Type.Literal("field"), ...bits, value: Numeral }, closed),
    ]),
    /** In answers: the device refused where the bits are `equals`, or are anything but `not`. */
    error: Type.Optional(Type.Object({ ...bits, equals: Type.Optional(Numeral), not: Type.Optional(Numeral) }, closed)),
    function: Sided,
    /** Number by which an answer names its question. */
    transaction: Type.Optional(Bits),
    unit: Type.Optional(Sided),
    object: Type.Optional(Sided),
    /** First and last address, or their count: read in requests only, because an answer holds values there. */
    low: Type.Optional(Bits),
    high: Type.Optional(Bits),
    count: Type.Optional(Bits),
    /** Printable ASCII by which a device names itself. */
    identities: Type.Optional(
      Type.Array(
        Type.Object(
          {
            attribute: oneOf(declaredAttributes),
            at: place.at,
            length: Type.Union([
              Type.Integer({ minimum: 1, maximum: MAX_IDENTITY_LENGTH }),
              Type.Object(place, closed),
            ]),
            in: oneOf(["requests", "answers", "both"] as const),
            /** Only in messages of this function. */
            function: Type.Optional(Numeral),
          },
          closed,
        ),
        { maxItems: 16 },
      ),
    ),
    functions: Type.Array(Type.Object({ code: Numeral, name: Plain(60), class: oneOf(commandClasses) }, closed), {
      minItems: 1,
      maxItems: MAX_DECLARED_FUNCTIONS,
    }),
    objects: Type.Optional(
      Type.Array(Type.Object({ number: Numeral, name: Plain(60) }, closed), { maxItems: MAX_DECLARED_OBJECTS }),
    ),
  },
  closed,
);

export interface DeclaredPlace {
  readonly at: number;
  readonly size: number;
  readonly order?: "big" | "little";
}
export interface DeclaredBits extends DeclaredPlace {
  readonly mask?: Numeral;
  readonly shift?: number;
}
export interface DeclaredSided extends DeclaredBits {
  readonly in?: "both" | "requests";
}
export interface DeclaredIdentity {
  readonly attribute: (typeof declaredAttributes)[number];
  readonly at: number;
  readonly length: number | DeclaredPlace;
  readonly in: "requests" | "answers" | "both";
  readonly function?: Numeral;
}
// The type is spelled beside the schema: it is read-only, and its optional fields are absent rather than undefined.
export interface DeclaredDescription {
  readonly name: string;
  readonly specification: string;
  readonly notes?: string;
  readonly on: {
    readonly tcp?: readonly number[];
    readonly udp?: readonly number[];
    readonly ethertype?: readonly Numeral[];
  };
  readonly order: "big" | "little";
  readonly match?: readonly { readonly at: number; readonly bytes: string; readonly mask?: string }[];
  readonly minimum?: number;
  readonly length?: (DeclaredPlace & { readonly add: number }) | { readonly fixed: number };
  readonly reply:
    | { readonly by: "port" }
    | { readonly by: "none" }
    | ({ readonly by: "field"; readonly value: Numeral } & DeclaredBits);
  readonly error?: DeclaredBits & { readonly equals?: Numeral; readonly not?: Numeral };
  readonly function: DeclaredSided;
  readonly transaction?: DeclaredBits;
  readonly unit?: DeclaredSided;
  readonly object?: DeclaredSided;
  readonly low?: DeclaredBits;
  readonly high?: DeclaredBits;
  readonly count?: DeclaredBits;
  readonly identities?: readonly DeclaredIdentity[];
  readonly functions: readonly { readonly code: Numeral; readonly name: string; readonly class: CommandClass }[];
  readonly objects?: readonly { readonly number: Numeral; readonly name: string }[];
}

/**
 * What a sensor is told of a slot. Any object, so that a description which an older sensor does not understand is that sensor's
 * warning and not the refusal of its whole configuration.
 */
export const DeclaredSlot = Type.Object(
  {
    slot: Type.Integer({ minimum: 1, maximum: MAX_DECLARED }),
    description: Type.Unknown(),
  },
  closed,
);
export type DeclaredSlot = Static<typeof DeclaredSlot>;

/** Bytes of a text like `59 47`. */
export const hexadecimal = (text: string): number[] =>
  (text.match(/[0-9a-fA-F]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
