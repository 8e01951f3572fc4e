/** The staff's form of a contract fact asks for what the schema asks for: same kinds, same fields, same limits. */
import { describe, expect, test } from "vitest";
import { Check } from "typebox/value";
import { NewFact } from "@yagura/commerce/contracts/shapes.ts";
import {
  factFields,
  factGroups,
  fieldsOfFact,
  ofTheState,
  payloadOfFact,
  ruleOfField,
  valuesOfFact,
  type FactField,
} from "./fact-fields.ts";

type Schema = Readonly<Record<string, unknown>>;
interface Shape {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}
const union = NewFact.properties.fact as unknown as { readonly anyOf: readonly Shape[] };
const shapes = Object.fromEntries(union.anyOf.map((shape) => [String(shape.properties["kind"]?.["const"]), shape]));
const common: ReadonlySet<string> = new Set(["kind", "on", "id", "recordedOn"]);
const kinds = Object.keys(shapes);

/** A text that the field takes. */
function sample(field: FactField): string {
  switch (field.type) {
    case "day":
      return "2026-10-05";
    case "moment":
      return "2026-10-05T09:30";
    case "yes-no":
      return "true";
    case "choice":
      return field.values[0] ?? "";
    case "yen":
    case "count":
    case "number":
      return "3";
    default:
      return "base";
  }
}

describe("the form of facts (COM-04)", () => {
  test("every kind of the schema is offered, or belongs to a step of the contract", () => {
    const offered = [...Object.values(factGroups).flat(), ...ofTheState];
    expect(offered.toSorted()).toEqual(kinds.toSorted());
    expect(Object.keys(factFields).toSorted()).toEqual(kinds.toSorted());
  });

  test.each(kinds)("%s has the schema's fields, asked for where the schema asks", (kind) => {
    const shape = shapes[kind];
    const own = Object.keys(shape?.properties ?? {}).filter((name) => !common.has(name));
    const fields = fieldsOfFact(kind);
    expect(fields.map(({ name }) => name).toSorted()).toEqual(own.toSorted());
    const needed = (shape?.required ?? []).filter((name) => !common.has(name));
    expect(
      fields
        .filter(({ optional }) => optional !== true)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(needed.toSorted());
  });

  test.each(kinds)("%s has the schema's limits and choices", (kind) => {
    for (const field of fieldsOfFact(kind)) {
      const schema = shapes[kind]?.properties[field.name] ?? {};
      const rule = ruleOfField(field);
      expect({ field: field.name, minimum: schema["minimum"], maximum: schema["maximum"] }).toEqual({
        field: field.name,
        minimum: rule.minimum,
        maximum: rule.maximum,
      });
      if (field.type === "text" || field.type === "attribute-value") expect(schema["maxLength"]).toBe(rule.maxLength);
      if (field.type === "choice") {
        expect([...field.values].toSorted()).toEqual([...(schema["enum"] as string[])].toSorted());
      }
    }
  });

  test.each(kinds)("%s filled in is a fact, and comes back as it was typed", (kind) => {
    const typed = Object.fromEntries(fieldsOfFact(kind).map((field) => [field.name, sample(field)]));
    const fact = { kind, on: "2026-10-05", ...payloadOfFact(kind, typed) };
    expect(Check(shapes[kind] as unknown as typeof NewFact, fact)).toBe(true);
    expect(valuesOfFact(kind, fact)).toEqual(typed);
  });

  test("moments are of Tokyo, and optional fields left empty are left out", () => {
    expect(payloadOfFact("outage", { knownAt: "2026-10-05T09:30", complete: "false", group: " " })).toEqual({
      knownAt: "2026-10-05T09:30:00+09:00",
      complete: false,
    });
    expect(valuesOfFact("alarm", { at: "2026-10-04T23:30:05Z" })["at"]).toBe("2026-10-05T08:30:05");
  });
});
