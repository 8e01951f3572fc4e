/**
 * The tables as they are shipped: what the offers bring, the consumption tax, the statutory rate and the national holidays. Pure:
 * the file of `yagura charges preview` is computed on them, and the database is filled from them once (terms/ship.ts).
 */
import { designatedDays } from "./designated.ts";
import type { Offer, RequiredData } from "./offer.ts";
import { nationalHolidays, shippedStatutoryRates, shippedTaxRates } from "./seeds.ts";
import type { Activity, Setting, Tables } from "./tables.ts";

export interface ShippedOptions {
  /**
   * Also what is only suggested for data that the provider has to set (8.6), as a computation without a database needs it:
   * hours, due dates. Prices are never suggested.
   */
  readonly suggested?: boolean;
}

/** The tables as shipped, without a word of the provider's own. */
export function shippedTables(offers: readonly Offer[], options: ShippedOptions = {}): Tables {
  const settings = offers.flatMap((offer) => [
    ...shippedSettings(offer),
    ...(options.suggested === true ? suggestedSettings(offer) : []),
  ]);
  return {
    terms: offers.flatMap(({ service, terms }) =>
      terms.map(({ code, from, until, known, plans }) => ({ service, code, from, until, known, plans })),
    ),
    prices: offers.flatMap(({ service, prices }) => prices.map((price) => ({ service, ...price }))),
    taxRates: shippedTaxRates,
    statutoryRates: shippedStatutoryRates,
    calendars: {
      closed: [...nationalHolidays(), ...designatedDays(settings)],
      activities: offers.flatMap((offer) => [
        ...offer.activities,
        ...(options.suggested === true ? suggestedActivities(offer) : []),
      ]),
    },
    settings,
  };
}

const always = { from: null, until: null } as const;

/** Chosen readings of section 8, and lists and figures that the terms give. Data that the provider has to set is left open. */
export function shippedSettings(offer: Offer): Setting[] {
  const open = new Set(offer.required.map(({ key }) => key));
  return [
    ...offer.readings.map(({ key, chosen }) => ({ service: offer.service, key, value: chosen, ...always })),
    ...offer.defaults.map(({ key, value }) => ({ service: offer.service, key, value, ...always })),
  ].filter(({ key }) => !open.has(key));
}

const suggestedSettings = ({ service, required }: Offer): Setting[] =>
  required
    .filter(({ key, suggestion }) => !/^(price|activity):/.test(key) && suggestion !== null)
    .map(({ key, suggestion }) => ({ service, key, value: suggestion, ...always }));

const suggestedActivities = ({ service, required }: Offer): Activity[] =>
  required
    .filter(({ key }) => key.startsWith("activity:"))
    .map(({ key, suggestion }: RequiredData) => ({
      ...(suggestion as Omit<Activity, "service" | "activity" | "from" | "until">),
      service,
      activity: key.slice("activity:".length),
      ...always,
    }));
