import type { Checklist, Offer, ThirdPartyTerms } from "@yagura/commerce/charging/offer.ts";

export const articles = [] as const satisfies Offer["articles"];
export const thirdPartyTerms = [] as const satisfies readonly ThirdPartyTerms[];
export const checklists = [] as const satisfies readonly Checklist[];
