/** Mails of contracts, in the organisation's language. */
import type { Language } from "@yagura/core/errors.ts";
import type { Contract } from "../commerce.ts";

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** The number is sent to the customer (EXP-02). */
export function contractNumberMail(contract: Contract, language: Language): MailText {
  const start = contract.startedOn ?? "–";
  if (language === "ja") {
    return {
      subject: `ご契約番号のお知らせ: ${contract.number}`,
      text: [
        `ご契約番号: ${contract.number}`,
        `ご利用開始日: ${start}`,
        "",
        "ご請求とお問い合わせは、ご契約番号ごとに承ります。",
        "お問い合わせの際は、この番号をお知らせください。",
      ].join("\n"),
    };
  }
  return {
    subject: `Your contract number: ${contract.number}`,
    text: [
      `Contract number: ${contract.number}`,
      `Start of service: ${start}`,
      "",
      "Charges and enquiries go by contract number.",
      "Please name this number when you ask us something.",
    ].join("\n"),
  };
}
