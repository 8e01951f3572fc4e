/** Shapes of what a contract entitles to: seats, tickets, insurance, terms, equipment. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals, orNull } from "@yagura/server/shapes.ts";

const Yen = Type.Integer({ minimum: 0, description: "whole yen without tax" });
const Count = Type.Integer({ minimum: 0, maximum: 100_000_000 });
const Sentence = Type.Object({ ja: Type.String(), en: Type.String() }, closed);
const Code = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
/** One line without control characters. */
const Line = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$",
});
const OptionalDay = Type.Optional(
  Type.String({ format: "date", description: "calendar day in Asia/Tokyo; today unless told" }),
);
const head = { contractId: Id, number: Type.String(), service: Type.String(), plan: Type.String(), on: CivilDate };

/** Asks for the state of another day than today. */
export const OnDay = Type.Object({ on: OptionalDay }, closed);

// Seats --------------------------------------------------------------------------------------------------------------

const Pack = Type.Object(
  { item: Code, name: Sentence, size: Count, quantity: Count, unitPrice: orNull(Yen) },
  { ...closed, description: "so many packs of so many seats; monthly price of one" },
);
export const Combination = Type.Object({ packs: Type.Array(Pack), seats: Count, monthly: Yen }, closed);
export type Combination = Static<typeof Combination>;

export const SeatItem = Type.Object(
  {
    id: Id,
    /** What was activated: a device or an account, as the service names it. */
    identifier: Type.String(),
    name: Type.String(),
    /** First day in use. */
    from: CivilDate,
    /** First day no longer in use. */
    until: orNull(CivilDate),
    registeredBy: Type.String(),
  },
  closed,
);
export type SeatItem = Static<typeof SeatItem>;

/** SEC-52, SEC-53. */
export const SeatsShown = Type.Object(
  {
    ...head,
    /** False: the plan has no packs of seats. */
    counted: Type.Boolean(),
    packs: Type.Array(Pack),
    allowed: Count,
    used: Count,
    /** Seats in use above what is allowed, e.g. after a pack was given up. */
    excess: Count,
    /** Monthly fee of the packs, and a combination for as many seats that costs less, if there is one. */
    monthly: orNull(Yen),
    cheaper: orNull(Combination),
    seats: Type.Array(SeatItem),
  },
  closed,
);
export type SeatsShown = Static<typeof SeatsShown>;

export const UseSeat = Type.Object({ identifier: Line, name: Type.Optional(Type.String({ maxLength: 120 })) }, closed);

/** What so many seats would cost at least; nothing is changed by asking. */
export const PackQuestion = Type.Object(
  { seats: Type.Integer({ minimum: 1, maximum: 10_000_000 }), on: OptionalDay },
  closed,
);
export const PackAnswer = Type.Object({ ...head, seats: Count, cheapest: orNull(Combination) }, closed);
export type PackAnswer = Static<typeof PackAnswer>;

// Insurance ----------------------------------------------------------------------------------------------------------

const Cover = Type.Object({ from: CivilDate, to: CivilDate }, { ...closed, description: "both days in" });
const Condition = Type.Object({ what: Sentence, met: Type.Boolean() }, closed);
export const InsuranceOffer = Type.Object(
  {
    rule: Type.String(),
    name: Sentence,
    useFrom: CivilDate,
    useTo: CivilDate,
    conditions: Type.Array(Condition),
    /** The cover that a registered device has; null while a condition is not met. */
    cover: orNull(Cover),
  },
  closed,
);
export type InsuranceOffer = Static<typeof InsuranceOffer>;

export const InsuredDevice = Type.Object(
  {
    id: Id,
    /** `00:1A:2B:3C:4D:5E`. */
    mac: Type.String(),
    device: Type.String(),
    registeredAt: Instant,
    registeredBy: Type.String(),
    removedOn: orNull(CivilDate),
    rule: orNull(Type.String()),
    cover: orNull(Cover),
    state: literals("covered", "to-come", "over", "not-covered"),
  },
  closed,
);
export type InsuredDevice = Static<typeof InsuredDevice>;

/** SEC-58, SEC-59. */
export const InsuranceShown = Type.Object(
  { ...head, offers: Type.Array(InsuranceOffer), devices: Type.Array(InsuredDevice) },
  closed,
);
export type InsuranceShown = Static<typeof InsuranceShown>;

