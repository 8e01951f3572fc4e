/** Grounds of a.2, 9, 11, 17 to 19, 22, 23 and 40. */
import type { Ground } from "@yagura/commerce/charging/offer.ts";

/** a.9(3). */
const refusals: readonly Ground[] = [
  {
    use: "refusal",
    code: "difficult",
    article: "a.9(3)(1)",
    rule: "UTM-11",
    text: {
      ja: "技術上の理由により、提供がきわめて困難です。",
      en: "Providing the service is technically very difficult.",
    },
  },
  {
    use: "refusal",
    code: "not-real",
    article: "a.9(3)(2)",
    rule: "UTM-11",
    text: { ja: "申込者が実在しないか、そのおそれがあります。", en: "The applicant is not real, or may not be." },
  },
  {
    use: "refusal",
    code: "arrears",
    article: "a.9(3)(3)",
    rule: "UTM-11",
    text: {
      ja: "本サービスや他のサービスの支払いが滞っているか、滞るおそれがあります。",
      en: "This or another service of the provider is in arrears, or may well be.",
    },
  },
  {
    use: "refusal",
    code: "not-line-holder",
    article: "a.9(3)(4)",
    rule: "UTM-11",
    text: { ja: "申込者が回線の契約者ではありません。", en: "The applicant does not hold the line contract." },
  },
  {
    use: "refusal",
    code: "false-statement",
    article: "a.9(3)(5)",
    rule: "UTM-11",
    text: { ja: "届け出た事項に虚偽があります。", en: "Something told with the application is false." },
  },
  {
    use: "refusal",
    code: "hindrance",
    article: "a.9(3)(6)",
    rule: "UTM-11",
    text: { ja: "業務の遂行に著しい支障があります。", en: "It would seriously hinder the provider's work." },
  },
];

/** a.22(4): without notice. */
const insolvency: readonly Ground[] = [
  {
    code: "payments-stopped",
    text: {
      ja: "支払停止となったか、財産状態の悪化に相当の理由があります。",
      en: "Payments were stopped, or there is good reason to fear for its assets.",
    },
  },
  {
    code: "bank-dealings-stopped",
    text: { ja: "手形や小切手の取引を停止されました。", en: "The clearing house stopped its dealings." },
  },
  {
    code: "seizure",
    text: { ja: "差押えや租税の滞納処分などの申立てを受けました。", en: "Seizure or the like was applied for." },
  },
  {
    code: "insolvency",
    text: { ja: "破産などの手続開始の申立てがありました。", en: "Insolvency proceedings were filed for." },
  },
  {
    code: "violence",
    text: {
      ja: "暴力的な要求や脅迫、信用の毀損、業務の妨害などがありました。",
      en: "There were violent demands, threats, slander or obstruction.",
    },
  },
].map((ground) => ({
  ...ground,
  use: "cancellation-by-provider",
  article: "a.22(4)",
  rule: "UTM-28",
  withoutNotice: true,
}));

