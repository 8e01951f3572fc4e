/**
 * The file of `yagura charges preview`: contracts with their facts, claims and payments, and rows that complete or replace the
 * shipped tables. This schema is its documentation (`yagura charges schema`).
 */
import { Type, type Static } from "typebox";
import { closed, literals } from "@yagura/server/shapes.ts";
import { ClaimFacts, ContractFacts, PaymentFacts } from "./facts.ts";

const Day = Type.String({ format: "date", description: "calendar day in Asia/Tokyo, YYYY-MM-DD" });
const Month = Type.String({ pattern: "^(19|20|21)\\d{2}-(0[1-9]|1[0-2])$", description: "calendar month, YYYY-MM" });
const Name = Type.String({ minLength: 1, maxLength: 100 });
const code = (description: string) => Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$", description });
const Plan = code("plan of the service");
const Item = code("item of the plan");
const named = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });
const Service = Type.String({ pattern: "^[a-z]{2,20}$", description: "e.g. experience, security, remote, ot, utm" });
const Amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen without tax" });
const Rate = Type.String({ pattern: "^\\d{1,6}(\\.\\d{1,9})?%?$", description: "e.g. 10% or 0.145" });
const Clock = Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$", description: "HH:MM in Asia/Tokyo" });
const text = Type.Object({ ja: Name, en: Name }, { ...closed, description: "what it is called" });
const inForce = {
  from: Type.Optional(
    Type.Union([Day, Type.Null()], { description: "first day in force; absent or null: since ever" }),
  ),
  until: Type.Optional(
    Type.Union([Day, Type.Null()], {
      description: "first day no longer in force; absent or null: until further notice",
    }),
  ),
};
const row = <P extends Parameters<typeof Type.Object>[0]>(properties: P, description: string) =>
  Type.Object({ ...properties, ...inForce }, { ...closed, description });

export const PriceRow = row(
  {
    service: Service,
    plan: Plan,
    item: Item,
    amount: Amount,
    book: Type.Optional(named("price book that it comes from; stands in the reason")),
  },
  "a price; over its days it takes the place of the shipped one",
);
export const TaxRateRow = row(
  {
    class: Type.Unsafe<"taxable">(Type.String({ enum: ["taxable"], description: "the class that the rate is for" })),
    rate: Rate,
  },
  "a rate of consumption tax",
);
export const StatutoryRateRow = row({ rate: Rate }, "the statutory interest rate of a year (Civil Code 404)");
export const SettingRow = row(
  {
    service: Type.Optional(Type.Union([Service, Type.Null()], { description: "absent or null: every service" })),
    key: Type.String({
      minLength: 1,
      maxLength: 100,
      description: "e.g. due, return-months, reading:A-SEC-3, invoice-unit",
    }),
    value: Type.Unknown({ description: "as the service's offer describes it" }),
  },
  "data of the provider, or a reading of the terms",
);
export const ClosedDayRow = Type.Object(
  {
    day: Day,
    kind: literals("national-holiday", "designated"),
    name: Type.Optional(named("what the day is called")),
    service: Type.Optional(Type.Union([Service, Type.Null()], { description: "absent or null: every service" })),
  },
  { ...closed, description: "a national holiday, or a day on which the provider is closed" },
);
export const ActivityRow = row(
  {
    service: Service,
    activity: code("e.g. desk"),
    name: Type.Optional(text),
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      minItems: 1,
      maxItems: 7,
      description: "1 Monday … 7 Sunday",
    }),
    opens: Clock,
    closes: Clock,
    closedOn: Type.Array(literals("national-holiday", "designated"), {
      maxItems: 2,
      description: "days on which it is closed",
    }),
    yearEnd: Type.Optional(
      Type.Union(
        [
          Type.Object(
            {
              from: Type.String({ pattern: "^\\d{2}-\\d{2}$", description: "first closed day, MM-DD" }),
              to: Type.String({ pattern: "^\\d{2}-\\d{2}$", description: "last closed day, MM-DD" }),
            },
            closed,
          ),
          Type.Null(),
        ],
        { description: "closed every year, both days in; absent or null: not" },
      ),
    ),
  },
  "hours of an activity: business days are counted on them",
);
export const TermsRow = Type.Object(
  {
    service: Service,
    code: named("its own code"),
    like: Type.String({
      minLength: 1,
      maxLength: 100,
      description:
        "code of the version whose text holds on these days too, e.g. where a revision is known by its date only",
    }),
    ...inForce,
  },
  { ...closed, description: "a version of the terms: over its days it takes the place of the shipped one" },
);

export const tableRows = {
  prices: PriceRow,
  taxRates: TaxRateRow,
  statutoryRates: StatutoryRateRow,
  settings: SettingRow,
  closedDays: ClosedDayRow,
  activities: ActivityRow,
  terms: TermsRow,
} as const;
export type TableName = keyof typeof tableRows;

const many = <T extends (typeof tableRows)[TableName]>(one: T, description: string) =>
  Type.Optional(Type.Array(one, { maxItems: 10_000, description }));

export const PreviewTables = Type.Object(
  {
    prices: many(PriceRow, "prices without tax"),
    taxRates: many(TaxRateRow, "rates of consumption tax"),
    statutoryRates: many(StatutoryRateRow, "statutory interest rates"),
    settings: many(SettingRow, "data of the provider, readings of the terms"),
    closedDays: many(ClosedDayRow, "closed days beside the shipped national holidays"),
    activities: many(ActivityRow, "hours"),
    terms: many(TermsRow, "versions of the terms"),
  },
  {
    ...closed,
    description:
      "rows that complete or replace the shipped tables; prices that the terms leave to the provider stand here",
  },
);

/** What a contract of a file may hold beside its facts. */
export const PreviewFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ maxLength: 500 })),
    description: Type.Optional(
      Type.String({ maxLength: 1000, description: "for the reader; charging does not look at it" }),
    ),
    from: Type.Unsafe<string>({ ...Month, description: "first bill month, YYYY-MM" }),
    to: Type.Unsafe<string>({ ...Month, description: "last bill month, YYYY-MM" }),
    contracts: Type.Array(ContractFacts, { maxItems: 1000, description: "contracts of one customer" }),
    claims: Type.Optional(
      Type.Array(ClaimFacts, { maxItems: 10_000, description: "sums that became due, for late interest (COM-12)" }),
    ),
    payments: Type.Optional(
      Type.Array(PaymentFacts, { maxItems: 10_000, description: "money that came in: oldest due date first (COM-13)" }),
    ),
    until: Type.Optional(
      Type.Unsafe<string>({
        ...Day,
        description: "late interest of what is unpaid as if paid on this day; absent: last day of `to`",
      }),
    ),
    consolidated: Type.Optional(
      Type.Boolean({
        description: "one invoice a month for all contracts, instead of the unit of each service (COM-28)",
      }),
    ),
    tables: Type.Optional(PreviewTables),
  },
  {
    ...closed,
    $id: "https://yagura.invalid/schemas/charges-preview.json",
    title: "Facts of charges",
    description:
      "Contracts, everything that happened to them, claims and payments. `npx yagura charges preview FILE` computes lines, tax, totals, invoices, late interest and the facts that follow from them, each with its reason.",
  },
);
export type PreviewFile = Static<typeof PreviewFile>;
export type PreviewTables = NonNullable<PreviewFile["tables"]>;
