/** Articles that have no calculation (UTM-59 and others), preconditions and duties as checklists (UTM-19, UTM-30). */
import type { Checklist, Offer, ThirdPartyTerms } from "@yagura/commerce/charging/offer.ts";

export const articles = [
  { article: "a.1", rule: "UTM-01", about: { ja: "目的、別段の合意", en: "purpose; special agreements" } },
  { article: "a.2", rule: "UTM-02", about: { ja: "規約の変更", en: "change of the terms" } },
  { article: "a.10", rule: "UTM-13", about: { ja: "申込内容の変更", en: "change of the order" } },
  { article: "a.11", rule: "UTM-14", about: { ja: "契約の譲渡", en: "assignment" } },
  {
    article: "a.12",
    rule: "UTM-17",
    about: { ja: "そのほかの譲渡・売買・質入れの禁止", en: "no other transfer, sale or pledge" },
  },
  { article: "a.13", rule: "UTM-18", about: { ja: "地位の承継", en: "succession" } },
  { article: "a.16", rule: "UTM-30", about: { ja: "著作権等", en: "intellectual property" } },
  { article: "a.19", rule: "UTM-24", about: { ja: "利用の制限", en: "restriction in emergencies" } },
  { article: "a.30", rule: "UTM-49", about: { ja: "料金の支払い", en: "payment" } },
  { article: "a.31", rule: "UTM-50", about: { ja: "料金の一括後払い", en: "several months billed together" } },
  { article: "a.32", rule: "UTM-51", about: { ja: "消費税相当額の加算", en: "tax on top" } },
  { article: "a.33", rule: "UTM-52", about: { ja: "料金の臨時減免", en: "temporary reduction or waiver" } },
  { article: "a.34", rule: "UTM-53", about: { ja: "債権の譲渡", en: "assignment of claims" } },
  { article: "a.35", rule: "UTM-58", about: { ja: "責任の制限", en: "limits of liability" } },
  { article: "a.36", rule: "UTM-59", about: { ja: "免責事項", en: "disclaimers" } },
  { article: "a.36(1)(2)", rule: "UTM-85", about: { ja: "受付と解決を保証しないこと", en: "best effort only" } },
  { article: "a.37", rule: "UTM-79", about: { ja: "個人情報の利用目的", en: "uses of personal data" } },
  {
    article: "a.37(6)(7)",
    rule: "UTM-81",
    about: { ja: "法人情報、委託先への提供", en: "corporate data; contractors" },
  },
  { article: "a.42", rule: "UTM-59", about: { ja: "法令に定めのある事項", en: "matters fixed by law" } },
  { article: "a.43–44", rule: "UTM-59", about: { ja: "準拠法と紛争の解決", en: "governing law, disputes" } },
  { article: "a.45", rule: "UTM-13", about: { ja: "承諾の限界", en: "limits of acceptance" } },
] as const satisfies Offer["articles"];

export const thirdPartyTerms = [] as const satisfies readonly ThirdPartyTerms[];

export const checklists = [
  {
    // a.14, a.38(1), a.41.
    rule: "UTM-19",
    code: "preconditions",
    name: { ja: "提供の条件", en: "preconditions" },
    points: [
      { ja: "インターネットへの経路", en: "a path to the internet" },
      { ja: "設置場所、電源、ケーブル", en: "a place, power and cables" },
      { ja: "装置に割り当てるIPアドレス", en: "an address for the gateway" },
      {
        ja: "ログの提供への同意（装置を通る利用者を含みます）",
        en: "consent to logs, also of users behind the gateway",
      },
      { ja: "有効なソフトウェアライセンス", en: "valid software licences" },
      { ja: "回線が開通していること", en: "the line is open" },
      { ja: "常時接続できること", en: "always connected" },
      { ja: "装置の環境基準と仕様に沿った運用", en: "surroundings and operation as specified" },
      { ja: "回線の料金は別にかかります", en: "the line's own fees are separate" },
    ],
  },
  {
    // a.39.
    rule: "UTM-30",
    code: "cooperation",
    name: { ja: "お客さまの協力", en: "the customer's cooperation" },
    points: [
      { ja: "求めに応じたID・パスワードの入力", en: "IDs and passwords are entered on request" },
      { ja: "必要な情報の提供", en: "needed information is given" },
      { ja: "重要な情報の複製", en: "important data is copied first" },
      { ja: "機密情報の保護または消去", en: "confidential data is protected or erased" },
      { ja: "そのほか、作業に必要な事項", en: "whatever else the work needs" },
    ],
  },
] as const satisfies readonly Checklist[];
