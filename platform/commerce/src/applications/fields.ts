/** One field of an order form against its value: what is wrong with it, in both languages. Pure. */
import { isIP } from "node:net";
import { isDay } from "@yagura/core/calendar.ts";
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import type { FormField, OrderForm } from "../charging/offer.ts";
import type { Text } from "../charging/tables.ts";
import type { FieldValue, Remark } from "./shapes.ts";

export type Values = Readonly<Record<string, FieldValue>>;

export const fieldsOf = (form: OrderForm): FormField[] => form.sections.flatMap(({ fields }) => [...fields]);

/** Whether the field is asked for at all, given the other values. */
export const applies = (field: FormField, values: Values): boolean =>
  field.when === undefined || String(values[field.when.field] ?? "") === field.when.value;

export const isEmpty = (value: FieldValue | undefined): boolean =>
  value === undefined ||
  value === false ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0);

/** Characters as a person sees them, after NFC (A-EXP-12). */
const segments = new Intl.Segmenter("ja", { granularity: "grapheme" });
const charactersOf = (text: string): number => [...segments.segment(text.normalize("NFC"))].length;

/** Everything that keeps the values from being a complete form (RNS-04). */
export function formRemarks(form: OrderForm, values: Values): Remark[] {
  const fields = fieldsOf(form);
  const known = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(values)
    .filter((name) => !known.has(name))
    .map((name) =>
      missing(`/fields/${name}`, "RNS-04", { ja: "この申込書にない項目です。", en: "This form has no such field." }),
    );
  return [
    ...unknown,
    ...fields.filter((field) => applies(field, values)).flatMap((field) => fieldRemarks(field, values[field.name])),
  ];
}

function fieldRemarks(field: FormField, value: FieldValue | undefined): Remark[] {
  const pointer = `/fields/${field.name}`;
  if (isEmpty(value)) return field.required ? [missing(pointer, field.rule, emptyText(field))] : [];
  const wrong = wrongValue(field, value as FieldValue);
  return wrong === null ? [] : [missing(pointer, field.rule, wrong)];
}

const emptyText = ({ type, label }: FormField): Text =>
  type === "consent"
    ? { ja: `「${label.ja}」への同意が必要です。`, en: `This has to be agreed to: ${label.en}.` }
    : { ja: `「${label.ja}」を入力してください。`, en: `Please fill in: ${label.en}.` };

const isText = (value: FieldValue): value is string => typeof value === "string";

/** What is wrong with a value that is there, or null. */
function wrongValue(field: FormField, value: FieldValue): Text | null {
  switch (field.type) {
    case "consent":
      return value === true ? null : { ja: "同意は true で指定してください。", en: "A consent is given as true." };
    case "number":
      return typeof value === "number" && Number.isFinite(value)
        ? null
        : { ja: "数値を入力してください。", en: "Must be a number." };
    case "choice":
      return isText(value) && among(field, value) ? null : notOffered(field);
    case "choices":
      return wrongChoices(field, value);
    default:
      return isText(value)
        ? (wrongText[field.type]?.(value, field) ?? tooLong(field, value))
        : { ja: "文字で入力してください。", en: "Must be a text." };
  }
}

const among = ({ choices = [] }: FormField, value: string): boolean => choices.some((choice) => choice.value === value);
const notOffered = ({ choices = [] }: FormField): Text => ({
  ja: `次のいずれかを選んでください: ${choices.map(({ text }) => text.ja).join("、")}`,
  en: `Must be one of: ${choices.map(({ value }) => value).join(", ")}.`,
});

function wrongChoices(field: FormField, value: FieldValue): Text | null {
  if (!Array.isArray(value) || value.some((one) => !among(field, one))) return notOffered(field);
  const least = field.least ?? 0;
  return new Set(value).size >= least
    ? null
    : { ja: `${least} つ以上選んでください。`, en: `Choose at least ${least}.` };
}

