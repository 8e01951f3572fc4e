/** What can be ordered: services, their plans and what they cost. */
import type { ReactNode } from "react";
import type { OfferedItem, OfferedPlan, OfferItem } from "@yagura/commerce/offers/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Link } from "../../parts/link.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { Card, Columns, Page as Frame, Section } from "../../parts/page.tsx";
import { useOrganisation } from "../../session.tsx";
import { useOffers } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { navWords } from "../words/nav.ts";
import { orderWords } from "../words/orders.ts";

export function Page(): ReactNode {
  const t = useWords(orderWords);
  const n = useWords(navWords);
  const offers = useOffers();
  return (
    <Frame title={n("order")} lead={t("offers.lead")}>
      <Loaded query={offers} rows={10}>
        {({ items }) =>
          items.some((offer) => offer.plans.length > 0) ? (
            <>
              {items.map((offer) => (
                <Offered key={offer.service} offer={offer} />
              ))}
            </>
          ) : (
            <Empty title={t("offers.none")}>{t("offers.noneText")}</Empty>
          )
        }
      </Loaded>
    </Frame>
  );
}

function Offered({ offer }: { readonly offer: OfferItem }): ReactNode {
  const t = useWords(orderWords);
  const say = useName();
  return (
    <Section title={say(offer.name)} {...(offer.offered ? {} : { lead: t("offers.closed") })}>
      <Columns least={18}>
        {offer.plans.map((plan) => (
          <Plan key={plan.plan} service={offer.service} plan={plan} />
        ))}
      </Columns>
    </Section>
  );
}

function Plan({ service, plan }: { readonly service: string; readonly plan: OfferedPlan }): ReactNode {
  const t = useWords(orderWords);
  const say = useName();
  const here = useOrganisation();
  return (
    <Card className="plan-card">
      <h3>{say(plan.name)}</h3>
      <ul className="plain-list small">
        {plan.items
          .filter(({ orderable, kind }) => orderable || kind === "initial")
          .map((item) => (
            <li key={item.item}>
              {say(item.name)} <Price item={item} />
            </li>
          ))}
      </ul>
      <Link className="button button-primary" href={here.path(`office/order/${service}/${plan.plan}`)}>
        {t("offers.order")}
        <span className="unseen">{say(plan.name)}</span>
      </Link>
    </Card>
  );
}

function Price({ item }: { readonly item: OfferedItem }): ReactNode {
  const t = useWords(orderWords);
  const format = useFormat();
  if (item.price === null) return <span className="soft">{t("offers.noPrice")}</span>;
  return (
    <span className="soft figures">
      {t(item.monthly ? "offers.month" : "offers.once", { amount: format.yen(item.price.amount) })}
    </span>
  );
}
