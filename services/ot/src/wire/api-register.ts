/**
 * Shapes of the customer's own device list, of captures handed in for a one-off analysis, and of the assessment
 * (OT-10, OT-30, OT-32).
 *
 * GET register?site · POST register/imports · GET register/imports?site · DELETE register?site
 * POST captures?name=…&site=… (the file as the body) · GET captures · GET|DELETE captures/:capture
 * GET reports/assessment?site&from&to
 */
import { Type, type Static } from "typebox";
import { closed, Id, Instant, literals, Name, orNull } from "@yagura/server/shapes.ts";
import { AssetRef, Count, ProtocolWord, RoleWord, SeverityWord, Site, Span, Tally } from "./api.ts";
import { AssetItem } from "./api-assets.ts";
import { FindingView } from "./api-findings.ts";

export const registerFields = [
  "number",
  "name",
  "mac",
  "address",
  "vendor",
  "model",
  "serial",
  "role",
  "place",
  "owner",
  "note",
] as const;
export const RegisterField = literals(...registerFields);
export type RegisterField = Static<typeof RegisterField>;
/** Rows are known again by `number`, else MAC, else address, else serial. An import replaces the list of the site. */
export const NewRegisterImport = Type.Object(
  {
    siteId: Id,
    /** CSV with a line of headers; comma, semicolon or tab. */
    csv: Type.String({ minLength: 1, maxLength: 5_000_000 }),
    /** Header of each field; what is not named is found by its usual headers in Japanese and English. */
    columns: Type.Optional(
      Type.Partial(Type.Object(Object.fromEntries(registerFields.map((field) => [field, Name])), closed)),
    ),
    /** Only says what it would do. */
    dryRun: Type.Boolean(),
  },
  closed,
);
export type NewRegisterImport = Static<typeof NewRegisterImport>;
export const RegisterImport = Type.Object(
  {
    /** Null: a dry run. */
    id: orNull(Id),
    siteId: Id,
    at: Instant,
    by: Type.String(),
    rows: Count,
    headers: Type.Array(Type.String()),
    columns: Type.Record(Type.String(), Type.String()),
    /** Lines that were left out, at most 200. */
    refused: Type.Array(Type.Object({ line: Count, reason: Type.String() }, closed)),
    added: Count,
    changed: Count,
    removed: Count,
    matched: Count,
    unseen: Count,
    unregistered: Count,
  },
  closed,
);
export type RegisterImport = Static<typeof RegisterImport>;
export const RegisterEntry = Type.Object(
  {
    id: Id,
    fields: Type.Record(Type.String(), Type.String()),
    /** matched: seen; differs: seen, but something is otherwise; unseen: listed and never seen; ambiguous: fits several. */
    state: literals("matched", "differs", "unseen", "ambiguous"),
    asset: orNull(AssetRef),
    /** By which field it was found. */
    by: orNull(RegisterField),
    differences: Type.Array(Type.Object({ field: RegisterField, listed: Type.String(), seen: Type.String() }, closed)),
  },
  closed,
);
export const Register = Type.Object(
  {
    siteId: Id,
    importedAt: orNull(Instant),
    entries: Type.Array(RegisterEntry),
    /** Seen and not listed. */
    unregistered: Type.Array(AssetItem),
  },
  closed,
);
export type Register = Static<typeof Register>;

export const CaptureUpload = Type.Object(
  {
    id: Id,
    name: Name,
    bytes: Count,
    state: literals("queued", "running", "done", "failed"),
    /** Sentence for people, in the language of who asked. */
    error: orNull(Type.String()),
    packets: orNull(Count),
    createdAt: Instant,
    createdBy: Type.String(),
    finishedAt: orNull(Instant),
  },
  closed,
);
export type CaptureUpload = Static<typeof CaptureUpload>;
/** `result`: what `yagura ot analyse --json` prints of the file. */
export const CaptureResult = Type.Object({ capture: CaptureUpload, result: orNull(Type.Unknown()) }, closed);

const By = <T extends Parameters<typeof Type.Array>[0]>(key: T) =>
  Type.Array(Type.Object({ key, count: Count }, closed));
/** Figures of the one-click report: summary for the manager, findings with actions for the engineer. */
export const Assessment = Type.Object(
  {
    at: Instant,
    span: Span,
    organisation: Type.String(),
    site: Site,
    /** 0 (act now) to 100, and what takes points away, greatest first. */
    score: Type.Integer({ minimum: 0, maximum: 100 }),
    reasons: Type.Array(Type.Object({ kind: Type.String(), points: Type.Number(), count: Count }, closed)),
    assets: Type.Object(
      { total: Count, appeared: Count, roles: By(RoleWord), vendors: By(Type.String()), unregistered: orNull(Count) },
      closed,
    ),
    protocols: Type.Array(
      Type.Object(
        {
          protocol: ProtocolWord,
          /** What the site calls it. */ title: Type.String(),
          ot: Type.Boolean(),
          bytes: Count,
          pairs: Count,
        },
        closed,
      ),
    ),
    tally: Tally,
    kinds: Type.Array(
      Type.Object({ kind: Type.String(), severity: SeverityWord, count: Count, assets: Count }, closed),
    ),
    /** The worst, at most 50. */
    findings: Type.Array(FindingView),
    quality: Type.Array(
      Type.Object(
        {
          sensor: Type.String(),
          state: literals("good", "notice", "bad", "unknown"),
          checks: Type.Array(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Assessment = Static<typeof Assessment>;
