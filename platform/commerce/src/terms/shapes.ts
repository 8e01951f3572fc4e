/**
 * Shapes of prices, terms, taxes, calendars, settings and offering in the API. Pure: the portal sees them. A range of days is
 * half-open: `from` is the first day in force (null: since ever), `until` the first day no longer in force (null: until further notice).
 */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals } from "@yagura/server/shapes.ts";
import { ById } from "../shapes.ts";

export const OptionalDay = Type.Union([CivilDate, Type.Null()]);
export const ServiceId = Type.String({ pattern: "^[a-z]{2,20}$", description: "id of a service, e.g. security" });
export const Code = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const BookCode = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$" });
export const Line = Type.String({ minLength: 1, maxLength: 200, pattern: "^[^\\u0000-\\u001f\\u007f]*$" });
export const Text = Type.Object(
  { ja: Type.String({ maxLength: 2000 }), en: Type.String({ maxLength: 2000 }) },
  { ...closed, description: "the same in Japanese and in English" },
);
const Yen = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen" });
const Rate = Type.String({ pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%$", description: "as written, e.g. 10%" });
const range = { from: OptionalDay, until: OptionalDay };

/** What every change of a dated value may say. */
const change = {
  from: CivilDate,
  /** Say what would change and change nothing. */
  dryRun: Type.Optional(Type.Boolean({ default: false })),
  /** Needed for a day inside months that are already billed: a re-rating run brings the difference as adjustments. */
  confirmPast: Type.Optional(Type.Boolean({ default: false })),
  reason: Type.Optional(Line),
};

/** What a change does to one dated value. */
export const ChangeEffect = literals("new", "changed", "ended", "same");
export type ChangeEffect = Static<typeof ChangeEffect>;

/** The answer of every change by date, dry or applied: the value before and after, and all ranges of days afterwards. */
export const DatedChange = Type.Object(
  {
    effect: ChangeEffect,
    applied: Type.Boolean(),
    from: OptionalDay,
    /** First day on which what was planned before holds again; null: until further notice. */
    until: OptionalDay,
    before: Type.Unknown(),
    after: Type.Unknown(),
    timeline: Type.Array(Type.Object({ ...range, value: Type.Unknown() }, closed)),
    /** The change reaches back into months that are billed. */
    reachesBilled: Type.Boolean(),
  },
  closed,
);
export type DatedChange = Static<typeof DatedChange>;

// Prices ---------------------------------------------------------------------------------------------------------------

export const PriceBookItem = Type.Object(
  {
    id: Id,
    code: Type.String(),
    source: Type.String(),
    loadedBy: Type.String(),
    loadedAt: Instant,
    prices: Type.Integer(),
  },
  closed,
);
export type PriceBookItem = Static<typeof PriceBookItem>;

export const PriceItem = Type.Object(
  {
    id: Id,
    service: Type.String(),
    plan: Type.String(),
    item: Type.String(),
    /** Names from the terms where they know the item. */
    planName: Type.Union([Text, Type.Null()]),
    itemName: Type.Union([Text, Type.Null()]),
    amount: Yen,
    /** With tax, as the printed table shows it: display only (COM-08). */
    display: Type.Union([Yen, Type.Null()]),
    ...range,
    book: Type.String(),
  },
  closed,
);
export type PriceItem = Static<typeof PriceItem>;

export const PriceQuery = Type.Object(
  {
    service: Type.Optional(ServiceId),
    plan: Type.Optional(Code),
    item: Type.Optional(Code),
    /** Only what is in force on this day; absent: the whole history and what is planned. */
    on: Type.Optional(CivilDate),
  },
  closed,
);

export const SetPrice = Type.Object(
  {
    service: ServiceId,
    plan: Code,
    item: Code,
    /** Null: no price from that day. */
    amount: Type.Union([Yen, Type.Null()]),
    display: Type.Optional(Type.Union([Yen, Type.Null()])),
    /** Last day; absent: until further notice, or until what is already planned. */
    lastDay: Type.Optional(CivilDate),
    book: Type.Optional(BookCode),
    ...change,
  },
  closed,
);
export type SetPrice = Static<typeof SetPrice>;

export const PriceFormat = literals("csv", "yaml");
export type PriceFormat = Static<typeof PriceFormat>;

export const PriceLoadQuery = Type.Object(
  {
    /** Name of the book; a YAML file may name it itself. */
    book: Type.Optional(BookCode),
    /** Guessed from the first characters of the file unless told. */
    format: Type.Optional(PriceFormat),
    dryRun: Type.Optional(Type.Boolean({ default: false })),
    confirmPast: Type.Optional(Type.Boolean({ default: false })),
    reason: Type.Optional(Line),
  },
  closed,
);
export type PriceLoadQuery = Static<typeof PriceLoadQuery>;

export const PriceLoadRow = Type.Object(
  {
    /** Line of the file. */
    line: Type.Integer(),
    service: Type.String(),
    plan: Type.String(),
    item: Type.String(),
    from: CivilDate,
    until: OptionalDay,
    effect: ChangeEffect,
    /** In force on `from` before the change. */
    oldAmount: Type.Union([Yen, Type.Null()]),
    newAmount: Type.Union([Yen, Type.Null()]),
    reachesBilled: Type.Boolean(),
  },
  closed,
);
export type PriceLoadRow = Static<typeof PriceLoadRow>;
export const PriceRefusal = Type.Object(
  { line: Type.Integer(), column: Type.Union([Type.String(), Type.Null()]), reason: Text },
  closed,
);
export type PriceRefusal = Static<typeof PriceRefusal>;
export const PriceLoadResult = Type.Object(
  {
    book: Type.String(),
    dryRun: Type.Boolean(),
    /** Whether the book was loaded: all rows or none. */
    applied: Type.Boolean(),
    counts: Type.Object(
      {
        new: Type.Integer(),
        changed: Type.Integer(),
        ended: Type.Integer(),
        same: Type.Integer(),
        refused: Type.Integer(),
      },
      closed,
    ),
    rows: Type.Array(PriceLoadRow),
    refused: Type.Array(PriceRefusal),
  },
  closed,
);
export type PriceLoadResult = Static<typeof PriceLoadResult>;

// Terms ----------------------------------------------------------------------------------------------------------------

export const TermsItem = Type.Object(
  {
    id: Id,
    service: Type.String(),
    code: Type.String(),
    ...range,
    sourceDocument: Type.String(),
    /** SHA-256 of the text that the version was read from. */
    textHash: Type.String(),
    /** False: only the date is known, not the text; nothing is computed with it (UTM-86, SEC-73). */
    known: Type.Boolean(),
    plans: Type.Array(Type.Object({ plan: Type.String(), name: Text, orderable: Type.Boolean() }, closed)),
    /** Dated copies of documents that belong to it (OST-22). */
    documents: Type.Integer(),
  },
  closed,
);
export type TermsItem = Static<typeof TermsItem>;

export const TermsDocument = Type.Object(
  {
    id: Id,
    name: Type.String(),
    mediaType: Type.String(),
    sha256: Type.String(),
    bytes: Type.Integer(),
    /** Day of the copy. */
    copiedOn: CivilDate,
    addedBy: Type.String(),
    addedAt: Instant,
  },
  closed,
);
export type TermsDocument = Static<typeof TermsDocument>;

export const TermsDetail = Type.Object(
  {
    ...TermsItem.properties,
    labels: Type.Record(Type.String(), Text),
    /** Rule parameters by key; those of a plan under `plan:PLAN`. */
    parameters: Type.Record(Type.String(), Type.Unknown()),
    copies: Type.Array(TermsDocument),
  },
  closed,
);
export type TermsDetail = Static<typeof TermsDetail>;

const FileText = Type.String({ minLength: 1, maxLength: 1_400_000, description: "file content in base64, up to 1 MB" });
export const NewDocument = Type.Object(
  {
    name: Line,
    mediaType: literals("text/plain", "text/markdown", "text/html", "application/pdf"),
    content: FileText,
    copiedOn: Type.Optional(CivilDate),
  },
  closed,
);
export type NewDocument = Static<typeof NewDocument>;

export const NewTerms = Type.Object(
  {
    service: ServiceId,
    code: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$" }),
    /** Parameters are taken over from the version in force on the day before, or from this one. */
    basedOn: Type.Optional(Type.String({ maxLength: 40 })),
    /** Rule parameters that differ, whole values by key; null takes one away. */
    parameters: Type.Optional(Type.Record(Type.String({ pattern: "^[a-z][a-z0-9:-]{0,79}$" }), Type.Unknown())),
    labels: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Text)),
    document: NewDocument,
    ...change,
  },
  closed,
);
export type NewTerms = Static<typeof NewTerms>;

