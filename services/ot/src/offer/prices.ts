/** Table 1 (OST-12), the same in both versions. Ancillary services are priced in the provider's catalogue (OST-13). */
import type { ShippedPrice } from "@yagura/commerce/charging/offer.ts";

const both = { plan: "sensor", from: null, until: null, book: "OST-v1" } as const;

export const prices = [
  { ...both, item: "initial-n", amount: 350_000, display: 385_000 },
  { ...both, item: "initial-d", amount: 250_000, display: 275_000 },
  { ...both, item: "basic", amount: 90_000, display: 99_000 },
] as const satisfies readonly ShippedPrice[];
