/** Articles that have no calculation; terms of third parties and checklists there are none. */
import type { Checklist, Offer, ThirdPartyTerms } from "@yagura/commerce/charging/offer.ts";

export const articles = [
  { article: "a.5", rule: "EXP-01", about: { ja: "定義とサービスの構成", en: "definitions, parts of the service" } },
  { article: "a.6", rule: "EXP-08", about: { ja: "申込と承諾", en: "application and acceptance" } },
  { article: "a.20", rule: "EXP-11", about: { ja: "請求と支払い", en: "billing and payment" } },
  {
    article: "a.21",
    rule: "EXP-18",
    about: { ja: "モニタリングの提供内容と上限", en: "what is monitored, and limits" },
  },
  { article: "a.24", rule: "EXP-01", about: { ja: "結果を見るサイト", en: "site that shows the results" } },
  { article: "a.26–27", rule: "EXP-23", about: { ja: "問い合わせ対応", en: "handling of inquiries" } },
] as const satisfies Offer["articles"];

export const thirdPartyTerms = [] as const satisfies readonly ThirdPartyTerms[];
export const checklists = [] as const satisfies readonly Checklist[];
