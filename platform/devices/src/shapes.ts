/** Shapes of devices: any edge program on a customer's premises. */
import { Type, type Static } from "typebox";
import { Health, ClockOffset } from "@yagura/wire/envelope.ts";
import { Id, Instant } from "@yagura/server/shapes.ts";

export const DeviceState = Type.Union([Type.Literal("online"), Type.Literal("offline"), Type.Literal("revoked")]);
export const Device = Type.Object(
  {
    id: Id,
    organisationId: Id,
    program: Type.String(),
    version: Type.String(),
    hostname: Type.String(),
    platform: Type.String(),
    state: DeviceState,
    address: Type.String({ description: "where it last connected from" }),
    enrolledAt: Instant,
    lastSeenAt: Type.Union([Instant, Type.Null()]),
    revokedAt: Type.Union([Instant, Type.Null()]),
    revokedReason: Type.Union([Type.String(), Type.Null()]),
    configurationVersion: Type.Integer(),
    configurationAcknowledged: Type.Union([Type.Integer(), Type.Null()]),
    clock: Type.Union([ClockOffset, Type.Null()]),
    health: Type.Union([Health, Type.Null()]),
  },
  { additionalProperties: false },
);
export type Device = Static<typeof Device>;
