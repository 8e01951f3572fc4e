/** Commerce as one object of tables: what the control plane composes. The folders stand in the order of the README. */
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable, Platform, Route, ScopeTable } from "@yagura/server/route.ts";
import { applicationRoutes } from "./applications/routes.ts";
import { billingJobs } from "./billing/jobs.ts";
import { eraseBilling, exportBilling } from "./billing/organisation-data.ts";
import { billingRoutes, scopes as billingScopes } from "./billing/routes.ts";
import type { Offer } from "./charging/offer.ts";
import type { HooksByService } from "./contracts/contracts.ts";
import { contractJobs } from "./contracts/jobs.ts";
import { eraseContracts, exportContracts } from "./contracts/organisation-data.ts";
import { reminderJobs as taskReminderJobs } from "./contracts/reminders.ts";
import { contractRoutes, scopes as contractScopes } from "./contracts/routes.ts";
import { withdrawalJobs } from "./contracts/withdrawals.ts";
import { entitlementJobs } from "./entitlements/jobs.ts";
import { eraseEntitlements, exportEntitlements } from "./entitlements/organisation-data.ts";
import { entitlementRoutes, scopes as entitlementScopes } from "./entitlements/routes.ts";
import { caseRoutes } from "./notices/case-routes.ts";
import { deliveryJobs } from "./notices/evidence.ts";
import { eraseNotices, exportNotices } from "./notices/organisation-data.ts";
import { noticeRoutes, scopes as noticeScopes } from "./notices/routes.ts";
import { termsChangeRoutes } from "./notices/terms-change-routes.ts";
import { consentJobs } from "./notices/terms-change.ts";
import { waiverRoutes } from "./notices/waiver-routes.ts";
import { offerRoutes } from "./offers/routes.ts";
import { outlookRoutes } from "./outlook/routes.ts";
import { paperRoutes } from "./papers/routes.ts";
import { paced } from "./rates.ts";
import { eraseReceivables, exportReceivables, forgetJobs } from "./receivables/organisation-data.ts";
import { reminderJobs } from "./receivables/reminders.ts";
import { receivablesRoutes, scopes as receivablesScopes } from "./receivables/routes.ts";
import { scopes as termsScopes, termsRoutes } from "./terms/routes.ts";
import { shipOffers } from "./terms/ship.ts";

/** What every folder of the room may need. */
export interface CommerceParts {
  /** The services' contract hooks, by service id. */
  readonly hooks: HooksByService;
  /** What is sold. */
  readonly offers: readonly Offer[];
  readonly devices: Devices;
}

export interface CommerceRoom {
  readonly routes: readonly Route[];
  readonly scopes: ScopeTable;
  readonly jobs: readonly JobTable[];
  readonly exporters: readonly (typeof exportContracts)[];
  readonly erasers: readonly (typeof eraseContracts)[];
  /** Run at every start, before anybody is served: writes what the services bring and the database lacks. */
  readonly prepare: (platform: Pick<Platform, "store" | "clock">) => Promise<unknown>;
}

export const commerceRoom = (parts: CommerceParts): CommerceRoom => ({
  routes: paced([
    ...termsRoutes(parts.offers),
    ...offerRoutes(parts.offers),
    ...noticeRoutes(parts.offers),
    ...termsChangeRoutes(parts.offers),
    ...waiverRoutes(parts.offers),
    ...caseRoutes,
    ...applicationRoutes(parts),
    ...contractRoutes(parts),
    ...outlookRoutes,
    ...billingRoutes(parts),
    ...receivablesRoutes(parts.offers),
    ...entitlementRoutes,
    ...paperRoutes(parts.offers),
  ]),
  scopes: {
    ...termsScopes,
    ...noticeScopes,
    ...contractScopes,
    ...billingScopes,
    ...receivablesScopes,
    ...entitlementScopes,
  },
  jobs: [
    deliveryJobs,
    consentJobs,
    contractJobs(parts.hooks, parts.devices, parts.offers),
    taskReminderJobs(parts),
    withdrawalJobs(parts),
    billingJobs(parts),
    reminderJobs(parts.offers),
    forgetJobs,
    entitlementJobs,
  ],
  exporters: [exportNotices, exportContracts, exportBilling, exportReceivables, exportEntitlements],
  // In this order: what points at a contract goes before the contract.
  erasers: [eraseEntitlements, eraseNotices, eraseReceivables, eraseBilling, eraseContracts],
  prepare: (platform) => shipOffers(platform, parts.offers),
});
