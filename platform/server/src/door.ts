/** The door: what comes in is checked against the route's shapes before any of our code sees it. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { TSchema } from "typebox";
import type { FieldError, Language } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";

type Part = "params" | "query" | "body";

/** Checkers of one host: texts of addresses may become numbers, bodies are taken as they are. Nothing is ever dropped silently. */
export interface Door {
  compile(part: Part, schema: TSchema): (value: unknown, language: Language) => unknown;
  /** Checks an answer of our own; throws a plain Error, which is our fault. */
  compileAnswer(schema: TSchema): (value: unknown) => void;
}

/** Checks of input and of answers, compiled once for each shape. */
export function createDoor(): Door {
  const common = {
    strict: true,
    allErrors: true,
    removeAdditional: false,
    useDefaults: true,
    strictTypes: false,
  } as const;
  const exact = new Ajv2020({ ...common, coerceTypes: false });
  const coercing = new Ajv2020({ ...common, coerceTypes: "array" });
  for (const ajv of [exact, coercing]) {
    formats.default(ajv, { mode: "full" });
    // The full pattern refuses hosts without a dot, which installations on one machine have.
    ajv.addFormat(
      "email",
      /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i,
    );
    ajv.addFormat("uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  }
  return {
    compile(part, schema) {
      const check = (part === "body" ? exact : coercing).compile(schema);
      return (value, language) => {
        if (check(value)) return value;
        throw raise("INVALID_INPUT", {}, { fields: fieldErrors(part, check.errors ?? [], language) });
      };
    },
    compileAnswer(schema) {
      let check: ValidateFunction | undefined;
      return (value) => {
        check ??= exact.compile(schema);
        // What the reader gets is the JSON text, so that is what is checked: Dates are texts by then.
        if (check(JSON.parse(JSON.stringify(value ?? null)))) return;
        throw new Error(`the answer does not have its shape: ${exact.errorsText(check.errors, { separator: "; " })}`);
      };
    },
  };
}

/** Fields told at most: a body of nonsense must not make an answer larger than itself. */
const FIELDS_TOLD = 100;

/** One sentence for each field, whatever number of rules it broke. */
export function fieldErrors(part: Part, found: readonly ErrorObject[], language: Language): FieldError[] {
  const byPointer = new Map<string, string>();
  const unions = new Set(found.filter((error) => error.keyword === "anyOf").map((error) => error.instancePath));
  for (const error of found) {
    if (byPointer.size === FIELDS_TOLD) break;
    const inUnion = unions.has(error.instancePath) && error.keyword !== "anyOf";
    if (inUnion) continue;
    const pointer = `/${part}${error.instancePath}${missingOrExtra(error)}`;
    const sentence = error.keyword === "anyOf" ? unionSentence(error, found) : sentenceOf(error);
    if (!byPointer.has(pointer)) byPointer.set(pointer, sentence[language]);
  }
  return [...byPointer].map(([pointer, message]) => ({ pointer, message }));
}

/** The name of a missing or unexpected member belongs to the pointer (RFC 6901 escapes). */
function missingOrExtra(error: ErrorObject): string {
  const parameters = error.params as Record<string, unknown>;
  const name = parameters["missingProperty"] ?? parameters["additionalProperty"];
  return typeof name === "string" ? `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}` : "";
}

type Sentence = Readonly<Record<Language, string>>;

function unionSentence(union: ErrorObject, found: readonly ErrorObject[]): Sentence {
  const allowed = found
    .filter((error) => error.keyword === "const" && error.instancePath === union.instancePath)
    .map((error) => String((error.params as { allowedValue: unknown }).allowedValue));
  if (allowed.length > 0) return oneOf(allowed);
  const other = found.find(
    (error) => error.instancePath === union.instancePath && !["anyOf", "type", "const"].includes(error.keyword),
  );
  return other === undefined ? sentences["anyOf"]!({}) : sentenceOf(other);
}

const oneOf = (allowed: readonly string[]): Sentence => ({
  en: `Must be one of: ${allowed.join(", ")}.`,
  ja: `次のいずれかにしてください: ${allowed.join("、")}。`,
});

const sentenceOf = (error: ErrorObject): Sentence =>
  (sentences[error.keyword] ?? sentences["anyOf"]!)(error.params as Record<string, unknown>);

const typeNames: Readonly<Record<string, Sentence>> = {
  string: { en: "text", ja: "文字列" },
  integer: { en: "a whole number", ja: "整数" },
  number: { en: "a number", ja: "数値" },
  boolean: { en: "true or false", ja: "true または false" },
  array: { en: "a list", ja: "配列" },
  object: { en: "an object", ja: "オブジェクト" },
  null: { en: "empty (null)", ja: "null" },
};
const formatNames: Readonly<Record<string, Sentence>> = {
  email: { en: "a mail address", ja: "メールアドレス" },
  uuid: { en: "an identifier (UUID)", ja: "識別子(UUID)" },
  date: { en: "a date such as 2026-04-01", ja: "2026-04-01 のような日付" },
  "date-time": { en: "a time such as 2026-04-01T09:00:00Z", ja: "2026-04-01T09:00:00Z のような日時" },
};
const named = (names: Readonly<Record<string, Sentence>>, name: unknown): Sentence =>
  names[String(name)] ?? { en: String(name), ja: String(name) };

const sentences: Readonly<Record<string, (p: Record<string, unknown>) => Sentence>> = {
  required: () => ({ en: "Is needed.", ja: "必須です。" }),
  additionalProperties: () => ({ en: "Is not known here.", ja: "ここでは使用できない項目です。" }),
  type: (p) => {
    const name = named(typeNames, p["type"]);
    return { en: `Must be ${name.en}.`, ja: `${name.ja}にしてください。` };
  },
  format: (p) => {
    const name = named(formatNames, p["format"]);
    return { en: `Must be ${name.en}.`, ja: `${name.ja}を入力してください。` };
  },
  minLength: (p) => ({
    en: Number(p["limit"]) === 1 ? "Must not be empty." : `Needs at least ${String(p["limit"])} characters.`,
    ja: Number(p["limit"]) === 1 ? "入力してください。" : `${String(p["limit"])}文字以上で入力してください。`,
  }),
  maxLength: (p) => ({
    en: `May have at most ${String(p["limit"])} characters.`,
    ja: `${String(p["limit"])}文字以内で入力してください。`,
  }),
  minimum: (p) => ({ en: `Must be ${String(p["limit"])} or more.`, ja: `${String(p["limit"])}以上にしてください。` }),
  maximum: (p) => ({ en: `Must be ${String(p["limit"])} or less.`, ja: `${String(p["limit"])}以下にしてください。` }),
  exclusiveMinimum: (p) => ({
    en: `Must be more than ${String(p["limit"])}.`,
    ja: `${String(p["limit"])}より大きくしてください。`,
  }),
  exclusiveMaximum: (p) => ({
    en: `Must be less than ${String(p["limit"])}.`,
    ja: `${String(p["limit"])}より小さくしてください。`,
  }),
  minItems: (p) => ({
    en: `Needs at least ${String(p["limit"])} entries.`,
    ja: `${String(p["limit"])}件以上必要です。`,
  }),
  maxItems: (p) => ({ en: `May have at most ${String(p["limit"])} entries.`, ja: `${String(p["limit"])}件までです。` }),
  uniqueItems: () => ({ en: "Holds the same entry twice.", ja: "同じ値が重複しています。" }),
  multipleOf: (p) => ({
    en: `Must be a multiple of ${String(p["multipleOf"])}.`,
    ja: `${String(p["multipleOf"])}の倍数にしてください。`,
  }),
  const: (p) => oneOf([String(p["allowedValue"])]),
  enum: (p) => oneOf((p["allowedValues"] as unknown[]).map(String)),
  pattern: () => ({ en: "Does not have the expected form.", ja: "形式が正しくありません。" }),
  anyOf: () => ({ en: "Has a value that is not accepted here.", ja: "受け付けられない値です。" }),
};