function tooLong({ maximum = 300 }: FormField, value: string): Text | null {
  const length = charactersOf(value);
  return length <= maximum
    ? null
    : {
        ja: `${maximum} 文字以内で入力してください（現在 ${length} 文字）。`,
        en: `May have at most ${maximum} characters; it has ${length}.`,
      };
}

/** By type: null when the text is right. */
const wrongText: Partial<Record<FormField["type"], (value: string, field: FormField) => Text | null>> = {
  "corporate-number": (value) =>
    isCorporateNumber(value)
      ? null
      : {
          ja: "法人番号ではありません。13桁の数字で、先頭の検査数字を確かめてください。",
          en: "This is not a corporate number: 13 digits, of which the first is the check digit.",
        },
  mail: (value) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) && value.length <= 254
      ? null
      : { ja: "メールアドレスの形式が正しくありません。", en: "This is not a mail address." },
  phone: (value) =>
    /^\+?[\d() -]{9,20}$/.test(value) && value.replace(/\D/g, "").length >= 9
      ? null
      : { ja: "電話番号の形式が正しくありません。", en: "This is not a phone number." },
  date: (value) =>
    isDay(value)
      ? null
      : { ja: "暦にない日付です（YYYY-MM-DD）。", en: "This is no day of the calendar (YYYY-MM-DD)." },
  mac: (value) =>
    /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(value)
      ? null
      : {
          ja: "MACアドレスの形式が正しくありません（例: 00:1b:44:11:3a:b7）。",
          en: "This is not a MAC address such as 00:1b:44:11:3a:b7.",
        },
  "ip-address": (value) =>
    isIP(value) === 0 ? { ja: "IPアドレスの形式が正しくありません。", en: "This is not an IP address." } : null,
};

export const missing = (pointer: string, rule: string, text: Text): Remark => ({
  kind: "missing",
  pointer,
  rule,
  text,
});
export const hint = (pointer: string, rule: string, text: Text): Remark => ({ kind: "hint", pointer, rule, text });

/** Quantities against what the form offers. */
export function itemRemarks(form: OrderForm, items: Readonly<Record<string, number>>): Remark[] {
  const remarks: Remark[] = [];
  const offered = new Map(form.items.map((one) => [one.item, one]));
  for (const item of Object.keys(items)) {
    if (!offered.has(item))
      remarks.push(
        missing(`/items/${item}`, "RNS-09", {
          ja: "このプランでは申し込めない品目です。",
          en: "This item cannot be ordered with the plan.",
        }),
      );
  }
  for (const { item, minimum, maximum } of form.items) {
    const quantity = items[item] ?? 0;
    if (quantity >= minimum && quantity <= maximum) continue;
    remarks.push(
      missing(`/items/${item}`, "RNS-09", {
        ja: `数量は ${minimum} から ${maximum} までの範囲で指定してください。`,
        en: `The quantity must be between ${minimum} and ${maximum}.`,
      }),
    );
  }
  if (remarks.length === 0 && form.items.length > 0 && Object.values(items).every((quantity) => quantity === 0)) {
    remarks.push(
      missing("/items", "SEC-52", { ja: "数量を1つ以上指定してください。", en: "Order at least one of something." }),
    );
  }
  return remarks;
}

/** Quantities of the order: what the form begins with where nothing is said. */
export function orderedItems(
  form: OrderForm,
  given: Readonly<Record<string, number>> | undefined,
): Record<string, number> {
  const items: Record<string, number> = {};
  for (const { item, initially } of form.items) if (initially > 0) items[item] = initially;
  for (const [item, quantity] of Object.entries(given ?? {})) {
    if (quantity > 0) items[item] = quantity;
    else delete items[item];
  }
  return items;
}

/** Values of fields that rules look at later (model, licence, line model …). */
export function attributesOf(form: OrderForm, values: Values): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const field of fieldsOf(form)) {
    const value = values[field.name];
    if (field.attribute === true && applies(field, values) && !isEmpty(value)) attributes[field.name] = String(value);
  }
  return attributes;
}
