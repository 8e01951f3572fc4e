/** Order forms of a.6 and the annexes: corporations only, consent to the terms of third parties, packs or options. */
import { applicant, billing, declarationChecks, declarations } from "@yagura/commerce/charging/form-parts.ts";
import type { FormField, FormSection, OrderForm } from "@yagura/commerce/charging/offer.ts";

const desiredStart: FormField = {
  name: "desired-start",
  rule: "SEC-05",
  required: true,
  label: { ja: "ご利用開始希望日", en: "desired start" },
  type: "date",
};

/** SEC-02: text, version and time of what was accepted are kept. */
const thirdParty = (rule: string, of: { readonly ja: string; readonly en: string }): FormField => ({
  name: "consent-third-party",
  rule,
  required: true,
  label: {
    ja: `${of.ja}の使用許諾条件に同意します（本規約と異なる点は本規約によります）`,
    en: `We accept the ${of.en}; where it differs from the terms of the service, the latter hold`,
  },
  type: "consent",
});

/** Annex 1: the vendor's agreement as it is, or its listed clauses with the provider in the vendor's place. */
const environment: FormField = {
  name: "environment",
  rule: "SEC-02",
  required: true,
  label: { ja: "ご利用の環境", en: "environment" },
  type: "choice",
  choices: [
    { value: "single-site", text: { ja: "シングルサイト環境", en: "single site" } },
    { value: "integrated-support", text: { ja: "統合サポート環境", en: "integrated support" } },
  ],
  attribute: true,
};

/** Annex 3-2: a condition of the desk's work. */
const handOver: FormField = {
  name: "consent-hand-over",
  rule: "SEC-70",
  required: true,
  label: {
    ja: "対象サービスのID・パスワード・ログなどを、提供者とその指定する事業者に渡すことに同意します",
    en: "We agree to hand IDs, passwords and logs of the covered services to the provider and its operator",
  },
  type: "consent",
};

const use = (...fields: FormField[]): FormSection => ({
  title: { ja: "サービスのご利用", en: "use of the service" },
  fields: [desiredStart, ...fields],
});

const always = { from: null, until: null } as const;
const packItems = [
  { item: "seat-1", minimum: 0, maximum: 100_000, initially: 0 },
  { item: "seat-10", minimum: 0, maximum: 10_000, initially: 0 },
  { item: "seat-100", minimum: 0, maximum: 1_000, initially: 0 },
  { item: "seat-1000", minimum: 0, maximum: 1_000, initially: 0 },
  { item: "seat-10000", minimum: 0, maximum: 100, initially: 0 },
] as const;
const thirdPartyCheck = { kind: "consent", rule: "SEC-02", field: "consent-third-party" } as const;

export const forms: readonly OrderForm[] = [
  {
    ...always,
    plan: "endpoint",
    name: { ja: "エンドポイント対策のお申し込み", en: "order of endpoint protection" },
    sections: [
      applicant,
      billing,
      use(
        environment,
        thirdParty("SEC-02", { ja: "エンドポイント対策製品", en: "licence terms of the endpoint product" }),
      ),
      declarations,
    ],
    items: packItems,
    checks: [thirdPartyCheck, ...declarationChecks],
    cheaperPacks: true,
  },
  {
    ...always,
    plan: "cloud-app",
    name: { ja: "クラウドアプリ対策のお申し込み", en: "order of cloud application protection" },
    sections: [
      applicant,
      billing,
      use(thirdParty("SEC-02", { ja: "クラウドアプリ対策製品", en: "licence terms of the cloud application product" })),
      declarations,
    ],
    items: packItems,
    checks: [thirdPartyCheck, ...declarationChecks],
    cheaperPacks: true,
  },
  {
    ...always,
    plan: "desk",
    name: { ja: "セキュリティサポートデスクのお申し込み", en: "order of the security support desk" },
    sections: [
      applicant,
      billing,
      use(thirdParty("SEC-02", { ja: "サポートデスク運営事業者", en: "rules of the desk's operator" }), handOver),
      declarations,
    ],
    items: [
      { item: "base", minimum: 1, maximum: 1, initially: 1 },
      { item: "report", minimum: 0, maximum: 1, initially: 0 },
      { item: "settings", minimum: 0, maximum: 1, initially: 0 },
      { item: "ticket-setting", minimum: 0, maximum: 1_000, initially: 0 },
      { item: "ticket-question", minimum: 0, maximum: 1_000, initially: 0 },
      { item: "ticket-refuge", minimum: 0, maximum: 1_000, initially: 0 },
    ],
    checks: [
      // a.6(3)(6): a covered service in use, or ordered together.
      { kind: "needs-plan", rule: "SEC-07", plans: ["endpoint", "cloud-app"] },
      thirdPartyCheck,
      { kind: "consent", rule: "SEC-70", field: "consent-hand-over" },
      ...declarationChecks,
    ],
  },
];
