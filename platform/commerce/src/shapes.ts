/** Shapes that every folder of the room has in common. Pure: the portal sees them. */
import { Type } from "typebox";
import { Id } from "@yagura/server/shapes.ts";

export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 }));
/** A page of a list in the order of its ids: the cursor is the last id. */
export const ById = { limit: Limit, cursor: Type.Optional(Id) };
/** A page of a list in another order: the cursor is how many rows were told. */
export const ByOffset = { limit: Limit, cursor: Type.Optional(Type.String({ maxLength: 64 })) };
