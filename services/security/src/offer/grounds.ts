/** Grounds of a.3, 6, 12, 15, 16 and 21. */
import type { Ground } from "@yagura/commerce/charging/offer.ts";

/** a.6(3). */
const refusals: readonly Ground[] = [
  {
    use: "refusal",
    code: "difficult",
    article: "a.6(3)(1)",
    rule: "SEC-06",
    text: {
      ja: "ご希望のサービスの提供が、技術面などの理由で著しく困難です。",
      en: "Providing what was ordered is very difficult, for technical or other reasons.",
    },
  },
  {
    use: "refusal",
    code: "arrears",
    article: "a.6(3)(2)",
    rule: "SEC-06",
    text: {
      ja: "料金や手続費用の支払いが滞っているか、滞るおそれがあります。",
      en: "Charges or costs are unpaid, or may well stay unpaid.",
    },
  },
  {
    use: "refusal",
    code: "suspension-ground",
    article: "a.6(3)(3)",
    rule: "SEC-06",
    text: {
      ja: "利用停止の事由に当たるか、当たるおそれがあります。",
      en: "A ground for suspension applies or may apply.",
    },
  },
  {
    use: "refusal",
    code: "false-statement",
    article: "a.6(3)(4)",
    rule: "SEC-06",
    text: { ja: "申込書に事実と異なる記載があります。", en: "The application holds a false statement." },
  },
  {
    use: "refusal",
    code: "not-a-corporation",
    article: "a.6(3)(5)",
    rule: "SEC-06",
    text: { ja: "申込者が法人ではありません。", en: "The applicant is not a corporation." },
  },
  {
    use: "refusal",
    code: "no-covered-service",
    article: "a.6(3)(6)",
    rule: "SEC-06",
    text: {
      ja: "サポートデスクで扱うサービスのご契約がなく、併せてのお申し込みもありません。",
      en: "No security service that the desk covers is in use or ordered together with it.",
    },
  },
  {
    use: "refusal",
    code: "hindrance",
    article: "a.6(3)(7)",
    rule: "SEC-06",
    text: { ja: "そのほか、業務に支障があります。", en: "It would hinder the provider's work in another way." },
  },
];

/** a.21(1): what a customer must not do; each may lead to suspension and to the end (A-SEC-1). */
const duties = [
  {
    code: "duty-rights",
    text: { ja: "著作権などの権利を侵害しました。", en: "It infringed copyrights or other rights." },
  },
  {
    code: "duty-data",
    text: {
      ja: "アクセスできる他者のデータを改ざん、または消去しました。",
      en: "It altered or erased data of others that the service gives access to.",
    },
  },
  {
    code: "duty-impersonation",
    text: { ja: "第三者になりすまして利用しました。", en: "It used the service in somebody else's name." },
  },
  {
    code: "duty-malware",
    text: { ja: "有害なプログラムを意図して送信しました。", en: "It sent harmful programs on purpose." },
  },
  {
    code: "duty-intrusion",
    text: {
      ja: "権限なく設備にアクセスし、運営に支障を与えました。",
      en: "It accessed facilities without leave and disturbed their operation.",
    },
  },
  {
    code: "duty-personal-data",
    text: {
      ja: "同意なく、または欺いて、第三者の個人情報を集めました。",
      en: "It gathered personal data without consent or by deceit.",
    },
  },
  {
    code: "duty-law-and-reputation",
    text: {
      ja: "法令や公序良俗に反する行為、運営の妨害、信用の毀損などがありました。",
      en: "It acted against law or public order, obstructed the service, or harmed reputations.",
    },
  },
  {
    code: "duty-likely",
    text: {
      ja: "以上に当たるおそれのある行為、または似た行為がありました。",
      en: "Its conduct came close to one of these, or was of the same kind.",
    },
  },
].map((duty, index) => ({ ...duty, article: `a.21(1)(${index + 1})`, rule: "SEC-21" }));

