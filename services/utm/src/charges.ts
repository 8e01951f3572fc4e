/** What UTM support sells and on which terms, as data (spec/commercial.md sections 2 to 8). Commerce reads it; nothing here computes. */
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
  service: "utm",
  prefix: "UTM",
  name: { ja: "UTMサポート", en: "UTM support" },
  terms,
  prices,
  activities,
  grounds,
  notices,
  required,
  readings,
  forms,
  // A fee month of a contract; several may be billed together (UTM-50).
  invoiceUnit: "contract",
  // COM-31, a.1: businesses, sole traders among them.
  soleTraders: true,
  // a.11.
  assignment: { rule: "UTM-14", allowed: "with-approval" },
  rescission: null,
  // a.18(1).
  suspension: { rule: "UTM-22", maximumMonths: 6 },
  // a.9(2).
  startsByReport: { rule: "UTM-10" },
  articles,
  thirdPartyTerms,
  defaults,
  checklists,
};
