/** Articles that have no calculation (SEC-27), and the terms of third parties (SEC-02). */
import type { Checklist, Offer, ThirdPartyTerms } from "@yagura/commerce/charging/offer.ts";

export const articles = [
  { article: "a.1", rule: "SEC-01", about: { ja: "目的、法人を対象とすること", en: "purpose; corporations only" } },
  { article: "a.2", rule: "SEC-02", about: { ja: "規約の範囲と第三者の条件", en: "scope; terms of third parties" } },
  { article: "a.3–4", rule: "SEC-03", about: { ja: "規約の変更と公表", en: "change and publication of the terms" } },
  { article: "a.5", rule: "SEC-04", about: { ja: "サービスの区分", en: "the three sub-services" } },
  {
    article: "a.17",
    rule: "SEC-27",
    about: { ja: "免責（故意・重過失を除く）", en: "liability only for intent or gross negligence" },
  },
  { article: "a.18", rule: "SEC-27", about: { ja: "非保証", en: "no warranty of fitness" } },
  {
    article: "a.19",
    rule: "SEC-27",
    about: { ja: "当社が受けた損害の賠償", en: "damage that the customer does to the provider" },
  },
  { article: "a.22", rule: "SEC-23", about: { ja: "委託先への情報の提供", en: "data to subcontractors" } },
  { article: "a.24", rule: "SEC-27", about: { ja: "免責の承認", en: "acceptance of the exclusions of liability" } },
  { article: "a.25", rule: "SEC-27", about: { ja: "知的財産権", en: "intellectual property" } },
  { article: "a.26", rule: "SEC-25", about: { ja: "個人情報の開示", en: "disclosure of personal data" } },
  { article: "a.27", rule: "SEC-27", about: { ja: "輸出規制", en: "export control" } },
  {
    article: "a.28",
    rule: "SEC-26",
    about: { ja: "保守と日本語での窓口", en: "maintenance; the desk answers in Japanese" },
  },
  { article: "a.28-2", rule: "COM-21", about: { ja: "特約の優先", en: "special agreements" } },
  {
    article: "Anx3 R8",
    rule: "SEC-69",
    about: { ja: "分析レポートは申込みの翌月以降に提供", en: "reports from the month after the order" },
  },
  { article: "a.10", rule: "SEC-12", about: { ja: "合併・分割による承継", en: "succession on merger or split" } },
  { article: "a.13", rule: "SEC-16", about: { ja: "契約終了後の支払い", en: "debts stay payable after the end" } },
  { article: "a.29", rule: "SEC-27", about: { ja: "管轄裁判所", en: "court" } },
  { article: "a.30", rule: "SEC-27", about: { ja: "準拠法", en: "governing law" } },
] as const satisfies Offer["articles"];

const note = {
  ja: "提供者の規約と異なる点は、提供者の規約によります。",
  en: "Where it differs from the provider's terms, the provider's hold.",
} as const;

export const thirdPartyTerms = [
  {
    // Annex 1-1.
    rule: "SEC-02",
    plan: "endpoint",
    code: "endpoint-vendor-single-site",
    name: { ja: "エンドポイント対策製品の契約書", en: "agreement of the endpoint product's vendor" },
    when: { field: "environment", value: "single-site" },
    // Supplementary provision of 2021-06-18, paragraph 2.
    alsoBefore: { rule: "SEC-60", day: "2021-06-18" },
    clauses: null,
    precedence: "provider-terms",
    note,
  },
  {
    // Annex 1-2: only these clauses; where they say the vendor, the provider is meant.
    rule: "SEC-02",
    plan: "endpoint",
    code: "endpoint-vendor-integrated-support",
    name: { ja: "エンドポイント対策製品の契約書（適用条項）", en: "listed clauses of the endpoint vendor's agreement" },
    when: { field: "environment", value: "integrated-support" },
    clauses: [
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "8",
      "9",
      "10",
      "11",
      "13",
      "14",
      "16",
      "17",
      "21",
      "23",
      "24",
      "25",
      "26",
    ],
    precedence: "provider-terms",
    note: {
      ja: "条項中の製品提供元は提供者に読み替えます。第26条は、第2段落の第2文と第3文を除きます。提供者の規約と異なる点は、提供者の規約によります。",
      en: "The vendor is read as the provider; clause 26 without the second and third sentences of its second paragraph. Where they differ from the provider's terms, the provider's hold.",
    },
  },
  {
    // Annex 2-1.
    rule: "SEC-02",
    plan: "cloud-app",
    code: "cloud-app-vendor",
    name: { ja: "クラウドアプリ対策製品の使用許諾契約", en: "licence agreement of the cloud application product" },
    clauses: null,
    precedence: "provider-terms",
    note,
  },
  {
    // Annex 3-1: without its own annex of specification and prices.
    rule: "SEC-02",
    plan: "desk",
    code: "desk-operator",
    name: { ja: "サポートデスク運営事業者の利用規約", en: "rules of the desk's operator" },
    clauses: null,
    precedence: "provider-terms",
    note: {
      ja: "仕様・料金の別紙は適用しません。提供者の規約と異なる点は、提供者の規約によります。",
      en: "Without its annex of specification and prices. Where it differs from the provider's terms, the provider's hold.",
    },
  },
] as const satisfies readonly ThirdPartyTerms[];

export const checklists = [
  {
    // Supplementary provisions of 2021-04-01 and 2022-08-01.
    rule: "SEC-58",
    code: "telework-insurance",
    name: { ja: "テレワーク保険の条件", en: "conditions of the telework insurance" },
    points: [
      { ja: "初期費用のかかる申込みと同時の申込み", en: "ordered together with an order that bears the initial fee" },
      { ja: "1ライセンス、10・100ライセンスパックでの申込み", en: "as single seats, 10-packs or 100-packs" },
      { ja: "その申込みのライセンスが1000未満", en: "fewer than 1,000 seats in that order" },
      { ja: "対象期間内の利用開始", en: "use began in the period" },
      { ja: "機器のMACアドレスの登録", en: "the device's MAC address is registered" },
    ],
  },
] as const satisfies readonly Checklist[];
