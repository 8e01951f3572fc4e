/** Is this a description of a protocol? Walks the schema, then what a schema cannot say; each problem with the path to it. */
import {
  DeclaredDescription,
  hexadecimal,
  MAX_DECLARED_MESSAGE,
  numeral,
  RECOGNISED_BYTES,
  type DeclaredBits,
  type DeclaredDescription as Description,
  type Numeral,
} from "./declared.ts";

export const problemKinds = [
  "missing",
  "unknown-field",
  "type",
  "choice",
  "range",
  "length",
  "many",
  "pattern",
  "duplicate",
  "nowhere",
  "ethertype",
  "by-port",
  "unrecognisable",
  "mask-size",
  "mask-bytes",
  "overlap",
  "beyond",
  "one-of",
  "never",
  "short",
  "needs",
] as const;
export type ProblemKind = (typeof problemKinds)[number];
export interface DescriptionProblem {
  /** `functions[3].class`; empty for the whole. */
  readonly path: string;
  readonly kind: ProblemKind;
  readonly told: Readonly<Record<string, string | number>>;
}
export type Checked =
  | { readonly description: Description; readonly problems: readonly [] }
  | { readonly description: null; readonly problems: readonly DescriptionProblem[] };

/** Problems told at once. */
const MOST = 20;
type Tell = (path: string, kind: ProblemKind, told?: DescriptionProblem["told"]) => void;

export function checkDescription(value: unknown): Checked {
  const problems: DescriptionProblem[] = [];
  const tell: Tell = (path, kind, told = {}) => {
    if (problems.length < MOST) problems.push({ path, kind, told });
  };
  walk(DeclaredDescription as unknown as Shape, value, "", tell);
  if (problems.length === 0) judge(value as Description, tell);
  return problems.length === 0 ? { description: value as Description, problems: [] } : { description: null, problems };
}

/** The part of JSON Schema that the schema uses. */
interface Shape {
  readonly type?: "object" | "array" | "string" | "integer";
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly (string | number)[];
  readonly const?: string;
  readonly anyOf?: readonly Shape[];
}
const under = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
const typeOf = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "array"
      : typeof value === "number" && Number.isInteger(value)
        ? "integer"
        : typeof value;
/** A shape of many that a value looks like: by its type, then by the word that tells them apart or the field they need. */
function likeliest(shapes: readonly Shape[], value: unknown): Shape | null {
  const same = shapes.filter((one) => one.type === typeOf(value));
  if (same.length < 2) return same[0] ?? null;
  const own = value as Readonly<Record<string, unknown>>;
  if (same.some(({ properties }) => properties?.["by"] !== undefined))
    return same.find(({ properties }) => properties?.["by"]?.const === own["by"]) ?? null;
  const known = ({ properties = {} }: Shape): number => Object.keys(own).filter((name) => Object.hasOwn(properties, name)).length; // prettier-ignore
  return same.reduce((best, one) => (known(one) > known(best) ? one : best));
}

