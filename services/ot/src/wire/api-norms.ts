/**
 * Shapes of what others do (OT-N9): sums over the organisations that take part, of at least five of them, rounded down.
 *
 * GET|PUT norms/membership · GET findings/:finding/norms · GET assets/:asset/norms · GET /api/v1/provider/ot/norms
 */
import { Type, type Static } from "typebox";
import { closed, Instant, literals, orNull } from "@yagura/server/shapes.ts";
import { normKinds } from "../analysis/norms/sums.ts";
import { subjectLevels } from "../analysis/norms/subjects.ts";
import { AssetRef, CommandClassWord, Count, ProtocolWord } from "./api.ts";

/** When the newest sums were made, and of what. */
export const NormSums = Type.Object(
  {
    at: Instant,
    from: Instant,
    /** That gave something, rounded down to a multiple of five; 0: fewer than five. */
    organisations: Count,
  },
  closed,
);
export const NormMembership = Type.Object(
  {
    takesPart: Type.Boolean(),
    since: orNull(Instant),
    by: orNull(Type.String()),
    /** In the newest sums; null: none were made since it takes part. */
    countedSites: orNull(Count),
    sites: Count,
    /** Left out, because their sensors send tokens. */
    tokenSites: Count,
    sums: orNull(NormSums),
    /** Organisations from which on something is told, sites of an organisation that count, days of the sums. */
    limits: Type.Object({ organisations: Count, sites: Count, days: Count }, closed),
  },
  closed,
);
export type NormMembership = Static<typeof NormMembership>;
export const ChangeNormMembership = Type.Object({ takesPart: Type.Boolean() }, closed);

/** Rounded down to multiples of five. */
export const NormFigures = Type.Object({ sites: Count, organisations: Count }, closed);
export type NormFigures = Static<typeof NormFigures>;
export const NormSubject = Type.Object(
  {
    level: literals(...subjectLevels),
    vendor: Type.String(),
    /** Designation, family, or a word of the roles. */
    name: Type.String(),
    /** That have such a device. */
    of: NormFigures,
  },
  closed,
);
export type NormSubject = Static<typeof NormSubject>;
export const NormAnswer = Type.Object(
  {
    asset: AssetRef,
    /** Null: fewer than five organisations have such a device, or its vendor is not known. */
    subject: orNull(NormSubject),
    /** Null: the device itself. */
    habit: orNull(
      Type.Object(
        {
          kind: literals(...normKinds),
          protocol: ProtocolWord,
          /** Name of a function; class of a function or of `class`. */
          name: orNull(Type.String()),
          class: orNull(CommandClassWord),
        },
        closed,
      ),
    ),
    /** Where the same was seen; null: at fewer than five organisations, or at none. */
    seen: orNull(NormFigures),
    /** Null without a subject. */
    verdict: orNull(literals("usual", "some", "rare")),
  },
  closed,
);
export type NormAnswer = Static<typeof NormAnswer>;
/** off: the organisation does not take part; waiting: its own rows are in no sums yet; unasked: others cannot be asked this. */
const state = literals("off", "waiting", "unasked", "told");
export const FindingNorms = Type.Object(
  { state, sums: orNull(NormSums), answers: Type.Array(NormAnswer, { maxItems: 2 }) },
  closed,
);
export type FindingNorms = Static<typeof FindingNorms>;

/** What is usual for devices like this one. What is not named is done at fewer than five organisations, or at none. */
export const AssetNorms = Type.Object(
  {
    state,
    sums: orNull(NormSums),
    subject: orNull(NormSubject),
    functions: Type.Array(Type.Object({ protocol: ProtocolWord, code: Count, seen: NormFigures }, closed)),
    serves: Type.Array(Type.Object({ protocol: ProtocolWord, seen: NormFigures }, closed)),
    uses: Type.Array(Type.Object({ protocol: ProtocolWord, seen: NormFigures }, closed)),
  },
  closed,
);
export type AssetNorms = Static<typeof AssetNorms>;

/** For the provider: how many take part, and what is published. */
export const NormOverview = Type.Object(
  {
    sums: orNull(NormSums),
    /** Organisations that take part now, and those in the newest sums; not rounded. */
    members: Count,
    giving: Count,
    sites: Count,
    subjects: Type.Array(NormSubject),
  },
  closed,
);
export type NormOverview = Static<typeof NormOverview>;
