/** Order forms: EXP-v1 with the fields that a.6 lists (EXP-08), EXP-v2 with the same as a first value (EXP-09, A-EXP-10). */
import {
  antisocialDeclaration,
  declarationChecks,
  subcontractorConsent,
  termsConsent,
} from "@yagura/commerce/charging/form-parts.ts";
import type { FormField, FormSection, OrderForm } from "@yagura/commerce/charging/offer.ts";

const asked = { rule: "EXP-08", required: true } as const;

const customer: FormSection = {
  title: { ja: "お客さま情報", en: "customer" },
  fields: [
    // A-EXP-11: what the form calls so is the corporate number.
    {
      ...asked,
      name: "corporate-number",
      label: { ja: "法人番号（13桁）", en: "corporate number (13 digits)" },
      type: "corporate-number",
    },
    { ...asked, name: "holder-name", label: { ja: "契約者名", en: "contract holder" }, type: "text", maximum: 200 },
    {
      ...asked,
      name: "holder-address",
      label: { ja: "契約者住所", en: "address of the contract holder" },
      type: "postal-address",
    },
    {
      ...asked,
      name: "contact",
      label: { ja: "申込に関するご連絡先", en: "contact for this order" },
      type: "text",
      maximum: 200,
    },
  ],
};

const billing: FormSection = {
  title: { ja: "請求書の送付先", en: "billing" },
  fields: [
    { ...asked, name: "billing-name", label: { ja: "送付先名", en: "addressee" }, type: "text", maximum: 200 },
    {
      ...asked,
      name: "billing-address",
      label: { ja: "請求書の送付先住所", en: "billing address" },
      type: "postal-address",
    },
    {
      ...asked,
      name: "billing-contact",
      label: { ja: "請求に関するご連絡先", en: "billing contact" },
      type: "text",
      maximum: 200,
    },
  ],
};

const use: FormSection = {
  title: { ja: "サービスのご利用", en: "use of the service" },
  fields: [
    { ...asked, name: "desired-start", label: { ja: "ご利用開始希望日", en: "desired start" }, type: "date" },
    {
      ...asked,
      name: "place",
      label: { ja: "設置場所（日本国内）", en: "place of installation (in Japan)" },
      type: "postal-address",
    },
    {
      name: "label",
      rule: "EXP-03",
      required: true,
      label: { ja: "PC識別用情報", en: "PC label" },
      hint: {
        ja: "PC 1台ごとに、全角・半角を問わず15文字以内です。",
        en: "One for each PC, at most 15 characters whatever their width.",
      },
      type: "text",
      maximum: 15,
    },
    {
      ...asked,
      name: "pc-holder-name",
      label: { ja: "PCをお使いの方のお名前", en: "name of the PC's holder" },
      type: "text",
      maximum: 200,
    },
    {
      ...asked,
      name: "pc-holder-mail",
      label: { ja: "PCをお使いの方のメールアドレス", en: "mail address of the PC's holder" },
      hint: {
        ja: "ログインとインストールの招待メールの宛先です。",
        en: "Invitations to log in and to install go there.",
      },
      type: "mail",
    },
    {
      ...asked,
      name: "pc-holder-phone",
      label: { ja: "PCをお使いの方の電話番号", en: "phone number of the PC's holder" },
      type: "phone",
    },
  ],
};

const portal: FormSection = {
  title: { ja: "ポータルのご利用", en: "use of the portal" },
  fields: [
    {
      ...asked,
      name: "portal-registration",
      label: { ja: "ポータルに登録する情報", en: "portal registration data" },
      type: "text",
      maximum: 200,
    },
    {
      ...asked,
      name: "consent-portal-holder",
      label: {
        ja: "ポータル契約者として、個人情報の取扱いに同意します",
        en: "As the portal's contract holder, we consent to its handling of personal data",
      },
      type: "consent",
    },
    {
      ...asked,
      name: "consent-portal-user",
      label: {
        ja: "ポータル利用者として、個人情報の取扱いに同意します",
        en: "As the portal's user, I consent to its handling of personal data",
      },
      type: "consent",
    },
    {
      ...asked,
      name: "opening-password",
      label: { ja: "開通のご案内を開くパスワード", en: "password of the opening notice" },
      type: "secret",
      maximum: 100,
    },
  ],
};

/** a.20: agreed to in advance (EXP-15). */
const billingConsent: FormField = {
  name: "consent-billing",
  rule: "EXP-15",
  required: true,
  label: {
    ja: "請求と支払いの定めをあらかじめ承諾します",
    en: "We agree in advance to the rules of billing and payment",
  },
  type: "consent",
};
const consents: FormSection = {
  title: { ja: "同意と表明", en: "consents and declarations" },
  fields: [termsConsent, subcontractorConsent, antisocialDeclaration, billingConsent],
};

/** a.6 of v2: through the order site, or as a salesperson directs; which one is stored. */
const channel: FormSection = {
  title: { ja: "お申し込みの方法", en: "how the order came" },
  fields: [
    {
      name: "channel",
      rule: "EXP-09",
      required: true,
      label: { ja: "お申し込みの経路", en: "channel" },
      type: "choice",
      choices: [
        { value: "order-site", text: { ja: "申込サイト", en: "order site" } },
        { value: "salesperson", text: { ja: "営業担当", en: "salesperson" } },
      ],
    },
  ],
};

const common = {
  plan: "agent",
  name: { ja: "体感品質モニタリングのお申し込み", en: "order of experience monitoring" },
  // EXP-02: one contract number for each.
  items: [{ item: "agent", minimum: 1, maximum: 1, initially: 1 }],
  checks: [
    { kind: "in-japan", rule: "EXP-10", field: "place" },
    { kind: "consent", rule: "EXP-15", field: "consent-billing" },
    ...declarationChecks,
  ],
} as const satisfies Partial<OrderForm>;

export const forms: readonly OrderForm[] = [
  { ...common, from: null, until: "2023-08-01", sections: [customer, billing, use, portal, consents] },
  { ...common, from: "2023-08-01", until: null, sections: [channel, customer, billing, use, portal, consents] },
];
