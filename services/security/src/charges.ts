/** What corporate security sells and on which terms, as data (spec/commercial.md sections 2 to 8). Commerce reads it; nothing here computes. */
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import { activities } from "./offer/activities.ts";
import { forms } from "./offer/forms.ts";
import { grounds } from "./offer/grounds.ts";
import { notices } from "./offer/notices.ts";
import { prices } from "./offer/prices.ts";
import { defaults, readings, required } from "./offer/required.ts";
import { terms } from "./offer/terms.ts";
import { articles, checklists, thirdPartyTerms } from "./offer/texts.ts";

export const offer: Offer = {
  service: "security",
  prefix: "SEC",
  name: { ja: "法人向けセキュリティ", en: "corporate security" },
  terms,
  prices,
  activities,
  grounds,
  notices,
  required,
  readings,
  forms,
  // SEC-37: closed on the last day of the month, per contract.
  invoiceUnit: "contract",
  // SEC-01, a.6(3)(5).
  soleTraders: false,
  // SEC-11, a.9.
  assignment: { rule: "SEC-11", allowed: "never" },
  rescission: null,
  suspension: { rule: "SEC-18", maximumMonths: null },
  // a.6(2).
  inOrderOfReceipt: { rule: "SEC-05" },
  articles,
  thirdPartyTerms,
  defaults,
  checklists,
};
