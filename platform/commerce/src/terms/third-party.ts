/**
 * Terms of others that a customer accepts with the order (SEC-02): the provider says by day which text holds, under the setting
 * `third-party:CODE`, and a consent keeps the version that was accepted.
 */
import type { Day } from "@yagura/core/calendar.ts";
import { index } from "../charging/index.ts";
import type { Offer, OrderForm } from "../charging/offer.ts";
import type { Tables, Text } from "../charging/tables.ts";

export interface ThirdPartyText {
  readonly title: Text;
  /** As its owner names it, without blanks: `2026-04`. */
  readonly version: string;
  /** Where it can be read. */
  readonly address?: string;
  /** SHA-256 of the file. */
  readonly sha256?: string;
}

export const thirdPartyKey = (code: string): string => `third-party:${code}`;

/** The text that holds on the day; null: the provider has not said. */
export function thirdPartyText(tables: Tables, service: string, code: string, day: Day): ThirdPartyText | null {
  return (index(tables).setting(service, thirdPartyKey(code), day) as ThirdPartyText | undefined) ?? null;
}

/** `CODE@VERSION` of each text of others that a consent under the rule covers, in an order with these answers. */
export function acceptedTexts(
  tables: Tables,
  offer: Offer,
  order: { readonly form: OrderForm; readonly fields: Readonly<Record<string, unknown>>; readonly rule: string },
  day: Day,
): string[] {
  return offer.thirdPartyTerms
    .filter(({ plan, rule }) => plan === order.form.plan && rule === order.rule)
    .filter(({ when }) => when === undefined || order.fields[when.field] === when.value)
    .map(({ code }) => `${code}@${thirdPartyText(tables, offer.service, code, day)?.version ?? "–"}`);
}
