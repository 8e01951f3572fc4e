/** Articles that have no calculation, and the customer's duties as checklists (RNS-28, RNS-24). */
import type { Checklist, Offer, ThirdPartyTerms } from "@yagura/commerce/charging/offer.ts";

export const articles = [
  { article: "a.1", rule: "RNS-01", about: { ja: "目的、自己利用に限ること", en: "purpose; own use only" } },
  { article: "a.2, a.12", rule: "RNS-02", about: { ja: "規約と仕様の変更", en: "change of terms and specification" } },
  { article: "a.8", rule: "RNS-08", about: { ja: "関連会社等の代行", en: "delegation to affiliates" } },
  { article: "a.9", rule: "RNS-09", about: { ja: "サービスの追加・変更", en: "additions and changes" } },
  {
    article: "a.10(4)",
    rule: "RNS-13",
    about: { ja: "解約金を超える損害", en: "damage above the cancellation charge" },
  },
  { article: "a.10(5)", rule: "RNS-14", about: { ja: "終了後の機器の切り離し", en: "disconnection after the end" } },
  {
    article: "a.15(4)",
    rule: "RNS-23",
    about: { ja: "停止時の情報の削除", en: "deletion of stored data on suspension" },
  },
  {
    article: "a.17–18",
    rule: "RNS-40",
    about: { ja: "所有権の移転と貸与", en: "title, and equipment lent before it passes" },
  },
  { article: "a.19", rule: "RNS-42", about: { ja: "納入と検査", en: "delivery and inspection" } },
  { article: "a.20", rule: "RNS-43", about: { ja: "危険負担", en: "risk" } },
  {
    article: "a.21–22",
    rule: "RNS-44",
    about: { ja: "メーカー保証、リース・レンタル", en: "maker's warranty; lease or rental" },
  },
  { article: "a.23", rule: "RNS-45", about: { ja: "機器の返還", en: "return of equipment" } },
  {
    article: "a.25, a.33",
    rule: "RNS-46",
    about: { ja: "ソフトウェアとIDの取扱い", en: "software licences, credentials" },
  },
  { article: "a.26–28", rule: "RNS-47", about: { ja: "請負の実施と検査", en: "contract work and its inspection" } },
  {
    article: "a.29–30",
    rule: "RNS-48",
    about: { ja: "成果物の危険負担と無償の修補", en: "risk in deliverables; free repair" },
  },
  { article: "a.31–32", rule: "RNS-49", about: { ja: "委任の内容の確認", en: "checking of mandate items" } },
  { article: "a.34(5)", rule: "RNS-63", about: { ja: "料金を返金しないこと", en: "no refunds" } },
  { article: "a.35", rule: "RNS-64", about: { ja: "消費税", en: "consumption tax" } },
  { article: "a.38", rule: "RNS-28", about: { ja: "データのバックアップ", en: "the customer's own backups" } },
  { article: "a.40(2)–(4)", rule: "RNS-29", about: { ja: "免責", en: "exclusions of liability" } },
  { article: "a.41", rule: "RNS-32", about: { ja: "第三者の権利侵害", en: "rights of third parties" } },
  { article: "a.42", rule: "RNS-30", about: { ja: "秘密保持", en: "confidentiality" } },
  { article: "a.43", rule: "RNS-31", about: { ja: "反社会的勢力の排除", en: "exclusion of anti-social forces" } },
  { article: "a.44", rule: "RNS-32", about: { ja: "損害賠償の上限", en: "cap of liability" } },
  { article: "a.45", rule: "RNS-33", about: { ja: "権利義務の譲渡", en: "assignment" } },
  {
    article: "a.46–48",
    rule: "RNS-33",
    about: { ja: "準拠法、協議、管轄裁判所", en: "governing law, consultation, court" },
  },
] as const satisfies Offer["articles"];

export const thirdPartyTerms: readonly ThirdPartyTerms[] = ["utm-gateway", "router", "wireless"].map((plan) => ({
  // Annex 1 II/III(2), IV(2): the maker's policies come first.
  rule: "RNS-71",
  plan,
  code: "device-licence",
  name: { ja: "機器メーカーのサポートポリシー", en: "support policies of the devices' maker" },
  clauses: null,
  precedence: "third-party",
  note: {
    ja: "ライセンスについては、メーカーの条件が優先します。",
    en: "For licences the maker's conditions come first.",
  },
}));

export const checklists = [
  {
    // a.39(1)-(6)(9)(10), a.38(1).
    rule: "RNS-28",
    code: "customer-duties",
    name: { ja: "作業前の確認（お客さまの協力）", en: "before a job: what the customer does" },
    points: [
      { ja: "ID・パスワードの管理", en: "credentials are kept safe" },
      { ja: "資料の提示と変更の連絡", en: "documents are shown, changes told" },
      { ja: "立ち入りの許可と作業場所", en: "access and a place to work" },
      { ja: "電気代などの負担", en: "electricity is the customer's cost" },
      { ja: "設備の利用", en: "the customer's equipment may be used" },
      { ja: "機器の停止と持ち出しの許可", en: "devices may be stopped and taken away" },
      { ja: "メーカーの定める設置環境", en: "surroundings as the maker asks" },
      { ja: "データのバックアップ", en: "data is backed up" },
    ],
  },
  {
    // Annex 1 IV(3)2.
    rule: "RNS-82",
    code: "survey",
    name: { ja: "無線LAN環境調査の条件", en: "conditions of a wireless LAN survey" },
    points: [
      { ja: "寸法入りのフロア図の提供", en: "a floor plan with dimensions" },
      { ja: "立ち入りと聞き取りの許可", en: "access and interviews" },
      { ja: "屋外・高所での測定がないこと", en: "nothing outdoors or at height" },
    ],
  },
  {
    // a.16.
    rule: "RNS-24",
    code: "required-equipment",
    name: { ja: "お客さまが用意する機器", en: "equipment that the customer brings" },
    points: [
      { ja: "必要な機器の用意", en: "required equipment is there" },
      { ja: "設置と接続（有償で依頼することもできます）", en: "it is set up and connected; paid help can be ordered" },
    ],
  },
] as const satisfies readonly Checklist[];
