/** Order form of a.7 with the hearing sheet (UTM-84) and the choice of security functions (UTM-72). */
import { declarationChecks, declarations } from "@yagura/commerce/charging/form-parts.ts";
import type { FormField, FormSection, OrderForm } from "@yagura/commerce/charging/offer.ts";
import { hearingSheet } from "./hearing-sheet.ts";

const given = { required: true, rule: "UTM-05" } as const;
const ofSoleTrader = { field: "holder", value: "sole-trader" } as const;
const ofCorporation = { field: "holder", value: "corporation" } as const;

const customer: FormSection = {
  title: { ja: "お客さま情報", en: "customer" },
  fields: [
    {
      name: "holder",
      rule: "COM-31",
      required: true,
      label: { ja: "お客さまの区分", en: "kind of customer" },
      type: "choice",
      choices: [
        { value: "corporation", text: { ja: "法人", en: "corporation" } },
        { value: "sole-trader", text: { ja: "個人事業主", en: "sole trader" } },
      ],
      attribute: true,
    },
    {
      name: "corporate-number",
      rule: "COM-31",
      required: true,
      label: { ja: "法人番号（13桁）", en: "corporate number (13 digits)" },
      type: "corporate-number",
      when: ofCorporation,
    },
    { ...given, name: "holder-name", label: { ja: "契約者名", en: "contract holder" }, type: "text", maximum: 200 },
    {
      ...given,
      name: "holder-address",
      label: { ja: "契約者住所", en: "address of the contract holder" },
      type: "postal-address",
    },
    { ...given, name: "contact-name", label: { ja: "ご担当者名", en: "contact" }, type: "text", maximum: 200 },
    { ...given, name: "contact-mail", label: { ja: "メールアドレス", en: "mail address" }, type: "mail" },
    { ...given, name: "contact-phone", label: { ja: "電話番号", en: "phone number" }, type: "phone" },
    {
      ...given,
      name: "billing-address",
      label: { ja: "請求書の送付先", en: "billing address" },
      type: "postal-address",
    },
    {
      name: "consent-personal-data",
      rule: "UTM-06",
      required: true,
      label: {
        ja: "記入した個人情報について、ご本人の同意を得ています",
        en: "The persons named in this form have agreed to it",
      },
      type: "consent",
    },
    {
      name: "consent-own-data",
      rule: "UTM-79",
      required: true,
      label: {
        ja: "提供者と委託先が、提供の過程で個人情報を知り得ることに同意します",
        en: "I agree that the provider and its contractors come to know personal data while they serve us",
      },
      type: "consent",
      when: ofSoleTrader,
    },
  ],
};

const line: FormSection = {
  title: { ja: "アクセス回線", en: "access line" },
  fields: [
    {
      ...given,
      name: "line-number",
      label: { ja: "回線の契約番号", en: "number of the line contract" },
      type: "text",
      maximum: 40,
      attribute: true,
    },
    {
      name: "line-type",
      rule: "UTM-03",
      required: true,
      label: { ja: "回線の種類", en: "type of line" },
      type: "text",
      maximum: 40,
      attribute: true,
    },
    {
      name: "area",
      rule: "UTM-03",
      required: true,
      label: { ja: "設置場所の区域", en: "area of the site" },
      type: "text",
      maximum: 100,
    },
    {
      name: "line-model",
      rule: "UTM-54",
      required: true,
      label: { ja: "回線の提供元", en: "who provides the line" },
      type: "choice",
      choices: [
        { value: "own", text: { ja: "当社の回線", en: "the provider itself" } },
        { value: "collaboration", text: { ja: "光コラボレーション", en: "a collaboration partner" } },
      ],
      attribute: true,
    },
    {
      name: "same-holder",
      rule: "UTM-04",
      required: true,
      label: {
        ja: "契約者は回線の契約者（光コラボレーションの場合は、その指定する方）と同じです",
        en: "The holder is the line's holder (on a collaboration line: the person whom the line's holder named)",
      },
      type: "consent",
    },
  ],
};

/** a.7(4), Annex 3: only with a newly installed gateway of the list. */
const gateway: FormSection = {
  title: { ja: "ゲートウェイ装置", en: "gateway" },
  fields: [
    {
      name: "model",
      rule: "UTM-08",
      required: true,
      label: { ja: "機種", en: "model" },
      type: "choice",
      choices: [
        { value: "ssb5", text: { ja: "SSB5（最長7年）", en: "SSB5 (at most 7 years)" } },
        { value: "ssb10", text: { ja: "SSB10（最長5年）", en: "SSB10 (at most 5 years)" } },
        { value: "ssb30", text: { ja: "SSB30（最長5年）", en: "SSB30 (at most 5 years)" } },
        { value: "standard", text: { ja: "Standard（最長7年）", en: "Standard (at most 7 years)" } },
        { value: "professional", text: { ja: "Professional（最長7年）", en: "Professional (at most 7 years)" } },
      ],
      attribute: true,
    },
    {
      name: "licence",
      rule: "UTM-32",
      required: true,
      label: { ja: "ライセンス", en: "licence" },
      type: "choice",
      choices: [
        { value: "plain", text: { ja: "なし", en: "none" } },
        { value: "attached", text: { ja: "ライセンス付", en: "attached" } },
      ],
      attribute: true,
    },
    {
      name: "newly-installed",
      rule: "UTM-07",
      required: true,
      label: { ja: "装置を新たに導入します", en: "The gateway is newly installed" },
      type: "consent",
    },
    {
      name: "desired-start",
      rule: "UTM-10",
      required: true,
      label: { ja: "初期工事の希望日", en: "desired day of the initial work" },
      type: "date",
    },
  ],
};

