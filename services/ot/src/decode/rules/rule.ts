/** A rule of Suricata's language as the matcher wants it. README of the subset: docs/detections.md, section on signatures. */
import { sayRefusal, type RefusalCode, type RefusalParameters } from "../../wire/api-refusals.ts";
import type { ProtocolName } from "../../wire/vocabulary.ts";

/** Where the part of a payload is that a check looks at; `relative`: behind the match before it. */
export interface ContentCheck {
  readonly type: "content";
  /** Lower case where `nocase`. */
  readonly bytes: Uint8Array;
  readonly nocase: boolean;
  readonly negated: boolean;
  /** First byte where it may begin, from the payload's start or the end of the match before. */
  readonly offset: number;
  /** Bytes from there in which it must lie; null: to the end. */
  readonly depth: number | null;
  readonly relative: boolean;
  readonly atEnd: boolean;
}
export interface PcreCheck {
  readonly type: "pcre";
  readonly expression: RegExp;
  /** Bytes from the place where it begins that it sees. */
  readonly seen: number;
  /** Steps that one look counts for. */
  readonly weight: number;
  readonly negated: boolean;
  readonly relative: boolean;
}
/** How a number is read: from `bytes` bytes, or digits of a text in `base`. */
export interface NumberAt {
  readonly bytes: number;
  readonly offset: number;
  readonly relative: boolean;
  readonly little: boolean;
  readonly base: 0 | 8 | 10 | 16;
  readonly mask: number | null;
}
export type Comparison = "<" | ">" | "=" | "<=" | ">=" | "&" | "^";
export interface ByteTest {
  readonly type: "byte-test";
  readonly number: NumberAt;
  readonly operator: Comparison;
  readonly negated: boolean;
  readonly value: number;
}
export interface ByteJump {
  readonly type: "byte-jump";
  readonly number: NumberAt;
  readonly multiplier: number;
  readonly from: "here" | "beginning" | "end";
  readonly align: boolean;
  readonly post: number;
}
export interface DataAt {
  readonly type: "data-at";
  readonly offset: number;
  readonly relative: boolean;
  readonly negated: boolean;
}
/** Keywords that look into one protocol (industry.ts). */
export interface FieldCheck {
  readonly type: "field";
  readonly holds: (payload: Uint8Array, from: number, to: number) => boolean;
}
export type Check = ContentCheck | PcreCheck | ByteTest | ByteJump | DataAt | FieldCheck;

/** Inclusive ranges; `negated` ones are taken away. Empty `include`: all. */
export interface PortSet {
  readonly include: readonly (readonly [from: number, to: number])[];
  readonly exclude: readonly (readonly [from: number, to: number])[];
}
export interface Prefix {
  readonly bytes: Uint8Array;
  readonly bits: number;
}
export interface AddressSet {
  readonly include: readonly Prefix[];
  readonly exclude: readonly Prefix[];
}

export interface Flow {
  readonly established: boolean | null;
  readonly fromClient: boolean | null;
}
export interface FlagTest {
  readonly flags: number;
  readonly ignored: number;
  /** `exact`, `+` all of them and others, `*` any of them, `!` none of them. */
  readonly mode: "exact" | "+" | "*" | "!";
}
export interface Threshold {
  /** `filter` is `detection_filter`: each one after `count`. */
  readonly type: "limit" | "threshold" | "both" | "filter";
  readonly track: "source" | "destination" | "both" | "rule";
  readonly count: number;
  readonly seconds: number;
}
export interface FlowBit {
  readonly action: "set" | "unset" | "toggle" | "isset" | "isnotset";
  readonly names: readonly string[];
}
export interface SizeTest {
  readonly from: number;
  readonly to: number;
  readonly negated: boolean;
}

export interface Rule {
  readonly sid: number;
  readonly revision: number;
  readonly message: string;
  readonly classtype: string | null;
  /** 1 is the worst; from `priority`, else by the class. */
  readonly priority: number;
  readonly references: readonly string[];
  readonly metadata: readonly string[];
  readonly transport: "tcp" | "udp" | "icmp" | "ip";
  /** Conversations of this protocol only. */
  readonly protocol: ProtocolName | null;
  readonly source: AddressSet;
  readonly sourcePorts: PortSet;
  readonly destination: AddressSet;
  readonly destinationPorts: PortSet;
  readonly bothWays: boolean;
  readonly flow: Flow;
  readonly flags: FlagTest | null;
  readonly size: SizeTest | null;
  readonly checks: readonly Check[];
  /** Index of the content that is looked for first, −1 for none. */
  readonly first: number;
  readonly threshold: Threshold | null;
  readonly bits: readonly FlowBit[];
  /** Only sets bits. */
  readonly silent: boolean;
}

/** A rule that is not loaded, and why: never silently. */
export interface Refusal {
  /** From 1. */
  readonly line: number;
  readonly sid: number | null;
  readonly code: RefusalCode;
  readonly parameters: RefusalParameters;
  /** In English, for logs and the command line. */
  readonly reason: string;
}
export const refusalOf = ({ code, parameters, message }: Refused, line: number, sid: number | null): Refusal => ({
  line,
  sid,
  code,
  parameters,
  reason: message,
});

/** Characters of a text of the rule's that are told. */
const MOST_TOLD = 120;

/** Thrown inside the parser only. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly parameters: RefusalParameters;
  constructor(code: RefusalCode, parameters: RefusalParameters = {}) {
    const short = Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === "string" ? value.slice(0, MOST_TOLD) : value,
    ]);
    const told = Object.fromEntries(short) as RefusalParameters;
    super(sayRefusal(code, told, "en"));
    this.code = code;
    this.parameters = told;
  }
}
