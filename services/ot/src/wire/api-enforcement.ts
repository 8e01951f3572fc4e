/**
 * Shapes of taking devices off the network (OT-31). Reading takes the scope ot.read, ordering and taking back ot.enforce, and a
 * person who signed in: no token does it.
 *
 * GET enforcement?site · POST assets/:asset/blocks · POST blocks/:block/undo
 */
import { Type, type Static } from "typebox";
import { closed, Id, Instant, literals, Name, orNull } from "@yagura/server/shapes.ts";
import type { Role } from "../analysis/model.ts";
import { AssetRef, Count, Reason, type Criticality } from "./api.ts";
import { blockCodes, blockStates, Means } from "./enforcement.ts";

export const BLOCK_MINUTES = { least: 5, most: 30 * 24 * 60, usual: 240 } as const;

/** Roles whose loss is felt by machines or people: the device's name has to be typed. */
const grave: ReadonlySet<Role> = new Set(["plc", "rtu", "ied", "io", "drive", "robot", "cnc", "safety", "hmi", "scada", "switch", "router", "firewall", "building-controller"]); // prettier-ignore
export const needsName = (role: Role, criticality: Criticality): boolean =>
  grave.has(role) || criticality === "high" || criticality === "critical";

export const Block = Type.Object(
  {
    id: Id,
    siteId: Id,
    sensor: Type.Object({ id: Id, label: Name }, closed),
    /** Null: the device was forgotten or joined into another. */
    asset: orNull(AssetRef),
    mac: Type.String(),
    reason: Type.String(),
    findingId: orNull(Id),
    until: Instant,
    createdAt: Instant,
    createdBy: Type.String(),
    endedAt: orNull(Instant),
    endedBy: orNull(Type.String()),
    /** asked: the sensor has not answered; lifting: it was taken back, and the sensor has not answered yet. */
    state: literals("asked", "lifting", ...blockStates),
    code: literals(...blockCodes),
    /** The switch and its port, or the NAC, as the premises call them. */
    place: Type.String(),
    learned: Count,
    reportedAt: orNull(Instant),
  },
  closed,
);
export type Block = Static<typeof Block>;

export const Enforcement = Type.Object(
  {
    siteId: Id,
    sensors: Type.Array(
      Type.Object({ id: Id, label: Name, means: orNull(Means), reportedAt: orNull(Instant) }, closed),
    ),
    /** Those that hold first, then the newest; at most 200. */
    blocks: Type.Array(Block),
  },
  closed,
);
export type Enforcement = Static<typeof Enforcement>;

export const NewBlock = Type.Object(
  {
    /** One of the device's. */
    mac: Type.String({ pattern: "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$" }),
    minutes: Type.Integer({ minimum: BLOCK_MINUTES.least, maximum: BLOCK_MINUTES.most }),
    reason: Reason,
    /** How many devices the person was told depend on this one; kept in the audit log. */
    dependents: Count,
    /** The device's name as typed, where its role or importance asks for it. */
    confirmName: Type.Optional(Type.String({ maxLength: 200 })),
    findingId: Type.Optional(Id),
  },
  closed,
);
export type NewBlock = Static<typeof NewBlock>;
