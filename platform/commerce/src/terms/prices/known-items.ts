/** Which plans and items a price may stand for: those that the terms of the service name, in whatever version. */
import type { Offer } from "../../charging/offer.ts";
import type { Tables, Text } from "../../charging/tables.ts";
import type { FileRow } from "./row.ts";
import { reasons } from "./row.ts";
import type { PriceRefusal } from "../shapes.ts";

interface KnownPlan {
  readonly name: Text | null;
  /** Item codes with their names, where the terms name them. */
  readonly items: Map<string, Text | null>;
  /** Codes that begin so are items, too: one for each model of a unit. */
  readonly prefixes: Set<string>;
}
export type KnownItems = ReadonlyMap<string, ReadonlyMap<string, KnownPlan>>;

/** By service and plan. Later versions name things last. */
export function knownItems(tables: Tables, offers: readonly Offer[]): KnownItems {
  const services = new Map<string, Map<string, KnownPlan>>();
  const planOf = (service: string, plan: string, name: Text | null): KnownPlan => {
    const plans = services.get(service) ?? new Map<string, KnownPlan>();
    services.set(service, plans);
    const before = plans.get(plan);
    const known = {
      name: name ?? before?.name ?? null,
      items: before?.items ?? new Map(),
      prefixes: before?.prefixes ?? new Set<string>(),
    };
    plans.set(plan, known);
    return known;
  };
  for (const { service } of offers) services.set(service, new Map());
  for (const { service, plans } of tables.terms) {
    for (const [plan, terms] of Object.entries(plans)) {
      const known = planOf(service, plan, terms.name);
      for (const item of namedIn(terms)) known.items.set(item, known.items.get(item) ?? null);
      for (const [item, { name }] of Object.entries(terms.items)) known.items.set(item, name);
      if (terms.replacement?.byModel === true) known.prefixes.add(`${terms.replacement.item}-`);
    }
  }
  for (const { service, plan, item } of tables.prices) {
    const { items } = planOf(service, plan, null);
    items.set(item, items.get(item) ?? null);
  }
  for (const { service, required } of offers) {
    for (const { key, name } of required) {
      const match = /^price:([^/]+)\/(.+)$/.exec(key);
      const { items } =
        match?.[1] === undefined ? { items: new Map<string, Text | null>() } : planOf(service, match[1], null);
      if (match?.[2] !== undefined) items.set(match[2], items.get(match[2]) ?? name);
    }
  }
  return services;
}

/** Items that rules of the plan speak of without listing them: a table of early-termination sums, surcharges. */
function namedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namedIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "item" && typeof member === "string" ? [member] : namedIn(member),
  );
}

/** Why there can be no such price, or null. */
export function unknownItem(
  known: KnownItems,
  row: Pick<FileRow, "line" | "service" | "plan" | "item">,
): PriceRefusal | null {
  const { line, service, plan, item } = row;
  const plans = known.get(service);
  if (plans === undefined) return { line, column: "service", reason: reasons.service(service, [...known.keys()]) };
  const found = plans.get(plan);
  if (found === undefined) return { line, column: "plan", reason: reasons.plan(plan, [...plans.keys()]) };
  if (found.items.has(item) || [...found.prefixes].some((prefix) => item.startsWith(prefix))) return null;
  return { line, column: "item", reason: reasons.item(item, [...found.items.keys()]) };
}
