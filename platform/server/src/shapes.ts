/** Shapes of the platform's own API: who signs in, what they may do, how lists and errors look. Pure: the portal sees them. */
import { Type, type Static, type TSchema } from "typebox";

/** What is not named is refused. */
export const closed = { additionalProperties: false } as const;
export const orNull = <T extends TSchema>(shape: T) => Type.Union([shape, Type.Null()]);
/** One of some words. */
export const literals = <const T extends readonly string[]>(...values: T) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...values] }));

export const Id = Type.String({ format: "uuid" });
export const Instant = Type.String({ format: "date-time", description: "RFC 3339, UTC" });
/** Within the years that are reckoned with: beyond them a month more or less is no day any more. */
export const CivilDate = Type.String({
  format: "date",
  pattern: "^(19|20|21)",
  description: "A calendar day in Asia/Tokyo, 1900-01-01 to 2199-12-31",
});
export const Mail = Type.String({ format: "email", maxLength: 254 });
/** One line: names stand in subjects and lines of mails. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$",
});
export const LanguageCode = Type.Union([Type.Literal("ja"), Type.Literal("en")]);

/** RFC 9457 problem details, as every error of the API is told. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  /** Id to quote when asking for help: the request id. */
  instance: Type.String(),
  fields: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() }))),
});
export type Problem = Static<typeof Problem>;

export const ProviderRole = Type.Union([
  Type.Literal("provider-admin"),
  Type.Literal("provider-operator"),
  Type.Literal("provider-support"),
  Type.Literal("provider-billing"),
]);
export const CustomerRole = Type.Union([Type.Literal("owner"), Type.Literal("admin"), Type.Literal("viewer")]);
export type ProviderRole = Static<typeof ProviderRole>;
export type CustomerRole = Static<typeof CustomerRole>;
export type Role = ProviderRole | CustomerRole;

export const Organisation = Type.Object(
  {
    id: Id,
    name: Name,
    /** 13 digits, or absent for the provider's own organisation. */
    corporateNumber: Type.Union([Type.String({ pattern: "^[1-9][0-9]{12}$" }), Type.Null()]),
    /** The provider's own organisation: not charged. */
    internal: Type.Boolean(),
    timeZone: Type.String(),
    language: LanguageCode,
    /** Days that raw telemetry is kept. */
    retentionDays: Type.Integer({ minimum: 1, maximum: 3660 }),
    state: Type.Union([Type.Literal("active"), Type.Literal("erased")]),
    createdAt: Instant,
  },
  closed,
);
export type Organisation = Static<typeof Organisation>;

export const NewOrganisation = Type.Object(
  {
    name: Name,
    corporateNumber: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{12}$" })),
    language: Type.Optional(LanguageCode),
    timeZone: Type.Optional(Type.String({ maxLength: 64 })),
    retentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3660 })),
  },
  closed,
);

export const Member = Type.Object(
  {
    id: Id,
    userId: Type.Union([Id, Type.Null()]),
    mail: Mail,
    name: Type.String(),
    role: CustomerRole,
    state: Type.Union([
      Type.Literal("invited"),
      Type.Literal("active"),
      Type.Literal("expired"),
      Type.Literal("revoked"),
    ]),
    invitationExpiresAt: Type.Union([Instant, Type.Null()]),
    lastSignInAt: Type.Union([Instant, Type.Null()]),
  },
  closed,
);
export type Member = Static<typeof Member>;

