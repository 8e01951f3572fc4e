/** What a setting may be, for the keys that rules read: a wrong value is refused when it is set, not when a bill is made. */
import { Type, type TSchema } from "typebox";
import { closed, literals } from "@yagura/server/shapes.ts";
import { Check, Errors } from "typebox/value";
import type { FieldError } from "@yagura/core/errors.ts";

const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
const Day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const MonthDay = Type.String({ pattern: "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" });
const Code = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const Rate = Type.String({ pattern: "^(statutory|[0-9]{1,3}(\\.[0-9]{1,4})?%)$" });
const Yen = whole(0, 1_000_000_000_000);

const shapes: Readonly<Record<string, TSchema>> = {
  due: Type.Object(
    {
      monthsAfter: whole(0, 12),
      day: Type.Union([whole(1, 31), Type.Literal("last")]),
      shift: Type.Optional(literals("none", "next", "previous")),
    },
    closed,
  ),
  anchor: whole(1, 31),
  "late-interest": Type.Union([
    Type.Literal("off"),
    Type.Object(
      {
        rate: Rate,
        rule: Type.Optional(Type.String({ maxLength: 40 })),
        paymentDay: Type.Optional(literals("included", "excluded")),
        graceDays: Type.Optional(whole(0, 365)),
        yearDays: Type.Optional(Type.Literal(365)),
        since: Type.Optional(Type.Union([Day, Type.Null()])),
        alone: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
  ]),
  "designated-days": Type.Object(
    {
      yearEnd: Type.Optional(Type.Union([Type.Object({ from: MonthDay, to: MonthDay }, closed), Type.Null()])),
      days: Type.Optional(Type.Array(Day, { maxItems: 1000 })),
    },
    closed,
  ),
  "reminder-days": Type.Array(whole(1, 365), { minItems: 1, maxItems: 9 }),
  "reminder-pay-days": whole(1, 90),
  "included-tickets": Type.Record(Code, whole(0, 10_000)),
  "invoice-unit": literals("contract", "organisation-month", "claim"),
  // Bill runs (billing/).
  "billing-starts": Type.String({ pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$" }),
  "bill-run": literals("draft", "issue"),
  "zero-bills": literals("issue", "skip"),
  "qualified-bills": Type.Boolean(),
  "return-months": whole(0, 60),
  "underbilling-threshold": Yen,
  postage: Yen,
  "label-characters": whole(1, 200),
  "quarantine-days": whole(1, 3660),
  "ancillary-catalogue": Type.Array(
    Type.Object(
      {
        item: Type.Optional(Code),
        months: Type.Optional(whole(1, 120)),
        payment: Type.Optional(literals("prepaid", "monthly")),
        fee: Type.Optional(Yen),
        name: Type.Optional(Type.Object({ ja: Type.String(), en: Type.String() }, closed)),
      },
      closed,
    ),
    { maxItems: 1000 },
  ),
};
/** Keys that end in something of the offer's own, by their beginning or end. */
const families: readonly { readonly has: (key: string) => boolean; readonly shape: TSchema }[] = [
  // “A reasonable time before” of a kind of notice.
  { has: (key) => key.endsWith("-notice-days"), shape: whole(0, 3660) },
  // SEC-02: the text of somebody else's terms that holds.
  {
    has: (key) => key.startsWith("third-party:"),
    shape: Type.Object(
      {
        title: Type.Object({ ja: Type.String({ maxLength: 200 }), en: Type.String({ maxLength: 200 }) }, closed),
        version: Type.String({ pattern: "^[A-Za-z0-9._-]{1,40}$" }),
        address: Type.Optional(Type.String({ pattern: "^https?://", maxLength: 500 })),
        sha256: Type.Optional(Type.String({ pattern: "^[0-9a-f]{64}$" })),
      },
      closed,
    ),
  },
];

/** One sentence for each field that is wrong; none for keys that no rule reads. */
export function settingFaults(key: string, value: unknown): FieldError[] {
  const shape = families.find(({ has }) => has(key))?.shape ?? (Object.hasOwn(shapes, key) ? shapes[key] : undefined);
  if (shape === undefined || Check(shape, value)) return [];
  return [...Errors(shape, value)].map(({ instancePath, message }) => ({
    pointer: `/body/value${instancePath}`,
    message,
  }));
}
