/** Sections that the order forms of several services share: who orders, who is billed, what is declared. Data only. */
import type { FormField, FormSection } from "./offer.ts";

const line = 200;

/** COM-31: a corporation, by its number. */
export const applicant: FormSection = {
  title: { ja: "お客さま情報", en: "customer" },
  fields: [
    {
      name: "corporate-number",
      label: { ja: "法人番号（13桁）", en: "corporate number (13 digits)" },
      rule: "COM-31",
      type: "corporate-number",
      required: true,
    },
    {
      name: "holder-name",
      label: { ja: "契約者名", en: "contract holder" },
      rule: "COM-32",
      type: "text",
      required: true,
      maximum: line,
    },
    {
      name: "holder-address",
      label: { ja: "契約者住所", en: "address of the contract holder" },
      rule: "COM-32",
      type: "postal-address",
      required: true,
    },
    {
      name: "contact-name",
      label: { ja: "申込に関するご連絡先（氏名）", en: "contact for this order" },
      rule: "COM-32",
      type: "text",
      required: true,
      maximum: line,
    },
    {
      name: "contact-mail",
      label: { ja: "ご連絡先メールアドレス", en: "contact's mail address" },
      rule: "COM-32",
      type: "mail",
      required: true,
    },
    {
      name: "contact-phone",
      label: { ja: "ご連絡先電話番号", en: "contact's phone number" },
      rule: "COM-32",
      type: "phone",
      required: true,
    },
  ],
};

/** COM-32: where bills go. */
export const billing: FormSection = {
  title: { ja: "請求書の送付先", en: "billing" },
  fields: [
    {
      name: "billing-name",
      label: { ja: "送付先名", en: "addressee" },
      rule: "COM-32",
      type: "text",
      required: true,
      maximum: line,
    },
    {
      name: "billing-address",
      label: { ja: "送付先住所", en: "billing address" },
      rule: "COM-32",
      type: "postal-address",
      required: true,
    },
    {
      name: "billing-contact",
      label: { ja: "請求に関するご連絡先（メールアドレス）", en: "billing contact (mail address)" },
      rule: "COM-32",
      type: "mail",
      required: true,
    },
  ],
};

/** COM-22: the terms as they are shown with the form. */
export const termsConsent: FormField = {
  name: "consent-terms",
  label: { ja: "利用規約の内容に同意します", en: "I agree to the terms of the service" },
  rule: "COM-22",
  type: "consent",
  required: true,
};
/** COM-27, SEC-23. */
export const subcontractorConsent: FormField = {
  name: "consent-subcontractors",
  label: {
    ja: "提供に必要な範囲で、委託先にお客さまの情報を渡すことに同意します",
    en: "I agree that subcontractors get our data as far as the service needs it",
  },
  rule: "COM-27",
  type: "consent",
  required: true,
};
/** COM-26. */
export const antisocialDeclaration: FormField = {
  name: "declaration-antisocial",
  label: {
    ja: "反社会的勢力に該当せず、関係を持たないことを表明します",
    en: "We declare that we neither are nor deal with anti-social forces",
  },
  rule: "COM-26",
  type: "consent",
  required: true,
};

export const declarations: FormSection = {
  title: { ja: "同意と表明", en: "consents and declarations" },
  fields: [termsConsent, subcontractorConsent, antisocialDeclaration],
};

/** What every form refuses to go without. */
export const declarationChecks = [
  { kind: "consent", rule: "COM-22", field: "consent-terms" },
  { kind: "consent", rule: "COM-27", field: "consent-subcontractors" },
  { kind: "consent", rule: "COM-26", field: "declaration-antisocial" },
] as const;