/** Table 3-4 has eight rows (A-UTM-11). */
const functions: FormSection = {
  title: { ja: "セキュリティ機能", en: "security functions" },
  fields: [
    {
      name: "security-functions",
      rule: "UTM-72",
      required: true,
      label: { ja: "利用する機能（1つ以上）", en: "functions in use (at least one)" },
      type: "choices",
      least: 1,
      choices: [
        { value: "firewall", text: { ja: "ファイアウォール", en: "firewall" } },
        { value: "application-control", text: { ja: "アプリケーションコントロール", en: "application control" } },
        { value: "web-antivirus", text: { ja: "Webアンチウイルス", en: "web antivirus" } },
        { value: "antispyware", text: { ja: "アンチスパイウェア", en: "anti-spyware" } },
        { value: "url-filter", text: { ja: "URLフィルタリング", en: "URL filter" } },
        { value: "mail-antivirus", text: { ja: "メールアンチウイルス", en: "mail antivirus" } },
        {
          value: "mail-antispam",
          text: { ja: "メールアンチスパム・アンチフィッシング", en: "mail anti-spam and anti-phishing" },
        },
        { value: "egress", text: { ja: "出口対策", en: "outbound protection" } },
      ],
    },
    {
      name: "phone-contact",
      rule: "UTM-63",
      required: true,
      label: { ja: "アラート時の電話連絡", en: "phone call on alarms" },
      type: "choice",
      choices: [
        { value: "yes", text: { ja: "希望する（平日9時～17時）", en: "yes (business days, 9:00 to 17:00)" } },
        { value: "no", text: { ja: "希望しない", en: "no" } },
      ],
    },
  ],
};

const agreed: readonly FormField[] = [
  {
    name: "consent-logs",
    rule: "UTM-19",
    required: true,
    label: {
      ja: "運用に必要なログの提供に、装置を通る利用者も含めて同意します",
      en: "We agree, also for users behind the gateway, that the logs needed for the service are provided",
    },
    type: "consent",
  },
  {
    name: "consent-licences",
    rule: "UTM-19",
    required: true,
    label: {
      ja: "装置のソフトウェアライセンスを正しく取得し、その条件に同意しています",
      en: "The gateway's software is validly licensed and we accept its terms",
    },
    type: "consent",
  },
  {
    name: "consent-document-fees",
    rule: "UTM-56",
    required: true,
    label: {
      ja: "適格請求書と支払証明書の発行に手数料と送料がかかることに同意します",
      en: "We agree that qualified invoices and payment certificates on request bear a fee and postage",
    },
    type: "consent",
  },
  {
    name: "consent-claims",
    rule: "UTM-53",
    required: true,
    label: {
      ja: "債権が請求事業者に譲渡され、請求に必要な情報が渡されることに同意します",
      en: "We agree that claims may be assigned to a billing operator together with what it needs to bill",
    },
    type: "consent",
  },
];

export const forms: readonly OrderForm[] = [
  {
    plan: "gateway",
    from: null,
    until: null,
    name: { ja: "UTMサポートのお申し込み", en: "order of UTM support" },
    sections: [
      customer,
      line,
      gateway,
      functions,
      hearingSheet,
      { ...declarations, fields: [...declarations.fields, ...agreed] },
    ],
    items: [{ item: "base", minimum: 1, maximum: 1, initially: 1 }],
    checks: [
      { kind: "unique", rule: "UTM-04", field: "line-number" },
      { kind: "listed", rule: "UTM-03", field: "line-type", setting: "line-types" },
      { kind: "listed", rule: "UTM-03", field: "area", setting: "areas" },
      { kind: "consent", rule: "UTM-04", field: "same-holder" },
      { kind: "consent", rule: "UTM-07", field: "newly-installed" },
      { kind: "consent", rule: "UTM-06", field: "consent-personal-data" },
      { kind: "consent", rule: "UTM-19", field: "consent-logs" },
      { kind: "consent", rule: "UTM-19", field: "consent-licences" },
      ...declarationChecks,
    ],
  },
];
