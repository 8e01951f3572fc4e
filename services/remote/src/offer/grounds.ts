/** Grounds of a.5, 10, 11, 14, 15, 40 and 43, and of Annex 1. */
import type { Ground } from "@yagura/commerce/charging/offer.ts";

/** a.5(3): within 30 days of formation, at once by notice. */
const rescissions = [
  {
    code: "conditions",
    text: { ja: "サービスの利用条件を満たしていません。", en: "The conditions of the order are not met." },
  },
  {
    code: "duty",
    text: {
      ja: "申込に伴う義務が果たされていないか、果たされないことが明らかです。",
      en: "A duty that the order brings was missed, or clearly will be.",
    },
  },
  {
    code: "false-statement",
    text: { ja: "申込書に虚偽の事実があります。", en: "The application states something false." },
  },
  {
    code: "non-payment",
    text: { ja: "料金が支払われないおそれがあります。", en: "Charges may well not be paid." },
  },
  {
    code: "antisocial",
    text: {
      ja: "反社会的勢力の排除に反するか、反することが明らかです。",
      en: "The exclusion of anti-social forces is broken, or clearly will be.",
    },
  },
  {
    code: "hindrance",
    text: { ja: "業務の遂行に著しい支障があります。", en: "It would seriously hinder the provider's work." },
  },
].map((ground, index) => ({
  ...ground,
  use: "rescission" as const,
  article: `a.5(3)(${index + 1})`,
  rule: "RNS-05",
}));

/** a.11(1), at once; the customer reports the second to the eighth by himself (RNS-16). */
const causes = [
  {
    code: "uncured-breach",
    text: {
      ja: "債務の不履行などの違反が、期間を定めた催告の後も是正されません。",
      en: "A breach was not cured in the time set by a demand.",
    },
  },
  {
    code: "seizure",
    text: {
      ja: "差押えなどの申立て、または公租公課の滞納処分がありました。",
      en: "Seizure or the like was applied for, or taxes are in arrears.",
    },
  },
  {
    code: "dishonoured-bill",
    text: {
      ja: "手形・小切手の不渡り、または銀行取引停止の処分がありました。",
      en: "A bill or cheque was dishonoured, or banks stopped dealing.",
    },
  },
  {
    code: "electronic-claim-default",
    text: {
      ja: "電子記録債権の支払いができなくなったか、金融機関が取引を停止しました。",
      en: "An electronically recorded claim was defaulted on.",
    },
  },
  {
    code: "insolvency",
    text: { ja: "破産などの手続開始の申立てがありました。", en: "Insolvency proceedings were filed for." },
  },
  { code: "dissolution", text: { ja: "解散の事由が生じました。", en: "A cause of dissolution arose." } },
  {
    code: "credit",
    text: {
      ja: "資産や信用の状態が悪化したか、そのおそれに相当の理由があります。",
      en: "Assets or credit have become worse, or there is good reason to fear it.",
    },
  },
  {
    code: "licence-withdrawn",
    text: {
      ja: "資格の取消しや業務停止などの行政処分を受けました。",
      en: "An authority withdrew a licence or stopped the business.",
    },
  },
  { code: "betrayal", text: { ja: "重大な背信行為がありました。", en: "Trust was gravely betrayed." } },
  {
    code: "other",
    text: {
      ja: "そのほか、契約を続けがたい重大な事由があります。",
      en: "Another grave cause makes it impossible to go on.",
    },
  },
].map((ground, index) => ({ ...ground, article: `a.11(1)(${index + 1})`, rule: "RNS-15", number: index + 1 }));

const causeOf = (use: Ground["use"], rule: string, article: string | null): readonly Ground[] =>
  causes.map(({ number, ...ground }) => ({
    ...ground,
    use,
    rule,
    article: article ?? ground.article,
    withoutNotice: true,
    ...(number >= 2 && number <= 8 ? { customerReports: true } : {}),
  }));

/** a.15(1): at once and without notice. */
const suspensions = [
  {
    code: "false-data",
    text: { ja: "申込などの手続で虚偽の通知がありました。", en: "Something false was told in a procedure." },
  },
  {
    code: "excessive-inquiries",
    text: {
      ja: "正当な理由のない長時間または繰り返しの問合せで、業務に支障がありました。",
      en: "Long or repeated inquiries without good reason disturbed the work.",
    },
  },
  {
    code: "threats",
    text: { ja: "威嚇、恐喝、脅迫に当たる行為がありました。", en: "There were threats, extortion or intimidation." },
  },
  {
    code: "breach",
    text: { ja: "軽微とはいえない規約違反がありました。", en: "The terms were broken in more than a minor way." },
  },
  {
    code: "indecent-use",
    text: {
      ja: "明らかに公序良俗に反する利用がありました。",
      en: "The service was used plainly against public order and morals.",
    },
  },
  { code: "other", text: { ja: "そのほか、不適切な行為がありました。", en: "Other improper conduct." } },
].map((ground, index) => ({
  ...ground,
  use: "suspension" as const,
  article: `a.15(1)(${index + 1})`,
  rule: "RNS-21",
  withoutNotice: true,
}));