// Taxes and statutory rates ------------------------------------------------------------------------------------------------

export const TaxClass = literals("taxable", "out-of-scope", "exempt");
export const TaxRateItem = Type.Object({ class: TaxClass, rate: Rate, ...range }, closed);
export type TaxRateItem = Static<typeof TaxRateItem>;
export const SetTaxRate = Type.Object({ class: TaxClass, rate: Rate, ...change }, closed);
export const StatutoryRateItem = Type.Object({ rate: Rate, source: Type.String(), ...range }, closed);
export type StatutoryRateItem = Static<typeof StatutoryRateItem>;
export const SetStatutoryRate = Type.Object({ rate: Rate, source: Line, ...change }, closed);

// Calendars ----------------------------------------------------------------------------------------------------------------

const ClockTime = Type.String({ pattern: "^([01][0-9]|2[0-4]):[0-5][0-9]$" });
const MonthDay = Type.String({ pattern: "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" });
const ClosedKind = literals("national-holiday", "designated");
const hours = {
  name: Text,
  /** ISO weekdays, 1 Monday. */
  weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7, uniqueItems: true }),
  opens: ClockTime,
  /** `24:00`: the end of the day. The minute itself is closed (A-UTM-22). */
  closes: ClockTime,
  closedOn: Type.Array(ClosedKind, { maxItems: 2, uniqueItems: true }),
  /** Yearly closed days, both ends in: 12-29 to 01-04. */
  yearEnd: Type.Union([Type.Object({ from: MonthDay, to: MonthDay }, closed), Type.Null()]),
};
export const ActivityItem = Type.Object(
  { service: Type.String(), activity: Type.String(), ...hours, ...range },
  closed,
);
export type ActivityItem = Static<typeof ActivityItem>;
export const SetActivity = Type.Object(
  { service: ServiceId, activity: Code, hours: Type.Object(hours, closed), ...change },
  closed,
);
export const ClosedDayItem = Type.Object(
  {
    id: Id,
    day: CivilDate,
    kind: ClosedKind,
    service: Type.Union([Type.String(), Type.Null()]),
    name: Text,
    /** Computed, not yet announced: the holidays of a year are published in February of the year before. */
    provisional: Type.Boolean(),
  },
  closed,
);
export type ClosedDayItem = Static<typeof ClosedDayItem>;
export const CalendarQuery = Type.Object(
  {
    service: Type.Optional(ServiceId),
    year: Type.Optional(Type.Integer({ minimum: 1970, maximum: 2100 })),
  },
  closed,
);
export const Calendar = Type.Object(
  { activities: Type.Array(ActivityItem), closedDays: Type.Array(ClosedDayItem) },
  closed,
);
export const NewClosedDay = Type.Object(
  { day: CivilDate, kind: ClosedKind, service: Type.Optional(ServiceId), name: Text, confirmPast: change.confirmPast },
  closed,
);

