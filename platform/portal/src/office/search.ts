/** Ctrl-K finds contracts and documents by their numbers, for the staff also by the customer's name. */
import type { InvoiceItem } from "@yagura/commerce/billing/shapes.ts";
import type { ContractItem, ListedContract } from "@yagura/commerce/contracts/shapes.ts";
import type { Page } from "@yagura/server/shapes.ts";
import { api } from "../api.ts";
import type { SearchHit, SearchProvider } from "../plugin.ts";
import { fold } from "../table-state.ts";
import { navWords } from "./words/nav.ts";

/** Hits of one kind: more would hide the others. */
const MOST = 5;
const contractHit = (contract: ContractItem, detail: string): SearchHit => ({
  id: contract.id,
  label: contract.number,
  detail,
  href: `/o/${contract.organisationId}/office/contracts/${contract.id}`,
});
const invoiceHit = (invoice: InvoiceItem, detail: string): SearchHit => ({
  id: invoice.id,
  label: invoice.number,
  detail,
  href: `/o/${invoice.organisationId}/office/invoices/${invoice.id}`,
});

type Find = SearchProvider["find"];

const contracts: Find = async (query, { organisation, language, signal }) => {
  const word = navWords.contract[language];
  if (organisation === null) {
    const asked = { q: query.slice(0, 100), limit: MOST };
    const { items } = await api.get<Page<ListedContract>>("/api/v1/provider/contracts", asked, signal);
    return items.map((item) => contractHit(item, `${word} · ${item.organisationName}`));
  }
  const { items } = await api.get<Page<ContractItem>>(
    `/api/v1/organisations/${organisation}/contracts`,
    { limit: 500 },
    signal,
  );
  const wanted = fold(query);
  return items
    .filter(({ number }) => fold(number).includes(wanted))
    .slice(0, MOST)
    .map((item) => contractHit(item, word));
};

const invoices: Find = async (query, { organisation, language, signal }) => {
  const base = organisation === null ? "/api/v1/provider" : `/api/v1/organisations/${organisation}`;
  const asked = { q: query.slice(0, 60), limit: MOST };
  const { items } = await api.get<Page<InvoiceItem>>(`${base}/invoices`, asked, signal);
  return items.map((item) => invoiceHit(item, `${navWords.invoice[language]} · ${item.organisation}`));
};

export const officeSearch: readonly SearchProvider[] = [
  { id: "contracts", title: navWords.contracts, scope: "contract.read", find: contracts },
  { id: "invoices", title: navWords.invoices, scope: "invoice.read", find: invoices },
];
