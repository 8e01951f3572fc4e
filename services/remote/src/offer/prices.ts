/** No price stands in the terms (RNS-66): the whole book is the provider's, and each order freezes its quote. */
import type { ShippedPrice } from "@yagura/commerce/charging/offer.ts";

export const prices = [] as const satisfies readonly ShippedPrice[];
