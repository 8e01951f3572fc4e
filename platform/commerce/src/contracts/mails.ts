/** Mails of contracts, in the organisation's language. */
import type { Language } from "@yagura/core/errors.ts";
import type { Text } from "../charging/tables.ts";
import type { Contract } from "../commerce.ts";
import type { PlannedStop } from "./contract-row.ts";

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** A mail of lines, in the language asked for. */
export const mail = (
  language: Language,
  words: Readonly<Record<Language, { readonly subject: string; readonly lines: readonly string[] }>>,
): MailText => ({ subject: words[language].subject, text: words[language].lines.join("\n") });

/** The number is sent to the customer (EXP-02). */
export function contractNumberMail(contract: Contract, language: Language): MailText {
  const start = contract.startedOn;
  return mail(language, {
    ja: {
      subject: `ご契約番号のお知らせ: ${contract.number}`,
      lines: [
        `ご契約番号: ${contract.number}`,
        `ご利用開始日: ${start ?? "開通作業の完了日"}`,
        "",
        "ご請求とお問い合わせは、ご契約番号ごとに承ります。",
        "お問い合わせの際は、この番号をお知らせください。",
      ],
    },
    en: {
      subject: `Your contract number: ${contract.number}`,
      lines: [
        `Contract number: ${contract.number}`,
        `Start of service: ${start ?? "the day on which the initial work is finished"}`,
        "",
        "Charges and enquiries go by contract number.",
        "Please name this number when you ask us something.",
      ],
    },
  });
}

/** SEC-19, UTM-23: reason, date and period. */
export function stopMail(contract: Contract, stop: PlannedStop, ground: Text, language: Language): MailText {
  const measure = {
    suspension: { ja: "利用停止", en: "suspension" },
    discontinuance: { ja: "提供中止", en: "discontinuance" },
  }[stop.measure];
  return mail(language, {
    ja: {
      subject: `サービスの${measure.ja}のお知らせ: ${contract.number}`,
      lines: [
        `ご契約番号 ${contract.number} のサービスについて、次のとおり${measure.ja}いたします。`,
        "",
        `理由: ${ground.ja} — ${stop.reason}`,
        `実施日: ${stop.on}`,
        `期間: ${stop.on} から ${stop.until} まで`,
        "",
        "この間も料金は発生します。ご不明な点はお問い合わせください。",
      ],
    },
    en: {
      subject: `Notice of ${measure.en}: ${contract.number}`,
      lines: [
        `The service of the contract ${contract.number} will be stopped (${measure.en}).`,
        "",
        `Reason: ${ground.en} — ${stop.reason}`,
        `Date: ${stop.on}`,
        `Period: ${stop.on} to ${stop.until}`,
        "",
        "Charges go on during this time. Please ask us if anything is unclear.",
      ],
    },
  });
}

export const resumedMail = (contract: Contract, on: string, language: Language): MailText =>
  mail(language, {
    ja: {
      subject: `サービス再開のお知らせ: ${contract.number}`,
      lines: [`ご契約番号 ${contract.number} のサービスは ${on} に再開しました。`],
    },
    en: {
      subject: `Service resumed: ${contract.number}`,
      lines: [`The service of the contract ${contract.number} goes on since ${on}.`],
    },
  });

/** The end that was set, with what it costs. */
export const endingMail = (
  contract: Contract,
  end: { readonly cancelledOn: string; readonly endedOn: string; readonly sum: string; readonly reason: string },
  language: Language,
): MailText =>
  mail(language, {
    ja: {
      subject: `ご契約終了のお知らせ: ${contract.number}`,
      lines: [
        `ご契約番号: ${contract.number}`,
        `解約日: ${end.cancelledOn}`,
        `最終ご利用日: ${end.endedOn}`,
        `解約に伴う一時金（税抜）: ${end.sum} 円`,
        `理由: ${end.reason}`,
      ],
    },
    en: {
      subject: `End of your contract: ${contract.number}`,
      lines: [
        `Contract number: ${contract.number}`,
        `Cancellation date: ${end.cancelledOn}`,
        `Last day of service: ${end.endedOn}`,
        `Sum due because of the end, without tax: ${end.sum} yen`,
        `Reason: ${end.reason}`,
      ],
    },
  });

/** What became of something that was asked for about a contract (UTM-13: a refusal gives its reason). */
export const decisionMail = (
  contract: Contract,
  decision: {
    readonly what: Text;
    readonly done: boolean;
    readonly on: string;
    readonly reason?: string | null | undefined;
  },
  language: Language,
): MailText =>
  mail(language, {
    ja: {
      subject: `${decision.what.ja}について: ${contract.number}`,
      lines: [
        `ご契約番号 ${contract.number} の${decision.what.ja}（${decision.on} から）は、${decision.done ? "承りました" : "承ることができませんでした"}。`,
        ...(decision.reason == null ? [] : [`理由: ${decision.reason}`]),
      ],
    },
    en: {
      subject: `${decision.what.en}: ${contract.number}`,
      lines: [
        `${decision.what.en} of the contract ${contract.number} (from ${decision.on}): ${decision.done ? "accepted." : "we could not accept it."}`,
        ...(decision.reason == null ? [] : [`Reason: ${decision.reason}`]),
      ],
    },
  });
