/** The office in the portal: contracts and bills of an organisation, and the provider's office over all of them. */
import type { NavEntry, PortalArea, PortalRoute, SearchProvider } from "../plugin.ts";
import { navWords } from "./words/nav.ts";

type Word = keyof typeof navWords;
/** In the nav where the path has no parameter and the entry is not marked as a page below another. */
type Entry = readonly [path: string, scope: string, label: Word, load: PortalRoute["load"], below?: "below"];

const areaOf = (id: string, title: Word, entries: readonly Entry[]): PortalArea => ({
  id,
  title: navWords[title],
  nav: entries
    .filter(([path, , , , below]) => !path.includes("$") && below === undefined)
    .map(([path, scope, label]): NavEntry => ({ path: `office/${path}`, scope, label: navWords[label] })),
  routes: entries.map(([path, scope, label, load]) => ({
    path: `office/${path}`,
    scope,
    title: navWords[label],
    load,
  })),
});

export const officeAreas: readonly PortalArea[] = [
  areaOf("office", "group.contracts", [
    ["invoices", "invoice.read", "invoices", () => import("./invoices/list-page.tsx")],
    ["invoices/$invoice", "invoice.read", "invoice", () => import("./invoices/invoice-page.tsx")],
    ["next-bill", "invoice.read", "nextBill", () => import("./invoices/next-page.tsx")],
  ]),
];

export const officeProviderAreas: readonly PortalArea[] = [
  areaOf("provider-office", "group.office", [
    ["bill-runs", "invoice.read", "billRuns", () => import("./runs/list-page.tsx")],
    ["bill-runs/$run", "invoice.read", "billRun", () => import("./runs/run-page.tsx")],
    ["invoices", "invoice.read", "allInvoices", () => import("./invoices/all-page.tsx")],
  ]),
];

export const officeSearch: readonly SearchProvider[] = [];
