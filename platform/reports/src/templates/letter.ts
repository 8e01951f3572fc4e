/** Letters: address in the window, sender on the right, title, text, a table of facts. */
import type { Language } from "@yagura/core/errors.ts";
import type { Node, PageDefinition } from "../pdf.ts";
import type { Issuer, Recipient, Words } from "../shapes.ts";
import { CONTENT_WIDTH, framed, head, mm, notes, paragraph, sender, titled } from "../layout.ts";

export interface Letter {
  readonly number: string;
  readonly issuedOn: string;
  readonly issuer: Issuer;
  readonly recipient: Recipient;
  readonly notes?: readonly Words[];
}

export function letter(content: Letter, language: Language, title: string, body: readonly Node[]): PageDefinition {
  const ja = language === "ja";
  return framed(
    {
      ...content,
      title,
      content: [
        head(content, language),
        {
          columns: [
            { text: "", width: CONTENT_WIDTH - mm(62) },
            { width: mm(62), stack: [sender(content.issuer, language)] },
          ],
        },
        { text: "", margin: [0, 0, 0, mm(5)] },
        titled(title, language),
        ...(ja ? [paragraph("平素より格別のお引き立てを賜り、厚く御礼申し上げます。")] : [paragraph("Dear customer,")]),
        ...body,
        ...notes(content.notes, language),
        ...(ja ? [{ text: "以上", alignment: "right", margin: [0, 12, 0, 0] } as const] : []),
      ],
    },
    language,
  );
}
