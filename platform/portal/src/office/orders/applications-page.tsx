/** A customer's own applications. */
import type { ReactNode } from "react";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import { useWords } from "../../language.tsx";
import { Link } from "../../parts/link.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { useAll } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { navWords } from "../words/nav.ts";
import { orderWords } from "../words/orders.ts";
import { ApplicationTable } from "./application-table.tsx";

export function Page(): ReactNode {
  const t = useWords(orderWords);
  const n = useWords(navWords);
  const here = useOrganisation();
  const list = useAll<Application>(here.api("/applications"));
  const order = here.can("application.write") ? (
    <Link className="button button-primary" href={here.path("office/order")}>
      {n("order")}
    </Link>
  ) : null;
  return (
    <Frame title={n("applications")} lead={t("apps.lead")} actions={order}>
      <ApplicationTable
        id="applications"
        list={list}
        sort="-orderedOn"
        empty={
          <Empty title={t("apps.none")} action={order}>
            {t("apps.noneText")}
          </Empty>
        }
      />
    </Frame>
  );
}
