/** What is sold and on which terms: order forms, names of plans and items, grounds. Read once for an organisation. */
import { useCallback, useMemo } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { FormField, GroundUse } from "@yagura/commerce/charging/shapes.ts";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import type { GroundItem, OfferedItem, OfferedPlan, OfferItem } from "@yagura/commerce/offers/shapes.ts";
import type { Page } from "@yagura/server/shapes.ts";
import type { ApiError } from "../api.ts";
import { useGet } from "../queries.ts";
import { useMaybeOrganisation, useOrganisation } from "../session.tsx";
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

/** Everything that a plan sells, with its kind. */
export function useSoldItems(service: string, plan: string): readonly OfferedItem[] {
  return planIn(useOffers().data, service, plan)?.items ?? NONE;
}

/** The plans of a service. */
export function usePlans(service: string): readonly OfferedPlan[] {
  const { data } = useOffers();
  return data?.items.find((offer) => offer.service === service)?.plans ?? NONE;
}

/** Everything that a service sells in any of its plans, each item once. */
export function useServiceItems(service: string): readonly OfferedItem[] {
  const plans = usePlans(service);
  return useMemo(
    () => [...new Map(plans.flatMap((plan) => plan.items.map((item) => [item.item, item] as const))).values()],
    [plans],
  );
}
/** An item of a service by its name, whatever its plan. */
export function useServiceItemName(): (service: string, item: string) => string {
  const { data } = useOffers();
  const say = useName();
  return useCallback(
    (service, item) => {
      const plans = data?.items.find((offer) => offer.service === service)?.plans ?? NONE;
      const name = plans.flatMap((plan) => plan.items).find((each) => each.item === item)?.name;
      return name === undefined ? item : say(name);
    },
    [data, say],
  );
}

/** Fields of a plan's form that become attributes of the contract, which rules look at. */
export function useAttributes(service: string, plan: string): readonly FormField[] {
  const form = planIn(useOffers().data, service, plan)?.form;
  return useMemo(
    () => form?.sections.flatMap((section) => section.fields).filter((field) => field.attribute === true) ?? NONE,
    [form],
  );
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

/** `label(number)`: a contract's number with the plan that it is about, on pages of its organisation. */
export function useContractLabel(): (number: string) => string {
  const here = useOrganisation();
  const { data } = useGet<Page<ContractItem>>(here.api("/contracts"), { limit: 500 });
  const planOf = usePlanName();
  return useCallback(
    (number) => {
      const found = data?.items.find((contract) => contract.number === number);
      return found === undefined ? number : `${number} ${planOf(found.service, found.plan)}`;
    },
    [data, planOf],
  );
}

/** Fields of a plan's form by their labels, their answers by the words of the choice. */
export function useFieldText(service: string, plan: string): FieldText {
  const form = planIn(useOffers().data, service, plan)?.form;
  const say = useName();
  return useMemo(() => {
    const fields = new Map(form?.sections.flatMap((section) => section.fields).map((field) => [field.name, field]));
    return {
      label: (name) => {
        const found = fields.get(name);
        return found === undefined ? null : say(found.label);
      },
      answer: (name, value) => {
        const choice = fields.get(name)?.choices?.find((each) => each.value === value);
        return choice === undefined ? value : say(choice.text);
      },
    };
  }, [form, say]);
}
export interface FieldText {
  /** Null: the form has no such field. */
  readonly label: (name: string) => string | null;
  readonly answer: (name: string, value: string) => string;
}

/** Grounds of a service's terms for one use; the staff's alone. Null: none is asked for. */
export function useGrounds(service: string, use: GroundUse | null): readonly GroundItem[] {
  const { data } = useGet<Page<GroundItem>>(providerApi("/grounds"), { service }, { enabled: use !== null });
  return useMemo(() => data?.items.filter((ground) => ground.use === use) ?? NONE, [data, use]);
}
