/** Documents by kind: one template each. `printDocument` works in the caller's thread; see `renderDocument` for a worker's. */
import type { Language } from "@yagura/core/errors.ts";
import { printable } from "./glyphs.ts";
import { tableLines } from "./layout.ts";
import { print, type PageDefinition } from "./pdf.ts";
import type { DocumentContent, DocumentKind } from "./shapes.ts";
import { contractNotice, refusal } from "./templates/contract.ts";
import { creditNote } from "./templates/credit-note.ts";
import { explanation } from "./templates/explanation.ts";
import { insuranceCertificate } from "./templates/insurance.ts";
import { correctedInvoice, invoice } from "./templates/invoice.ts";
import { notice, suspension, withdrawal } from "./templates/measures.ts";
import { paymentCertificate, reminder } from "./templates/payments.ts";
import { quote } from "./templates/quote.ts";
import { report } from "./templates/report.ts";

type Template<K extends DocumentKind> = (content: DocumentContent[K], language: Language) => PageDefinition;

const templates: { readonly [K in DocumentKind]: Template<K> } = {
  invoice,
  "corrected-invoice": correctedInvoice,
  "credit-note": creditNote,
  "payment-certificate": paymentCertificate,
  "contract-notice": contractNotice,
  refusal,
  suspension,
  withdrawal,
  notice,
  reminder,
  quote,
  explanation,
  "insurance-certificate": insuranceCertificate,
  report,
};

/** The PDF. DOCUMENT_CHARACTER_MISSING, DOCUMENT_SUMS_DIFFER. */
export async function printDocument<K extends DocumentKind>(
  kind: K,
  content: DocumentContent[K],
  language: Language,
): Promise<Uint8Array> {
  return print(templates[kind](printable(content), language), tableLines);
}
