/** Texts of others that belong to a plan (SEC-02, RNS-71), and what has to be ready or done by the customer (UTM-19, RNS-28, OST-15). */
import type { ReactNode } from "react";
import type { OfferedPlan, OfferItem } from "@yagura/commerce/offers/shapes.ts";
import { useWords } from "../../language.tsx";
import { Facts, Section } from "../../parts/page.tsx";
import { useOffers } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { orderWords } from "../words/orders.ts";

interface OfferTextsProps {
  readonly service: string;
  readonly plan: string;
  /** The day of the order; absent: today. */
  readonly on?: string;
}
export function OfferTexts({ service, plan, on }: OfferTextsProps): ReactNode {
  const offer = useOffers(on).data?.items.find((each) => each.service === service);
  const terms = offer?.plans.find((each) => each.plan === plan)?.thirdPartyTerms ?? [];
  return (
    <>
      {terms.length === 0 ? null : <ThirdParties terms={terms} />}
      {offer === undefined || offer.checklists.length === 0 ? null : <Checklists lists={offer.checklists} />}
    </>
  );
}

function ThirdParties({ terms }: { readonly terms: OfferedPlan["thirdPartyTerms"] }): ReactNode {
  const t = useWords(orderWords);
  const say = useName();
  return (
    <Section title={t("texts.others")}>
      <Facts
        facts={terms.map(({ name, text, note, rule, precedence }) => ({
          name: say(name),
          value:
            text === null ? (
              t("texts.unset")
            ) : text.address === undefined ? (
              `${say(text.title)} ${text.version}`
            ) : (
              <a href={text.address} rel="noreferrer">{`${say(text.title)} ${text.version}`}</a>
            ),
          note: `${say(note)} ${t(precedence === "third-party" ? "texts.first" : "texts.second")} (${rule})`,
        }))}
      />
    </Section>
  );
}

function Checklists({ lists }: { readonly lists: OfferItem["checklists"] }): ReactNode {
  const t = useWords(orderWords);
  const say = useName();
  return (
    <Section title={t("texts.checklists")}>
      {lists.map(({ code, name, rule, points }) => (
        <details key={code}>
          <summary>
            {say(name)} <span className="tag">{rule}</span>
          </summary>
          <ul>
            {points.map((point) => (
              <li key={point.en}>{say(point)}</li>
            ))}
          </ul>
        </details>
      ))}
    </Section>
  );
}