/** a.40(1): work that the service does not hold; it is quoted as paid work. */
const excluded = [
  {
    code: "improper-use",
    text: {
      ja: "指定外の媒体・消耗品、定められた環境の外での使用、保証の対象とならない使用や改造などによる故障の修理",
      en: "repair of faults from foreign supplies, use outside the maker's conditions, or use that no warranty covers",
    },
  },
  {
    code: "unannounced-change",
    text: {
      ja: "通知のない移動や設定変更、ソフトウェアの追加による障害の復旧",
      en: "recovery from faults after moves, changes or added software that were not announced",
    },
  },
  {
    code: "virus-or-intrusion",
    text: {
      ja: "ウイルス感染や不正アクセスによる障害の復旧",
      en: "recovery from faults caused by viruses or intrusion",
    },
  },
  {
    code: "software-work",
    text: {
      ja: "データベース、プログラム、マクロなどの作成や変更とその支援",
      en: "making or changing databases, programs and macros, and help with it",
    },
  },
  {
    code: "disaster-or-fault",
    text: {
      ja: "災害などの不測の事態や、お客さまの故意・過失などによる障害の復旧",
      en: "recovery from faults caused by disasters or by the customer's intent, negligence or misuse",
    },
  },
  {
    code: "outside-scope",
    text: { ja: "そのほか、サービスの範囲外と判断した作業", en: "other work judged to lie outside the service" },
  },
].map((ground, index) => ({
  ...ground,
  use: "excluded-work" as const,
  article: `a.40(1)(${index + 1})`,
  rule: "RNS-29",
}));

export const grounds: readonly Ground[] = [
  {
    use: "refusal",
    code: "incomplete",
    article: "a.5(1)(2)",
    rule: "RNS-04",
    text: {
      ja: "申込書に必要な事項が記入されていないため、契約は成立していません。",
      en: "The application is not complete, so no contract was formed.",
    },
  },
  {
    use: "refusal",
    code: "abroad",
    article: "a.7",
    rule: "RNS-07",
    text: { ja: "設置場所が日本国内ではありません。", en: "The site is not in Japan." },
  },
  {
    use: "refusal",
    code: "router-stays",
    article: "Anx1 II/III(1)",
    rule: "RNS-70",
    text: {
      ja: "ルーターを残す環境には、ゲートウェイとして設置できません。",
      en: "The gateway cannot be installed where a router stays in place.",
    },
  },
  {
    use: "refusal",
    code: "option-without-plan",
    article: "Anx1 V",
    rule: "RNS-90",
    text: { ja: "オプションは基本プランと併せて提供します。", en: "Options come only with a base plan." },
  },
  ...rescissions,
  ...causeOf("cancellation-by-provider", "RNS-15", null),
  // a.11(3): cancelled or not, every debt falls due at once.
  ...causeOf("acceleration", "RNS-17", "a.11(3)"),
  {
    use: "cancellation-by-provider",
    code: "acceptance-impossible",
    article: "a.11(5)",
    rule: "RNS-18",
    text: {
      ja: "合理的な対応をしても検収に至らないことが分かりました。",
      en: "In spite of reasonable effort, acceptance proved impossible.",
    },
  },
  {
    use: "cancellation-by-provider",
    code: "antisocial",
    article: "a.43(4)",
    rule: "RNS-31",
    text: {
      ja: "反社会的勢力の排除に関する定めに反しました。",
      en: "The clause on anti-social forces was broken.",
    },
    withoutNotice: true,
  },
  {
    use: "discontinuance",
    code: "beyond-control",
    article: "a.14(1)",
    rule: "RNS-20",
    text: {
      ja: "当社の責めによらない事由で提供できません。",
      en: "A cause outside the provider's control keeps it from providing the service.",
    },
  },
  ...suspensions,
  {
    use: "suspension",
    code: "maintenance",
    article: "a.15(2)(1)",
    rule: "RNS-22",
    text: { ja: "設備のメンテナンスまたは工事が必要です。", en: "The facilities need maintenance or works." },
  },
  {
    use: "suspension",
    code: "desirable",
    article: "a.15(2)(2)",
    rule: "RNS-22",
    text: { ja: "運用を一時止めるほうがよいと判断しました。", en: "Stopping the operation was judged desirable." },
  },
  {
    use: "deemed-consent",
    code: "publication",
    article: "a.2(1)",
    rule: "RNS-02",
    text: {
      ja: "変更後の規約は、公表によりすべての契約に適用されます。",
      en: "A changed text applies to every contract once it is published.",
    },
  },
  ...excluded,
];
