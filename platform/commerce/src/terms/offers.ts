/** What is sold, as the verbs of this folder look it up. */
import type { Offer } from "../charging/offer.ts";
import { raise } from "./errors.ts";

/** The service's offer. TERMS_SERVICE_UNKNOWN. */
export function offerOf(offers: readonly Offer[], service: string): Offer {
  const offer = offers.find((one) => one.service === service);
  if (offer === undefined) {
    throw raise("TERMS_SERVICE_UNKNOWN", { service, services: offers.map((one) => one.service).join(", ") });
  }
  return offer;
}
