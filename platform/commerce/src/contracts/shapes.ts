/** Shapes of contracts in the API. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, Id, Instant } from "@yagura/server/shapes.ts";

const closed = { additionalProperties: false } as const;
const OptionalDay = Type.Union([CivilDate, Type.Null()]);

export const ContractState = Type.Union([
  Type.Literal("awaiting-start"),
  Type.Literal("active"),
  Type.Literal("ending"),
  Type.Literal("ended"),
]);
export type ContractState = Static<typeof ContractState>;

export const ContractItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    service: Type.String(),
    number: Type.String(),
    state: ContractState,
    /** False: the provider's own organisation. */
    charged: Type.Boolean(),
    startedOn: OptionalDay,
    /** Last day in force. */
    endedOn: OptionalDay,
    createdAt: Instant,
  },
  closed,
);
export type ContractItem = Static<typeof ContractItem>;

export const ContractEvent = Type.Object(
  {
    at: Instant,
    kind: Type.String(),
    actor: Type.String(),
    ground: Type.String({ description: "the rule that the step rests on" }),
    payload: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);
export type ContractEvent = Static<typeof ContractEvent>;

export const ContractDetail = Type.Object({ ...ContractItem.properties, events: Type.Array(ContractEvent) }, closed);

export const NewContract = Type.Object(
  {
    service: Type.String({ pattern: "^[a-z]{2,20}$" }),
    /** Today (Asia/Tokyo) unless told. */
    startedOn: Type.Optional(CivilDate),
  },
  closed,
);
export const EndContract = Type.Object(
  {
    on: Type.String({
      format: "date",
      description:
        "Last day in force. Today or an earlier day: the contract ends at once. A later day: when that day is over (00:00 Asia/Tokyo).",
    }),
  },
  closed,
);