// Settings -----------------------------------------------------------------------------------------------------------------

const SettingKey = Type.String({ pattern: "^[A-Za-z][A-Za-z0-9:/.-]{0,79}$" });
export const SettingItem = Type.Object(
  {
    /** Null: every service. */
    service: Type.Union([Type.String(), Type.Null()]),
    key: Type.String(),
    value: Type.Unknown(),
    ...range,
    setBy: Type.String(),
    setAt: Instant,
    /** What it asks, and what may be answered, where it is a reading of the rules or data that must be set. */
    name: Type.Union([Text, Type.Null()]),
    hint: Type.Union([Text, Type.Null()]),
    reading: Type.Union([Type.String(), Type.Null()]),
    choices: Type.Array(Type.Object({ value: Type.String(), text: Text }, closed)),
  },
  closed,
);
export type SettingItem = Static<typeof SettingItem>;
export const SettingQuery = Type.Object(
  { service: Type.Optional(ServiceId), key: Type.Optional(SettingKey), on: Type.Optional(CivilDate) },
  closed,
);
export const SetSetting = Type.Object(
  {
    /** Absent: every service. */
    service: Type.Optional(ServiceId),
    key: SettingKey,
    /** Any JSON up to 64 kB; null: no value from that day. */
    value: Type.Unknown(),
    ...change,
    /** Absent: since ever, for a value that was never set. */
    from: Type.Optional(CivilDate),
  },
  closed,
);
export type SetSetting = Static<typeof SetSetting>;

// Offering (COM-30) ----------------------------------------------------------------------------------------------------------

export const MissingItem = Type.Object(
  {
    key: Type.String(),
    name: Text,
    /** What to do. */
    hint: Text,
    suggestion: Type.Unknown(),
    /** What may be answered, where it is a reading of the rules. */
    choices: Type.Array(Type.Object({ value: Type.String(), text: Text }, closed)),
    /** How it is set: a price row, a row of hours, a setting. */
    kind: literals("price", "activity", "setting"),
  },
  closed,
);
export type MissingItem = Static<typeof MissingItem>;
export const OfferingItem = Type.Object(
  {
    service: Type.String(),
    name: Text,
    /** First day on which it is or will be offered; null: not offered. */
    offeredFrom: OptionalDay,
    offeredUntil: OptionalDay,
    /** Whether it can be applied for on the day asked about. */
    offered: Type.Boolean(),
    missing: Type.Array(MissingItem),
  },
  closed,
);
export type OfferingItem = Static<typeof OfferingItem>;
export const OfferingQuery = Type.Object({ on: Type.Optional(CivilDate) }, closed);
export const SetOffering = Type.Object({ offered: Type.Boolean(), ...change }, closed);

// History ----------------------------------------------------------------------------------------------------------------

export const ChangeItem = Type.Object(
  {
    id: Id,
    at: Instant,
    by: Type.String(),
    /** price, tax-rate, statutory-rate, activity, closed-day, setting, offering, terms. */
    kind: Type.String(),
    /** e.g. `security/endpoint/seat-1`. */
    key: Type.String(),
    effect: ChangeEffect,
    from: OptionalDay,
    before: Type.Unknown(),
    after: Type.Unknown(),
    reason: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
);
export type ChangeItem = Static<typeof ChangeItem>;
export const ChangeQuery = Type.Object(
  {
    kind: Type.Optional(Code),
    key: Type.Optional(Type.String({ maxLength: 160 })),
    ...ById,
  },
  closed,
);