export const RegisterMac = Type.Object(
  {
    mac: Type.String({ minLength: 12, maxLength: 40, description: "six bytes, with or without separators" }),
    device: Type.Optional(Type.String({ maxLength: 120 })),
  },
  closed,
);

// Tickets ------------------------------------------------------------------------------------------------------------

export const Wallet = Type.Object(
  {
    item: Code,
    name: Sentence,
    unitPrice: orNull(Yen),
    bought: Count,
    usedOfBought: Count,
    /** What is left of bought ones; they do not expire. */
    boughtLeft: Count,
    /** The allowance of the month of the day asked for: how many, used, and its last day. */
    included: Count,
    usedOfIncluded: Count,
    expiresOn: orNull(CivilDate),
    /** Both together. */
    remaining: Count,
  },
  closed,
);
export type Wallet = Static<typeof Wallet>;

export const TicketMovement = Type.Object(
  {
    /** The contract fact that it is. */
    id: Id,
    on: CivilDate,
    item: Code,
    kind: literals("bought", "used"),
    quantity: Type.Integer({ minimum: 1 }),
    /** Of a use: the support ticket. */
    ticket: orNull(Type.String()),
    /** Of a use: how many came out of the month's allowance. */
    ofIncluded: Count,
    recordedBy: Type.String(),
    recordedAt: Instant,
  },
  closed,
);
export type TicketMovement = Static<typeof TicketMovement>;

/** SEC-61, SEC-71. */
export const WalletsShown = Type.Object(
  { ...head, wallets: Type.Array(Wallet), movements: Type.Array(TicketMovement) },
  closed,
);
export type WalletsShown = Static<typeof WalletsShown>;

const Tickets = Type.Integer({ minimum: 1, maximum: 10_000 });
/** A key makes a repeated request the same movement. */
const Key = Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));
export const BuyTickets = Type.Object({ item: Code, quantity: Tickets, on: OptionalDay, key: Key }, closed);
export const UseTickets = Type.Object(
  { item: Code, quantity: Tickets, ticket: Line, on: OptionalDay, key: Key },
  closed,
);
export const VoidMovement = Type.Object({ reason: Line }, closed);

// Minimum terms and contract periods ---------------------------------------------------------------------------------

/** What a period that binds would cost if it ended on the day asked for. */
const EndSum = Type.Object({ amount: Yen, rule: Type.String(), formula: Type.String(), sentence: Sentence }, closed);
export const AncillaryTerm = Type.Object(
  {
    item: Code,
    name: Sentence,
    from: CivilDate,
    to: CivilDate,
    months: Count,
    fee: Yen,
    payment: literals("prepaid", "monthly"),
    /** The first day on which it was ended; null while it runs. */
    endedOn: orNull(CivilDate),
    /** Of the fee: billed by the day asked for, and what an end on that day would leave to be paid in one sum. */
    billed: Yen,
    rest: Yen,
  },
  closed,
);
export type AncillaryTerm = Static<typeof AncillaryTerm>;

/** SEC-65, SEC-66, RNS-12, UTM-08, OST-03 to OST-05. */
export const TermsShown = Type.Object(
  {
    ...head,
    minimum: orNull(
      Type.Object(
        {
          rule: Type.String(),
          from: CivilDate,
          to: CivilDate,
          /** Whole months of the term after the month of the day asked for. */
          remainingMonths: Count,
          /** Null: an end on that day costs nothing. */
          endingToday: orNull(EndSum),
        },
        closed,
      ),
    ),
    longestUse: orNull(Type.Object({ rule: Type.String(), lastDay: CivilDate }, closed)),
    ancillary: Type.Array(AncillaryTerm),
  },
  closed,
);
export type TermsShown = Static<typeof TermsShown>;

// Equipment ----------------------------------------------------------------------------------------------------------

const arrangements = ["sold", "lent", "leased", "owned-by-customer"] as const;
export const owners = ["provider", "customer", "lessor"] as const;
const equipmentEvents = [
  "registered",
  "delivered",
  "inspected",
  "defect-reported",
  "installed",
  "title-passed",
  "faulty",
  "replaced",
  "lost",
  "damaged",
  "collected",
  "returned",
] as const;

