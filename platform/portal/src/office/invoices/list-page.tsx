/** Invoices of one customer. */
import type { ReactNode } from "react";
import type { InvoiceItem } from "@yagura/commerce/billing/shapes.ts";
import { useWords } from "../../language.tsx";
import { Link } from "../../parts/link.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { useAll } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { billingWords } from "../words/billing.ts";
import { navWords } from "../words/nav.ts";
import { InvoiceTable } from "./invoice-table.tsx";

export function Page(): ReactNode {
  const t = useWords(billingWords);
  const n = useWords(navWords);
  const here = useOrganisation();
  const list = useAll<InvoiceItem>(here.api("/invoices"));
  const next = (
    <Link className="button button-plain" href={here.path("office/next-bill")}>
      {n("nextBill")}
    </Link>
  );
  return (
    <Frame title={n("invoices")} lead={t("list.lead")} actions={next}>
      <InvoiceTable
        id="invoices"
        list={list}
        empty={
          <Empty title={t("list.none")} action={next}>
            {t("list.noneText")}
          </Empty>
        }
      />
    </Frame>
  );
}
