/**
 * Shapes of the protocols that a customer declares for a site (OT-N10).
 *
 * GET parsers?site · POST parsers · PUT|DELETE parsers/:parser · GET|POST parsers/:parser/tests (the capture is the body); the result
 * of a test is that of its capture: GET captures/:capture
 */
import { Type } from "typebox";
import { closed, Id, Instant, orNull } from "@yagura/server/shapes.ts";
import { Count, ProtocolWord } from "./api.ts";
import { DeclaredDescription } from "./declared.ts";
import type { CommandClass, ProtocolName } from "./vocabulary.ts";

export const DeclaredParser = Type.Object(
  {
    id: Id,
    siteId: Id,
    /** 1 to 16. */
    slot: Count,
    /** The protocol by which telemetry and filters know it. */
    protocol: ProtocolWord,
    description: DeclaredDescription,
    /** Bits of `match`: from 32 on, with a length that agrees, it is believed on any port. */
    bits: Count,
    /** The sensors of the site use it. */
    enabled: Type.Boolean(),
    createdAt: Instant,
    createdBy: Type.String(),
    changedAt: Instant,
    changedBy: Type.String(),
    /** Removed: its names stay beside its history. */
    endedAt: orNull(Instant),
  },
  closed,
);
export interface DeclaredParser {
  readonly id: string;
  readonly siteId: string;
  readonly slot: number;
  readonly protocol: ProtocolName;
  readonly description: DeclaredDescription;
  readonly bits: number;
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly endedAt: string | null;
}
export const NewParser = Type.Object({ siteId: Id, description: DeclaredDescription }, closed);
export const ChangeParser = Type.Object(
  { description: Type.Optional(DeclaredDescription), enabled: Type.Optional(Type.Boolean()) },
  closed,
);

/** What `yagura ot test-parser --json` prints: how a description reads a capture. Never bytes. */
export interface ParserTrial {
  readonly name: string;
  readonly packets: number;
  /** Conversations that the description read, and its messages there. */
  readonly conversations: number;
  readonly messages: number;
  readonly functions: readonly {
    readonly code: number;
    readonly name: string;
    readonly class: CommandClass;
    readonly requests: number;
    readonly responses: number;
    readonly errors: number;
    readonly events: number;
  }[];
  readonly identities: readonly { readonly address: string; readonly attribute: string; readonly value: string }[];
  /** On its ports: packets with payload, those that nobody read, and what else spoke there. */
  readonly there: { readonly packets: number; readonly unread: number; readonly others: readonly ProtocolName[] };
  /** The first messages that do not agree: number of the packet, byte of the message, why (protocols/declared/fields.ts). */
  readonly odd: readonly { readonly packet: number; readonly byte: number; readonly reason: string }[];
  readonly oddTotal: number;
}
