/**
 * The order form of a plan on a day: as shipped, or with the provider's own fields (EXP-09: the terms no longer list them). The
 * provider sets them as `form:PLAN`, from a day. What rules and checks look at stays in every form.
 */
import { Check, Errors } from "typebox/value";
import type { Day } from "@yagura/core/calendar.ts";
import type { FormField, Offer, OrderForm } from "../charging/offer.ts";
import type { Tables } from "../charging/tables.ts";
import { holds } from "../terms/ranges.ts";
import { raise } from "./errors.ts";
import { ProviderForm } from "./shapes.ts";

const PREFIX = "form:";

/** Forms of the plans that have one on the day. */
export const formsOn = (tables: Tables, offer: Offer, day: Day): OrderForm[] =>
  offer.forms
    .filter((form) => holds(form, day))
    .map((form) => ({ ...form, ...ownFields(tables, offer, form.plan, day) }));

function ownFields(tables: Tables, { service }: Offer, plan: string, day: Day): Pick<OrderForm, "sections"> | null {
  const own = tables.settings.find(
    (one) => one.service === service && one.key === `${PREFIX}${plan}` && holds(one, day),
  )?.value;
  return Check(ProviderForm, own) ? { sections: own.sections } : null;
}

/** Whether the setting is the fields of an order form. */
export const isFormKey = (key: string): boolean => key.startsWith(PREFIX);

/** FORM_PLAN_UNKNOWN, FORM_INVALID with a sentence for each field, FORM_FIELD_NEEDED. */
export function assertForm(offers: readonly Offer[], service: string | null, key: string, value: unknown): void {
  const plan = key.slice(PREFIX.length);
  const shipped = offers.find((offer) => offer.service === service)?.forms.filter((form) => form.plan === plan) ?? [];
  if (shipped.length === 0) throw raise("FORM_PLAN_UNKNOWN", { service: service ?? "–", plan });
  if (!Check(ProviderForm, value)) {
    const fields = [...Errors(ProviderForm, value)].slice(0, 20);
    throw raise(
      "FORM_INVALID",
      { key },
      { fields: fields.map(({ instancePath, message }) => ({ pointer: `/body/value${instancePath}`, message })) },
    );
  }
  const given = fieldsOf(value);
  const names = given.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw raise("FORM_FIELD_TWICE", { field: twice });
  for (const form of shipped)
    for (const needed of neededOf(form)) {
      const found = given.find(({ name }) => name === needed.name);
      if (found === undefined || found.type !== needed.type || (needed.required && !found.required))
        throw raise("FORM_FIELD_NEEDED", { field: needed.name, rule: needed.rule });
    }
}

const fieldsOf = ({ sections }: Pick<OrderForm, "sections">): readonly FormField[] =>
  sections.flatMap(({ fields }) => fields);

/** Fields that rules or checks of the form look at. */
function neededOf(form: OrderForm): FormField[] {
  const checked = new Set(
    form.checks.flatMap((check) =>
      "field" in check ? [check.field] : check.kind === "not-both" ? check.fields.map(({ field }) => field) : [],
    ),
  );
  return fieldsOf(form).filter(({ name, attribute }) => attribute === true || checked.has(name));
}
