/** Articles of the excerpt that have no calculation. */
import type { Checklist, Offer, ThirdPartyTerms } from "@yagura/commerce/charging/offer.ts";

export const articles = [
  {
    article: "a.5",
    rule: "OST-01",
    about: { ja: "定義、基本サービスと附帯サービス", en: "definitions; basic and ancillary" },
  },
  { article: "a.5(4)", rule: "OST-22", about: { ja: "サービス仕様書", en: "service specification" } },
  {
    article: "a.6-2",
    rule: "OST-03",
    about: { ja: "附帯サービスの契約期間", en: "contract period of ancillary services" },
  },
  { article: "a.7", rule: "OST-08", about: { ja: "契約内容の変更", en: "changes" } },
  { article: "a.13", rule: "OST-07", about: { ja: "契約者が行う解約", en: "cancellation by the customer" } },
  { article: "a.19", rule: "OST-09", about: { ja: "料金の支払義務", en: "duty to pay" } },
  { article: "a.27", rule: "OST-17", about: { ja: "責任の制限", en: "cap of liability" } },
  {
    article: "a.31(16)",
    rule: "OST-15",
    about: { ja: "センサー設置の期限", en: "when the sensor has to be installed" },
  },
  { article: "table 1", rule: "OST-12", about: { ja: "利用料金", en: "prices" } },
] as const satisfies Offer["articles"];

export const thirdPartyTerms = [] as const satisfies readonly ThirdPartyTerms[];

export const checklists = [
  {
    rule: "OST-15",
    code: "installation",
    name: { ja: "開通までの準備", en: "before the opening" },
    points: [
      { ja: "開通日の4営業日前までにセンサーを設置", en: "the sensor is installed four business days before" },
      { ja: "種類とシリアル番号の記録", en: "type and serial number are recorded" },
    ],
  },
] as const satisfies readonly Checklist[];
