/** Everything that entitlements add to the API. */
import type { Route, ScopeTable } from "@yagura/server/route.ts";
import { equipmentRoutes } from "./equipment-routes.ts";
import { seatRoutes } from "./seat-routes.ts";
import { walletRoutes } from "./wallet-routes.ts";

export const entitlementRoutes: readonly Route[] = [...seatRoutes, ...walletRoutes, ...equipmentRoutes];

export const scopes: ScopeTable = {
  // Seats and insured devices: the customer's own people do this.
  "entitlement.write": ["owner", "admin", "provider-admin", "provider-billing", "provider-operator"],
  // Tickets are used by whoever works on the support ticket.
  "ticket.write": ["provider-admin", "provider-billing", "provider-operator", "provider-support"],
  "equipment.write": ["provider-admin", "provider-billing", "provider-operator"],
};
