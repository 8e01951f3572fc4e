/** The office in the portal: contracts and bills of an organisation, and the provider's office over all of them. */
import type { ComponentType } from "react";
import type { NavEntry, PortalArea, PortalRoute } from "../plugin.ts";
import { AccountMark, QueueMark, TasksMark } from "./marks.tsx";
import { navWords } from "./words/nav.ts";

type Word = keyof typeof navWords;
/** In the nav where the path has no parameter. */
type Entry = readonly [path: string, scope: string, label: Word, load: PortalRoute["load"], Mark?: ComponentType];

const areaOf = (id: string, title: Word, entries: readonly Entry[]): PortalArea => ({
  id,
  title: navWords[title],
  nav: entries
    .filter(([path]) => !path.includes("$"))
    .map(([path, scope, label, , Mark]): NavEntry => ({
      path: `office/${path}`,
      scope,
      label: navWords[label],
      ...(Mark === undefined ? {} : { Mark }),
    })),
  routes: entries.map(([path, scope, label, load]) => ({
    path: `office/${path}`,
    scope,
    title: navWords[label],
    load,
  })),
});

export const officeAreas: readonly PortalArea[] = [
  areaOf("office", "group.contracts", [
    ["contracts", "contract.read", "contracts", () => import("./contracts/list-page.tsx")],
    ["contracts/$contract", "contract.read", "contract", () => import("./contracts/contract-page.tsx")],
    ["contracts/$contract/cancel", "contract.read", "cancellation", () => import("./contracts/cancel-page.tsx")],
    ["contracts/$contract/change", "application.write", "change", () => import("./contracts/change-page.tsx")],
    ["order", "application.write", "order", () => import("./orders/offers-page.tsx")],
    ["order/$service/$plan", "application.write", "order.form", () => import("./orders/form-page.tsx")],
    ["applications", "contract.read", "applications", () => import("./orders/applications-page.tsx")],
    ["applications/$application", "contract.read", "application", () => import("./orders/application-page.tsx")],
    ["invoices", "invoice.read", "invoices", () => import("./invoices/list-page.tsx")],
    ["invoices/$invoice", "invoice.read", "invoice", () => import("./invoices/invoice-page.tsx")],
    ["next-bill", "invoice.read", "nextBill", () => import("./invoices/next-page.tsx")],
    ["account", "invoice.read", "account", () => import("./money/account-page.tsx"), AccountMark],
    ["equipment", "contract.read", "equipment", () => import("./equipment/page.tsx")],
    ["documents", "contract.read", "documents", () => import("./letters/documents-page.tsx")],
    ["details", "contract.read", "details", () => import("./letters/details-page.tsx")],
  ]),
];

export const officeProviderAreas: readonly PortalArea[] = [
  areaOf("provider-office", "group.office", [
    ["applications", "contract.read", "queue", () => import("./orders/queue-page.tsx"), QueueMark],
    ["contracts", "contract.read", "allContracts", () => import("./contracts/all-page.tsx")],
    ["tasks", "contract.read", "tasks", () => import("./money/tasks-page.tsx"), TasksMark],
    ["bill-runs", "invoice.read", "billRuns", () => import("./runs/list-page.tsx")],
    ["bill-runs/$run", "invoice.read", "billRun", () => import("./runs/run-page.tsx")],
    ["invoices", "invoice.read", "allInvoices", () => import("./invoices/all-page.tsx")],
    ["receivables", "invoice.read", "receivables", () => import("./money/receivables-page.tsx")],
    ["bank", "payment.write", "bank", () => import("./money/bank-page.tsx")],
    ["notices", "contract.read", "notices", () => import("./letters/notices-page.tsx")],
    ["cases", "contract.read", "cases", () => import("./letters/cases-page.tsx")],
  ]),
  areaOf("provider-rules", "group.rules", [
    ["offering", "contract.read", "offering", () => import("./rules/offering-page.tsx")],
    ["prices", "contract.read", "prices", () => import("./rules/prices-page.tsx")],
    ["terms", "contract.read", "terms", () => import("./rules/terms-page.tsx")],
    ["settings", "contract.read", "settings", () => import("./rules/settings-page.tsx")],
    ["waivers", "contract.read", "waivers", () => import("./rules/waivers-page.tsx")],
    ["calendars", "contract.read", "calendars", () => import("./rules/calendars-page.tsx")],
    ["rates", "contract.read", "rates", () => import("./rules/rates-page.tsx")],
  ]),
];
