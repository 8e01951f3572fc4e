/** Annexes 1 to 3: prices without tax, and with tax as printed there (display only, COM-08). The disclosure fee is the provider's. */
import type { ShippedPrice } from "@yagura/commerce/charging/offer.ts";

const endpoint = { plan: "endpoint", from: null, until: null, book: "SEC-2022-08-01" } as const;
const cloudApp = { ...endpoint, plan: "cloud-app" } as const;
const desk = { ...endpoint, plan: "desk" } as const;

export const prices = [
  // SEC-50, Annex 1-1.
  { ...endpoint, item: "initial", amount: 3_000, display: 3_300 },
  { ...endpoint, item: "seat-1", amount: 200, display: 220 },
  { ...endpoint, item: "seat-10", amount: 1_800, display: 1_980 },
  { ...endpoint, item: "seat-100", amount: 15_000, display: 16_500 },
  { ...endpoint, item: "seat-1000", amount: 120_000, display: 132_000 },
  { ...endpoint, item: "seat-10000", amount: 1_000_000, display: 1_100_000 },
  // SEC-51, Annex 2-1: no volume discount.
  { ...cloudApp, item: "initial", amount: 3_000, display: 3_300 },
  { ...cloudApp, item: "seat-1", amount: 300, display: 330 },
  { ...cloudApp, item: "seat-10", amount: 3_000, display: 3_300 },
  { ...cloudApp, item: "seat-100", amount: 30_000, display: 33_000 },
  { ...cloudApp, item: "seat-1000", amount: 300_000, display: 330_000 },
  { ...cloudApp, item: "seat-10000", amount: 3_000_000, display: 3_300_000 },
  // SEC-61, Annex 3-1.
  { ...desk, item: "base", amount: 80_000, display: 88_000 },
  { ...desk, item: "report", amount: 40_000, display: 44_000 },
  { ...desk, item: "settings", amount: 30_000, display: 33_000 },
  { ...desk, item: "ticket-setting", amount: 15_000, display: 16_500 },
  { ...desk, item: "ticket-question", amount: 10_000, display: 11_000 },
  { ...desk, item: "ticket-refuge", amount: 15_000, display: 16_500 },
] as const satisfies readonly ShippedPrice[];
