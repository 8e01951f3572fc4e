/** Mails about applications, in the organisation's language. */
import type { Language } from "@yagura/core/errors.ts";
import type { Ground } from "../charging/offer.ts";
import type { Text } from "../charging/tables.ts";
import type { Contract } from "../commerce.ts";
import { mail, type MailText } from "../contracts/mails.ts";

/** UTM-09: acceptance in writing. */
export const acceptedMail = (service: Text, contract: Contract, on: string, language: Language): MailText =>
  mail(language, {
    ja: {
      subject: `お申し込みを承諾しました: ${service.ja}`,
      lines: [
        `${service.ja} のお申し込みを ${on} に承諾しました。`,
        `ご契約番号: ${contract.number}`,
        "",
        "お申し込みの内容と料金は、お客さまページでご確認いただけます。",
      ],
    },
    en: {
      subject: `Your application was accepted: ${service.en}`,
      lines: [
        `Your application for ${service.en} was accepted on ${on}.`,
        `Contract number: ${contract.number}`,
        "",
        "What you ordered and what it costs is on your page.",
      ],
    },
  });

/** SEC-09: a refusal is told. */
export const refusedMail = (service: Text, ground: Ground, reason: string | undefined, language: Language): MailText =>
  mail(language, {
    ja: {
      subject: `お申し込みについて: ${service.ja}`,
      lines: [
        `${service.ja} のお申し込みは、次の理由により承ることができませんでした。`,
        "",
        `理由: ${ground.text.ja}（${ground.article}）`,
        ...(reason === undefined ? [] : [reason]),
        "",
        "ご不明な点はお問い合わせください。",
      ],
    },
    en: {
      subject: `About your application: ${service.en}`,
      lines: [
        `We could not accept your application for ${service.en}.`,
        "",
        `Reason: ${ground.text.en} (${ground.article})`,
        ...(reason === undefined ? [] : [reason]),
        "",
        "Please ask us if anything is unclear.",
      ],
    },
  });

/** SEC-08, UTM-12, RNS-05. */
export const takenBackMail = (
  contract: Contract,
  ground: Ground,
  reason: string | undefined,
  into: "revoked" | "void",
  language: Language,
): MailText =>
  mail(language, {
    ja: {
      subject: `${into === "void" ? "ご契約の解除" : "承諾の取消し"}のお知らせ: ${contract.number}`,
      lines: [
        `ご契約番号 ${contract.number} の${into === "void" ? "契約を解除しました" : "承諾を取り消しました"}。`,
        `理由: ${ground.text.ja}（${ground.article}）`,
        ...(reason === undefined ? [] : [reason]),
      ],
    },
    en: {
      subject: `${into === "void" ? "Your contract was rescinded" : "The acceptance was revoked"}: ${contract.number}`,
      lines: [
        `The ${into === "void" ? "contract was rescinded" : "acceptance was revoked"}: ${contract.number}.`,
        `Reason: ${ground.text.en} (${ground.article})`,
        ...(reason === undefined ? [] : [reason]),
      ],
    },
  });
