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
  // a.3, 34: prices stand on the order and its acceptance, not in the terms.
  frozenPrices: { rule: "RNS-66" },
  // a.10(5), 23.
  endTasks: [
    {
      kind: "disconnect-equipment",
      rule: "RNS-14",
      audience: "customer",
      title: {
        ja: "ご契約が終了しました。速やかに機器の接続を外し、完了をお知らせください。",
        en: "The contract is over: please disconnect the equipment at once and tell us when it is done.",
      },
      days: 7,
    },
    {
      kind: "collect-equipment",
      rule: "RNS-45",
      audience: "staff",
      title: {
        ja: "提供者所有の機器が指定場所に返却されたことを確認してください。返却がない場合は引き取りを手配します。",
        en: "See that the provider's own equipment is back at the place named; arrange its collection otherwise.",
      },
      days: 14,
    },
  ],
  articles,
  thirdPartyTerms,
  defaults,
  checklists,
};
