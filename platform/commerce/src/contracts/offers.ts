/** What the offers say about a contract: grounds, forms, the terms of its plan on a day. */
import type { Day } from "@yagura/core/calendar.ts";
import type { Ground, GroundUse, Offer, OrderForm } from "../charging/offer.ts";
import type { PlanTerms, Tables } from "../charging/tables.ts";
import { formsOn } from "../offers/forms.ts";
import { raise } from "./errors.ts";

type WithOffers = { readonly offers?: readonly Offer[] };

export const offerOf = ({ offers }: WithOffers, service: string): Offer | undefined =>
  offers?.find((offer) => offer.service === service);

/** The offer's ground of a code. GROUND_UNKNOWN when the service has none of that code for the use. */
export function groundOf(work: WithOffers, service: string, use: GroundUse, code: string): Ground {
  const known = (offerOf(work, service)?.grounds ?? []).filter((ground) => ground.use === use);
  const found = known.find((ground) => ground.code === code);
  if (found !== undefined) return found;
  throw raise("GROUND_UNKNOWN", { ground: code, grounds: known.map((ground) => ground.code).join(", ") || "–" });
}

const holdsOn = ({ from, until }: { readonly from: Day | null; readonly until: Day | null }, day: Day): boolean =>
  (from === null || from <= day) && (until === null || day < until);

/** The order form of a plan by the day of the order. PLAN_UNKNOWN when the plan could not be ordered on that day. */
export function formOn(tables: Tables, offer: Offer, plan: string, day: Day): OrderForm {
  const forms = formsOn(tables, offer, day);
  const found = forms.find((form) => form.plan === plan);
  if (found !== undefined) return found;
  const plans = forms.map((form) => form.plan);
  throw raise("PLAN_UNKNOWN", { service: offer.service, plan, day, plans: plans.join(", ") || "–" });
}

/** The version of a service's terms on a day and what it says of a plan; null where there is a hole or no such plan. */
export function termsOn(
  tables: Tables,
  service: string,
  plan: string,
  day: Day,
): { readonly code: string; readonly plan: PlanTerms } | null {
  const version = tables.terms.find((terms) => terms.service === service && holdsOn(terms, day));
  const terms = version?.plans[plan];
  return version === undefined || terms === undefined ? null : { code: version.code, plan: terms };
}

/** The provider's value of a key on a day, the service's own before that of every service; undefined when it is not set. */
export function settingOn(tables: Tables, service: string, key: string, day: Day): unknown {
  const found = tables.settings.filter(
    (one) => one.key === key && (one.service === null || one.service === service) && holdsOn(one, day),
  );
  return (found.find((one) => one.service === service) ?? found[0])?.value;
}

/** The ground that a customer has to report (RNS-16). GROUND_UNKNOWN with those that there are. */
export function reportable(work: WithOffers, service: string, code: string): Ground {
  const known = (offerOf(work, service)?.grounds ?? []).filter(({ customerReports }) => customerReports === true);
  const found = known.find((ground) => ground.code === code);
  if (found !== undefined) return found;
  const codes = [...new Set(known.map((ground) => ground.code))];
  throw raise("GROUND_UNKNOWN", { ground: code, grounds: codes.join(", ") || "–" });
}
