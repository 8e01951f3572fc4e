/** What is sold and on which terms: order forms, names of plans and items, grounds. Read once for an organisation. */
import { useCallback, useMemo } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { GroundUse } from "@yagura/commerce/charging/shapes.ts";
import type { GroundItem, OfferedPlan, OfferItem } from "@yagura/commerce/offers/shapes.ts";
import type { Page } from "@yagura/server/shapes.ts";
import type { ApiError } from "../api.ts";
import { useGet } from "../queries.ts";
import { useMaybeOrganisation } from "../session.tsx";
import { useName } from "./parts/name.ts";
import { providerApi } from "./data.ts";

type Offers = Page<OfferItem>;

/** What can be ordered today, or what could be on a day; in the provider's area what every service brings. */
export function useOffers(on?: string): UseQueryResult<Offers, ApiError> {
  const here = useMaybeOrganisation();
  const path = here === null ? providerApi("/offers") : here.api("/offers");
  return useGet<Offers>(path, on === undefined ? undefined : { on });
}

const NONE: readonly never[] = [];
const planIn = (offers: Offers | undefined, service: string, plan: string): OfferedPlan | undefined =>
  offers?.items.find((offer) => offer.service === service)?.plans.find((each) => each.plan === plan);

/** Codes of the items that a plan's order may hold. */
export function usePlanItems(service: string, plan: string): readonly string[] {
  const found = planIn(useOffers().data, service, plan);
  return useMemo(() => found?.items.filter((item) => item.orderable).map(({ item }) => item) ?? NONE, [found]);
}

export function useItemName(service: string, plan: string): (item: string) => string {
  const found = planIn(useOffers().data, service, plan);
  const say = useName();
  return useCallback(
    (item) => {
      const name = found?.items.find((each) => each.item === item)?.name;
      return name === undefined ? item : say(name);
    },
    [found, say],
  );
}

/** Plan and item by their names, of any service. */
export function useSoldName(): (service: string, plan: string, item: string) => string {
  const { data } = useOffers();
  const say = useName();
  return useCallback(
    (service, plan, item) => {
      const found = planIn(data, service, plan);
      const name = found?.items.find((each) => each.item === item)?.name;
      return `${found === undefined ? plan : say(found.name)} / ${name === undefined ? item : say(name)}`;
    },
    [data, say],
  );
}

export function usePlanName(): (service: string, plan: string) => string {
  const { data } = useOffers();
  const say = useName();
  return useCallback(
    (service, plan) => {
      const name = planIn(data, service, plan)?.name;
      return name === undefined ? plan : say(name);
    },
    [data, say],
  );
}

/** Grounds of a service's terms for one use; the staff's alone. Null: none is asked for. */
export function useGrounds(service: string, use: GroundUse | null): readonly GroundItem[] {
  const { data } = useGet<Page<GroundItem>>(providerApi("/grounds"), { service }, { enabled: use !== null });
  return useMemo(() => data?.items.filter((ground) => ground.use === use) ?? NONE, [data, use]);
}
