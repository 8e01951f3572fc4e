/** What the remote network service sells and on which terms, as data (spec/commercial.md sections 2 to 8). Commerce reads it; nothing here computes. */
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
  service: "remote",
  prefix: "RNS",
  name: { ja: "リモートネットワーク", en: "remote network" },
  terms,
  prices,
  activities,
  grounds,
  notices,
  required,
  readings,
  forms,
  // COM-28.
  invoiceUnit: "claim",
  soleTraders: false,
  // RNS-33, a.45.
  assignment: { rule: "RNS-33", allowed: "with-consent" },
  // a.5(3).
  rescission: { rule: "RNS-05", days: 30 },
  suspension: { rule: "RNS-21", maximumMonths: null },
  articles,
  thirdPartyTerms,
  defaults,
  checklists,
};
