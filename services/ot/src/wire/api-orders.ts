/**
 * Shapes of orders of functions (OT-20): what a client asks for after what.
 *
 * GET assets/:asset/orders?from&to&limit
 */
import { Type, type Static } from "typebox";
import { closed, Instant, orNull } from "@yagura/server/shapes.ts";
import { AssetRef, CommandClassWord, Count, ProtocolWord, Span } from "./api.ts";

const Step = Type.Object({ code: Type.Integer(), name: Type.String(), class: CommandClassWord }, closed);

export const OrderView = Type.Object(
  {
    client: orNull(AssetRef),
    server: orNull(AssetRef),
    protocol: ProtocolWord,
    before: Step,
    after: Step,
    count: Count,
    /** Of all that came after `before` between these two, 0 to 1. */
    share: Type.Number({ minimum: 0, maximum: 1 }),
    firstAt: Instant,
    lastAt: Instant,
  },
  closed,
);
export type OrderView = Static<typeof OrderView>;
/** The most frequent first. A sensor tells a count at most once an hour: what came since is not in it. */
export const Orders = Type.Object({ span: Span, items: Type.Array(OrderView), total: Count }, closed);
export type Orders = Static<typeof Orders>;
