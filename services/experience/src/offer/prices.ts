/** No price stands in the terms (EXP-16): a price per contract number and fee month is the provider's. */
import type { ShippedPrice } from "@yagura/commerce/charging/offer.ts";

export const prices = [] as const satisfies readonly ShippedPrice[];
