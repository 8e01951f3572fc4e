/** A device that is insured with its seat (SEC-58): which one, for which period. */
import type { Language } from "@yagura/core/errors.ts";
import type { PageDefinition } from "../pdf.ts";
import type { InsuranceCertificateContent } from "../shapes.ts";
import { facts, paragraph } from "../layout.ts";
import { day, period, say } from "../words.ts";
import { letter } from "./letter.ts";

export function insuranceCertificate(content: InsuranceCertificateContent, language: Language): PageDefinition {
  const ja = language === "ja";
  const device = content.device === "" ? [] : [[ja ? "端末名" : "Device", content.device] as const];
  return letter(content, language, ja ? "保険加入証明書" : "Certificate of insurance", [
    paragraph(
      ja
        ? "下記の端末が、ご契約に付帯する保険の対象として登録されていることを証明いたします。"
        : "We certify that the device below is registered for the insurance that comes with the contract.",
    ),
    facts([
      [ja ? "保険" : "Insurance", say(content.insurance, language)],
      [ja ? "保険期間" : "Period of cover", { text: period(content.cover, language), bold: true }],
      [ja ? "契約番号" : "Contract number", content.contractNumber],
      [ja ? "サービス" : "Service", say(content.service, language)],
      [ja ? "MAC アドレス" : "MAC address", { text: content.mac, bold: true }],
      ...device,
      [ja ? "登録日" : "Registered on", day(content.registeredOn, language)],
      [ja ? "根拠" : "Ground", say(content.ground, language)],
    ]),
  ]);
}
