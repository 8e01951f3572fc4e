/** The paper of a certificate or of a qualified invoice on request, from its stored content: the same bytes every time. */
import type { Language } from "@yagura/core/errors.ts";
import { renderDocument } from "@yagura/reports/reports.ts";
import type { CertificateContent } from "./shapes.ts";

export async function certificatePaper(content: CertificateContent, language: Language): Promise<Buffer> {
  const head = {
    number: content.number,
    issuedOn: content.issuedOn,
    issuer: content.issuer,
    recipient: { name: content.recipient, kind: "company" as const },
    subject: { ja: `契約番号 ${content.contract}`, en: `Contract ${content.contract}` },
  };
  const period = { from: content.from, to: content.to };
  if (content.kind === "payment-certificate") {
    const { payments, total } = content;
    return Buffer.from(await renderDocument("payment-certificate", { ...head, period, payments, total }, language));
  }
  const groups = [...Map.groupBy(content.lines, ({ document }) => document)].map(([title, lines]) => ({
    title,
    lines: lines.map(({ description, from, to, amount, rate }) => ({
      description,
      period: { from, to },
      amount,
      rate,
    })),
  }));
  const { subtotals, net, tax, total } = content;
  return Buffer.from(
    await renderDocument("invoice", { ...head, groups, subtotals, net, tax, total, period, dueOn: null }, language),
  );
}
