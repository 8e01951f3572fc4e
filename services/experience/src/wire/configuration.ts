/** What an agent is told to measure. */
import { Type, type Static } from "typebox";

const closed = { additionalProperties: false } as const;
const Host = Type.String({ minLength: 1, maxLength: 253, description: "IPv4 or IPv6 address, or host name" });
const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

export const Probe = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("icmp"),
      host: Host,
      family: Type.Optional(Type.Union([Type.Literal(4), Type.Literal(6)])),
      /** ICMP payload octets. */ size: Type.Optional(Type.Integer({ minimum: 16, maximum: 1400 })),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("tcp"),
      host: Host,
      port: Port,
      family: Type.Optional(Type.Union([Type.Literal(4), Type.Literal(6)])),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("dns"),
      /** Absent: the system's first resolver. */ server: Type.Optional(Host),
      port: Type.Optional(Port),
      name: Type.String({ minLength: 1, maxLength: 253 }),
      record: Type.Union([
        Type.Literal("A"),
        Type.Literal("AAAA"),
        Type.Literal("MX"),
        Type.Literal("TXT"),
        Type.Literal("NS"),
        Type.Literal("SOA"),
      ]),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("http"),
      url: Type.String({ pattern: "^https?://", maxLength: 2000 }),
      method: Type.Optional(Type.Union([Type.Literal("GET"), Type.Literal("HEAD")])),
      /** Inclusive ranges of status codes that count as ok; 200 to 399 unless told. */ expect: Type.Optional(
        Type.Array(Type.Object({ from: Type.Integer(), to: Type.Integer() }, closed), { maxItems: 10 }),
      ),
      /** Trust any certificate: the phases are still told. */ insecure: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
]);
export type Probe = Static<typeof Probe>;
export type ProbeKind = Probe["kind"];

export const SessionConfiguration = Type.Object(
  {
    session: Type.String({ format: "uuid" }),
    probe: Probe,
    /** Milliseconds, 200 to 3,600,000. */
    interval: Type.Integer({ minimum: 200, maximum: 3_600_000 }),
    /** Milliseconds after which an answer is late. */
    timeout: Type.Integer({ minimum: 50, maximum: 60_000 }),
  },
  closed,
);
export type SessionConfiguration = Static<typeof SessionConfiguration>;

/** The service's part of the device configuration (`services.experience`). */
export const AgentConfiguration = Type.Object(
  {
    sessions: Type.Array(SessionConfiguration, { maxItems: 10_000 }),
    /** Milliseconds between uploads. */ upload: Type.Integer({ minimum: 200, maximum: 600_000 }),
  },
  closed,
);
export type AgentConfiguration = Static<typeof AgentConfiguration>;
