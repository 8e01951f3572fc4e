/**
 * Shapes of what the detections go by: settings, learning, what-if (OT-27, OT-N3).
 *
 * GET|PUT settings?site · GET learning?site · POST learning/restart · POST what-if · GET what-if?site · GET|DELETE what-if/:run
 * GET signatures?site · PUT signatures
 */
import { Type, type Static } from "typebox";
import { closed, Id, Instant, literals, orNull } from "@yagura/server/shapes.ts";
import { AssetRef, Count, SeverityWord } from "./api.ts";
import { LearningWord } from "./api-assets.ts";
import { refusalCodes } from "./api-refusals.ts";

/** A number that people may set. Words by `group` and `name`. */
export const Threshold = Type.Object(
  {
    /** learning, volume, cycle, scan, malformed, capture, general (as in analysis/detect/types.ts). */
    group: Type.String(),
    name: Type.String(),
    value: Type.Number(),
    default: Type.Number(),
    minimum: Type.Number(),
    maximum: Type.Number(),
    /** days, share, bytes, weeks, times, batches, ms, hosts, ports, addresses, messages, findings, deviations, items. */
    unit: Type.String(),
  },
  closed,
);
export type Threshold = Static<typeof Threshold>;
const Servers = Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { maxItems: 64, uniqueItems: true });
/** Servers that are meant to be there, by address. */
export const MeantServers = Type.Object({ dhcp: Servers, dns: Servers, gateway: Servers }, closed);
const Kinds = Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: 200, uniqueItems: true });
export const Settings = Type.Object(
  {
    siteId: Id,
    thresholds: Type.Array(Threshold),
    /** Every kind of analysis/findings.ts, and whether it is told. */
    kinds: Type.Array(Type.Object({ kind: Type.String(), enabled: Type.Boolean() }, closed)),
    servers: MeantServers,
    changedAt: orNull(Instant),
    changedBy: orNull(Type.String()),
  },
  closed,
);
export type Settings = Static<typeof Settings>;
/** What differs from the defaults; what is not named is at its default. */
export const SettingChange = Type.Object(
  {
    /** By `group.name`, e.g. `volume.deviations`. */
    thresholds: Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.Number())),
    off: Type.Optional(Kinds),
    servers: Type.Optional(Type.Partial(MeantServers)),
  },
  closed,
);
export type SettingChange = Static<typeof SettingChange>;
export const ChangeSettings = Type.Object({ siteId: Id, change: SettingChange }, closed);

export const Learning = Type.Object(
  {
    siteId: Id,
    /** First upload of the site. */
    startedAt: orNull(Instant),
    assets: Type.Object({ learning: Count, watching: Count, noisy: Count }, closed),
    items: Count,
    /** New items by day, the last 30 days in Asia/Tokyo, oldest first: saturation is where it falls to nothing. */
    days: Type.Array(Type.Object({ day: Type.String(), items: Count }, closed)),
    /** The devices that still bring the most new things. */
    restless: Type.Array(
      Type.Object({ asset: AssetRef, state: LearningWord, newItems: Count, since: Instant }, closed),
    ),
  },
  closed,
);
export type Learning = Static<typeof Learning>;
export const RestartLearning = Type.Object(
  { siteId: Id, /** Empty: all. */ assetIds: Type.Array(Id, { maxItems: 500, uniqueItems: true }) },
  closed,
);

/** Stored metadata is gone through again with changed settings, beside the settings in force. */
export const NewWhatIf = Type.Object(
  {
    siteId: Id,
    days: Type.Integer({ minimum: 1, maximum: 90 }),
    change: SettingChange,
  },
  closed,
);
const Weekly = Type.Object(
  { kind: Type.String(), severity: SeverityWord, before: Type.Number(), after: Type.Number() },
  closed,
);
const Sample = Type.Object(
  {
    kind: Type.String(),
    severity: SeverityWord,
    since: Instant,
    parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  },
  closed,
);
export const WhatIf = Type.Object(
  {
    id: Id,
    siteId: Id,
    state: literals("queued", "running", "done", "failed"),
    /** 0 to 1. */
    progress: Type.Number(),
    days: Count,
    change: SettingChange,
    createdAt: Instant,
    createdBy: Type.String(),
    finishedAt: orNull(Instant),
    error: orNull(Type.String()),
    result: orNull(
      Type.Object(
        {
          from: Instant,
          to: Instant,
          /** Alerts a week, in all and by kind. */
          before: Type.Number(),
          after: Type.Number(),
          kinds: Type.Array(Weekly),
          /** The newest that would come and that would not come any more, at most 50 each. */
          added: Type.Array(Sample),
          removed: Type.Array(Sample),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type WhatIf = Static<typeof WhatIf>;

export const SignatureRules = Type.Object(
  {
    siteId: Id,
    /** Suricata's rule language, one a line (docs name the subset). */
    text: Type.String({ maxLength: 2_000_000 }),
    /** Rules that the sensors use. */
    rules: Count,
    /** Rules that they cannot use. */
    unused: Count,
    /** The first hundred of them; words in api-refusals.ts by the code. */
    refused: Type.Array(
      Type.Object(
        {
          line: Count,
          code: literals(...refusalCodes),
          parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
        },
        closed,
      ),
    ),
    changedAt: orNull(Instant),
    changedBy: orNull(Type.String()),
  },
  closed,
);
export type Signatures = Static<typeof SignatureRules>;
export const ChangeSignatures = Type.Object({ siteId: Id, text: Type.String({ maxLength: 2_000_000 }) }, closed);