/** GET /api/v1/me: who is signed in and what the portal may show. */
export const Me = Type.Object({
  user: Type.Union([
    Type.Object({
      id: Id,
      mail: Mail,
      name: Type.String(),
      language: LanguageCode,
      totp: Type.Boolean(),
      passkeys: Type.Integer(),
      password: Type.Boolean(),
      recoveryCodesLeft: Type.Integer(),
    }),
    Type.Null(),
  ]),
  providerRole: Type.Union([ProviderRole, Type.Null()]),
  organisations: Type.Array(
    Type.Object({
      id: Id,
      name: Name,
      role: Type.Union([CustomerRole, ProviderRole]),
      internal: Type.Boolean(),
      scopes: Type.Array(Type.String()),
    }),
  ),
  /** Scopes of the provider's pages. */
  scopes: Type.Array(Type.String()),
  /** Value for the header `x-yagura-csrf` of every request that changes something with a session cookie. */
  csrf: Type.Union([Type.String(), Type.Null()]),
  provider: Type.Object({ name: Type.String(), logo: Type.Union([Type.String(), Type.Null()]) }),
  version: Type.String(),
});
export type Me = Static<typeof Me>;

export const ApiToken = Type.Object(
  {
    id: Id,
    name: Name,
    scopes: Type.Array(Type.String()),
    role: Type.Union([CustomerRole, ProviderRole]),
    organisationId: Type.Union([Id, Type.Null()]),
    expiresAt: Instant,
    lastUsedAt: Type.Union([Instant, Type.Null()]),
    createdAt: Instant,
    createdBy: Type.String(),
  },
  closed,
);
export type ApiToken = Static<typeof ApiToken>;

export const SignIn = Type.Object(
  {
    id: Id,
    createdAt: Instant,
    lastSeenAt: Instant,
    address: Type.String(),
    userAgent: Type.String(),
    method: Type.String(),
    current: Type.Boolean(),
  },
  closed,
);
export type SignIn = Static<typeof SignIn>;

export const AuditEntry = Type.Object(
  {
    sequence: Type.Integer(),
    at: Instant,
    actor: Type.String(),
    actorKind: Type.String(),
    organisationId: Type.Union([Id, Type.Null()]),
    action: Type.String(),
    subject: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
    hash: Type.String(),
  },
  closed,
);
export type AuditEntry = Static<typeof AuditEntry>;

export const OutboxMail = Type.Object(
  {
    id: Id,
    at: Instant,
    to: Mail,
    subject: Type.String(),
    text: Type.String(),
    state: Type.Union([Type.Literal("kept"), Type.Literal("queued"), Type.Literal("sent"), Type.Literal("failed")]),
    error: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
);
export type OutboxMail = Static<typeof OutboxMail>;

/** Where the provider can be reached and paid, as invoices and letters print it. */
export const ProviderContact = Type.Object(
  {
    postalCode: Type.Optional(Type.String({ pattern: "^[0-9]{3}-?[0-9]{4}$" })),
    address: Type.Optional(Name),
    phone: Type.Optional(Type.String({ pattern: "^[0-9+() -]{1,30}$" })),
    /** For questions about bills. */
    mail: Type.Optional(Mail),
    /** Where customers pay by transfer. */
    bank: Type.Optional(
      Type.Object(
        {
          bank: Name,
          branch: Name,
          kind: Type.Union([Type.Literal("ordinary"), Type.Literal("current")]),
          number: Type.String({ pattern: "^[0-9]{1,8}$" }),
          holder: Name,
        },
        closed,
      ),
    ),
  },
  closed,
);
export type ProviderContact = Static<typeof ProviderContact>;

export const ProviderProfile = Type.Object(
  {
    name: Name,
    senderAddress: Mail,
    /** data: URL of a PNG or SVG of at most 64 kB. */ logo: Type.Union([
      Type.String({ maxLength: 90_000 }),
      Type.Null(),
    ]),
    /** Qualified-invoice issuer: T and 13 digits. */ registrationNumber: Type.Union([
      Type.String({ pattern: "^T[1-9][0-9]{12}$" }),
      Type.Null(),
    ]),
    portalUrl: Type.String({ maxLength: 300 }),
    contact: ProviderContact,
  },
  closed,
);
export type ProviderProfile = Static<typeof ProviderProfile>;

/** A page of a list: `next` is the cursor for the following page. */
export const page = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]), total: Type.Integer() });
export interface Page<T> {
  items: T[];
  next: string | null;
  total: number;
}
