/** The words of reminders, by step, in the customer's language. */
import type { Language } from "@yagura/core/errors.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { MailText } from "../contracts/mails.ts";

export interface RemindedClaim {
  readonly number: string;
  readonly dueOn: string;
  readonly left: number;
  /** Late interest as it would be if it were paid today. */
  readonly interest: number;
}
export interface ReminderWords {
  readonly customer: string;
  readonly provider: string;
  readonly step: number;
  /** The step is the last one: what may follow is said. */
  readonly last: boolean;
  readonly claims: readonly RemindedClaim[];
  readonly link: string;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export function reminderMail(words: ReminderWords, language: Language): MailText {
  return language === "ja" ? japanese(words) : english(words);
}

function japanese({ customer, provider, step, last, claims, link }: ReminderWords): MailText {
  const interest = sum(claims.map((claim) => claim.interest));
  return {
    subject:
      step === 1
        ? "お支払いの確認のお願い"
        : last
          ? "【重要】お支払いのお願い（最終のご案内）"
          : `お支払いのお願い（${step}回目）`,
    text: [
      `${customer} 御中`,
      "",
      step === 1
        ? "いつもご利用いただきありがとうございます。次のご請求について、お支払いの確認ができておりません。"
        : "先にご案内しました次のご請求について、まだお支払いの確認ができておりません。",
      "",
      ...claims.map(({ number, dueOn, left }) => `・${number}　お支払期限 ${dueOn}　未払額 ${grouped(left)} 円`),
      "",
      `合計: ${grouped(sum(claims.map(({ left }) => left)))} 円（税込）`,
      ...(interest === 0
        ? []
        : [`本日お支払いいただく場合の延滞利息: ${grouped(interest)} 円（後日のご請求に加えます）`]),
      "",
      last
        ? "お支払いの確認ができない場合は、約款に基づき、サービスの利用停止などをお知らせすることがあります。"
        : "お手数ですが、お支払い状況をご確認ください。",
      "行き違いですでにお支払い済みの場合は、ご容赦ください。",
      "",
      "明細は次のページでご確認いただけます。",
      link,
      "",
      provider,
    ].join("\n"),
  };
}

function english({ customer, provider, step, last, claims, link }: ReminderWords): MailText {
  const interest = sum(claims.map((claim) => claim.interest));
  return {
    subject:
      step === 1
        ? "Please check your payment"
        : last
          ? "Important: last reminder of your payment"
          : `Reminder no. ${step} of your payment`,
    text: [
      `To ${customer}`,
      "",
      step === 1
        ? "We have not seen your payment of the following yet:"
        : "As we wrote before, we have still not seen your payment of the following:",
      "",
      ...claims.map(({ number, dueOn, left }) => `- ${number}, due ${dueOn}: ${grouped(left)} yen unpaid`),
      "",
      `Together: ${grouped(sum(claims.map(({ left }) => left)))} yen, tax included`,
      ...(interest === 0
        ? []
        : [`Late interest if you pay today: ${grouped(interest)} yen (it comes with a later bill)`]),
      "",
      last
        ? "If the payment does not come in, we may have to tell you of a suspension of the service under its terms."
        : "Please look into it.",
      "If you have paid in the meantime, please disregard this mail.",
      "",
      "The details are on this page:",
      link,
      "",
      provider,
    ].join("\n"),
  };
}
