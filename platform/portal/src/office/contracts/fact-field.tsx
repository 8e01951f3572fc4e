/** One field of a fact as its type asks: days, times in Japan, yen, items by their names, choices in words. */
import type { ReactNode } from "react";
import type { ContractDetail } from "@yagura/commerce/contracts/shapes.ts";
import type { ActivityItem } from "@yagura/commerce/terms/shapes.ts";
import { useSay, useWords } from "../../language.tsx";
import { NumberField, SelectField, TextField, type FormState } from "../../parts/form.tsx";
import { useGet } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { useAttributes, useSoldItems } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { CALENDARS } from "../rules/paths.ts";
import { factWords } from "../words/facts.ts";
import type { FactField } from "./fact-fields.ts";
import { useFieldName, useValueName } from "./fact-text.ts";

interface Props<F extends FactField = FactField> {
  readonly form: FormState<Record<string, string>>;
  readonly field: F;
  readonly contract: ContractDetail;
}
type Of<T extends FactField["type"]> = Extract<FactField, { readonly type: T }>;

const hinted = ["parameter", "value", "complete", "until"] as const;

export function FactFieldOf(props: Props): ReactNode {
  const { form, field } = props;
  const t = useWords(factWords);
  const fieldName = useFieldName();
  const hint = hintOf(field);
  const common = {
    form,
    name: field.name,
    label: fieldName(field.name),
    ...(hint === null ? {} : { hint: t(`hint.${hint}`) }),
  };
  switch (field.type) {
    case "day":
      return <TextField {...common} type="date" />;
    case "moment":
      return <TextField {...common} type="datetime-local" />;
    case "yen":
      return <NumberField {...common} unit={t("unit.yen")} />;
    case "count":
      return <NumberField {...common} unit={t(`unit.${field.unit}`)} />;
    case "number":
      return <NumberField {...common} unit={t(`unit.${field.unit}`)} step={0.1} />;
    case "yes-no":
      return (
        <Choice
          {...props}
          options={[
            ["true", t("facts.yes")],
            ["false", t("facts.no")],
          ]}
          {...common}
        />
      );
    case "choice":
      return <Words {...props} field={field} {...common} />;
    case "item":
      return <ItemField {...props} field={field} />;
    case "attribute":
      return <AttributeField {...props} />;
    case "attribute-value":
      return <AttributeValue {...props} />;
    case "activity":
      return <ActivityField {...props} />;
    default:
      return <TextField {...common} mono={field.name === "parameter"} />;
  }
}

function hintOf(field: FactField): (typeof hinted)[number] | null {
  if (field.name === "until") return field.optional === true ? "until" : null;
  if (field.name === "value") return field.type === "value" ? "value" : null;
  return hinted.find((each) => each === field.name) ?? null;
}

type Options = readonly (readonly [value: string, label: string])[];
interface ChoiceProps extends Props {
  readonly options: Options;
  readonly label: string;
  readonly hint?: string;
  /** What an empty optional field means. */
  readonly nothing?: string;
}
/** A value that stands in a corrected fact stays to be chosen, even if it is offered no more. */
function Choice({ form, field, options, label, hint, nothing }: ChoiceProps): ReactNode {
  const t = useWords(factWords);
  const now = form.values[field.name] ?? "";
  const known = now === "" || options.some(([value]) => value === now);
  const empty = field.optional === true ? (nothing ?? t("facts.unsaid")) : t("facts.choose");
  return (
    <SelectField
      form={form}
      name={field.name}
      label={label}
      {...(hint === undefined ? {} : { hint })}
      options={[
        { value: "", label: empty },
        ...options.map(([value, text]) => ({ value, label: text })),
        ...(known ? [] : [{ value: now, label: now }]),
      ]}
    />
  );
}

function Words(props: Props<Of<"choice">> & { readonly label: string }): ReactNode {
  const valueName = useValueName();
  return <Choice {...props} options={props.field.values.map((value) => [value, valueName(value)])} />;
}

function ItemField(props: Props<Of<"item">>): ReactNode {
  const { contract, field } = props;
  const t = useWords(factWords);
  const say = useName();
  const fieldName = useFieldName();
  const sold = useSoldItems(contract.service, contract.plan);
  const fitting = sold.filter((each) => field.of === undefined || field.of.some((kind) => kind === each.kind));
  return (
    <Choice
      {...props}
      label={fieldName("item")}
      {...(field.of === undefined ? { nothing: t("facts.everyItem") } : {})}
      options={(fitting.length === 0 ? sold : fitting).map((each) => [each.item, say(each.name)])}
    />
  );
}

/** What rules look at: the fields of the order form that became attributes, and what the contract has besides. */
function AttributeField(props: Props): ReactNode {
  const { contract } = props;
  const say = useName();
  const fieldName = useFieldName();
  const offered = useAttributes(contract.service, contract.plan);
  const others = Object.keys(contract.attributes).filter((name) => !offered.some((each) => each.name === name));
  const options: Options = [
    ...offered.map((each) => [each.name, say(each.label)] as const),
    ...others.map((name) => [name, name] as const),
  ];
  if (options.length === 0)
    return <TextField form={props.form} name={props.field.name} label={fieldName("name")} mono />;
  return <Choice {...props} label={fieldName("name")} options={options} />;
}

function AttributeValue(props: Props): ReactNode {
  const { form, field, contract } = props;
  const say = useName();
  const fieldName = useFieldName();
  const chosen = useAttributes(contract.service, contract.plan).find(({ name }) => name === form.values["name"]);
  const choices = chosen?.choices ?? [];
  if (choices.length === 0) return <TextField form={form} name={field.name} label={fieldName("value")} />;
  return <Choice {...props} label={fieldName("value")} options={choices.map((each) => [each.value, say(each.text)])} />;
}

interface Calendar {
  readonly activities: readonly ActivityItem[];
}
function ActivityField(props: Props): ReactNode {
  const say = useSay();
  const fieldName = useFieldName();
  const { data } = useGet<Calendar>(CALENDARS, { year: dayIn("Asia/Tokyo").slice(0, 4) });
  const ofService = data?.activities.filter((each) => each.service === props.contract.service) ?? [];
  const names = new Map(ofService.map((each) => [each.activity, say(each.name)]));
  return <Choice {...props} label={fieldName("activity")} options={[...names]} />;
}