export const grounds: readonly Ground[] = [
  ...refusals,
  // a.6(4): what should have led to a refusal comes to light later.
  ...refusals.map((ground) => ({ ...ground, use: "revocation" as const, article: "a.6(4)", rule: "SEC-08" })),
  // a.16(1).
  {
    use: "suspension",
    code: "arrears",
    article: "a.16(1)(1)",
    rule: "SEC-18",
    text: { ja: "支払期日を過ぎても支払いがありません。", en: "A debt is unpaid past its due date." },
  },
  {
    use: "suspension",
    code: "duties",
    article: "a.16(1)(2)",
    rule: "SEC-18",
    text: { ja: "契約者の義務に反しました。", en: "The customer broke its duties." },
  },
  {
    use: "suspension",
    code: "disturbance",
    article: "a.16(1)(3)",
    rule: "SEC-18",
    text: {
      ja: "規約に反する行為が、業務や設備に著しい支障を及ぼすか、そのおそれがあります。",
      en: "Conduct against the terms seriously disturbs the work or the facilities, or may do so.",
    },
  },
  ...duties.map((duty) => ({ ...duty, use: "suspension" as const })),
  // a.15(1).
  {
    use: "discontinuance",
    code: "works",
    article: "a.15(1)(1)",
    rule: "SEC-17",
    text: { ja: "設備の保守や工事などのため、やむを得ません。", en: "Maintenance or works on the facilities." },
  },
  {
    use: "discontinuance",
    code: "disaster",
    article: "a.15(1)(2)",
    rule: "SEC-17",
    text: {
      ja: "災害などの非常事態、またはそのおそれがあります。",
      en: "A disaster or other emergency, or its threat.",
    },
  },
  {
    use: "discontinuance",
    code: "malfunction",
    article: "a.15(1)(3)",
    rule: "SEC-17",
    text: {
      ja: "正常に動作せず、提供を続けることが著しく困難です。",
      en: "A malfunction that makes it very hard to go on.",
    },
  },
  {
    use: "discontinuance",
    code: "compulsion",
    article: "a.15(1)(4)",
    rule: "SEC-17",
    text: { ja: "法令に基づく強制的な処分を受けました。", en: "A compulsory measure under the law." },
  },
  {
    use: "discontinuance",
    code: "intrusion",
    article: "a.15(1)(5)",
    rule: "SEC-17",
    text: { ja: "不正アクセスから設備を守るために必要です。", en: "Defence of the facilities against intrusion." },
  },
  // a.12(1).
  {
    use: "cancellation-by-provider",
    code: "suspension-persists",
    article: "a.12(1)(1)",
    rule: "SEC-14",
    text: { ja: "利用停止の原因が解消されていません。", en: "The cause of a suspension persists." },
  },
  {
    use: "cancellation-by-provider",
    code: "arrears",
    article: "a.12(1)(2)",
    rule: "SEC-14",
    text: {
      ja: "当社が定めた期日を過ぎても料金の支払いがありません。",
      en: "Charges are unpaid past the day that the provider set.",
    },
  },
  {
    use: "cancellation-by-provider",
    code: "false-application",
    article: "a.12(1)(3)",
    rule: "SEC-14",
    text: { ja: "申込の内容に虚偽がありました。", en: "The application was false." },
  },
  {
    use: "cancellation-by-provider",
    code: "breach",
    article: "a.12(1)(4)",
    rule: "SEC-14",
    text: { ja: "そのほか、規約に反しました。", en: "Another breach of the terms." },
  },
  ...duties.map((duty) => ({ ...duty, use: "cancellation-by-provider" as const })),
  {
    use: "cancellation-by-provider",
    code: "antisocial",
    article: "–",
    rule: "COM-26",
    text: {
      ja: "反社会的勢力に関する表明に反していました。",
      en: "The declaration on anti-social forces turned out to be broken.",
    },
    withoutNotice: true,
  },
  // a.3(2).
  {
    use: "deemed-consent",
    code: "use",
    article: "a.3(2)",
    rule: "SEC-03",
    text: {
      ja: "効力発生日の後に、申出なくサービスを利用しました。",
      en: "The service was used after the date without a word.",
    },
  },
  {
    use: "deemed-consent",
    code: "payment",
    article: "a.3(2)",
    rule: "SEC-03",
    text: { ja: "効力発生日の後に、料金を支払いました。", en: "Charges were paid after the date." },
  },
  {
    use: "deemed-consent",
    code: "no-objection",
    article: "a.3(2)",
    rule: "SEC-03",
    text: { ja: "異議の申出がありませんでした。", en: "No objection was made." },
  },
];
