/** The dated tables that hold one value each: which columns, which key. */
import { sql } from "kysely";
import { actorName } from "../actor.ts";
import type { Activity, TaxClass } from "../charging/tables.ts";
import type { DatedTable } from "./dated.ts";

export const taxRates: DatedTable<TaxClass, string> = {
  kind: "tax-rate",
  table: "commerce.tax_rate",
  keyOf: (key) => key,
  where: (key) => sql`class = ${key}`,
  value: sql`to_jsonb(rate)`,
  columns: ["class", "rate"],
  values: (key, rate) => [key, rate],
};

export const statutoryRates: DatedTable<"statutory", { rate: string; source: string }> = {
  kind: "statutory-rate",
  table: "commerce.statutory_rate",
  keyOf: (key) => key,
  where: () => sql`true`,
  value: sql`jsonb_build_object('rate', rate, 'source', source)`,
  columns: ["rate", "source"],
  values: (_key, { rate, source }) => [rate, source],
};

/** Hours of a row of matrix 7.4, without its range. */
export type Hours = Omit<Activity, "service" | "activity" | "from" | "until">;
export interface ActivityKey {
  readonly service: string;
  readonly activity: string;
}
export const activities: DatedTable<ActivityKey, Hours> = {
  kind: "activity",
  table: "commerce.activity",
  keyOf: ({ service, activity }) => `${service}/${activity}`,
  where: ({ service, activity }) => sql`service = ${service} and activity = ${activity}`,
  value: sql`hours`,
  columns: ["service", "activity", "hours"],
  values: ({ service, activity }, hours) => [service, activity, JSON.stringify(hours)],
};

export interface SettingOf {
  /** `*`: every service. */
  readonly service: string;
  readonly key: string;
}
/** A value is wrapped, so that JSON's own null can be told from “no value”. */
export const settings: DatedTable<SettingOf, { readonly set: unknown }> = {
  kind: "setting",
  table: "commerce.setting",
  keyOf: ({ service, key }) => `${service}/${key}`,
  where: ({ service, key }) => sql`service = ${service} and key = ${key}`,
  value: sql`jsonb_build_object('set', value)`,
  columns: ["service", "key", "value", "set_by", "set_at"],
  values: ({ service, key }, { set }, { actor, now }) => [service, key, JSON.stringify(set), actorName({ actor }), now],
};

export const offerings: DatedTable<string, true> = {
  kind: "offering",
  table: "commerce.offering",
  keyOf: (service) => service,
  where: (service) => sql`service = ${service}`,
  value: sql`'true'::jsonb`,
  columns: ["service", "set_by", "set_at"],
  values: (service, _value, { actor, now }) => [service, actorName({ actor }), now],
};
