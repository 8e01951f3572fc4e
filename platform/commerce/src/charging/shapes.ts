/** What the portal sees of charging: types alone, no function and no schema. */
export type { ChargeLine, DerivedFact, DocumentTotals, Explanation, Interest, LineKind, TaxSubtotal } from "./lines.ts";
export type { FormField, FormSection, Ground, GroundUse, NoticeRule, OrderCheck, OrderForm, Reading } from "./offer.ts";
export type { ItemTerms, TaxClass, Text } from "./tables.ts";
