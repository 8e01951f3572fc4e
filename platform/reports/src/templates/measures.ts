/** Suspension and discontinuance (SEC-19: reason, date, period), the end of a service (SEC-20), and any other notice. */
import type { Language } from "@yagura/core/errors.ts";
import type { PageDefinition } from "../pdf.ts";
import type { NoticeContent, SuspensionContent, WithdrawalContent } from "../shapes.ts";
import { facts, paragraph } from "../layout.ts";
import { day, period, say } from "../words.ts";
import { letter } from "./letter.ts";

export function suspension(content: SuspensionContent, language: Language): PageDefinition {
  const ja = language === "ja";
  const title =
    content.measure === "suspension"
      ? ja
        ? "利用停止のお知らせ"
        : "Notice of suspension"
      : ja
        ? "提供中止のお知らせ"
        : "Notice of interruption";
  const until =
    content.until === null
      ? `${day(content.from, language)}${ja ? "から、理由が解消するまで" : " until the reason has gone"}`
      : period({ from: content.from, to: content.until }, language);
  return letter(content, language, title, [
    paragraph(
      ja
        ? "下記のとおり、サービスのご利用を一時的に止めますので、お知らせいたします。この間も料金は発生します。"
        : "We will stop the service for a time, as follows. Charges remain due meanwhile.",
    ),
    facts([
      [ja ? "契約番号" : "Contract number", content.contractNumber],
      [ja ? "サービス" : "Service", say(content.service, language)],
      [ja ? "理由" : "Reason", say(content.reason, language)],
      [ja ? "実施日" : "Date", day(content.from, language)],
      [ja ? "期間" : "Period", until],
      ...(content.ground === undefined
        ? []
        : [
            [
              ja ? "根拠" : "Ground",
              `${say(content.ground.article, language)} ${say(content.ground.text, language)}`,
            ] as const,
          ]),
    ]),
  ]);
}

export function withdrawal(content: WithdrawalContent, language: Language): PageDefinition {
  const ja = language === "ja";
  return letter(content, language, ja ? "サービス終了のお知らせ" : "End of a service", [
    paragraph(
      ja
        ? "長らくご利用いただきましたサービスを、下記のとおり終了いたします。ご契約は終了日をもって終わります。ご不便をおかけしますが、ご理解くださいますようお願いいたします。"
        : "We will end the service below. Your contract ends on that day. We are sorry for the inconvenience.",
    ),
    facts([
      [ja ? "サービス" : "Service", say(content.service, language)],
      [ja ? "契約番号" : "Contract numbers", content.contractNumbers.join("\n")],
      [ja ? "終了日" : "Last day", { text: day(content.endsOn, language), bold: true }],
      [ja ? "理由" : "Reason", say(content.reason, language)],
      ...(content.facts ?? []).map(({ label, value }) => [say(label, language), say(value, language)] as const),
    ]),
  ]);
}

export const notice = (content: NoticeContent, language: Language): PageDefinition =>
  letter(content, language, say(content.title, language), [
    ...content.paragraphs.map((text) => paragraph(say(text, language))),
    ...(content.facts === undefined || content.facts.length === 0
      ? []
      : [facts(content.facts.map(({ label, value }) => [say(label, language), say(value, language)] as const))]),
  ]);