export const grounds: readonly Ground[] = [
  ...refusals,
  // a.9(4), A-UTM-21.
  ...refusals.map((ground) => ({ ...ground, use: "revocation" as const, article: "a.9(4)", rule: "UTM-12" })),
  // a.11(3).
  {
    use: "assignment-refusal",
    code: "without-line",
    article: "a.11(3)(1)",
    rule: "UTM-15",
    text: {
      ja: "回線の契約に関する権利とともに譲渡されません（光コラボレーションの回線を除きます）。",
      en: "It does not go together with the rights in the line contract (collaboration lines aside).",
    },
  },
  {
    use: "assignment-refusal",
    code: "not-line-holder",
    article: "a.11(3)(2)",
    rule: "UTM-15",
    text: { ja: "譲受人が回線の契約者と同一ではありません。", en: "The assignee does not hold the line contract." },
  },
  {
    use: "assignment-refusal",
    code: "arrears",
    article: "a.11(3)(3)",
    rule: "UTM-15",
    text: {
      ja: "譲受人の支払いが滞っているか、滞るおそれがあります。",
      en: "The assignee is in arrears, or may well be.",
    },
  },
  // a.17(1), a.19.
  {
    use: "discontinuance",
    code: "works",
    article: "a.17(1)(1)",
    rule: "UTM-21",
    text: { ja: "設備の保守や工事などのため、やむを得ません。", en: "Maintenance or works on the facilities." },
  },
  {
    use: "discontinuance",
    code: "restriction",
    article: "a.17(1)(2), a.19",
    rule: "UTM-24",
    text: {
      ja: "非常時に重要な通信を優先するため、利用を制限します。",
      en: "In an emergency, use is restricted in favour of priority communications.",
    },
  },
  {
    use: "discontinuance",
    code: "desirable",
    article: "a.17(1)(3)",
    rule: "UTM-21",
    text: { ja: "運用を一時止めるほうがよいと判断しました。", en: "Stopping the operation was judged desirable." },
  },
  // a.18(1): seven grounds, at most six months.
  {
    use: "suspension",
    code: "arrears",
    article: "a.18(1)(1)",
    rule: "UTM-22",
    text: { ja: "支払期日を過ぎても支払いがありません。", en: "A debt is unpaid past its due date." },
  },
  {
    use: "suspension",
    code: "other-arrears",
    article: "a.18(1)(2)",
    rule: "UTM-22",
    text: {
      ja: "当社の他のサービスで、支払期日を過ぎても支払いがありません。",
      en: "A debt of another service of the provider is unpaid past its due date.",
    },
  },
  {
    use: "suspension",
    code: "reputation",
    article: "a.18(1)(3)",
    rule: "UTM-22",
    text: { ja: "当社の名誉や信用を損なう行為がありました。", en: "The provider's name or credit was harmed." },
  },
  {
    use: "suspension",
    code: "duties",
    article: "a.18(1)(4)",
    rule: "UTM-22",
    text: {
      ja: "著作権などの定め（第16条）または契約者の義務（第38条）に反しました。",
      en: "The clause on intellectual property (a.16) or the duties (a.38) were broken.",
    },
  },
  {
    use: "suspension",
    code: "excessive-inquiries",
    article: "a.18(1)(5)",
    rule: "UTM-22",
    text: {
      ja: "過度に頻繁な、または故意に長引かせる問合せが業務に支障を与えました。",
      en: "Inquiries far too frequent, or drawn out on purpose, disturbed the work.",
    },
  },
  {
    use: "suspension",
    code: "disturbance",
    article: "a.18(1)(6)",
    rule: "UTM-22",
    text: {
      ja: "業務や設備に支障を及ぼす行為、またはそのおそれがありました。",
      en: "Conduct disturbed the work or the facilities, or may do so.",
    },
  },
  {
    use: "suspension",
    code: "damage",
    article: "a.18(1)(7)",
    rule: "UTM-22",
    text: { ja: "当社に損害を与えました。", en: "Damage was done to the provider." },
  },
  // a.22.
  {
    use: "cancellation-by-provider",
    code: "suspension-persists",
    article: "a.22(1)",
    rule: "UTM-28",
    text: { ja: "利用停止の原因が解消されていません。", en: "The cause of a suspension persists." },
  },
  {
    use: "cancellation-by-provider",
    code: "line-ended",
    article: "a.22(2)",
    rule: "UTM-28",
    text: {
      ja: "回線の契約が解約されました（移転、転用、事業者変更によるものを除きます）。",
      en: "The line contract ended, other than by moving, conversion or change of operator.",
    },
  },
  {
    use: "cancellation-by-provider",
    code: "end-of-service",
    article: "a.22(3)",
    rule: "UTM-28",
    text: { ja: "サービスそのものを終了します。", en: "The service is coming to its end." },
  },
  ...insolvency,
  {
    use: "cancellation-by-provider",
    code: "antisocial",
    article: "a.23(2)",
    rule: "UTM-29",
    text: {
      ja: "暴力団などに関する表明保証に反しました。",
      en: "The representation on organised crime was broken.",
    },
    withoutNotice: true,
  },
  {
    use: "deemed-consent",
    code: "prior-notice",
    article: "a.2(1)(3)",
    rule: "UTM-02",
    text: {
      ja: "事前の通知の後、効力が生じる日までに解約の申出がありませんでした。",
      en: "After prior notice, nobody cancelled by the day of effect.",
    },
  },
  // a.40.
  {
    use: "excluded-work",
    code: "conditions",
    article: "a.40(1)",
    rule: "UTM-30",
    text: { ja: "利用の条件や契約者の義務が満たされていません。", en: "Conditions of use or duties are not met." },
  },
  {
    use: "excluded-work",
    code: "no-cooperation",
    article: "a.40(2)",
    rule: "UTM-30",
    text: {
      ja: "必要な協力が得られず、実施が困難です。",
      en: "Without the customer's help the work is hardly possible.",
    },
  },
  {
    use: "excluded-work",
    code: "illegal-request",
    article: "a.40(3)",
    rule: "UTM-30",
    text: {
      ja: "不正アクセスや違法な複製など、違法行為に関わる作業を求められました。",
      en: "Work was asked for that would be, or would help, something illegal.",
    },
  },
  {
    use: "excluded-work",
    code: "customer-fault",
    article: "a.40(4)",
    rule: "UTM-30",
    text: {
      ja: "そのほか、契約者の責めにより提供が困難です。",
      en: "Another fault of the customer makes it difficult.",
    },
  },
  // a.45.
  {
    use: "refusal",
    code: "request-difficult",
    article: "a.45",
    rule: "UTM-13",
    text: {
      ja: "ご請求の工事などは、技術上または保守上の理由で承諾できません。",
      en: "The works or other requests cannot be accepted, for technical reasons or for their upkeep.",
    },
  },
];
