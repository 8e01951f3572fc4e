/** Shapes of what a contract will cost and what will happen to it. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals, orNull } from "@yagura/server/shapes.ts";
import type { ChargeLine, DerivedFact, DocumentTotals } from "../charging/lines.ts";

const OptionalDay = orNull(CivilDate);
const Yen = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen" });
const Text = Type.Object({ ja: Type.String(), en: Type.String() });

/** A charge line as charging gives it. */
export const Line = Type.Unsafe<ChargeLine>(
  Type.Object({
    key: Type.String(),
    contract: Type.String(),
    service: Type.String(),
    plan: Type.String(),
    kind: Type.String(),
    item: Type.String(),
    description: Text,
    feeMonth: CivilDate,
    billMonth: Type.String(),
    period: Type.Object({ from: CivilDate, to: CivilDate }),
    quantity: Type.Number(),
    unitPrice: Type.Integer(),
    amount: Type.Integer(),
    taxClass: Type.String(),
    supplyOn: CivilDate,
    dueOn: OptionalDay,
    why: Type.Object({
      rule: Type.String(),
      version: Type.String(),
      basis: Type.Array(Type.String()),
      inputs: Type.Record(Type.String(), Type.Unknown()),
      formula: Type.String(),
      sentence: Text,
    }),
  }),
);
export type Line = Static<typeof Line>;
export const Totals = Type.Unsafe<DocumentTotals>(
  Type.Object({
    subtotals: Type.Array(
      Type.Object({
        class: Type.String(),
        rate: orNull(Type.String()),
        base: Type.Integer(),
        tax: Type.Integer(),
        formula: Type.String(),
      }),
    ),
    net: Type.Integer(),
    tax: Type.Integer(),
    total: Type.Integer(),
  }),
);
export type Totals = Static<typeof Totals>;
export const Derived = Type.Unsafe<DerivedFact>(
  Type.Object({
    contract: Type.String(),
    rule: Type.String(),
    what: Type.String(),
    value: Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
    sentence: Text,
  }),
);
export type Derived = Static<typeof Derived>;

export const ForecastMonth = Type.Object({ month: Type.String(), lines: Type.Array(Line), totals: Totals }, closed);
export type ForecastMonth = Static<typeof ForecastMonth>;
export const Forecast = Type.Object({ months: Type.Array(ForecastMonth), derived: Type.Array(Derived) }, closed);
export type Forecast = Static<typeof Forecast>;

export const CancellationAnswer = Type.Object(
  {
    desiredOn: CivilDate,
    /** Whether a request received today keeps the notice of the terms. */
    inTime: Type.Boolean(),
    /** Earliest day that can be asked for today. */
    earliestOn: CivilDate,
    /** C, as far as it is known before the check. */
    cancelledOn: CivilDate,
    /** Last day in force. */
    endedOn: CivilDate,
    rule: Type.String(),
    /** Early-termination sums and rests of ancillary services, without tax. */
    sum: Yen,
    lines: Type.Array(Line),
    /** Every month from this one until the last that the contract is charged. */
    months: Type.Array(ForecastMonth),
    derived: Type.Array(Derived),
    /** The end waits for the provider's check or for a payment. */
    waitsFor: Type.Array(literals("check", "damage-payment")),
  },
  closed,
);
export type CancellationAnswer = Static<typeof CancellationAnswer>;

export const ChangeAnswer = Type.Object(
  {
    /** Bills by month, as they are and as they would be. */
    before: Type.Array(ForecastMonth),
    after: Type.Array(ForecastMonth),
    derived: Type.Array(Derived),
  },
  closed,
);
export type ChangeAnswer = Static<typeof ChangeAnswer>;

/** One thing that happened or will happen. */
export const TimelineEntry = Type.Object(
  {
    on: CivilDate,
    at: orNull(Instant),
    when: literals("past", "future"),
    kind: literals("event", "fact", "derived", "task", "invoice", "cost"),
    /** e.g. `started`, `cancelled`, `minimum-term-ends`. */
    what: Type.String(),
    rule: orNull(Type.String()),
    text: Text,
    actor: orNull(Type.String()),
    /** Yen with tax, where it is about money. */
    amount: orNull(Type.Integer()),
    /** Event, fact, task or invoice. */
    id: orNull(Id),
    payload: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);
export type TimelineEntry = Static<typeof TimelineEntry>;
export const Timeline = Type.Object({ entries: Type.Array(TimelineEntry), months: Type.Array(ForecastMonth) }, closed);
export type Timeline = Static<typeof Timeline>;
