/** The five offers, and readers of them, for the tests of the matrices. */
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import type { ItemTerms, PlanTerms, TermsVersion } from "@yagura/commerce/charging/tables.ts";
import { shippedTables } from "@yagura/commerce/charging/shipped.ts";
import { offer as experience } from "@yagura/experience/charges.ts";
import { offer as ot } from "@yagura/ot/charges.ts";
import { offer as remote } from "@yagura/remote/charges.ts";
import { offer as security } from "@yagura/security/charges.ts";
import { offer as utm } from "@yagura/utm/charges.ts";

export const offers: readonly Offer[] = [experience, security, remote, ot, utm];
export { experience, ot, remote, security, utm };
export const tables = shippedTables(offers);

/** The version of a service's terms on a day. */
export function versionOn(service: string, day: string): TermsVersion {
  const found = tables.terms.filter(
    ({ service: of, from, until }) =>
      of === service && (from === null || from <= day) && (until === null || day < until),
  );
  if (found.length !== 1) throw new Error(`${found.length} versions of ${service} on ${day}`);
  return found[0] as TermsVersion;
}
export function planOn(service: string, plan: string, day: string): PlanTerms {
  const found = versionOn(service, day).plans[plan];
  if (found === undefined) throw new Error(`no plan ${plan} of ${service} on ${day}`);
  return found;
}
export function itemOn(service: string, plan: string, item: string, day: string): ItemTerms {
  const found = planOn(service, plan, day).items[item];
  if (found === undefined) throw new Error(`no item ${item} of ${service}/${plan} on ${day}`);
  return found;
}
