/** Annex 4: prices without tax, and with tax as printed there (display only, COM-08). Re-procurement prices are the provider's. */
import type { ShippedPrice } from "@yagura/commerce/charging/offer.ts";

const known = { plan: "gateway", from: "2025-04-01", until: null, book: "UTM-2025-04-01" } as const;

export const prices = [
  // UTM-31, Annex 4-1.
  { ...known, item: "base", amount: 2_500, display: 2_750 },
  // UTM-54, Annex 4-2(2).
  { ...known, item: "issue-fee", amount: 150, display: 165 },
  { ...known, item: "collection-fee", amount: 50, display: 55 },
  // UTM-56 and UTM-57, Annex 4-3(2) and 4-4(2).
  { ...known, item: "qualified-invoice", amount: 400, display: 440 },
  { ...known, item: "payment-certificate", amount: 400, display: 440 },
] as const satisfies readonly ShippedPrice[];
