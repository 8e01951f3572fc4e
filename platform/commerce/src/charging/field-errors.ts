/** What is wrong with a field of a file of facts: one sentence each, in both languages. */
import type { TSchema } from "typebox";
import { Errors } from "typebox/value";
import type { Issue } from "./issues.ts";
import type { Text } from "./tables.ts";

interface Found {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Issues of a value, each at its own field below `pointer`. */
export function fieldErrors(schema: TSchema, value: unknown, pointer: string): Issue[] {
  const found = Errors(schema, value) as unknown as readonly Found[];
  // A union says what none of its kinds liked; the field itself is named once.
  const unions = new Set(found.filter(({ keyword }) => keyword === "anyOf").map(({ instancePath }) => instancePath));
  const issues: Issue[] = [];
  for (const error of found) {
    if (error.keyword === "boolean") continue;
    if (unions.has(error.instancePath) && error.keyword !== "anyOf") continue;
    for (const { below, text } of sentences(error)) {
      const at = `${pointer}${error.instancePath}${below}`;
      if (!issues.some((one) => one.pointer === at)) issues.push({ pointer: at === "" ? "/" : at, text });
    }
  }
  return issues;
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const escaped = (name: string): string => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
const here = (ja: string, en: string): { below: string; text: Text }[] => [{ below: "", text: { ja, en } }];

const types: Readonly<Record<string, Text>> = {
  string: { ja: "文字列", en: "a text" },
  integer: { ja: "整数", en: "a whole number" },
  number: { ja: "数値", en: "a number" },
  boolean: { ja: "true または false", en: "true or false" },
  object: { ja: "オブジェクト", en: "an object" },
  array: { ja: "配列", en: "a list" },
  null: { ja: "null", en: "null" },
};
const formats: Readonly<Record<string, Text>> = {
  date: { ja: "暦にある日付（YYYY-MM-DD）", en: "a day of the calendar, YYYY-MM-DD" },
  "date-time": {
    ja: "時差を付けた日時（例: 2026-04-10T09:00:00+09:00）",
    en: "a time with its offset, e.g. 2026-04-10T09:00:00+09:00",
  },
};

function sentences({ keyword, params }: Found): { below: string; text: Text }[] {
  const limit =
    typeof params["limit"] === "number" || typeof params["limit"] === "string" ? String(params["limit"]) : "";
  if (keyword === "required")
    return list(params["requiredProperties"]).map((name) => ({
      below: escaped(name),
      text: { ja: `「${name}」がありません。必須の項目です。`, en: `“${name}” is missing; it is required.` },
    }));
  if (keyword === "additionalProperties")
    return list(params["additionalProperties"]).map((name) => ({
      below: escaped(name),
      text: { ja: `「${name}」という項目はありません。`, en: `There is no field “${name}” here.` },
    }));
  if (keyword === "type") {
    const type = types[String(params["type"])] ?? { ja: String(params["type"]), en: String(params["type"]) };
    return here(`${type.ja}で指定してください。`, `This has to be ${type.en}.`);
  }
  if (keyword === "format") {
    const format = formats[String(params["format"])] ?? { ja: String(params["format"]), en: String(params["format"]) };
    return here(`${format.ja}で指定してください。`, `This has to be ${format.en}.`);
  }
  if (keyword === "enum" || keyword === "const") {
    const values = keyword === "enum" ? list(params["allowedValues"]).join(", ") : String(params["allowedValue"]);
    return here(`指定できる値: ${values}`, `It has to be one of: ${values}.`);
  }
  if (keyword === "minimum") return here(`${limit} 以上にしてください。`, `It has to be ${limit} or more.`);
  if (keyword === "maximum") return here(`${limit} 以下にしてください。`, `It has to be ${limit} or less.`);
  if (keyword === "minLength")
    return here(`${limit} 文字以上にしてください。`, `It has to have at least ${limit} characters.`);
  if (keyword === "maxLength")
    return here(`${limit} 文字以下にしてください。`, `It may have at most ${limit} characters.`);
  if (keyword === "minItems")
    return here(`${limit} 件以上にしてください。`, `It has to have at least ${limit} entries.`);
  if (keyword === "maxItems") return here(`${limit} 件以下にしてください。`, `It may have at most ${limit} entries.`);
  if (keyword === "pattern")
    return here(
      `形式が正しくありません（${String(params["pattern"])}）。`,
      `It is not of the right form (${String(params["pattern"])}).`,
    );
  return here("値が正しくありません。", "This value is not allowed here.");
}
