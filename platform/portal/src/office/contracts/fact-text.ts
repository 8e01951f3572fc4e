/** Facts in words: the kind, and the fields beside kind and day as one line. */
import type { StoredFact } from "@yagura/commerce/contracts/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { useAttributes, useFieldText, useItemName } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { factWords } from "../words/facts.ts";
import { fieldsOfFact, type FactField } from "./fact-fields.ts";

export function useFactName(): (kind: string) => string {
  const t = useWords(factWords);
  return (kind) => (`fact.${kind}` in factWords ? t(`fact.${kind}` as "fact.started") : kind);
}
export function useFieldName(): (name: string) => string {
  const t = useWords(factWords);
  return (name) => (`field.${name}` in factWords ? t(`field.${name}` as "field.item") : name);
}
/** Values of choices by their words. */
export function useValueName(): (value: string) => string {
  const t = useWords(factWords);
  return (value) => (`value.${value}` in factWords ? t(`value.${value}` as "value.base") : value);
}

interface Of {
  readonly service: string;
  readonly plan: string;
}
export function useFactText({ service, plan }: Of): (row: StoredFact) => string {
  const t = useWords(factWords);
  const format = useFormat();
  const say = useName();
  const itemName = useItemName(service, plan);
  const attributes = useAttributes(service, plan);
  const attribute = useFieldText(service, plan);
  const fieldName = useFieldName();
  const valueName = useValueName();
  const told = (field: FactField | undefined, value: unknown, fact: Readonly<Record<string, unknown>>): string => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    switch (field?.type) {
      case "item":
        return itemName(text);
      case "choice":
        return valueName(text);
      case "yen":
        return format.yen(Number(value));
      case "day":
        return format.day(text);
      case "moment":
        return format.instant(text);
      case "yes-no":
        return t(value === true ? "facts.yes" : "facts.no");
      case "count":
      case "number":
        return `${format.number(Number(value), 2)} ${t(`unit.${field.unit}`)}`;
      case "attribute": {
        const found = attributes.find((each) => each.name === text);
        return found === undefined ? text : say(found.label);
      }
      case "attribute-value":
        return attribute.answer(String(fact["name"]), text);
      default:
        return text;
    }
  };
  return ({ fact }) => {
    const { kind, on: _on, id: _id, recordedOn: _recorded, ...rest } = fact as Record<string, unknown>;
    const fields = new Map(fieldsOfFact(String(kind)).map((field) => [field.name, field]));
    return Object.entries(rest)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => `${fieldName(name)}: ${told(fields.get(name), value, rest)}`)
      .join(" / ");
  };
}