export const EquipmentItem = Type.Object(
  {
    id: Id,
    contractId: Id,
    number: Type.String(),
    kind: Type.String(),
    model: Type.String(),
    serial: Type.String(),
    arrangement: literals(...arrangements),
    /** Of leased units. */
    lessor: orNull(Type.String()),
    /** On the day asked for. */
    owner: literals(...owners),
    /** First day of that owner. */
    ownerSince: orNull(CivilDate),
    ownerBecause: Sentence,
    /** Who bears loss and damage on that day. */
    risk: literals("provider", "customer"),
    riskBecause: Sentence,
    deliveredOn: orNull(CivilDate),
    installedOn: orNull(CivilDate),
    warrantyUntil: orNull(CivilDate),
    /** The unit that came in its place, and the one whose place it took. */
    replacedBy: orNull(Id),
    replaces: orNull(Id),
    state: literals("in-use", "faulty", "replaced", "returned", "lost"),
  },
  closed,
);
export type EquipmentItem = Static<typeof EquipmentItem>;

const EquipmentEvent = Type.Object(
  {
    on: CivilDate,
    kind: literals(...equipmentEvents),
    note: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
    recordedBy: Type.String(),
    recordedAt: Instant,
  },
  closed,
);
export const ReturnCase = Type.Object(
  {
    id: Id,
    equipmentId: Id,
    contractId: Id,
    serial: Type.String(),
    /** `replacement`: the faulty unit of an exchange; `contract-end`: what belongs to the provider (RNS-45). */
    reason: literals("replacement", "contract-end"),
    openedOn: CivilDate,
    /** Last day; null: at once, or the provider has set no time. */
    dueBy: orNull(CivilDate),
    place: Type.String(),
    /** How it comes back and who pays for that, as the terms say of an exchange (matrix 7.5). */
    way: orNull(literals("courier-collects", "customer-ships")),
    paidBy: orNull(literals("provider", "customer")),
    pickupOfferedOn: orNull(CivilDate),
    returnedOn: orNull(CivilDate),
    damaged: Type.Boolean(),
    /** A sum is charged from this day on (RNS-74, UTM-69); null: none. */
    chargedOn: orNull(CivilDate),
    state: literals("open", "overdue", "returned"),
  },
  closed,
);
export type ReturnCase = Static<typeof ReturnCase>;

export const EquipmentDetail = Type.Object(
  { ...EquipmentItem.properties, events: Type.Array(EquipmentEvent), returns: Type.Array(ReturnCase) },
  closed,
);
export type EquipmentDetail = Static<typeof EquipmentDetail>;

export const EquipmentQuery = Type.Object({ contract: Type.Optional(Id), on: OptionalDay }, closed);
export const NewEquipment = Type.Object(
  {
    contractId: Id,
    kind: Code,
    model: Line,
    serial: Line,
    arrangement: Type.Optional(
      Type.Unsafe<(typeof arrangements)[number]>(
        Type.String({
          enum: [...arrangements],
          description: "for sensors the provider's setting unless told (OST-23)",
        }),
      ),
    ),
    lessor: Type.Optional(Line),
    deliveredOn: Type.Optional(CivilDate),
    installedOn: Type.Optional(CivilDate),
    warrantyUntil: Type.Optional(CivilDate),
  },
  closed,
);
export const NewEquipmentEvent = Type.Object(
  {
    kind: literals(
      "delivered",
      "inspected",
      "defect-reported",
      "installed",
      "title-passed",
      "faulty",
      "lost",
      "damaged",
      "collected",
    ),
    on: CivilDate,
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);
export const ReplaceEquipment = Type.Object(
  {
    serial: Line,
    model: Type.Optional(Line),
    /** The day on which the replacement is sent: ownership changes hands (RNS-73, UTM-68). */
    dispatchedOn: CivilDate,
    warrantyUntil: Type.Optional(CivilDate),
    /** When the replacement was decided on: tells by which day it had to be sent (UTM-65). */
    acceptedAt: Type.Optional(Instant),
    /** Where the faulty unit goes. */
    place: Type.Optional(Line),
  },
  closed,
);
export const PickupOffered = Type.Object({ on: CivilDate }, closed);
export const Returned = Type.Object({ on: CivilDate, damaged: Type.Optional(Type.Boolean()) }, closed);
