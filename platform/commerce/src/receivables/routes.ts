/** Everything that receivables add to the room. */
import type { Route } from "@yagura/server/route.ts";
import type { Offer } from "../charging/offer.ts";
import { bankingRoutes } from "../banking/routes.ts";
import { claimRoutes } from "./claim-routes.ts";
import { documentRoutes } from "./document-routes.ts";
import { officeRoutes } from "./office-routes.ts";
import { paymentRoutes } from "./payment-routes.ts";

export { scopes } from "./paths.ts";
export const receivablesRoutes = (offers: readonly Offer[]): readonly Route[] => [
  ...claimRoutes,
  ...paymentRoutes,
  ...officeRoutes(offers),
  ...documentRoutes,
  ...bankingRoutes,
];
