/** What OT security sells and on which terms, as data (spec/commercial.md sections 2 to 8). Commerce reads it; nothing here computes. */
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
  service: "ot",
  prefix: "OST",
  name: { ja: "OTセキュリティ", en: "OT security" },
  terms,
  prices,
  activities,
  grounds,
  notices,
  required,
  readings,
  forms,
  // OST-14: a contract is one sensor.
  invoiceUnit: "contract",
  soleTraders: false,
  // The excerpt says nothing of an assignment: it takes the consent of the provider.
  assignment: { rule: "COM-24", allowed: "with-consent" },
  rescission: null,
  suspension: { rule: "COM-14", maximumMonths: null },
  articles,
  thirdPartyTerms,
  defaults,
  checklists,
};
