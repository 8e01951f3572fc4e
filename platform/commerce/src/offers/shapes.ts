/** Shapes of what can be ordered, in the API. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, literals, orNull } from "@yagura/server/shapes.ts";
import type { OrderForm } from "../charging/shapes.ts";

const Sentence = Type.String({ maxLength: 500 });
const Text = Type.Object({ ja: Sentence, en: Sentence }, closed);
const OptionalDay = orNull(CivilDate);
const range = { from: OptionalDay, until: OptionalDay } as const;
const Word = Type.String({ minLength: 1, maxLength: 100 });
const FieldName = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const Rule = Type.String({ pattern: "^[A-Za-z0-9 .-]{1,40}$" });
const Choice = Type.Object({ value: Word, text: Text }, closed);
const Condition = Type.Object({ field: FieldName, value: Word }, closed);

const FormFieldShape = Type.Object(
  {
    name: FieldName,
    label: Text,
    hint: Type.Optional(Text),
    rule: Rule,
    type: literals(
      "text",
      "corporate-number",
      "postal-address",
      "mail",
      "phone",
      "date",
      "choice",
      "choices",
      "consent",
      "secret",
      "number",
      "mac",
      "ip-address",
    ),
    required: Type.Boolean(),
    maximum: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2000, description: "characters as a person sees them" }),
    ),
    choices: Type.Optional(Type.Array(Choice, { maxItems: 5000 })),
    least: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: "at least so many of the choices" })),
    attribute: Type.Optional(Type.Boolean()),
    when: Type.Optional(Condition),
  },
  closed,
);
const FormSections = Type.Array(
  Type.Object({ title: Text, fields: Type.Array(FormFieldShape, { maxItems: 60 }) }, closed),
  { maxItems: 20 },
);
const OrderCheckShape = Type.Object(
  {
    kind: literals("in-japan", "needs-plan", "unique", "listed", "consent", "not-both"),
    rule: Rule,
    field: Type.Optional(FieldName),
    plans: Type.Optional(Type.Array(Type.String())),
    setting: Type.Optional(Type.String()),
    fields: Type.Optional(Type.Array(Condition)),
    because: Type.Optional(Text),
  },
  closed,
);
/** An order form as it stands in the offer. */
const OrderFormShape = Type.Unsafe<OrderForm>(
  Type.Object(
    {
      plan: Type.String(),
      ...range,
      name: Text,
      sections: FormSections,
      items: Type.Array(
        Type.Object(
          {
            item: Type.String(),
            minimum: Type.Integer(),
            maximum: Type.Integer(),
            initially: Type.Integer(),
          },
          closed,
        ),
      ),
      checks: Type.Array(OrderCheckShape),
      cheaperPacks: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
);

/** Value of the setting `form:PLAN` (EXP-09): the provider's own fields of an order form; items and checks stay as shipped. */
export const ProviderForm = Type.Unsafe<Pick<OrderForm, "sections">>(Type.Object({ sections: FormSections }, closed));

/** Something that an order of the plan may hold, with its price of the day. */
export const OfferedItem = Type.Object(
  {
    item: Type.String(),
    name: Text,
    unit: Text,
    kind: Type.String({ description: "base, pack, option, ancillary, initial, ticket, one-off, document, surcharge" }),
    monthly: Type.Boolean({ description: "a fee of every fee month; else once, when something happens" }),
    /** The order form names it. */
    orderable: Type.Boolean(),
    seats: orNull(Type.Integer()),
    clause: orNull(literals("sale", "mandate", "work")),
    taxClass: literals("taxable", "out-of-scope", "exempt"),
    rule: Type.String(),
    /** Null: the provider's price book has none for the day. */
    price: orNull(
      Type.Object(
        {
          amount: Type.Integer({ description: "yen without tax" }),
          display: orNull(Type.Integer({ description: "as the price table prints it with tax; for showing only" })),
          ...range,
          book: Type.String(),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type OfferedItem = Static<typeof OfferedItem>;

const ThirdPartyTermsShape = Type.Object(
  {
    rule: Type.String(),
    plan: Type.String(),
    code: Type.String(),
    name: Text,
    when: Type.Optional(Condition),
    alsoBefore: Type.Optional(Type.Object({ rule: Type.String(), day: CivilDate }, closed)),
    clauses: orNull(Type.Array(Type.String())),
    precedence: literals("provider-terms", "third-party"),
    note: Text,
    /** The text that holds on the day; null: the provider has not said which. */
    text: orNull(
      Type.Object(
        {
          title: Text,
          version: Type.String(),
          address: Type.Optional(Type.String()),
          sha256: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const OfferedPlan = Type.Object(
  {
    plan: Type.String(),
    name: Text,
    form: OrderFormShape,
    items: Type.Array(OfferedItem),
    /** Null: none. */
    minimumTerm: orNull(Type.Object({ rule: Type.String(), months: Type.Integer() }, closed)),
    cancellation: Type.Object(
      {
        rule: Type.String(),
        count: Type.Integer(),
        unit: literals("none", "month", "business-day"),
        channels: Type.Array(Type.String()),
      },
      closed,
    ),
    longestUse: orNull(
      Type.Object({ rule: Type.String(), yearsByModel: Type.Record(Type.String(), Type.Integer()) }, closed),
    ),
    thirdPartyTerms: Type.Array(ThirdPartyTermsShape),
  },
  closed,
);
export type OfferedPlan = Static<typeof OfferedPlan>;

export const OfferItem = Type.Object(
  {
    service: Type.String(),
    name: Text,
    /** Whether it can be applied for on the day (COM-30). */
    offered: Type.Boolean(),
    terms: Type.Object({ code: Type.String(), ...range, sourceDocument: Type.String() }, closed),
    labels: Type.Record(Type.String(), Text),
    soleTraders: Type.Boolean(),
    plans: Type.Array(OfferedPlan),
    /** Values of the lists that fields are checked against, by setting: kinds of line, areas. */
    lists: Type.Record(Type.String(), Type.Array(Choice)),
    articles: Type.Array(Type.Object({ article: Type.String(), about: Text, rule: Type.String() }, closed)),
    checklists: Type.Array(
      Type.Object({ rule: Type.String(), code: Type.String(), name: Text, points: Type.Array(Text) }, closed),
    ),
  },
  closed,
);
export type OfferItem = Static<typeof OfferItem>;

export const OfferQuery = Type.Object(
  {
    service: Type.Optional(Type.String({ pattern: "^[a-z]{2,20}$" })),
    /** Today (Asia/Tokyo) unless told. */
    on: Type.Optional(CivilDate),
  },
  closed,
);

/** What a step has to rest on: the grounds that the terms of a service know for a use. */
export const GroundItem = Type.Object(
  {
    use: literals(
      "refusal",
      "revocation",
      "rescission",
      "suspension",
      "discontinuance",
      "cancellation-by-provider",
      "acceleration",
      "deemed-consent",
      "excluded-work",
    ),
    code: Type.String(),
    article: Type.String(),
    rule: Type.String(),
    text: Text,
    withoutNotice: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type GroundItem = Static<typeof GroundItem>;
/** A row of matrix 7.3: how one kind of notice is given, when it takes effect and what it must state. */
export const NoticeRuleItem = Type.Object(
  {
    rule: Type.String(),
    kind: Type.String(),
    name: Text,
    lead: Type.Object(
      {
        count: Type.Integer(),
        unit: literals("none", "before", "day", "month", "business-day", "reasonable"),
      },
      closed,
    ),
    channels: Type.Array(literals("web", "post", "mail", "other")),
    states: Type.Array(Type.String()),
    emergencyWithoutLead: Type.Boolean(),
  },
  closed,
);
export type NoticeRuleItem = Static<typeof NoticeRuleItem>;
export const GroundQuery = Type.Object({ service: Type.String({ pattern: "^[a-z]{2,20}$" }) }, closed);
