/**
 * Shapes of what devices say to each other: conversations, map, ranking, comparison of two periods (OT-11, OT-13 to OT-15).
 *
 * GET conversations?site&from&to&asset&peer&protocol&limit · GET commands?site&from&to&class&protocol&critical&limit
 * GET map?site&from&to&since · GET ranking?site&by&measure&from&to&limit
 * GET comparison?site&beforeFrom&beforeTo&afterFrom&afterTo
 */
import { Type, type Static } from "typebox";
import { closed, Id, Instant, literals, orNull } from "@yagura/server/shapes.ts";
import {
  AssetRef,
  CommandClassWord,
  Count,
  Level,
  ProtocolWord,
  RoleWord,
  SeverityWord,
  Span,
  TransportWord,
} from "./api.ts";
import { CommandView, LearningWord, Zone } from "./api-assets.ts";

/** One side of a conversation: a device, or an address that is none. */
export const End = Type.Object(
  { asset: orNull(AssetRef), address: orNull(Type.String()), mac: orNull(Type.String()) },
  closed,
);
export const ConversationView = Type.Object(
  {
    client: End,
    server: End,
    protocol: ProtocolWord,
    transport: TransportWord,
    port: Type.Integer(),
    packetsOut: Count,
    bytesOut: Count,
    packetsIn: Count,
    bytesIn: Count,
    connections: Count,
    refused: Count,
    unanswered: Count,
    retransmissions: Count,
    missing: Count,
    rttUs: orNull(Type.Number()),
    firstAt: Instant,
    lastAt: Instant,
  },
  closed,
);
export type ConversationView = Static<typeof ConversationView>;
/** The greatest by bytes. */
export const Conversations = Type.Object({ span: Span, items: Type.Array(ConversationView), total: Count }, closed);
export const SiteCommands = Type.Object({ span: Span, items: Type.Array(CommandView), total: Count }, closed);

export const MapNode = Type.Object(
  {
    id: Type.String(),
    /** outside: all that is no device of the site, as one. */
    kind: literals("asset", "outside"),
    name: Type.String(),
    role: RoleWord,
    address: orNull(Type.String()),
    zoneId: orNull(Id),
    level: orNull(Level),
    learning: LearningWord,
    worst: orNull(SeverityWord),
    findings: Count,
    bytes: Count,
    firstAt: Instant,
    lastAt: Instant,
    /** Since `since`: first seen after it; not seen after it; as before. Null when nothing was asked. */
    change: orNull(literals("new", "gone", "same")),
  },
  closed,
);
export const MapEdge = Type.Object(
  {
    client: Type.String(),
    server: Type.String(),
    /** Most bytes first. */
    protocols: Type.Array(ProtocolWord),
    ot: Type.Boolean(),
    bytes: Count,
    packets: Count,
    /** Commands of the critical classes were seen. */
    critical: Type.Boolean(),
    crossZone: Type.Boolean(),
    firstAt: Instant,
    lastAt: Instant,
    change: orNull(literals("new", "gone", "same")),
  },
  closed,
);
export const NetworkMap = Type.Object(
  {
    span: Span,
    since: orNull(Instant),
    nodes: Type.Array(MapNode),
    /** At most 5,000: what changed, is critical or crosses zones first, then the greatest. */
    edges: Type.Array(MapEdge),
    edgeTotal: Count,
    zones: Type.Array(Zone),
  },
  closed,
);
export type NetworkMap = Static<typeof NetworkMap>;

export const rankings = ["assets", "pairs", "protocols", "services"] as const;
export const measures = ["bytes", "packets", "connections", "commands", "errors"] as const;
export const RankingRow = Type.Object(
  {
    /** By what was asked: the device, both of the pair, the protocol, protocol and port. */
    asset: orNull(AssetRef),
    client: orNull(AssetRef),
    server: orNull(AssetRef),
    protocol: orNull(ProtocolWord),
    port: orNull(Type.Integer()),
    value: Count,
    /** Of all, 0 to 1. */
    share: Type.Number(),
    bytes: Count,
    packets: Count,
    /** Value in each of 24 equal parts of the time, oldest first. */
    spark: Type.Array(Type.Number()),
  },
  closed,
);
export const Ranking = Type.Object(
  { span: Span, by: literals(...rankings), measure: literals(...measures), rows: Type.Array(RankingRow), total: Count },
  closed,
);
export type Ranking = Static<typeof Ranking>;

/** Volumes are of an hour, so that periods of different lengths compare. */
const Volume = Type.Object({ before: Type.Number(), after: Type.Number() }, closed);
const change = literals("new", "gone", "changed");
export const Comparison = Type.Object(
  {
    before: Span,
    after: Span,
    assets: Type.Object(
      {
        before: Count,
        after: Count,
        items: Type.Array(
          Type.Object(
            {
              change: literals("new", "gone"),
              asset: AssetRef,
              firstAt: Instant,
              lastAt: Instant,
            },
            closed,
          ),
        ),
        /** Attributes that took another value, e.g. firmware. */
        attributes: Type.Array(
          Type.Object(
            {
              asset: AssetRef,
              attribute: Type.String(),
              before: orNull(Type.String()),
              after: Type.String(),
              at: Instant,
            },
            closed,
          ),
        ),
      },
      closed,
    ),
    conversations: Type.Object(
      {
        before: Count,
        after: Count,
        items: Type.Array(
          Type.Object(
            {
              change,
              client: orNull(AssetRef),
              server: orNull(AssetRef),
              protocol: ProtocolWord,
              port: Type.Integer(),
              bytes: Volume,
            },
            closed,
          ),
        ),
        total: Count,
      },
      closed,
    ),
    commands: Type.Object(
      {
        before: Count,
        after: Count,
        items: Type.Array(
          Type.Object(
            {
              change,
              client: orNull(AssetRef),
              server: orNull(AssetRef),
              protocol: ProtocolWord,
              code: Type.Integer(),
              name: Type.String(),
              class: CommandClassWord,
              count: Volume,
            },
            closed,
          ),
        ),
        total: Count,
      },
      closed,
    ),
    volumes: Type.Array(Type.Object({ protocol: ProtocolWord, bytes: Volume, packets: Volume }, closed)),
  },
  closed,
);
export type Comparison = Static<typeof Comparison>;
