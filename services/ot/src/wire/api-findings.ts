/**
 * Shapes of findings and what people decide about them (OT-16 to OT-28, OT-N4, OT-N12). The words of a finding are in
 * analysis/findings.ts by its kind.
 *
 * GET findings?site&state&severity&kind&asset&group&from&to&limit&cursor · GET findings/:finding
 * POST findings/:finding/approve (this is normal: learn it) · POST findings/:finding/mute · POST findings/:finding/close
 * GET mutes?site · POST mutes · DELETE mutes/:mute · GET allow-rules?site · POST allow-rules · DELETE allow-rules/:rule
 * GET permits?site&state · POST permits · GET|PATCH permits/:permit · POST permits/:permit/cancel · GET permits/:permit/report
 */
import { Type, type Static } from "typebox";
import { closed, Id, Instant, literals, Name, orNull, page } from "@yagura/server/shapes.ts";
import { AssetRef, CommandClassWord, Count, Note, ProtocolWord, Reason, SeverityWord } from "./api.ts";
import { CommandView } from "./api-assets.ts";

/**
 * open: lasts or waits for a decision; ended: over by itself; learned: a person said that it is normal; closed: a person dealt
 * with it; muted: a mute held when it came; expected: a permit covered it.
 */
export const findingStates = ["open", "ended", "learned", "closed", "muted", "expected"] as const;
export const FindingView = Type.Object(
  {
    id: Id,
    siteId: Id,
    /** The same trouble seen again has the same: alerts know it by this. */
    key: Type.String(),
    kind: Type.String(),
    severity: SeverityWord,
    confidence: Type.Number(),
    state: literals(...findingStates),
    subject: Type.Object({ kind: Type.String(), id: Type.String() }, closed),
    /** Devices that take part, the one it is about first. */
    assets: Type.Array(AssetRef),
    since: Instant,
    until: orNull(Instant),
    lastAt: Instant,
    /** How often it was seen. */
    count: Count,
    parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    evidence: Type.Array(
      Type.Object({ label: Type.String(), value: Type.String(), href: Type.Optional(Type.String()) }, closed),
    ),
    /** ATT&CK for ICS. */
    techniques: Type.Array(Type.String()),
    permitId: orNull(Id),
    muteId: orNull(Id),
    decided: orNull(Type.Object({ by: Type.String(), at: Instant, reason: Type.String() }, closed)),
  },
  closed,
);
export type FindingView = Static<typeof FindingView>;
export const FindingQuery = Type.Object({
  site: Type.Optional(Id),
  state: Type.Optional(literals(...findingStates)),
  severity: Type.Optional(SeverityWord),
  kind: Type.Optional(Type.String({ maxLength: 80 })),
  asset: Type.Optional(Id),
  /** Findings of one incident: its `group`. */
  group: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Id),
});
export type FindingQuery = Static<typeof FindingQuery>;
export const FindingPage = page(FindingView);
export const Decide = Type.Object({ reason: Type.Optional(Reason) }, closed);
export const MuteFinding = Type.Object(
  {
    reason: Reason,
    /** The end; at most a year ahead. */
    until: Instant,
    /** same: this trouble; asset: this kind at this device; kind: this kind at the whole site. */
    scope: literals("same", "asset", "kind"),
  },
  closed,
);

export const Mute = Type.Object(
  {
    id: Id,
    siteId: Id,
    /** Null: any. */
    kind: orNull(Type.String()),
    asset: orNull(AssetRef),
    dedupeKey: orNull(Type.String()),
    reason: Type.String(),
    until: Instant,
    state: literals("active", "over"),
    hits: Count,
    lastHitAt: orNull(Instant),
    createdAt: Instant,
    createdBy: Type.String(),
  },
  closed,
);
export type Mute = Static<typeof Mute>;
export const NewMute = Type.Object(
  {
    siteId: Id,
    kind: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    assetId: Type.Optional(Id),
    reason: Reason,
    until: Instant,
  },
  closed,
);

/**
 * One side of an allow rule: an asset's id, an address, a network (`192.0.2.0/24`), `role:plc`, `zone:Cell 1`, `internet`, `group`;
 * null: anybody.
 */
const Side = orNull(Type.String({ minLength: 1, maxLength: 160 }));
const allowFields = {
  siteId: Id,
  client: Side,
  server: Side,
  protocol: orNull(ProtocolWord),
  class: orNull(CommandClassWord),
  /** Kinds of findings; empty: all that name a client and a server. */
  kinds: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: 100, uniqueItems: true }),
  reason: Reason,
};
/** Always in order, known or not. */
export const AllowRule = Type.Object(
  {
    id: Id,
    ...allowFields,
    hits: Count,
    lastHitAt: orNull(Instant),
    createdAt: Instant,
    createdBy: Type.String(),
  },
  closed,
);
export type AllowRule = Static<typeof AllowRule>;
export const NewAllowRule = Type.Object(allowFields, closed);

const permitFields = {
  title: Name,
  /** Who works: a person or a firm. */
  who: Name,
  from: Instant,
  to: Instant,
  /** Devices that are worked on; at least one. */
  assetIds: Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true }),
  /** From where: engineering stations; empty: from anywhere. */
  clientIds: Type.Array(Id, { maxItems: 50, uniqueItems: true }),
  /** What may be done; empty: anything. */
  classes: Type.Array(CommandClassWord, { maxItems: 32, uniqueItems: true }),
};
export const Permit = Type.Object(
  {
    id: Id,
    siteId: Id,
    ...permitFields,
    assets: Type.Array(AssetRef),
    clients: Type.Array(AssetRef),
    note: Note,
    state: literals("planned", "active", "over", "cancelled"),
    /** Findings that were expected by it. */
    expected: Count,
    createdAt: Instant,
    createdBy: Type.String(),
    cancelledAt: orNull(Instant),
  },
  closed,
);
export type Permit = Static<typeof Permit>;
export const NewPermit = Type.Object({ siteId: Id, ...permitFields, note: Type.Optional(Note) }, closed);
export const ChangePermit = Type.Object(
  {
    title: Type.Optional(permitFields.title),
    who: Type.Optional(permitFields.who),
    from: Type.Optional(permitFields.from),
    to: Type.Optional(permitFields.to),
    assetIds: Type.Optional(permitFields.assetIds),
    clientIds: Type.Optional(permitFields.clientIds),
    classes: Type.Optional(permitFields.classes),
    note: Type.Optional(Note),
  },
  { ...closed, minProperties: 1 },
);
/** Permit against what was seen. */
export const PermitReport = Type.Object(
  {
    permit: Permit,
    /** Commands on its devices within its time and scope. */
    within: Type.Array(CommandView),
    /** Commands of a class from `configure` on, within its time, on its devices, but from elsewhere or of another class. */
    beyond: Type.Array(CommandView),
    findings: Type.Array(FindingView),
    /** Devices and classes that were named and not seen. */
    unseenAssets: Type.Array(AssetRef),
    unseenClasses: Type.Array(CommandClassWord),
  },
  closed,
);
export type PermitReport = Static<typeof PermitReport>;
