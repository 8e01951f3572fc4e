/** The provider's queue of applications, in provable order. */
import type { ReactNode } from "react";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import { useWords } from "../../language.tsx";
import { Link } from "../../parts/link.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { useAll } from "../../queries.ts";
import { providerApi } from "../data.ts";
import { navWords } from "../words/nav.ts";
import { orderWords } from "../words/orders.ts";
import { ApplicationTable } from "./application-table.tsx";

export function Page(): ReactNode {
  const t = useWords(orderWords);
  const n = useWords(navWords);
  const list = useAll<Application>(providerApi("/applications"));
  return (
    <Frame title={n("queue")} lead={t("queue.lead")}>
      <ApplicationTable
        id="application-queue"
        list={list}
        ofAll
        sort="state"
        empty={
          <Empty title={t("queue.none")} action={<Link href="/provider/office/offering">{t("queue.offering")}</Link>}>
            {t("queue.noneText")}
          </Empty>
        }
      />
    </Frame>
  );
}
