/** The order form of any service, drawn from the form's data: sections, limits, consents, fields that depend on others. */
import type { ReactNode } from "react";
import type { FormField, OrderForm, Text } from "@yagura/commerce/charging/shapes.ts";
import { useName } from "./name.ts";
import { formatDay } from "../../format.ts";
import { useFormat, useLanguage, useWords } from "../../language.tsx";
import { CheckField, CheckGroup, NumberField, SelectField, TextField, type FormState } from "../../parts/form.tsx";
import { sentence } from "../../words.ts";
import { partWords } from "../words/parts.ts";
import { isAsked, orderComplaints, type Complaint, type OrderValues } from "./order-rules.ts";
import "../office.css";

export type OrderState = FormState<OrderValues>;

/** Sentences for what the single rules cannot say. */
export function useComplaints(form: OrderForm): (values: OrderValues) => Record<string, string> {
  const t = useWords(partWords);
  const tell = (complaint: Complaint): string =>
    typeof complaint === "string" ? t(complaint) : t(complaint.key, { n: complaint.n });
  return (values) =>
    Object.fromEntries(Object.entries(orderComplaints(form, values)).map(([name, each]) => [name, tell(each)]));
}

interface OrderFieldsProps {
  readonly of: OrderForm;
  readonly form: OrderState;
  /** What an item is called and what one of it is. */
  readonly itemText: (item: string) => { readonly name: string; readonly note: string };
  /** Shown after the items, e.g. a cheaper combination. */
  readonly afterItems?: ReactNode;
}

export function OrderFields({ of, form, itemText, afterItems }: OrderFieldsProps): ReactNode {
  const say = useName();
  return (
    <>
      {of.items.length === 0 ? null : <Items of={of} form={form} itemText={itemText} after={afterItems} />}
      {of.sections.map((section) => (
        <fieldset key={section.title.ja} className="order-section">
          <legend>{say(section.title)}</legend>
          {section.fields
            .filter((field) => isAsked(field, form.values))
            .map((field) => (
              <OrderField key={field.name} field={field} form={form} />
            ))}
        </fieldset>
      ))}
    </>
  );
}

interface ItemsProps extends Pick<OrderFieldsProps, "of" | "form" | "itemText"> {
  readonly after: ReactNode;
}
function Items({ of, form, itemText, after }: ItemsProps): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  return (
    <fieldset className="order-section">
      <legend>{t("form.items")}</legend>
      <div className="order-items">
        {of.items.map(({ item, minimum, maximum }) => {
          const { name, note } = itemText(item);
          const limits =
            minimum === maximum
              ? t("form.fixed", { n: format.number(minimum) })
              : t("form.range", { least: format.number(minimum), most: format.number(maximum) });
          return (
            <NumberField
              key={item}
              form={form}
              name={item}
              label={name}
              disabled={minimum === maximum}
              hint={note === "" ? limits : `${note} · ${limits}`}
            />
          );
        })}
      </div>
      {after}
    </fieldset>
  );
}

function OrderField({ field, form }: { readonly field: FormField; readonly form: OrderState }): ReactNode {
  const t = useWords(partWords);
  const say = useName();
  const hint = field.hint === undefined ? undefined : say(field.hint);
  const common = { form, name: field.name, label: say(field.label), ...(hint === undefined ? {} : { hint }) };
  const choices = (field.choices ?? []).map(({ value, text }) => ({ value, label: say(text) }));
  switch (field.type) {
    case "consent":
      return <Consent field={field} form={form} />;
    case "choice":
      return (
        <SelectField
          {...common}
          options={[{ value: "", label: t("form.choose"), disabled: field.required }, ...choices]}
        />
      );
    case "choices":
      return <CheckGroup {...common} options={choices} />;
    case "number":
      return <NumberField {...common} />;
    case "date":
      return <TextField {...common} type="date" />;
    case "mail":
      return <TextField {...common} type="email" autoComplete="email" />;
    case "secret":
      return <TextField {...common} type="password" autoComplete="new-password" />;
    case "corporate-number":
      return <TextField {...common} hint={hint ?? t("form.corporateHint")} inputMode="numeric" mono />;
    case "postal-address":
      return <TextField {...common} autoComplete="street-address" />;
    case "mac":
    case "ip-address":
      return <TextField {...common} mono />;
    default:
      return <TextField {...common} />;
  }
}

/** A consent is refused at its own place, not only at the button. */
function Consent({ field, form }: { readonly field: FormField; readonly form: OrderState }): ReactNode {
  const say = useName();
  const error = form.errorOf(field.name);
  return (
    <div>
      <CheckField
        form={form}
        name={field.name}
        label={say(field.label)}
        {...(field.hint === undefined ? {} : { hint: say(field.hint) })}
      />
      {error === undefined ? null : (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** A filled form as names and values, for the clerk who decides and for the customer who looks back. */
export function useAnswered(): (
  form: OrderForm,
  fields: Readonly<Record<string, unknown>>,
) => readonly {
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}[] {
  const { language } = useLanguage();
  const name = useName();
  const text = (of: Text): string => sentence(of, language);
  const tell = (field: FormField, value: unknown): string => {
    if (field.type === "secret") return "••••••";
    if (field.type === "date" && typeof value === "string") return formatDay(value, language);
    if (typeof value === "boolean") return value ? "✓" : "–";
    const list = Array.isArray(value) ? value.map(String) : [String(value)];
    return list
      .map((each) => {
        const choice = field.choices?.find((one) => one.value === each);
        return choice === undefined ? each : text(choice.text);
      })
      .join(" / ");
  };
  return (form, fields) =>
    form.sections
      .map((section) => ({
        title: name(section.title),
        facts: section.fields
          .filter((field) => fields[field.name] !== undefined)
          .map((field) => ({ name: name(field.label), value: tell(field, fields[field.name]) })),
      }))
      .filter((section) => section.facts.length > 0);
}
