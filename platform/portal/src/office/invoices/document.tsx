/** A bill as it stands on paper: who, to whom, when, what, how much; issued or as it would be. */
import type { ReactNode } from "react";
import type { DocumentContent } from "@yagura/commerce/billing/shapes.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Banner } from "../../parts/notice.tsx";
import { Facts, type Fact } from "../../parts/page.tsx";
import { useContractLabel } from "../offers.ts";
import { Yen } from "../parts/yen.tsx";
import { billingWords } from "../words/billing.ts";

interface Props {
  readonly content: DocumentContent;
  readonly more?: readonly Fact[];
}
export function DocumentHead({ content, more }: Props): ReactNode {
  const t = useWords(billingWords);
  const say = useSay();
  const format = useFormat();
  const labelOf = useContractLabel();
  const { recipient, issuer, supply, dues, contracts } = content;
  const address = [recipient.postalCode, recipient.address, recipient.department, recipient.contact].filter(
    (each) => each !== null,
  );
  const number = issuer.registrationNumber;
  const facts: readonly Fact[] = [
    { name: t("recipient"), value: recipient.name, ...(address.length === 0 ? {} : { note: address.join(" ") }) },
    {
      name: t("issuer"),
      value: issuer.name,
      ...(number === null ? {} : { note: t("registration", { number }) }),
    },
    { name: t("supply"), value: t("supply.range", { from: format.day(supply.from), to: format.day(supply.to) }) },
    ...(contracts.length === 0
      ? []
      : [
          {
            name: t("contracts"),
            value: (
              <ul className="plain-list">
                {contracts.map((number) => (
                  <li key={number}>{labelOf(number)}</li>
                ))}
              </ul>
            ),
          },
        ]),
    ...(dues.length === 0
      ? []
      : [
          {
            name: t("dues"),
            value: (
              <ul className="plain-list">
                {dues.map((due) => (
                  <li key={`${due.on} ${due.amount}`}>
                    <Yen amount={due.amount} /> {t("dues.by", { day: format.day(due.on) })}
                  </li>
                ))}
              </ul>
            ),
          },
        ]),
    ...(more ?? []),
  ];
  return (
    <>
      {content.qualified || content.unqualifiedBecause === null ? null : (
        <Banner title={t("notQualified")}>{say(content.unqualifiedBecause)}</Banner>
      )}
      <Facts facts={facts} />
    </>
  );
}

export function DocumentNotes({ content }: { readonly content: DocumentContent }): ReactNode {
  const t = useWords(billingWords);
  const say = useSay();
  if (content.notes.length === 0) return null;
  return (
    <section className="document-notes">
      <h3>{t("notes")}</h3>
      <ul>
        {content.notes.map((note) => (
          <li key={note.ja}>{say(note)}</li>
        ))}
      </ul>
    </section>
  );
}
