/** Invoices over all customers. */
import type { ReactNode } from "react";
import type { InvoiceItem } from "@yagura/commerce/billing/shapes.ts";
import { useWords } from "../../language.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { useAll } from "../../queries.ts";
import { useUrlState } from "../../url-state.ts";
import { providerApi } from "../data.ts";
import { MonthChoice } from "../parts/month.tsx";
import { billingWords } from "../words/billing.ts";
import { navWords } from "../words/nav.ts";
import { InvoiceTable } from "./invoice-table.tsx";

export function Page(): ReactNode {
  const t = useWords(billingWords);
  const n = useWords(navWords);
  const [month, setMonth] = useUrlState("month");
  const list = useAll<InvoiceItem>(providerApi("/invoices"), month === "" ? {} : { month });
  return (
    <Frame title={n("allInvoices")} lead={t("list.lead")}>
      <InvoiceTable
        id="all-invoices"
        list={list}
        ofAll
        tools={<MonthChoice label={t("col.month")} month={month} choose={setMonth} />}
        empty={<Empty title={t("list.none")}>{t("list.noneProvider")}</Empty>}
      />
    </Frame>
  );
}
