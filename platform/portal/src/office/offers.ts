/** What is sold and on which terms: order forms, names of plans and items, grounds. Read once for an organisation. */
import { useMemo } from "react";
import type { Ground, GroundUse, OrderForm, Text } from "@yagura/commerce/charging/shapes.ts";
import { useSay } from "../language.tsx";
import { useGet } from "../queries.ts";
import { useOrganisation } from "../session.tsx";

export interface OfferItem {
  readonly item: string;
  readonly name: Text;
  readonly unit: Text;
  /** Without tax, today; null: no price is set. */
  readonly price: number | null;
  /** `null`: charged once. */
  readonly every: "month" | "once";
}
export interface OfferPlan {
  readonly plan: string;
  readonly name: Text;
  readonly orderable: boolean;
  readonly items: readonly OfferItem[];
}
export interface OfferShown {
  readonly service: string;
  readonly name: Text;
  /** Whether it can be applied for today (COM-30). */
  readonly offered: boolean;
  readonly plans: readonly OfferPlan[];
  readonly forms: readonly OrderForm[];
  readonly grounds: readonly Ground[];
}

export const useOffers = () => useGet<readonly OfferShown[]>(useOrganisation().api("/offers"));

const NONE: readonly never[] = [];

function usePlan(service: string, plan: string): OfferPlan | undefined {
  const { data } = useOffers();
  return data?.find((offer) => offer.service === service)?.plans.find((each) => each.plan === plan);
}

/** Codes of the items that a plan knows. */
export function usePlanItems(service: string, plan: string): readonly string[] {
  const found = usePlan(service, plan);
  return useMemo(() => found?.items.map(({ item }) => item) ?? NONE, [found]);
}

export function useItemName(service: string, plan: string): (item: string) => string {
  const found = usePlan(service, plan);
  const say = useSay();
  return (item) => {
    const name = found?.items.find((each) => each.item === item)?.name;
    return name === undefined ? item : say(name);
  };
}

export function usePlanName(): (service: string, plan: string) => string {
  const { data } = useOffers();
  const say = useSay();
  return (service, plan) => {
    const name = data?.find((offer) => offer.service === service)?.plans.find((each) => each.plan === plan)?.name;
    return name === undefined ? plan : say(name);
  };
}

/** Grounds of a service's terms for one use. */
export function useGrounds(service: string, use: GroundUse): readonly Ground[] {
  const { data } = useOffers();
  return useMemo(
    () => data?.find((offer) => offer.service === service)?.grounds.filter((ground) => ground.use === use) ?? NONE,
    [data, service, use],
  );
}