function walk(shape: Shape, value: unknown, path: string, tell: Tell): void {
  if (shape.anyOf !== undefined) {
    const likely = likeliest(shape.anyOf, value);
    if (likely !== null) return walk(likely, value, path, tell);
    const words = shape.anyOf.flatMap(({ properties }) => properties?.["by"]?.const ?? []);
    if (words.length > 0 && typeOf(value) === "object")
      return tell(under(path, "by"), "choice", { allowed: words.join(", ") });
    return tell(path, "type", { wanted: shape.anyOf.map(({ type }) => type ?? "").join("|") });
  }
  if (shape.const !== undefined) {
    if (value !== shape.const) tell(path, "choice", { allowed: shape.const });
    return;
  }
  if (shape.type !== undefined && typeOf(value) !== shape.type) return tell(path, "type", { wanted: shape.type });
  if (shape.enum !== undefined && !shape.enum.includes(value as string))
    return tell(path, "choice", { allowed: shape.enum.join(", ") });
  if (shape.type === "object") walkObject(shape, value as Readonly<Record<string, unknown>>, path, tell);
  else if (shape.type === "array") walkArray(shape, value as readonly unknown[], path, tell);
  else if (shape.type === "string") walkText(shape, value as string, path, tell);
  else if (shape.type === "integer") {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = shape;
    if ((value as number) < minimum || (value as number) > maximum) tell(path, "range", { minimum, maximum });
  }
}
function walkObject(shape: Shape, value: Readonly<Record<string, unknown>>, path: string, tell: Tell): void {
  const { properties = {}, required = [] } = shape;
  for (const name of required) if (!Object.hasOwn(value, name)) tell(under(path, name), "missing");
  for (const [name, inner] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known === undefined)
      tell(under(path, name.slice(0, 60)), "unknown-field", { allowed: Object.keys(properties).join(", ") });
    else walk(known, inner, under(path, name), tell);
  }
}
function walkArray(shape: Shape, value: readonly unknown[], path: string, tell: Tell): void {
  const { minItems = 0, maxItems = MAX_DECLARED_MESSAGE, items } = shape;
  if (value.length < minItems || value.length > maxItems) return tell(path, "many", { minimum: minItems, maximum: maxItems }); // prettier-ignore
  if (shape.uniqueItems === true && new Set(value).size < value.length) tell(path, "duplicate", { value: path });
  if (items !== undefined) for (const [i, inner] of value.entries()) walk(items, inner, `${path}[${i}]`, tell);
}
function walkText(shape: Shape, value: string, path: string, tell: Tell): void {
  const { minLength = 0, maxLength = 2_000, pattern } = shape;
  if (value.length < minLength || value.length > maxLength)
    tell(path, "length", { minimum: minLength, maximum: maxLength }); // prettier-ignore
  else if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) tell(path, "pattern");
}

/** EtherTypes that have an owner: what is built in, and what carries others. */
export const ownedEthertypes: ReadonlySet<number> = new Set([
  0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x9100, 0x8847, 0x8848, 0x8863, 0x8864, 0x888e, 0x88cc, 0x8892, 0x88a4,
  0x88ab, 0x88b8, 0x88ba, 0x88f7, 0x890f, 0x8819, 0x9000,
]);

function judge(one: Description, tell: Tell): void {
  const { tcp, udp, ethertype } = one.on;
  if (tcp === undefined && udp === undefined && ethertype === undefined) tell("on", "nowhere");
  for (const [i, type] of (ethertype ?? []).entries())
    if (numeral(type) < 0x600 || numeral(type) > 0xffff || ownedEthertypes.has(numeral(type)))
      tell(`on.ethertype[${i}]`, "ethertype");
  if (one.reply.by === "port" && ethertype !== undefined) tell("reply.by", "by-port");
  const fixed = judgeMatches(one, tell);
  if (fixed < 8 && one.length === undefined) tell("match", "unrecognisable");
  judgeNumbers(one, tell);
  judgeSides(one, tell);
  distinct(one.functions.map(({ code }) => code), "functions", "code", tell); // prettier-ignore
  distinct((one.objects ?? []).map(({ number }) => number), "objects", "number", tell); // prettier-ignore
  if (one.length !== undefined && "fixed" in one.length && one.length.fixed < headOf(one))
    tell("length.fixed", "short", { least: headOf(one) });
}

/** Gives the number of bits that must be right. */
function judgeMatches({ match = [] }: Description, tell: Tell): number {
  const seen = new Set<number>();
  let fixed = 0;
  for (const [i, { at, bytes, mask }] of match.entries()) {
    const wanted = hexadecimal(bytes);
    const masks = mask === undefined ? wanted.map(() => 0xff) : hexadecimal(mask);
    if (masks.length !== wanted.length) tell(`match[${i}].mask`, "mask-size", { bytes: wanted.length });
    if (at + wanted.length > RECOGNISED_BYTES) tell(`match[${i}].at`, "beyond", { most: RECOGNISED_BYTES });
    for (const [k, byte] of wanted.entries()) {
      const kept = masks[k] ?? 0xff;
      if ((byte & ~kept) !== 0) tell(`match[${i}].bytes`, "mask-bytes");
      if (seen.has(at + k)) tell(`match[${i}].at`, "overlap", { byte: at + k });
      seen.add(at + k);
      for (let bit = kept; bit > 0; bit &= bit - 1) fixed++;
    }
  }
  return fixed;
}

