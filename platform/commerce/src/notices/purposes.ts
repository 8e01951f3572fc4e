/** For what the data of a customer may be used (UTM-79, UTM-81), the same for persons and corporations. Pure data. */
import type { Text } from "../charging/tables.ts";

export interface Purpose {
  readonly purpose: string;
  readonly name: Text;
  readonly rule: string;
  /** Without it the service cannot be given: it is not switched off. */
  readonly required: boolean;
}

export const purposes: readonly Purpose[] = [
  { purpose: "service", name: { ja: "サービスの提供", en: "giving the service" }, rule: "UTM-79", required: true },
  { purpose: "support", name: { ja: "サポート業務", en: "support on request" }, rule: "UTM-79", required: true },
  {
    purpose: "cloud-owner",
    name: { ja: "クラウド提供者へのメールアドレスの通知", en: "telling the mail address to the owner of the cloud" },
    rule: "UTM-79",
    required: true,
  },
  {
    purpose: "quality-analysis",
    name: { ja: "品質・機能改善のための分析", en: "analysis to improve quality and functions" },
    rule: "UTM-79",
    required: false,
  },
  {
    purpose: "improvement",
    name: { ja: "商品・サービスの改善と開発", en: "improving and developing products" },
    rule: "UTM-79",
    required: false,
  },
  {
    purpose: "offers",
    name: { ja: "商品・サービスのご紹介とご提案", en: "offers of products and services" },
    rule: "UTM-79",
    required: false,
  },
  {
    purpose: "surveys",
    name: { ja: "アンケートや謝礼の送付", en: "surveys and their thanks" },
    rule: "UTM-79",
    required: false,
  },
  {
    purpose: "campaigns",
    name: { ja: "キャンペーンやモニターのご案内", en: "campaigns and trials" },
    rule: "UTM-79",
    required: false,
  },
];
