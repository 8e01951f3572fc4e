/** What an order form of a service asks and takes: pure, from the form's data alone, so that a new service needs no page. */
import type { Customer } from "@yagura/commerce/applications/shapes.ts";
import type { FormField, OrderForm } from "@yagura/commerce/charging/shapes.ts";
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import { checkValue, type Rule } from "../../form-rules.ts";
import type { Value } from "../../parts/form.tsx";

export type OrderValues = Readonly<Record<string, Value>>;

/** Characters of a field whose form names no limit. */
const MOST = 200;
const PHONE = /^\+?[0-9][0-9() -]{6,19}$/;
const MAC = /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/;
const IPV4 = /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.|$)){4}$/;

export const fieldsOf = (form: OrderForm): readonly FormField[] => form.sections.flatMap((section) => section.fields);

/** Whether a field is asked for, given what was answered so far. */
export const isAsked = (field: FormField, values: OrderValues): boolean => {
  const { when } = field;
  if (when === undefined) return true;
  const value = values[when.field];
  return Array.isArray(value) ? value.includes(when.value) : String(value ?? "") === when.value;
};

export function emptyOrder(form: OrderForm): OrderValues {
  const values: Record<string, Value> = {};
  for (const field of fieldsOf(form)) {
    values[field.name] = field.type === "consent" ? false : field.type === "choices" ? [] : "";
  }
  for (const item of form.items) values[item.item] = String(item.initially);
  return values;
}

/** What is registered of a customer, by the names that the order forms give the same things. */
const REGISTERED: Readonly<Record<string, (customer: Customer) => string | undefined>> = {
  "corporate-number": ({ corporateNumber }) => corporateNumber ?? undefined,
  "holder-name": ({ details }) => details.holder,
  "holder-address": ({ details }) => details.address,
  contact: ({ details }) => details.contact,
  "contact-name": ({ details }) => details.contact,
  "contact-mail": ({ details }) => details.mail,
  "contact-phone": ({ details }) => details.phone,
  "billing-name": ({ details }) => details.billingAddressee,
  "billing-address": ({ details }) => details.billingAddress,
};

/** An order that begins with the registered details. */
export function prefilled(form: OrderForm, customer: Customer | null): OrderValues {
  const values: Record<string, Value> = { ...emptyOrder(form) };
  if (customer === null) return values;
  const { details } = customer;
  for (const field of fieldsOf(form)) {
    const known =
      field.name === "billing-contact"
        ? field.type === "mail"
          ? (details.billingMail ?? details.mail)
          : details.billingContact
        : REGISTERED[field.name]?.(customer);
    if (known !== undefined) values[field.name] = known;
  }
  return values;
}

/** Limits of the text fields that are asked for, in the form that the fields of the portal show and check. */
export function orderRules(form: OrderForm, values: OrderValues): Readonly<Record<string, Rule>> {
  const rules: Record<string, Rule> = {};
  for (const field of fieldsOf(form)) {
    const rule = isAsked(field, values) ? ruleOf(field) : null;
    if (rule !== null) rules[field.name] = field.required ? rule : { ...rule, optional: true };
  }
  for (const item of form.items) rules[item.item] = { type: "integer", minimum: item.minimum, maximum: item.maximum };
  return rules;
}

function ruleOf(field: FormField): Rule | null {
  switch (field.type) {
    case "consent":
    case "choices":
      return null;
    case "mail":
      return { format: "email", maxLength: field.maximum ?? 254 };
    case "number":
      return { type: "integer", minimum: 0, ...(field.maximum === undefined ? {} : { maximum: field.maximum }) };
    case "corporate-number":
      return { pattern: /^\d{13}$/, maxLength: 13 };
    default:
      return { characters: field.maximum ?? MOST };
  }
}

export type Complaint =
  | "form.consent"
  | "form.corporate"
  | "form.phone"
  | "form.mac"
  | "form.ip"
  | "form.date"
  | "form.nothing"
  | { readonly key: "form.least"; readonly n: number };

/** What the rules of single values cannot say, by field name. */
export function orderComplaints(form: OrderForm, values: OrderValues): Readonly<Record<string, Complaint>> {
  const found: Record<string, Complaint> = {};
  for (const field of fieldsOf(form)) {
    const complaint = isAsked(field, values) ? complaintOf(field, values[field.name]) : null;
    if (complaint !== null) found[field.name] = complaint;
  }
  const first = form.items[0];
  if (first !== undefined && form.items.every((item) => Number(values[item.item]) === 0))
    found[first.item] = "form.nothing";
  return found;
}

function complaintOf(field: FormField, value: Value | undefined): Complaint | null {
  if (field.type === "consent") return field.required && value !== true ? "form.consent" : null;
  if (field.type === "choices") {
    const least = field.least ?? (field.required ? 1 : 0);
    return Array.isArray(value) && value.length < least ? { key: "form.least", n: least } : null;
  }
  const text = String(value ?? "").trim();
  if (text === "") return null;
  switch (field.type) {
    case "corporate-number":
      return isCorporateNumber(text) ? null : "form.corporate";
    case "phone":
      return PHONE.test(text) ? null : "form.phone";
    case "mac":
      return MAC.test(text) ? null : "form.mac";
    case "ip-address":
      return IPV4.test(text) || isIpv6(text) ? null : "form.ip";
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? null : "form.date";
    default:
      return null;
  }
}

const isIpv6 = (text: string): boolean => text.includes(":") && URL.canParse(`http://[${text}]/`);

export interface OrderAnswer {
  readonly items: Readonly<Record<string, number>>;
  readonly fields: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** What is sent: fields that are asked for and answered, items that are ordered. */
export function orderAnswer(form: OrderForm, values: OrderValues): OrderAnswer {
  const fields: Record<string, string | number | boolean | readonly string[]> = {};
  for (const field of fieldsOf(form)) {
    const value = values[field.name];
    if (!isAsked(field, values) || value === undefined || value === "") continue;
    if (field.type === "number") fields[field.name] = Number(value);
    else fields[field.name] = typeof value === "string" ? value.trim() : value;
  }
  const items: Record<string, number> = {};
  for (const { item } of form.items) {
    const count = Number(values[item]);
    if (Number.isInteger(count) && count > 0) items[item] = count;
  }
  return { items, fields };
}

/** The parts of an answer that decide the price: once they hold, a quote can be asked for. */
export function quotable(form: OrderForm, values: OrderValues): boolean {
  const rules = orderRules(form, values);
  const counted = form.items.every(({ item }) => {
    const rule = rules[item];
    return rule !== undefined && checkValue(rule, String(values[item] ?? "")) === null;
  });
  return counted && form.items.some(({ item }) => Number(values[item]) > 0);
}