/** Masks and values that fit the size of their field. */
function judgeNumbers(one: Description, tell: Tell): void {
  const fields: readonly (readonly [string, DeclaredBits | undefined])[] = [
    ["function", one.function],
    ["transaction", one.transaction],
    ["unit", one.unit],
    ["object", one.object],
    ["low", one.low],
    ["high", one.high],
    ["count", one.count],
    ["error", one.error],
    ["reply", one.reply.by === "field" ? one.reply : undefined],
  ];
  for (const [path, field] of fields) {
    if (field === undefined) continue;
    const most = mostOf(field.size);
    const mask = field.mask === undefined ? most : numeral(field.mask);
    if (mask === 0 || mask > most) tell(`${path}.mask`, "range", { minimum: 1, maximum: most });
    else if ((field.shift ?? 0) > 0 && mask >>> (field.shift ?? 0) === 0) tell(`${path}.shift`, "never");
    const can = (mask >>> (field.shift ?? 0)) >>> 0;
    const compared: readonly (readonly [string, Numeral | undefined])[] =
      path === "error"
        ? [["equals", one.error?.equals], ["not", one.error?.not]] // prettier-ignore
        : [["value", path === "reply" && one.reply.by === "field" ? one.reply.value : undefined]];
    for (const [name, value] of compared)
      if (value !== undefined && (numeral(value) & ~can) !== 0) tell(`${path}.${name}`, "never");
  }
  if (one.error !== undefined && (one.error.equals === undefined) === (one.error.not === undefined))
    tell("error", "one-of", { names: "equals, not" });
  if (one.unit !== undefined && one.unit.size > 2) tell("unit.size", "range", { minimum: 1, maximum: 2 });
}
const mostOf = (size: number): number => (size === 4 ? 4_294_967_295 : 2 ** (8 * size) - 1);

/** Fields that are never read, because there are no requests or no answers, or that need another. */
function judgeSides(one: Description, tell: Tell): void {
  if (one.high !== undefined && one.count !== undefined) tell("count", "one-of", { names: "high, count" });
  for (const name of ["high", "count"] as const)
    if (one[name] !== undefined && one.low === undefined) tell(name, "needs", { name: "low" });
  if (one.reply.by !== "none") return;
  for (const name of ["error", "transaction", "low", "high", "count"] as const)
    if (one[name] !== undefined) tell(name, "never");
  for (const name of ["function", "unit", "object"] as const)
    if (one[name]?.in === "requests") tell(`${name}.in`, "never");
  for (const [i, identity] of (one.identities ?? []).entries())
    if (identity.in !== "both") tell(`identities[${i}].in`, "never");
}

function distinct(values: readonly Numeral[], path: string, name: string, tell: Tell): void {
  const seen = new Set<number>();
  for (const [i, value] of values.entries()) {
    if (seen.has(numeral(value))) tell(`${path}[${i}].${name}`, "duplicate", { value: String(value) });
    seen.add(numeral(value));
  }
}

/** Bytes that every message has at least: those by which it is recognised and its function and length known. */
export function headOf(one: Description): number {
  const end = (field: { readonly at: number; readonly size: number } | undefined): number =>
    field === undefined ? 0 : field.at + field.size;
  return Math.max(
    one.minimum ?? 1,
    ...(one.match ?? []).map(({ at, bytes }) => at + hexadecimal(bytes).length),
    one.length !== undefined && "at" in one.length ? end(one.length) : 0,
    one.reply.by === "field" ? end(one.reply) : 0,
    one.function.in === "requests" ? 0 : end(one.function),
    end(one.transaction),
  );
}

/** Bits of `match`: from 32 on, with a length that agrees, messages are believed on any port. */
export const fixedBits = (one: Description): number => judgeMatches(one, () => undefined);
