/** The offer of a service that somebody wants to order. */
import type { Offer } from "../charging/offer.ts";
import type { ContractWork } from "../contracts/contract-row.ts";
import { raise } from "./errors.ts";

/** What the verbs of applications need. */
export interface OrderWork extends ContractWork {
  readonly offers: readonly Offer[];
}

/** ORDER_SERVICE_UNKNOWN when it is not sold. */
export function knownOffer({ offers }: { readonly offers: readonly Offer[] }, service: string): Offer {
  const offer = offers.find((one) => one.service === service);
  if (offer !== undefined) return offer;
  throw raise("ORDER_SERVICE_UNKNOWN", { service, services: offers.map((one) => one.service).join(", ") });
}
